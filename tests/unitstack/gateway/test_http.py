import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.items import AN_ID, a_message, a_process, a_transaction, a_wallet, an_item
from tests.unitstack.gateway.archives import World
from unitstack.errors import NotFound, Refused, UnitUnreachable
from unitstack.gateway.blocks import block_id
from unitstack.gateway.http import ANS104, RemoteGateway, bundler_app
from unitstack.units import Search
from unitstack.wire import data_item, ids, transactions
from unitstack.wire.data_item import DataItem
from unitstack.wire.data_tree import CHUNK_BYTES, leaf_path, tree
from unitstack.wire.transactions import Transaction

BYTES = {"content-type": "application/octet-stream"}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.browser() as browser:
        yield browser


async def text_of(browser: httpx.AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def json_of(browser: httpx.AsyncClient, path: str) -> Any:
    return json.loads(await text_of(browser, path))


async def kept(world: World, item: DataItem) -> DataItem:
    await world.keep(item)
    return item


async def test_data_is_served_as_what_the_item_says_that_it_is(
    world: World, browser: httpx.AsyncClient
) -> None:
    item = await kept(world, an_item((("Content-Type", "text/plain"),), b"the data"))

    for path in (f"/{item.id}", f"/raw/{item.id}"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.content) == (200, b"the data")
        assert answer.headers["content-type"] == "text/plain"


async def test_a_process_is_known_by_its_headers(world: World, browser: httpx.AsyncClient) -> None:
    item = await kept(world, a_process((("Name", "alice"),)))

    headers = (await browser.get(f"/{item.id}")).headers

    assert {tag.name.lower(): tag.value for tag in item.tags}.items() <= dict(headers).items()


async def test_a_tag_does_not_change_how_it_is_served(
    world: World, browser: httpx.AsyncClient
) -> None:
    tags = (("Content-Length", "1"), ("Location", "https://elsewhere"), ("Name", "a\r\nX: b"))
    item = await kept(world, an_item(tags, b"the data"))

    answer = await browser.get(f"/{item.id}")

    assert (answer.status_code, answer.content) == (200, b"the data")
    assert answer.headers["content-length"] == "8"
    assert {"location", "name", "x"}.isdisjoint(answer.headers)


async def test_a_part_of_the_data_is_served(world: World, browser: httpx.AsyncClient) -> None:
    item = await kept(world, an_item(data=b"0123456789"))

    answer = await browser.get(f"/{item.id}", headers={"range": "bytes=2-4"})

    assert (answer.status_code, answer.content) == (206, b"234")
    assert answer.headers["content-range"] == "bytes 2-4/10"
    assert answer.headers["content-length"] == "3"


async def test_a_part_that_is_not_there_is_told_the_size(
    world: World, browser: httpx.AsyncClient
) -> None:
    item = await kept(world, an_item(data=b"0123456789"))

    answer = await browser.get(f"/raw/{item.id}", headers={"range": "bytes=10-"})

    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */10")


async def test_the_size_is_told_without_the_data(world: World, browser: httpx.AsyncClient) -> None:
    item = await kept(world, an_item(data=b"0123456789"))

    for path in (f"/{item.id}", f"/raw/{item.id}"):
        answer = await browser.head(path)
        assert (answer.status_code, answer.headers["content-length"]) == (200, "10")


async def test_an_item_is_served_whole_to_who_accepts_that(
    world: World, browser: httpx.AsyncClient
) -> None:
    item = await kept(world, a_message(anchor=b"\xff" * 32))

    answer = await browser.get(f"/{item.id}", headers={"accept": ANS104})

    assert answer.headers["content-type"] == ANS104
    assert data_item.decode(answer.content) == item


@pytest.mark.parametrize(
    "path",
    [
        *("/", f"/{AN_ID}", f"/raw/{AN_ID}", f"/tx/{AN_ID}", f"/tx/{AN_ID}/status"),
        *(f"/tx/{AN_ID}/data", "/block/height/101", "/no/such/page", "/%00", "/" + "x" * 5000),
    ],
)
async def test_what_is_not_there_is_not_found(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404
    assert (await browser.head(path)).status_code == 404


async def test_a_node_says_how_high_its_chain_is(world: World, browser: httpx.AsyncClient) -> None:
    info = await json_of(browser, "/info")
    numbers = ("version", "release", "height", "blocks", "peers", "queue_length")

    assert (info["height"], info["blocks"], info["current"]) == (100, 101, block_id(100))
    assert all(isinstance(info[name], int) for name in (*numbers, "node_state_latency"))
    assert await text_of(browser, "/height") == "100"


async def test_blocks_are_told_by_height(browser: httpx.AsyncClient) -> None:
    block = await json_of(browser, "/block/height/99")

    assert (block["height"], block["timestamp"]) == (99, 999)
    assert (block["indep_hash"], block["previous_block"]) == (block_id(99), block_id(98))
    assert (await json_of(browser, "/block/current"))["height"] == 100


async def test_an_item_is_confirmed_by_the_blocks_that_follow(
    world: World, browser: httpx.AsyncClient
) -> None:
    item = await kept(world, an_item())
    waiting = await browser.get(f"/tx/{item.id}/status")
    world.height = 120

    assert (waiting.status_code, waiting.text) == (202, "Pending")
    assert await json_of(browser, f"/tx/{item.id}/status") == {
        "block_height": 101,
        "block_indep_hash": block_id(101),
        "number_of_confirmations": 20,
    }


async def test_a_block_is_mined_when_that_is_asked(
    world: World, browser: httpx.AsyncClient
) -> None:
    item = await kept(world, an_item())

    await text_of(browser, "/mine")

    assert (await json_of(browser, f"/tx/{item.id}/status"))["number_of_confirmations"] == 1


async def test_an_item_is_told_as_a_transaction(world: World, browser: httpx.AsyncClient) -> None:
    item = await kept(world, an_item((("Name", "größe"),), b"data"))

    told = await json_of(browser, f"/tx/{item.id}")

    assert (told["id"], told["format"], told["data_size"]) == (item.id, 2, "4")
    assert told["tags"] == [{"name": ids.encode(b"Name"), "value": ids.encode("größe".encode())}]
    assert await text_of(browser, f"/tx/{item.id}/data") == ids.encode(b"data")


async def test_an_item_has_a_price_and_an_anchor(browser: httpx.AsyncClient) -> None:
    assert int(await text_of(browser, "/price/1000")) > 0
    assert int(await text_of(browser, f"/price/1000/{AN_ID}")) > 0
    assert len(ids.decode(await text_of(browser, "/tx_anchor"))) == 32


async def test_a_wallet_has_what_was_minted(browser: httpx.AsyncClient) -> None:
    address = a_wallet().address
    assert await text_of(browser, f"/wallet/{address}/balance") == "0"

    await text_of(browser, f"/mint/{address}/1000")

    assert await text_of(browser, f"/mint/{address}/1000") == "2000"
    assert await text_of(browser, f"/wallet/{address}/balance") == "2000"


@pytest.mark.parametrize("path", ["/tx", "/tx/arweave", "/id?codec-device=ans104@1.0"])
async def test_an_uploaded_item_is_kept_and_receipted(
    world: World, browser: httpx.AsyncClient, path: str
) -> None:
    item = an_item(data=b"data")

    answer = await browser.post(path, content=data_item.encode(item), headers=BYTES)

    assert answer.status_code == 200
    receipt = answer.json()
    assert receipt["id"] == item.id
    assert isinstance(receipt["timestamp"], int)
    assert await world.unit.item(item.id) == item


async def test_a_bundler_takes_items_for_the_gateway(world: World) -> None:
    item = an_item(data=b"data")
    transport = httpx.ASGITransport(bundler_app(world.unit))
    async with httpx.AsyncClient(transport=transport, base_url="http://bundler") as bundler:
        answer = await bundler.post("/tx", content=data_item.encode(item), headers=BYTES)
        balance = await json_of(bundler, f"/account/balance/{item.address}")

    assert (answer.status_code, balance) == (200, {"balance": "0"})
    assert await world.unit.item(item.id) == item


@pytest.mark.parametrize("path", ["/tx", "/tx/arweave"])
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\1", b"\1\0" + b"\0" * 2000, b"\xff\xff" * 100, b"{", b"[]", b"{}"),
        data_item.encode(an_item(data=b"data"))[:-1] + b"!",
        data_item.encode(an_item(data=b"data"))[:50],
    ],
)
async def test_what_is_no_signed_item_is_a_bad_request(
    world: World, browser: httpx.AsyncClient, path: str, body: bytes
) -> None:
    answer = await browser.post(path, content=body, headers=BYTES)

    assert answer.status_code == 400
    assert answer.json()["error"]
    assert (await world.unit.search(Search())).items == ()


async def test_more_than_a_gateway_takes_is_refused_before_it_is_read(
    browser: httpx.AsyncClient,
) -> None:
    stated = {**BYTES, "content-length": str(10**9)}

    answer = await browser.post("/tx", content=b"", headers=stated)

    assert answer.status_code == 413


async def test_a_query_is_answered_over_http(world: World, browser: httpx.AsyncClient) -> None:
    item = await kept(world, an_item())
    query = "query ($ids: [ID!]) { transactions(ids: $ids) { edges { node { id } } } }"

    posted = await browser.post("/graphql", json={"query": query, "variables": {"ids": [item.id]}})
    got = await browser.get(
        "/graphql", params={"query": query, "variables": json.dumps({"ids": [item.id]})}
    )

    expected = {"data": {"transactions": {"edges": [{"node": {"id": item.id}}]}}}
    assert posted.json() == got.json() == expected


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"{}", b'{"query": 1}', b'{"query": "{"}', b"[" * 100_000),
        b'{"query": "{ blocks { edges { cursor } } }", "variables": []}',
        b'{"query": "{ blocks { edges { cursor } } }", "operationName": 1}',
    ],
)
async def test_what_is_no_query_is_a_bad_request(browser: httpx.AsyncClient, body: bytes) -> None:
    answer = await browser.post("/graphql", content=body)

    assert answer.status_code == 400
    assert answer.json().keys() <= {"error", "errors"}


