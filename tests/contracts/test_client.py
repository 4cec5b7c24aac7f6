"""What ao's own client promises, on a network in this process, on units behind HTTP, and on a HyperBEAM node."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass

import pytest

from tests.asgi import all_served
from tests.items import KEYS, a_wallet
from unitstack.client.aoconnect import AoConnect, Habits, create_signer, serialize_cron
from unitstack.client.blocking import Blocking, blocking
from unitstack.compute.http import compute_app
from unitstack.errors import InvalidItem, NotFound, Refused
from unitstack.gateway.http import gateway_app
from unitstack.gateway.unit import GatewayUnit
from unitstack.hyperbeam.http import node_app
from unitstack.messenger.http import messenger_app
from unitstack.remote import Mode, Options, connect_ao
from unitstack.scheduler.http import scheduler_app
from unitstack.scheduler.location import announce
from unitstack.stack import EngineName, Keys, Stack, StackSettings, open_stack
from unitstack.web.serving import serving
from unitstack.wire.ids import Address, MessageId, ModuleId, ProcessId, TxId
from unitstack.wire.messages import Guise
from unitstack.wire.tags import Tag, find

SIGNER = a_wallet("ed25519")
NODE = a_wallet("ethereum")
EVAL = {"Action": "Eval"}
NOBODY = ProcessId(TxId("U" * 42 + "A"))


@dataclass(frozen=True)
class Place:
    """A client, and the network that it is a client of."""

    ao: AoConnect
    stack: Stack

    async def spawn(self, **tags: str) -> ProcessId:
        own = {"Authority": self.stack.authority, **tags}
        return await self.ao.spawn(module=self.stack.module, signer=SIGNER, tags=own)

    async def evaluate(self, process: ProcessId, source: str) -> MessageId:
        return await self.ao.message(process=process, signer=SIGNER, data=source, tags=EVAL)

    async def value(self, process: ProcessId, source: str) -> object:
        message = await self.evaluate(process, source)
        return (await self.ao.result(process=process, message=message)).output.data


@asynccontextmanager
async def a_network() -> AsyncIterator[Stack]:
    settings = StackSettings(engine=EngineName.LUA, any_scheduler=True)
    async with open_stack(None, keys=Keys(NODE, NODE), settings=settings) as stack:
        yield stack


@asynccontextmanager
async def local() -> AsyncIterator[Place]:
    async with a_network() as stack:
        yield Place(AoConnect(stack.units, Habits(stack.scheduler, owner=SIGNER.address)), stack)


@asynccontextmanager
async def over_http() -> AsyncIterator[Place]:
    """The scheduler is found as the gateway tells it."""
    async with a_network() as stack, AsyncExitStack() as closing:
        units = stack.units
        assert isinstance(units.gateway, GatewayUnit)
        apps = (
            messenger_app(units.messenger),
            compute_app(units.compute, units.scheduler, stack.authority),
            gateway_app(units.gateway),
            scheduler_app(units.scheduler, stack.scheduler),
        )
        mu, cu, gateway, su = await closing.enter_async_context(all_served(*apps))
        await announce(units.gateway, NODE, NODE.address, su)
        options = Options(mu_url=mu, cu_url=cu, gateway_url=gateway, scheduler=stack.scheduler)
        yield Place(await closing.enter_async_context(connect_ao(options)), stack)


@asynccontextmanager
async def on_a_node() -> AsyncIterator[Place]:
    async with a_network() as stack, serving(node_app(stack.units, NODE)) as url:
        options = Options(Mode.MAINNET, url=url, signer=SIGNER)
        async with connect_ao(options) as ao:
            yield Place(ao, stack)


Opening = Callable[[], AbstractAsyncContextManager[Place]]
LEGACY: dict[str, Opening] = {"local": local, "http": over_http}
PLACES: dict[str, Opening] = {**LEGACY, "node": on_a_node}


@pytest.fixture(params=PLACES)
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    async with PLACES[request.param]() as place:
        yield place


@pytest.fixture(params=LEGACY)
async def legacy(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    async with LEGACY[request.param]() as place:
        yield place


async def test_a_message_has_a_result(place: Place) -> None:
    process = await place.spawn()

    assert await place.value(process, "6 * 7") == "42"


async def test_results_are_paged_both_ways(place: Place) -> None:
    process = await place.spawn()
    sent = [await place.evaluate(process, str(number)) for number in range(4)]
    await place.ao.result(process=process, message=sent[-1])

    newest = await place.ao.results(process=process, sort="DESC", limit=2)
    oldest = await place.ao.results(process=process, limit=3)
    rest = await place.ao.results(process=process, after=oldest.items[-1].ordinate)
    until = await place.ao.results(process=process, until=oldest.items[1].ordinate)

    assert [each.message for each in newest.items] == [sent[3], sent[2]]
    assert [each.ordinate.nonce for each in oldest.items] == [0, 1, 2]
    assert [each.ordinate.nonce for each in rest.items] == [3, 4]
    assert [each.ordinate.nonce for each in until.items] == [0, 1]


async def test_a_message_is_sent_for_its_slot(place: Place) -> None:
    process = await place.spawn()

    sent = await place.ao.message_slot(process=process, signer=SIGNER, data="1", tags=EVAL)

    assert sent.slot == 1
    assert (await place.ao.result(process=process, message=sent.id)).output.data == "1"


async def test_a_message_is_signed_first_and_sent_later(place: Place) -> None:
    process = await place.spawn()
    item = await place.ao.sign_message(process=process, signer=SIGNER, data="1 + 1", tags=EVAL)

    message = await place.ao.send_signed_message(item)

    found = await place.ao.get_message_by_id(process=process, message=message)
    assert found.message is not None
    assert found.message.item == item


async def test_a_dry_run_leaves_no_trace(place: Place) -> None:
    process = await place.spawn()

    source = "Kept = 1; return Kept"
    dry = await place.ao.dryrun(process=process, data=source, tags=EVAL, owner=SIGNER)

    assert dry.output.data == "1"
    assert await place.ao.get_last_slot(process=process) == 0
    assert await place.value(process, "return tostring(Kept)") == "nil"


async def test_a_dry_run_is_from_whom_it_names_and_says_of_itself_what_it_is_to_say(
    legacy: Place,
) -> None:
    process = await legacy.spawn()
    await legacy.value(
        process,
        """Handlers.add("who", "Who", function (msg)
          msg.reply({ Data = msg.From .. " " .. msg.Id .. " " .. msg.Timestamp })
        end)""",
    )

    dry = await legacy.ao.dryrun(
        process=process,
        tags={"Action": "Who"},
        owner=Address("A" * 43),
        guise=Guise(id="an id", timestamp=5),
    )

    assert dry.outbox.messages[0].data == f"{'A' * 43} an id 5"


async def test_a_log_is_read(place: Place) -> None:
    process = await place.spawn()
    for number in range(3):
        await place.evaluate(process, str(number))

    page = await place.ao.get_messages(process=process, after=0, limit=2)

    assert [each.assignment.nonce for each in page.items] == [1, 2]
    assert await place.ao.get_last_slot(process=process) == 3


async def test_a_message_is_assigned_to_one_more_process(legacy: Place) -> None:
    one, other = await legacy.spawn(), await legacy.spawn()
    message = await legacy.evaluate(one, "1")

    assigned = await legacy.ao.assign(process=other, message=message, exclude=("Data",))

    found = await legacy.ao.get_message_by_id(process=other, message=assigned)
    assert (found.assignment.message, found.assignment.exclude) == (message, ("Data",))


async def test_a_process_is_monitored_until_it_is_not(legacy: Place) -> None:
    process = await legacy.spawn(**dict(serialize_cron("1-minute", {"Action": "Tick"})))
    await legacy.ao.monitor(process=process)
    await legacy.ao.unmonitor(process=process)

    with pytest.raises(NotFound):
        await legacy.ao.unmonitor(process=process)


async def test_a_node_assigns_and_monitors_nothing() -> None:
    async with on_a_node() as place:
        process = await place.spawn()

        with pytest.raises(Refused, match="assigns no existing items"):
            await place.ao.assign(process=process, message=process)
        with pytest.raises(Refused, match="cron"):
            await place.ao.monitor(process=process)


async def test_a_process_of_what_is_no_module_is_refused(legacy: Place) -> None:
    process = await legacy.spawn()

    with pytest.raises(InvalidItem, match="Tag 'Type': value 'Module' was not found on module"):
        await legacy.ao.spawn(module=ModuleId(process), signer=SIGNER)
    with pytest.raises(NotFound, match="module"):
        await legacy.ao.spawn(module=ModuleId(NOBODY), signer=SIGNER)


async def test_what_is_sent_to_no_process_is_not_found(place: Place) -> None:
    with pytest.raises(NotFound):
        await place.evaluate(NOBODY, "1")


async def test_a_key_of_javascripts_clients_signs(place: Place) -> None:
    jwk = json.loads((KEYS / "arweave.json").read_text(encoding="utf-8"))
    process = await place.spawn()

    message = await place.ao.message(process=process, signer=create_signer(jwk), data="x")

    found = await place.ao.get_message_by_id(process=process, message=message)
    assert found.message is not None
    assert found.message.item.address == a_wallet("arweave").address


async def test_a_process_of_a_node_says_what_nodes_need_to_be_told() -> None:
    async with on_a_node() as place:
        process = await place.spawn()

        item = await place.stack.units.gateway.item(process)

    assert find(item.tags, "execution-device") == "genesis-wasm@1.0"
    assert (find(item.tags, "Scheduler"), find(item.tags, "Variant")) == (NODE.address, "ao.N.1")


@dataclass(frozen=True)
class Waiting:
    """A client whose calls wait, and the module that its processes run."""

    ao: Blocking
    module: ModuleId


@contextmanager
def waiting_at(opening: Opening) -> Iterator[Waiting]:
    modules: list[ModuleId] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[AoConnect]:
        async with opening() as place:
            modules.append(place.stack.module)
            yield place.ao

    with blocking(opened()) as ao:
        yield Waiting(ao, modules[0])


@pytest.fixture(params=PLACES)
def waiting(request: pytest.FixtureRequest) -> Iterator[Waiting]:
    with waiting_at(PLACES[request.param]) as waiting:
        yield waiting


def test_a_program_without_an_event_loop_waits_for_each_call(waiting: Waiting) -> None:
    ao = waiting.ao
    process = ao.spawn(module=waiting.module, signer=SIGNER)
    item = ao.sign_message(process=process, signer=SIGNER, data="1 + 1", tags=EVAL)
    message = ao.send_signed_message(item)
    sent = ao.message_slot(process=process, signer=SIGNER, data="2", tags=EVAL)
    ao.message(process=process, signer=SIGNER, data="3", tags=EVAL)

    assert ao.result(process=process, message=message).output.data == "2"
    assert len(ao.results(process=process, limit=2).items) == 2
    dry = ao.dryrun(process=process, data="9", tags=EVAL, owner=SIGNER)
    assert dry.output.data == "9"
    assert (sent.slot, ao.get_last_slot(process=process)) == (2, 3)
    assert len(ao.get_messages(process=process).items) == 4
    found = ao.get_message_by_id(process=process, message=message)
    assert found.assignment.nonce == 1


def test_a_program_without_an_event_loop_assigns_and_monitors() -> None:
    with waiting_at(local) as waiting:
        ao = waiting.ao
        process = ao.spawn(module=waiting.module, signer=SIGNER)
        assigned = ao.assign(process=process, message=ao.message(process=process, signer=SIGNER))
        ao.monitor(process=process)
        ao.unmonitor(process=process)

        assert ao.get_message_by_id(process=process, message=assigned).message is None


def test_a_tag_of_a_cron_is_told() -> None:
    assert serialize_cron("2-blocks") == (Tag("Cron-Interval", "2-blocks"),)
