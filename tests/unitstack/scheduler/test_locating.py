"""Where a process's scheduler is, as ao-scheduler-utils finds it, in our order and without a host that nobody named."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.items import AN_ID, a_process, a_wallet, an_item
from tests.unitstack.scheduler.builders import Network, a_message_to, a_process_here
from unitstack.errors import InvalidItem, NotFound, Refused, UnitUnreachable
from unitstack.scheduler.located import LocatedScheduler
from unitstack.scheduler.locating import Locator, follow_redirect
from unitstack.units import Page, Scheduler, Search
from unitstack.web.application import application
from unitstack.web.serving import serving
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, ProcessId, TxId

OWNER = a_wallet().address
OTHER = a_wallet("ethereum").address
PROCESS = a_process(scheduler=OWNER)
ID = ProcessId(PROCESS.id)
NOWHERE = ProcessId(AN_ID)


def a_location(
    url: str | None = "http://su/", lives: str = "1000", signer: str = "ed25519"
) -> DataItem:
    named = (("Url", url),) if url else ()
    tags = (("Data-Protocol", "ao"), ("Type", "Scheduler-Location"), *named)
    return an_item((*tags, ("Time-To-Live", lives)), b"1984", signer=signer)


@dataclass
class AGateway:
    """Holds items, newest first, and counts what it is asked."""

    held: list[DataItem] = field(default_factory=list)
    asked: int = 0
    away: bool = False

    async def upload(self, item: DataItem) -> TxId:
        self.held.insert(0, item)
        return item.id

    async def item(self, tx: TxId) -> DataItem:
        self._ask()
        found = [item for item in self.held if item.id == tx]
        if not found:
            raise NotFound("item", tx)
        return found[0]

    async def data(self, tx: TxId) -> bytes:
        return (await self.item(tx)).data

    async def search(self, search: Search) -> Page[DataItem]:
        self._ask()
        wanted = {(name, value) for name, values in search.tags for value in values}
        found = [
            item
            for item in self.held
            if item.address in search.owners and wanted <= {tuple(tag) for tag in item.tags}
        ]
        return Page(tuple(found[: search.limit]), None)

    async def confirmations(self, tx: TxId) -> int:
        raise NotFound("item", tx)

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise UnitUnreachable("http://gateway", "connection refused")


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def gateway() -> AGateway:
    return AGateway([a_location(), PROCESS])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def locator(gateway: AGateway, clock: Clock) -> Locator:
    return Locator(gateway, clock=clock, cached=2)


async def test_a_process_names_its_scheduler_and_that_says_where_it_is(locator: Locator) -> None:
    location = await locator.locate(ID)

    assert (location.url, location.address, location.seconds) == ("http://su", OWNER, 1.0)


async def test_a_scheduler_tag_in_lower_case_is_one(gateway: AGateway, locator: Locator) -> None:
    process = an_item((("Data-Protocol", "ao"), ("Type", "Process"), ("scheduler", OWNER)))
    await gateway.upload(process)

    assert (await locator.locate(ProcessId(process.id))).url == "http://su"


async def test_a_hint_saves_the_look_at_the_process(gateway: AGateway, locator: Locator) -> None:
    assert (await locator.locate(NOWHERE, hint=OWNER)).url == "http://su"
    assert gateway.asked == 1


async def test_what_was_found_is_not_looked_up_while_it_holds(
    gateway: AGateway, locator: Locator, clock: Clock
) -> None:
    await locator.locate(ID)
    asked = gateway.asked
    await gateway.upload(a_location("http://moved", "5000"))

    clock.seconds = 0.9
    assert (await locator.locate(ID)).url == "http://su"
    assert gateway.asked == asked

    clock.seconds = 1.0
    assert (await locator.locate(ID)).url == "http://moved"


async def test_a_scheduler_is_remembered_for_all_of_its_processes(
    gateway: AGateway, locator: Locator
) -> None:
    other = a_process((("Name", "other"),), scheduler=OWNER)
    await gateway.upload(other)
    await locator.locate(ID)
    gateway.asked = 0

    await locator.locate(ProcessId(other.id))

    assert gateway.asked == 1


async def test_where_the_gateway_is_away_what_held_before_still_counts(
    gateway: AGateway, locator: Locator, clock: Clock
) -> None:
    await locator.locate(ID)
    clock.seconds, gateway.away = 9.0, True

    assert (await locator.locate(ID)).url == "http://su"
    with pytest.raises(UnitUnreachable, match="http://gateway"):
        await locator.locate(NOWHERE)


async def test_of_too_many_the_one_used_least_lately_is_forgotten(
    gateway: AGateway, locator: Locator
) -> None:
    others = [a_process((("Name", name),), scheduler=OWNER) for name in "ab"]
    for process in (PROCESS, *others):
        await gateway.upload(process)
        await locator.locate(ProcessId(process.id))
    gateway.asked = 0

    await locator.locate(ProcessId(others[1].id))
    assert gateway.asked == 0
    await locator.locate(ID)
    assert gateway.asked == 1


async def test_what_says_nothing_of_its_scheduler_is_told(
    gateway: AGateway, locator: Locator
) -> None:
    process = an_item((("Type", "Process"),))
    await gateway.upload(process)

    with pytest.raises(InvalidItem, match=f"process {process.id} has no Scheduler tag"):
        await locator.locate(ProcessId(process.id))
    with pytest.raises(NotFound, match=f"the scheduler of process {NOWHERE} is not known here"):
        await locator.locate(NOWHERE)


@pytest.mark.parametrize("location", [a_location(None), a_location(lives="soon")])
async def test_a_location_that_lacks_something_is_none(
    gateway: AGateway, locator: Locator, location: DataItem
) -> None:
    await gateway.upload(location)

    assert not await locator.validate(OWNER)
    with pytest.raises(InvalidItem, match=f"{OWNER} needs the tags Url and Time-To-Live"):
        await locator.locate(ID)


async def test_a_schedulers_address_is_told_from_others(locator: Locator) -> None:
    assert await locator.validate(OWNER)
    assert await locator.raw(OWNER) == "http://su"
    assert await locator.raw(OTHER) is None
    with pytest.raises(NotFound, match=f"the location of scheduler {OTHER}"):
        await locator.validate(OTHER)


@pytest.fixture
async def router() -> AsyncIterator[str]:
    """Knows one process, and sends those away who ask for any."""

    async def about(request: Request) -> Response:
        if request.query_params["process-id"] == NOWHERE:
            return JSONResponse({"address": OTHER, "timestamp": "1"})
        if request.query_params["process-id"] == ID:
            return RedirectResponse("http://su-7.example:9000/some/where?process-id=x", 307)
        return JSONResponse({"error": "Process not found"}, 400)

    async with serving(application([Route("/", about)], unit="router")) as url:
        yield url


async def test_a_router_that_was_named_is_asked_last(gateway: AGateway, router: str) -> None:
    locator = Locator(gateway, routers=(router,))

    assert (await locator.locate(ID)).url == "http://su"
    routed = await locator.locate(NOWHERE)
    assert (routed.url, routed.address) == (router, OTHER)
    with pytest.raises(NotFound, match="the scheduler of process"):
        await locator.locate(ProcessId(TxId("U" * 43)))


async def test_a_redirect_leads_to_the_schedulers_own_origin(
    gateway: AGateway, router: str
) -> None:
    await gateway.upload(a_location(router))
    locator = Locator(gateway, follow=follow_redirect)

    assert (await locator.locate(ID)).url == "http://su-7.example:9000"
    assert (await locator.locate(NOWHERE, hint=OWNER)).url == router


async def test_a_scheduler_that_is_away_is_told_by_its_url() -> None:
    with pytest.raises(UnitUnreachable, match=r"http://127\.0\.0\.1:1/.* check that it runs"):
        await follow_redirect("http://127.0.0.1:1", ID)


async def test_each_process_is_asked_about_at_its_own_scheduler() -> None:
    networks = {"http://one": Network(), "http://other": Network()}
    gateway = AGateway()
    played: list[str] = []

    async def play(url: str) -> Scheduler:
        played.append(url)
        return networks[url].a_scheduler(any_scheduler=True)

    scheduler = LocatedScheduler(Locator(gateway), play)
    with pytest.raises(Refused, match="no scheduler was asked"):
        await scheduler.now()
    processes = []
    for url, signer in (("http://one", "ed25519"), ("http://other", "ethereum")):
        await gateway.upload(a_location(url, signer=signer))
        item = a_process_here(url, scheduler=a_wallet(signer).address)
        await scheduler.schedule(item)
        await gateway.upload(item)
        processes.append(ProcessId(item.id))

    for process in processes:
        message = a_message_to(process)
        assignment = await scheduler.schedule(message)
        assigned = await scheduler.assign(process, message.id)
        assert (assignment.nonce, assigned.nonce) == (1, 2)
        assert (await scheduler.message(process, assignment.id)).assignment == assignment
        assert len((await scheduler.messages(process)).items) == 3
        assert (await scheduler.process(process)).assignment.nonce == 0
    assert played == list(networks)
    assert (await scheduler.now()).height > 0


async def test_an_address_that_never_told_anything_has_no_scheduler(locator: Locator) -> None:
    with pytest.raises(NotFound, match="the scheduler of process"):
        await locator.locate(ID, hint=Address(OTHER))
