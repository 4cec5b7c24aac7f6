"""A whole network at the other end of HTTP, met through the same parts and the same client."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.asgi import all_served
from tests.items import AN_ID, a_wallet, an_item
from unitstack import Client, Stack, StackSettings, open_stack
from unitstack.client import drafts
from unitstack.client.drafts import Defaults
from unitstack.compute.http import compute_app
from unitstack.errors import Duplicate, NotFound, Refused, UnitUnreachable
from unitstack.gateway.http import gateway_app
from unitstack.gateway.unit import GatewayUnit
from unitstack.messenger.http import messenger_app
from unitstack.remote import Mode, Options, connect, connect_ao, options_in
from unitstack.scheduler.http import scheduler_app
from unitstack.units import Search, Units
from unitstack.web.application import application
from unitstack.web.asking import DELAYS
from unitstack.web.serving import serving
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

NOWHERE = "http://127.0.0.1:1"
DEADLINE = 30.0


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with open_stack(None) as stack:
        yield stack


@pytest.fixture
async def units(stack: Stack) -> AsyncIterator[Units]:
    """The stack's units, each behind an address of its own."""
    local = stack.units
    assert isinstance(local.gateway, GatewayUnit)
    apps = (
        messenger_app(local.messenger),
        scheduler_app(local.scheduler, stack.scheduler),
        compute_app(local.compute, local.scheduler, stack.authority),
        gateway_app(local.gateway),
    )
    async with AsyncExitStack() as closing:
        mu, su, cu, gateway = await closing.enter_async_context(all_served(*apps))
        yield await closing.enter_async_context(connect(mu=mu, su=su, cu=cu, gateway=gateway))


@pytest.fixture
def client(stack: Stack, units: Units) -> Client:
    defaults = Defaults(stack.module, stack.scheduler, (stack.authority,))
    return Client(units, a_wallet(), defaults)


async def test_a_process_elsewhere_is_met_like_one_that_is_here(client: Client) -> None:
    process = await client.spawn("away")

    assert (await process.eval("x = 20; return x + 22")).output.data == "42"
    assert (await process.eval("error('no')")).error is not None
    assert (await process.dry_run("return x")).output.data == "20"
    assert [each.assignment.nonce async for each in process.messages()] == [0, 1, 2]


async def test_what_processes_say_to_one_another_arrives(client: Client) -> None:
    async with asyncio.timeout(DEADLINE):
        one, other = await client.spawn("one"), await client.spawn("other")

        await one.eval(f"Send({{ Target = '{other.id}', Data = 'hello' }})")
        await client.units.compute.evaluated(other.id, after=None)
        async for evaluation in other.follow():
            if evaluation.ordinate.nonce == 1:
                break

        (_, heard) = await other.inbox()
    assert (heard.data, str(heard.sender)) == ("hello", one.id)


async def test_a_follower_elsewhere_is_told_of_each_evaluation_and_its_message(
    client: Client,
) -> None:
    process = await client.spawn("away")
    message = await process.begin_eval("return 1")
    await client.result(process.id, message)

    async with asyncio.timeout(DEADLINE):
        evaluations = process.follow()
        seen = [await anext(evaluations) for _ in range(2)]
        await evaluations.aclose()

    assert [each.message for each in seen] == [process.id, message]
    assert seen[0].block.height > 0


async def test_results_are_paged_both_ways(client: Client) -> None:
    process = await client.spawn("away")
    for number in range(5):
        await process.eval(f"return {number}")

    newest = await client.results(process.id, newest_first=True, limit=2)
    after = newest.items[-1].ordinate
    rest = await client.results(process.id, after=after)

    assert [each.ordinate.nonce for each in newest.items] == [5, 4]
    assert newest.cursor is not None
    assert [each.ordinate.nonce for each in rest.items] == [5]


async def test_an_item_elsewhere_is_assigned(client: Client, units: Units) -> None:
    one, other = await client.spawn("one"), await client.spawn("other")
    message = await one.send(data="hello")

    assigned = await client.assign(other.id, TxId(message), exclude=("Data",))

    found = await units.scheduler.message(other.id, assigned)
    assert (found.message, found.assignment.exclude) == (None, ("Data",))


async def test_the_module_that_processes_run_is_found_elsewhere(stack: Stack, units: Units) -> None:
    page = await units.gateway.search(Search(ids=(TxId(stack.module),)))

    assert [item.id for item in page.items] == [stack.module]
    assert Tag("Type", "Module") in page.items[0].tags


async def test_what_is_wrong_elsewhere_is_told_as_it_is_here(client: Client) -> None:
    process = await client.spawn("away")
    item = client.sign(drafts.message(Draft(process.id, data=b"hello")))
    await client.units.messenger.send(item)

    with pytest.raises(Duplicate, match=item.id):
        await client.units.messenger.send(item)
    with pytest.raises(NotFound, match=AN_ID):
        await client.result(process.id, MessageId(AN_ID))
    with pytest.raises(NotFound, match=AN_ID):
        await client.message(ProcessId(AN_ID), data="hello")
    with pytest.raises(Refused, match="elsewhere"):
        await client.units.messenger.halt(MessageId(AN_ID), "enough")