async def test_a_browser_of_any_origin_may_ask(browser: httpx.AsyncClient) -> None:
    asked = {"origin": "https://app", "access-control-request-method": "POST"}

    answer = await browser.options("/graphql", headers=asked)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"


def a_remote(answer: httpx.Response) -> RemoteGateway:
    transport = httpx.MockTransport(lambda request: answer)
    client = httpx.AsyncClient(transport=transport, base_url="http://elsewhere")
    return RemoteGateway(client, delays=())


def an_answer(**changed: Any) -> httpx.Response:
    item = an_item()
    node: dict[str, Any] = {
        "id": item.id,
        "anchor": "",
        "signature": ids.encode(item.signature),
        "recipient": None,
        "owner": {"key": ids.encode(item.owner)},
        "tags": [],
        "data": {"size": "0"},
    }
    edges = [{"cursor": "c", "node": {**node, **changed}}]
    found = {"pageInfo": {"hasNextPage": True}, "edges": edges}
    return httpx.Response(200, json={"data": {"transactions": found}})


async def test_an_item_of_a_gateway_elsewhere_is_made_whole() -> None:
    assert (await a_remote(an_answer()).search(Search(limit=1))).items == (an_item(),)


async def test_an_item_that_is_not_the_one_of_its_id_is_not_believed() -> None:
    with pytest.raises(UnitUnreachable, match="not what was signed"):
        await a_remote(an_answer(id=AN_ID)).item(AN_ID)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"data": None}),
        httpx.Response(200, json={"data": {"transactions": {"edges": 5}}}),
        an_answer(owner=None),
        an_answer(data=None),
        httpx.Response(502),
    ],
)
async def test_what_is_no_gateway_is_told_by_its_url(answer: httpx.Response) -> None:
    with pytest.raises(UnitUnreachable, match="http://elsewhere"):
        await a_remote(answer).search(Search())


