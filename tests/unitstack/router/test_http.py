"""ao's unit router as clients of the field meet it, and two compute units behind it, of which one is stopped."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.asgi import client_of
from tests.items import A_PROCESS, AN_ID, a_message, a_process, an_item
from tests.unitstack.compute.fakes import World
from unitstack.compute.http import RemoteCompute, compute_app
from unitstack.errors import UnitUnreachable
from unitstack.router import Choice, Strategy, Unit, open_hosts, origins_of, router_app
from unitstack.web.asking import open_client
from unitstack.web.serving import serving
from unitstack.wire import data_item
from unitstack.wire.ids import Address

HOSTS = ("http://a", "http://b", "http://c/")


def redirecting(unit: Unit) -> httpx.AsyncClient:
    app = router_app(unit, Choice(HOSTS), open_hosts(), strategy=Strategy.REDIRECT)
    client = client_of(app)
    client.follow_redirects = False
    return client


def host_of(process: str) -> str:
    return Choice(HOSTS).of(process)[0].rstrip("/")


async def pieces() -> AsyncIterator[bytes]:
    for piece in (b"answ", b"ered"):
        yield piece


class Hosts:
    """Units that note what they get, or are away."""

    def __init__(self, *away: str) -> None:
        self.away = away
        self.got: list[httpx.Request] = []
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        if request.url.host in self.away:
            raise httpx.ConnectError("connection refused", request=request)
        headers = {"x-unit": request.url.host, "connection": "close", "location": "/elsewhere"}
        return httpx.Response(202, content=pieces(), headers=headers)


def proxy(hosts: Hosts, unit: Unit = Unit.COMPUTE) -> httpx.AsyncClient:
    return client_of(router_app(unit, Choice(HOSTS), hosts.client, metrics=True))


async def test_its_health_is_ok() -> None:
    answer = await redirecting(Unit.COMPUTE).get("/healthcheck")

    assert (answer.status_code, answer.text) == (200, "OK")


@pytest.mark.parametrize(
    "path",
    [
        f"/result/{AN_ID}?process-id={A_PROCESS}&no-busy=1",
        f"/results/{A_PROCESS}?sort=DESC",
        f"/cron/{A_PROCESS}",
        f"/state/{A_PROCESS}?to=1",
    ],
)
async def test_a_question_for_compute_is_redirected_as_it_is(path: str) -> None:
    answer = await redirecting(Unit.COMPUTE).get(path)

    assert answer.status_code == 307
    assert answer.headers["location"] == host_of(A_PROCESS) + path


async def test_a_dry_run_is_redirected_so_that_its_body_is_sent_again() -> None:
    answer = await redirecting(Unit.COMPUTE).post(f"/dry-run?process-id={A_PROCESS}", json={})

    assert answer.status_code == 307
    assert answer.headers["location"] == f"{host_of(A_PROCESS)}/dry-run?process-id={A_PROCESS}"


@pytest.mark.parametrize("unit", Unit)
async def test_what_is_of_no_process_goes_where_the_word_process_does(unit: Unit) -> None:
    answer = await redirecting(unit).get("/")

    assert answer.headers["location"] == f"{host_of('process')}/"


@pytest.mark.parametrize("path", ["/result/x", "/results/", "/other/x", "/state"])
async def test_a_question_without_a_process_is_not_found(path: str) -> None:
    answer = await redirecting(Unit.COMPUTE).get(path)

    told = {"error": "Process id not found on request"}
    assert (answer.status_code, answer.json()) == (404, told)


async def test_an_item_goes_where_its_process_is_and_a_process_where_its_own_id_is() -> None:
    process = a_process()
    for item, meant in ((a_message(target=A_PROCESS), A_PROCESS), (process, process.id)):
        answer = await redirecting(Unit.MESSENGER).post("/", content=data_item.encode(item))
        assert answer.headers["location"] == f"{host_of(meant)}/"


async def test_an_assignment_goes_where_the_process_is_that_it_is_for() -> None:
    path = f"/?process-id={A_PROCESS}&assign={AN_ID}"

    answer = await redirecting(Unit.MESSENGER).post(path)

    assert answer.headers["location"] == host_of(A_PROCESS) + path
    assert (await redirecting(Unit.MESSENGER).post(f"/?assign={AN_ID}")).status_code == 404


async def test_a_monitor_goes_where_the_process_in_its_path_is() -> None:
    for method in ("POST", "DELETE"):
        answer = await redirecting(Unit.MESSENGER).request(method, f"/monitor/{A_PROCESS}")
        assert answer.headers["location"] == f"{host_of(A_PROCESS)}/monitor/{A_PROCESS}"


async def test_what_is_no_item_cannot_be_routed() -> None:
    forged = replace(a_message(), data=b"forged")

    for raw in (b"", b"x" * 200, data_item.encode(forged), data_item.encode(an_item())):
        answer = await redirecting(Unit.MESSENGER).post("/", content=raw)
        assert answer.status_code == 422
        assert list(answer.json()) == ["error"]


async def test_traces_are_not_on_the_router() -> None:
    answer = await redirecting(Unit.MESSENGER).get("/?debug=1")

    told = {"error": "MU Tracing not implemented on the Router"}
    assert (answer.status_code, answer.json()) == (501, told)


async def test_a_proxy_passes_on_what_it_is_asked_and_what_is_answered() -> None:
    hosts = Hosts()
    path = f"/dry-run?process-id={A_PROCESS}&to=a%20b"

    answer = await proxy(hosts).post(path, content=b"body", headers={"x-max-age": "7"})

    (got,) = hosts.got
    assert str(got.url) == host_of(A_PROCESS) + path
    assert (got.method, got.content, got.headers["x-max-age"]) == ("POST", b"body", "7")
    assert got.headers["host"] == got.url.host
    assert (answer.status_code, answer.text) == (202, "answered")
    assert answer.headers["x-unit"] == got.url.host
    assert "connection" not in answer.headers


async def test_a_proxy_tells_the_unit_who_asked() -> None:
    hosts = Hosts()

    await proxy(hosts).get(f"/cron/{A_PROCESS}")

    assert hosts.got[0].headers["x-forwarded-for"] == "127.0.0.1"


async def test_a_proxy_asks_the_next_where_one_is_away() -> None:
    first, second, _ = Choice(HOSTS).of(A_PROCESS)
    hosts = Hosts(httpx.URL(first).host)

    answer = await proxy(hosts).get(f"/results/{A_PROCESS}")

    assert answer.headers["x-unit"] == httpx.URL(second).host
    assert len(hosts.got) == 2


async def test_where_all_are_away_the_last_is_told() -> None:
    hosts = Hosts("a", "b", "c")

    answer = await proxy(hosts).get(f"/results/{A_PROCESS}")

    last = Choice(HOSTS).of(A_PROCESS)[2].rstrip("/")
    assert answer.status_code == 502
    assert answer.json()["error"].startswith(f"{last}/results/{A_PROCESS} did not answer: ")


async def test_an_item_that_may_have_arrived_is_not_given_to_another() -> None:
    asked: list[str] = []

    def fall_silent(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        raise httpx.ReadError("", request=request)

    client = httpx.AsyncClient(transport=httpx.MockTransport(fall_silent))
    mu = client_of(router_app(Unit.MESSENGER, Choice(HOSTS), client))
    cu = client_of(router_app(Unit.COMPUTE, Choice(HOSTS), client))

    assert (await mu.post("/", content=data_item.encode(a_message()))).status_code == 502
    assert len(asked) == 1
    assert (await cu.get(f"/results/{A_PROCESS}")).status_code == 502
    assert len(asked) == 1 + 3


def keeping(choice: Choice[str]) -> httpx.AsyncClient:
    """A router beside a scheduler that knows where A_PROCESS comes from, and no other process."""

    async def process(request: Request) -> Response:
        tags = [{"name": "From-Module", "value": "its-module"}]
        return JSONResponse({"owner": {"address": "me"}, "tags": tags})

    su = client_of(Starlette(routes=[Route(f"/processes/{A_PROCESS}", process)]))
    app = router_app(
        Unit.COMPUTE, choice, open_hosts(), strategy=Strategy.REDIRECT, origin_of=origins_of(su)
    )
    client = client_of(app)
    client.follow_redirects = False
    return client


async def test_a_process_can_be_kept_to_a_host_by_its_owner() -> None:
    client = keeping(Choice(HOSTS, owners={"me": "http://mine"}))

    mine = await client.get(f"/cron/{A_PROCESS}")
    other = await client.get(f"/cron/{AN_ID}")

    assert mine.headers["location"] == f"http://mine/cron/{A_PROCESS}"
    assert other.headers["location"] == f"{host_of(AN_ID)}/cron/{AN_ID}"


async def test_a_process_can_be_kept_to_a_host_by_the_module_that_spawned_it() -> None:
    client = keeping(Choice(HOSTS, from_modules={"its-module": "http://its", "": "http://none"}))

    its = await client.get(f"/cron/{A_PROCESS}")
    other = await client.get(f"/cron/{AN_ID}")

    assert its.headers["location"] == f"http://its/cron/{A_PROCESS}"
    assert other.headers["location"] == f"{host_of(AN_ID)}/cron/{AN_ID}"


async def test_strange_characters_do_not_leave_their_place() -> None:
    client = redirecting(Unit.COMPUTE)
    path = "/results/a%20b%3Fc?d=%0d%0aSet-Cookie:%20e=f"

    answer = await client.get(path)
    broken = await client.get("/results/a%0d%0aSet-Cookie:%20e=f")

    assert answer.headers["location"] == host_of("a b?c") + path
    assert broken.status_code == 404
    assert "set-cookie" not in {*answer.headers, *broken.headers}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


@pytest.mark.parametrize("strategy", Strategy)
async def test_two_compute_units_are_one_to_who_asks(world: World, strategy: Strategy) -> None:
    app = compute_app(world.unit, world.scheduler, Address("C" * 43))
    processes = [world.a_process() for _ in range(6)]
    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(serving(app)) for _ in range(2)]
        client = await stack.enter_async_context(open_hosts())
        routed = router_app(Unit.COMPUTE, Choice(tuple(urls)), client, strategy=strategy)
        router = await stack.enter_async_context(serving(routed))
        compute = RemoteCompute(
            await stack.enter_async_context(open_client(router)), world.scheduler
        )
        for process in processes:
            message = world.say(process, "one")
            result = await compute.result(process, message)
            assert str(result.output.data).startswith("boot@0 one@")


async def test_a_compute_unit_that_is_stopped_is_not_missed(world: World) -> None:
    app = compute_app(world.unit, world.scheduler, Address("C" * 43))
    processes = [world.a_process() for _ in range(6)]
    async with AsyncExitStack() as stack, AsyncExitStack() as first, AsyncExitStack() as second:
        one = await first.enter_async_context(serving(app))
        other = await second.enter_async_context(serving(app))
        hosts = await stack.enter_async_context(open_hosts())
        router = await stack.enter_async_context(
            serving(router_app(Unit.COMPUTE, Choice((one, other)), hosts))
        )
        client = await stack.enter_async_context(open_client(router))
        compute = RemoteCompute(client, world.scheduler, delays=())
        for process in processes:
            await compute.result(process, world.say(process, "one"))

        await first.aclose()
        for process in processes:
            result = await compute.result(process, world.say(process, "two"))
            assert " two@" in str(result.output.data)

        await second.aclose()
        with pytest.raises(UnitUnreachable, match=f"{router}.* 502, .*did not answer"):
            await compute.result(processes[0], world.say(processes[0], "three"))