async def test_a_network_that_is_away_is_told_by_its_urls() -> None:
    async with connect(mu=NOWHERE, su=NOWHERE, cu=NOWHERE, gateway=NOWHERE, delays=()) as away:
        asked: list[Awaitable[object]] = [
            away.messenger.send(an_item()),
            away.scheduler.now(),
            away.compute.result(ProcessId(AN_ID), MessageId(AN_ID)),
            away.gateway.data(AN_ID),
        ]
        for each in asked:
            with pytest.raises(UnitUnreachable, match=f"{NOWHERE}/.* check that it runs"):
                await each


@pytest.fixture
async def routed() -> AsyncIterator[tuple[Client, Units]]:
    """A network whose scheduler is told of by a Scheduler-Location only, which names a router in front of it."""
    owner = a_wallet("ethereum")
    async with open_stack(None, settings=StackSettings(any_scheduler=True)) as stack:
        local, urls = stack.units, list[str]()
        assert isinstance(local.gateway, GatewayUnit)

        async def lead(request: Request) -> Response:
            return RedirectResponse(f"{urls[0]}{request.url.path}?{request.url.query}", 307)

        apps = (
            scheduler_app(local.scheduler, stack.scheduler),
            messenger_app(local.messenger),
            compute_app(local.compute, local.scheduler, stack.authority),
            gateway_app(local.gateway),
            application([Route("/", lead)], unit="router"),
        )
        async with all_served(*apps) as served:
            urls += served
            _, mu, cu, gateway, router = served
            told = (("Data-Protocol", "ao"), ("Type", "Scheduler-Location"), ("Url", router))
            location = an_item((*told, ("Time-To-Live", "60000")), signer="ethereum")
            await local.gateway.upload(location)
            async with connect(mu=mu, cu=cu, gateway=gateway) as units:
                defaults = Defaults(stack.module, owner.address, (stack.authority,))
                yield Client(units, a_wallet(), defaults), units


async def test_without_its_url_a_scheduler_is_found_behind_the_router_that_it_names(
    routed: tuple[Client, Units],
) -> None:
    client, units = routed

    process = await client.spawn("alice")
    await process.eval("x = 1")

    page = await units.scheduler.messages(process.id)
    newest = page.items[-1].message
    assert newest is not None
    assert newest.item.data == b"x = 1"


async def test_who_gives_up_waiting_is_free_at_once() -> None:
    at_last = asyncio.Event()

    async def be_silent(request: Request) -> Response:
        await at_last.wait()
        return Response()

    silent = application([Route("/{path:path}", be_silent)], unit="silent")
    async with serving(silent) as url, connect(mu=url, su=url, cu=url, gateway=url) as units:
        began = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await units.compute.result(ProcessId(AN_ID), MessageId(AN_ID))
        assert asyncio.get_running_loop().time() - began < 0.1
        at_last.set()


def test_what_aoconnect_reads_from_the_environment_is_read() -> None:
    named = {"MU_URL": "http://mu", "CU_URL": "http://cu", "GATEWAY_URL": "http://gateway"}

    options = options_in({**named, "SCHEDULER": "an address", "URL": ""})

    assert (options.mode, options.mu_url, options.su_url) == (Mode.LEGACY, "http://mu", None)
    assert (options.scheduler, options.url) == ("an address", None)
    assert options_in({"MODE": "mainnet"}).mode is Mode.MAINNET
    with pytest.raises(Refused, match="Unrecognized MODE: relay"):
        options_in({"MODE": "relay"})


def test_how_often_something_is_asked_again_is_read_from_the_environment() -> None:
    often = {"GRAPHQL_MAX_RETRIES": "3"}

    assert options_in({}).delays == DELAYS
    assert options_in({"GRAPHQL_MAX_RETRIES": "0"}).delays == ()
    assert options_in(often).delays == (0.3, 0.6, 1.2)
    assert options_in({**often, "GRAPHQL_RETRY_BACKOFF": "1000"}).delays == (1.0, 2.0, 4.0)
    with pytest.raises(Refused, match="are 'three' and '300', whole numbers are needed"):
        options_in({"GRAPHQL_MAX_RETRIES": "three"})


async def test_no_public_host_is_asked_where_no_url_was_given() -> None:
    with pytest.raises(Refused, match="CU_URL is not set: the legacy mode needs it"):
        async with connect_ao(Options(mu_url=NOWHERE)):
            pass
    with pytest.raises(Refused, match="URL is not set: the mainnet mode needs it"):
        async with connect_ao(Options(Mode.MAINNET)):
            pass