async def test_what_a_gateway_elsewhere_refuses_says_its_reason() -> None:
    answer = httpx.Response(200, json={"errors": [{"message": "too many tags"}]})

    with pytest.raises(Refused, match="too many tags"):
        await a_remote(answer).search(Search())


async def test_what_a_gateway_elsewhere_does_not_find_is_not_found() -> None:
    with pytest.raises(NotFound, match=AN_ID):
        await a_remote(httpx.Response(404, text="Not Found")).data(AN_ID)


async def test_a_gateway_elsewhere_tells_how_deep_an_item_lies() -> None:
    told = httpx.Response(200, json={"block_height": 9, "number_of_confirmations": 7})

    assert await a_remote(told).confirmations(AN_ID) == 7
    assert await a_remote(httpx.Response(202, text="Pending")).confirmations(AN_ID) == 0
    with pytest.raises(NotFound, match=AN_ID):
        await a_remote(httpx.Response(404, text="Not Found")).confirmations(AN_ID)
    with pytest.raises(UnitUnreachable, match="does not answer with an item's status"):
        await a_remote(httpx.Response(200, text="<html>")).confirmations(AN_ID)


def written(transaction: Transaction, data: bytes = b"") -> dict[str, Any]:
    return {**transactions.to_json(transaction), "data": ids.encode(data)}


