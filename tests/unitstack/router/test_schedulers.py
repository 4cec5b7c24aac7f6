"""ao's scheduler unit in router mode, and two schedulers behind it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.asgi import client_of
from tests.items import A_PROCESS, AN_ID, a_message, a_wallet, an_item
from tests.unitstack.scheduler.builders import Network, a_message_to, a_process_here
from unitstack.database import open_database
from unitstack.errors import Refused
from unitstack.router import Listed, RouteStore, read_list, schedulers_app
from unitstack.router.schedulers import chosen
from unitstack.router.store import MIGRATIONS
from unitstack.scheduler.http import RemoteScheduler, scheduler_app
from unitstack.web.asking import open_client
from unitstack.web.serving import serving
from unitstack.wire import data_item
from unitstack.wire.data_item import DataItem

ONE, OTHER = Listed("http://one"), Listed("http://other")


@pytest.fixture
def store() -> Iterator[RouteStore]:
    store = RouteStore(open_database(None, MIGRATIONS))
    yield store
    store.close()


@pytest.fixture
def router(store: RouteStore) -> httpx.AsyncClient:
    client = client_of(schedulers_app([ONE, OTHER], store))
    client.follow_redirects = False
    return client


async def location(router: httpx.AsyncClient, path: str, item: DataItem | None = None) -> str:
    content = None if item is None else data_item.encode(item)
    answer = await router.request("GET" if item is None else "POST", path, content=content)
    assert answer.status_code == 307, answer.text
    return answer.headers["location"]


def test_a_list_is_read_as_scheduler_units_keep_it() -> None:
    written: list[dict[str, object]] = [
        {"url": "http://one/", "no_route": None, "wallets_to_route": "a,b", "wallets_only": None},
        {"url": "http://two", "wallets_to_route": "c", "wallets_only": True},
        {"url": "http://three", "no_route": True},
        {"url": "http://four"},
    ]

    assert read_list(written) == (
        Listed("http://one", ("a", "b")),
        Listed("http://two", ("c",), open=False),
        Listed("http://three", open=False),
        Listed("http://four"),
    )


def test_a_process_goes_to_its_owner_s_scheduler_else_to_that_with_the_fewest() -> None:
    mine = Listed("http://mine", ("me",), open=False)
    listed = (ONE, OTHER, mine)

    assert chosen(listed, "me", {}) == mine
    assert chosen(listed, "you", {ONE.url: 2, OTHER.url: 1}) == OTHER
    assert chosen(listed, "you", {OTHER.url: 1}) == ONE
    with pytest.raises(Refused, match="of 1 schedulers none takes processes of you"):
        chosen((mine,), "you", {})


async def test_new_processes_are_shared_out_and_stay_where_they_are(
    router: httpx.AsyncClient,
) -> None:
    processes = [a_process_here(name) for name in "abcd"]

    where = [await location(router, "/", process) for process in processes]
    again = [await location(router, "/", process) for process in processes]

    assert where == ["http://one/", "http://other/"] * 2
    assert again == where


async def test_whatever_is_asked_of_a_process_is_sent_to_its_scheduler(
    router: httpx.AsyncClient, store: RouteStore
) -> None:
    store.put(A_PROCESS, "http://it")

    for path in (
        f"/?process-id={A_PROCESS}",
        f"/timestamp?process-id={A_PROCESS}",
        f"/{A_PROCESS}?from=1&limit=2",
        f"/{AN_ID}?process-id={A_PROCESS}",
        f"/processes/{A_PROCESS}",
        f"/{A_PROCESS}/latest",
    ):
        assert await location(router, path) == f"http://it{path}"
    assert await location(router, "/", a_message(target=A_PROCESS)) == "http://it/"
    path = f"/?process-id={A_PROCESS}&assign={AN_ID}"
    assert (await router.post(path)).headers["location"] == f"http://it{path}"


async def test_what_cannot_be_sent_anywhere_is_told(router: httpx.AsyncClient) -> None:
    async def told(path: str, content: bytes | None = None) -> tuple[int, str]:
        answer = await router.request("GET" if content is None else "POST", path, content=content)
        return answer.status_code, answer.json()["error"]

    unknown = f"the scheduler of process {A_PROCESS} is not known here"
    assert await told("/") == (400, "No process-id query parameter provided")
    assert await told(f"/{A_PROCESS}") == (404, unknown)
    assert await told("/", data_item.encode(a_message(target=A_PROCESS))) == (404, unknown)
    assert (await told("/", b""))[0] == 400
    assert (await told("/", data_item.encode(an_item())))[0] == 400
    assert (await told(f"/?assign={AN_ID}", b""))[0] == 400


async def test_a_process_that_its_owner_did_not_sign_takes_no_place(
    router: httpx.AsyncClient, store: RouteStore
) -> None:
    raw = bytearray(data_item.encode(a_process_here()))
    raw[10] ^= 1

    assert (await router.post("/", content=bytes(raw))).status_code == 400
    assert store.counts() == {}


@pytest.fixture
async def networks() -> AsyncIterator[tuple[Network, Network]]:
    networks = (Network(), Network())
    yield networks
    for network in networks:
        await network.close()


async def test_two_schedulers_are_one_to_who_asks(
    networks: tuple[Network, Network], store: RouteStore
) -> None:
    async with AsyncExitStack() as stack:
        apps = [scheduler_app(each.scheduler, a_wallet().address) for each in networks]
        urls = [await stack.enter_async_context(serving(app)) for app in apps]
        listed = [Listed(url) for url in urls]
        router = await stack.enter_async_context(serving(schedulers_app(listed, store)))
        client = await stack.enter_async_context(open_client(router))
        scheduler = RemoteScheduler(client, networks[0].gateway)

        for name in "abcd":
            process = (await scheduler.schedule(a_process_here(name))).process
            assert (await scheduler.schedule(a_message_to(process))).nonce == 1
            assert len((await scheduler.messages(process)).items) == 2

        assert sorted(store.counts()) == sorted(urls)
        assert set(store.counts().values()) == {2}
        assert (await scheduler.process(process)).assignment.nonce == 0