async def test_a_transaction_of_the_base_layer_is_kept_and_found_like_an_item(
    world: World, browser: httpx.AsyncClient
) -> None:
    transaction = a_transaction((("Type", "Module"),), b"data", b"l" * 48)

    answer = await browser.post("/tx", json=written(transaction, b"data"))

    assert answer.status_code == 200
    assert await text_of(browser, f"/{transaction.id}") == "data"
    (found,) = (await world.unit.search(Search(tags=(("Type", ("Module",)),)))).items
    assert (found.id, found.address) == (transaction.id, a_wallet("arweave").address)
    assert await json_of(browser, f"/tx/{transaction.id}") == transactions.to_json(transaction)


async def test_a_transaction_is_not_served_as_a_signed_item(browser: httpx.AsyncClient) -> None:
    transaction = a_transaction(data=b"data")
    await browser.post("/tx", json=written(transaction, b"data"))

    answer = await browser.get(f"/{transaction.id}", headers={"accept": ANS104})

    assert answer.status_code == 404


async def test_a_transactions_data_may_come_in_chunks(browser: httpx.AsyncClient) -> None:
    transaction = a_transaction(data=b"data")
    await browser.post("/tx", json=written(transaction))
    assert (await browser.get(f"/tx/{transaction.id}")).status_code == 404
    root = ids.encode(transaction.data_root)

    for offset, chunk in ((1, b"da"), (3, b"ta")):
        sent = {"data_root": root, "offset": str(offset), "chunk": ids.encode(chunk)}
        assert (await browser.post("/chunk", json=sent)).status_code == 200

    assert await text_of(browser, f"/raw/{transaction.id}") == "data"


async def test_a_transactions_data_is_read_by_its_place_in_the_weave(
    browser: httpx.AsyncClient,
) -> None:
    data = bytes(number % 251 for number in range(CHUNK_BYTES + 40_000))
    before, transaction = a_transaction(data=b"before"), a_transaction(data=data)
    for each, its_data in ((before, b"before"), (transaction, data)):
        await browser.post("/tx", json=written(each, its_data))
    size, end = len(data), len(b"before") + len(data)

    place = await json_of(browser, f"/tx/{transaction.id}/offset")
    first = await json_of(browser, f"/chunk/{end - size + 1}")
    other = await json_of(browser, f"/chunk/{end}")

    assert place == {"size": str(size), "offset": str(end)}
    assert await json_of(browser, f"/tx/{before.id}/offset") == {"size": "6", "offset": "6"}
    assert ids.decode(first["chunk"]) + ids.decode(other["chunk"]) == data
    leaves = tree(data).leaves
    assert [ids.decode(each["data_path"]) for each in (first, other)] == [
        leaf.path for leaf in leaves
    ]
    assert first["tx_path"] == ids.encode(leaf_path(transaction.data_root, size))
    assert list(first) == ["chunk", "data_path", "tx_path", "packing"]


async def test_what_has_no_place_in_the_weave_is_not_found(
    world: World, browser: httpx.AsyncClient
) -> None:
    item, empty = an_item(data=b"data"), a_transaction()
    await world.unit.upload(item)
    await browser.post("/tx", json=written(empty))

    paths = [f"/tx/{tx}/offset" for tx in (item.id, empty.id, AN_ID)] + ["/chunk/0", "/chunk/1"]
    answers = [await browser.get(path) for path in paths]
    strange = [await browser.get(f"/chunk/{offset}") for offset in ("x", "-1", "9" * 40)]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert [answer.status_code for answer in strange] == [400] * 3


async def test_data_that_is_not_the_signed_one_is_a_bad_request(
    browser: httpx.AsyncClient,
) -> None:
    transaction = a_transaction(data=b"data")
    answers = [
        await browser.post("/tx", json=written(transaction, b"else")),
        await browser.post("/tx", json={**written(transaction), "reward": "5"}),
        await browser.post("/tx", json=written(transaction)),
        await browser.post(
            "/chunk",
            json={
                "data_root": ids.encode(transaction.data_root),
                "offset": "3",
                "chunk": ids.encode(b"else"),
            },
        ),
        await browser.post("/chunk", json={"data_root": "", "offset": "x", "chunk": ""}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 200, 400, 400]
    assert (await browser.get(f"/tx/{transaction.id}")).status_code == 404
