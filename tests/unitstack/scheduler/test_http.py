"""ao's scheduler unit as clients of the field meet it: exact shapes, cursors, leniency, and what is wrong told politely."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.asgi import client_of
from tests.items import AN_ID, a_message, a_wallet, an_item
from tests.unitstack.scheduler.builders import (
    NOON,
    WALLET,
    Network,
    a_message_to,
    a_process_here,
)
from unitstack.errors import Duplicate, InvalidItem, NotFound, UnitUnreachable
from unitstack.scheduler.http import RemoteScheduler, scheduler_app
from unitstack.wire import data_item, ids
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, ProcessId, TxId

UNKNOWN = "U" * 42 + "A"
START = NOON.timestamp


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    network = Network()
    yield network
    await network.close()


@pytest.fixture
def su(network: Network) -> httpx.AsyncClient:
    return client_of(scheduler_app(network.scheduler, network.scheduler.address, metrics=True))


@pytest.fixture
async def process(network: Network) -> DataItem:
    item = a_process_here("known")
    await network.scheduler.schedule(item)
    return item


@pytest.fixture
async def log(network: Network, process: DataItem) -> list[DataItem]:
    """The process's messages: nonces 1 to 4, one a millisecond."""
    items = [a_message_to(process, text) for text in "abcd"]
    for item in items:
        await network.scheduler.schedule(item)
    return items


async def read(su: httpx.AsyncClient, path: str, status: int = 200) -> Any:
    answer = await su.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


def cursors(page: dict[str, Any]) -> list[str]:
    return [edge["cursor"] for edge in page["edges"]]


async def test_it_tells_its_address_and_the_time_as_text(su: httpx.AsyncClient) -> None:
    assert await read(su, "/") == {"timestamp": str(START), "address": WALLET.address}


async def test_the_timestamp_has_a_height_of_twelve_digits(su: httpx.AsyncClient) -> None:
    assert await read(su, "/timestamp?process-id=x") == {
        "timestamp": str(START),
        "block_height": "000001720000",
    }


async def test_health_is_an_empty_answer(su: httpx.AsyncClient) -> None:
    answer = await su.get("/health")

    assert (answer.status_code, answer.content) == (200, b"")


async def test_an_accepted_item_is_answered_with_its_id_and_a_number(
    su: httpx.AsyncClient, process: DataItem
) -> None:
    item = a_message_to(process)

    answer = await su.post("/", content=data_item.encode(item))

    assert answer.status_code == 200
    assert answer.json() == {"timestamp": START + 1, "id": item.id}


async def test_an_assigned_item_is_answered_with_the_assignment_s_id(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    item = an_item(data=b"a picture")
    await network.gateway.upload(item)
    network.clock.set(NOON.height + 20, START)

    answer = await su.post(
        f"/?process-id={process.id}&assign={item.id}&base-layer&exclude=Data,Anchor"
    )

    found = await network.scheduler.message(ProcessId(process.id), MessageId(item.id))
    assert answer.json() == {"timestamp": START + 1, "id": found.assignment.id}
    assert found.assignment.exclude == ("Data", "Anchor")


async def test_a_message_has_exactly_this_shape(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    item = a_message_to(process)
    signed = (await network.scheduler.schedule(item)).item

    assert await read(su, f"/{item.id}?process-id={process.id}") == {
        "message": {
            "id": item.id,
            "owner": {"address": item.address, "key": ids.encode(item.owner)},
            "data": "1 + 1",
            "tags": [{"name": name, "value": value} for name, value in item.tags],
            "signature": ids.encode(item.signature),
            "anchor": None,
            "target": process.id,
        },
        "assignment": {
            "id": signed.id,
            "owner": {"address": WALLET.address, "key": ids.encode(WALLET.owner)},
            "tags": [{"name": name, "value": value} for name, value in signed.tags],
            "signature": ids.encode(signed.signature),
            "anchor": signed.anchor_text,
            "target": "",
        },
    }


async def test_a_message_is_found_by_its_assignment_too(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    item = a_message_to(process)
    assignment = await network.scheduler.schedule(item)

    by_assignment = await read(su, f"/{assignment.id}?process-id={process.id}")

    assert by_assignment == await read(su, f"/{item.id}?process-id={process.id}")


async def test_the_message_of_a_pure_assignment_is_null(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    item = an_item(data=b"a picture")
    await network.gateway.upload(item)
    assignment = await network.scheduler.assign(ProcessId(process.id), item.id)

    written = await read(su, f"/{assignment.id}?process-id={process.id}")

    assert written["message"] is None
    assert {"name": "Message", "value": item.id} in written["assignment"]["tags"]


async def test_anchors_are_shown_when_asked_in_text_or_in_base64url(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    text = a_message(target=process.id, anchor=b"7".zfill(32))
    binary = a_message(target=process.id, anchor=b"\xff" * 32)
    for item in (text, binary):
        await network.scheduler.schedule(item)

    async def anchor(item: DataItem, more: str = "") -> str | None:
        written = await read(su, f"/{item.id}?process-id={process.id}{more}")
        anchor: str | None = written["message"]["anchor"]
        return anchor

    assert [await anchor(text), await anchor(binary)] == ["7".zfill(32), None]
    assert await anchor(text, "&show-anchor") == "7".zfill(32)
    assert await anchor(binary, "&show-anchor=1") == ids.encode(b"\xff" * 32)


async def test_data_that_is_no_text_is_replaced(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    item = a_message(target=process.id, data=b"a\xffb")
    await network.scheduler.schedule(item)

    written = await read(su, f"/{item.id}?process-id={process.id}")

    assert written["message"]["data"] == "a\ufffdb"


async def test_a_process_has_exactly_this_shape(su: httpx.AsyncClient, process: DataItem) -> None:
    assert await read(su, f"/processes/{process.id}") == {
        "process_id": process.id,
        "block": "000001720000",
        "owner": {"address": process.address, "key": ids.encode(process.owner)},
        "tags": [{"name": name, "value": value} for name, value in process.tags],
        "timestamp": START,
        "data": "",
        "anchor": None,
        "signature": ids.encode(process.signature),
        "target": None,
    }


async def test_the_first_page_begins_with_the_process_and_its_cursors_are_times(
    su: httpx.AsyncClient, process: DataItem, log: list[DataItem]
) -> None:
    page = await read(su, f"/{process.id}?process-id={process.id}&limit=2")

    assert page["page_info"] == {"has_next_page": True}
    assert [edge["node"]["message"]["id"] for edge in page["edges"]] == [process.id, log[0].id]
    assert page["edges"][0]["node"]["message"]["target"] == ""
    assert cursors(page) == [str(START), str(START + 1)]


async def test_from_is_exclusive_and_to_is_inclusive(
    su: httpx.AsyncClient, process: DataItem, log: list[DataItem]
) -> None:
    page = await read(su, f"/{process.id}?process-id={process.id}&from={START + 1}&to={START + 3}")

    assert cursors(page) == [str(START + 2), str(START + 3)]
    assert page["page_info"] == {"has_next_page": False}


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
async def test_pages_meet_and_a_full_last_page_has_no_next(
    su: httpx.AsyncClient, process: DataItem, log: list[DataItem], limit: int
) -> None:
    seen: list[str] = []
    pages, more, after = 0, True, ""
    while more:
        page = await read(su, f"/{process.id}?limit={limit}{after}")
        pages, more = pages + 1, page["page_info"]["has_next_page"]
        seen += cursors(page)
        after = f"&from={seen[-1]}"

    assert seen == [str(START + passed) for passed in range(5)]
    assert pages == -(-5 // limit)


async def test_nonces_give_pages_of_their_own(
    su: httpx.AsyncClient, process: DataItem, log: list[DataItem]
) -> None:
    page = await read(su, f"/{process.id}?process-id={process.id}&from-nonce=1&to-nonce=3")

    assert cursors(page) == ["2", "3"]
    assert page["page_info"] == {"has_next_page": False}
    assert cursors(await read(su, f"/{process.id}?from-nonce=-1&limit=1")) == ["0"]
    assert cursors(await read(su, f"/{process.id}?to-nonce=1")) == ["0", "1"]


async def test_a_limit_that_is_undefined_and_a_process_that_is_not_said_are_understood(
    su: httpx.AsyncClient, process: DataItem, log: list[DataItem]
) -> None:
    page = await read(su, f"/{process.id}?from=0&to={START + 9}&limit=undefined")

    assert len(page["edges"]) == 5


async def test_a_page_after_the_end_is_empty(su: httpx.AsyncClient, process: DataItem) -> None:
    page = await read(su, f"/{process.id}?from={START + 99}")

    assert page == {"page_info": {"has_next_page": False}, "edges": []}


async def test_no_page_is_longer_than_a_thousand(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    item = an_item()
    await network.gateway.upload(item)
    for _ in range(1000):
        await network.scheduler.assign(ProcessId(process.id), item.id)

    page = await read(su, f"/{process.id}?limit=100000")

    assert len(page["edges"]) == 1000
    assert page["page_info"] == {"has_next_page": True}


async def test_the_latest_message_is_the_newest_and_at_first_the_process_itself(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    async def latest() -> str:
        newest: str = (await read(su, f"/{process.id}/latest"))["message"]["id"]
        return newest

    assert await latest() == process.id
    for text in "abcdefg":
        item = a_message_to(process, text)
        await network.scheduler.schedule(item)
        assert await latest() == item.id


async def test_what_is_unknown_is_told_in_the_field_s_shape(
    su: httpx.AsyncClient, process: DataItem
) -> None:
    for path in (
        f"/{UNKNOWN}?process-id={process.id}",
        f"/{UNKNOWN}?process-id={UNKNOWN}",
        f"/{UNKNOWN}/latest",
        f"/processes/{UNKNOWN}",
        "/no-id?process-id=neither",
        f"/{'x' * 5000}",
    ):
        told = await read(su, path, 404)
        assert list(told) == ["error"]
        assert "is not known here" in told["error"]
        assert len(told["error"]) < 150


@pytest.mark.parametrize("query", ["process-id=x", "assign=x", f"assign={AN_ID}"])
async def test_half_an_assignment_is_wrong(su: httpx.AsyncClient, query: str) -> None:
    answer = await su.post(f"/?{query}")

    assert answer.status_code == 400
    assert answer.json() == {"error": "If sending assign or process-id, you must send both."}


async def test_an_assigned_id_that_is_none_is_wrong(
    su: httpx.AsyncClient, process: DataItem
) -> None:
    answer = await su.post(f"/?process-id={process.id}&assign=short")

    assert answer.status_code == 400
    assert "43 characters" in answer.json()["error"]


async def test_no_part_of_an_item_is_an_item(su: httpx.AsyncClient, process: DataItem) -> None:
    raw = data_item.encode(a_message_to(process))

    for size in (0, 1, 2, 66, 98, 99, 131, 132, 140, 148, len(raw) - 6):
        answer = await su.post("/", content=raw[:size])
        assert answer.status_code == 400, size
        assert list(answer.json()) == ["error"]


async def test_items_of_no_use_are_refused_each_with_its_status(
    su: httpx.AsyncClient, process: DataItem
) -> None:
    message = a_message_to(process)
    await su.post("/", content=data_item.encode(message))
    wrong = {
        400: [
            replace(message, data=b"forged"),
            an_item(target=process.id),
            an_item((("Type", "Message"),), target=process.id),
            an_item((("Data-Protocol", "ao"), ("Type", "Thing")), target=process.id),
            a_message((("Link", "x+link"),), target=process.id),
            a_message(target=""),
        ],
        403: [a_process_here(scheduler=a_wallet("solana").address)],
        404: [a_message(target=UNKNOWN)],
        409: [message, process],
    }

    for status, items in wrong.items():
        for item in items:
            answer = await su.post("/", content=data_item.encode(item))
            assert answer.status_code == status, answer.text
            assert list(answer.json()) == ["error"]


async def test_nobody_passes_for_a_messenger(network: Network, process: DataItem) -> None:
    app = scheduler_app(network.scheduler, network.scheduler.address, forbidden_senders={"mu"})
    forged = a_message((("From-Process", "mu"),), target=process.id)

    answer = await client_of(app).post("/", content=data_item.encode(forged))

    assert (answer.status_code, answer.json()) == (403, {"error": "Invalid From-Process value."})
    assert len((await network.scheduler.messages(ProcessId(process.id))).items) == 1


async def test_an_item_that_is_too_long_is_not_read_to_its_end(su: httpx.AsyncClient) -> None:
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield bytes(1 << 20)

    answer = await su.post("/", content=endless())

    assert answer.status_code == 413
    assert answer.json() == {
        "error": f"the body has {11 << 20} bytes or more, 10485760 are allowed"
    }
    assert (await su.post("/", content=bytes((10 << 20) + 1))).status_code == 413


async def test_tags_cannot_add_headers_to_an_answer(
    su: httpx.AsyncClient, process: DataItem
) -> None:
    tags = (("X\r\nSet-Cookie: a=b", "c\r\n\r\n<script>"), ("Action", "A\0B"))
    item = a_message(tags, target=process.id)
    await su.post("/", content=data_item.encode(item))

    answer = await su.get(f"/{item.id}?process-id={process.id}")

    assert "set-cookie" not in answer.headers
    assert answer.json()["message"]["tags"][0]["value"] == "c\r\n\r\n<script>"


async def test_paths_that_are_none_are_not_found(su: httpx.AsyncClient) -> None:
    answer = await su.get("/a/b/c")

    assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})
    assert (await su.delete("/")).status_code == 405


async def test_browsers_of_every_origin_may_ask(su: httpx.AsyncClient) -> None:
    answer = await su.get("/", headers={"origin": "https://example.org"})
    asked = {"origin": "https://example.org", "access-control-request-method": "POST"}

    assert answer.headers["access-control-allow-origin"] == "*"
    assert (await su.options("/", headers=asked)).status_code == 200


async def test_what_is_asked_is_counted(su: httpx.AsyncClient, process: DataItem) -> None:
    await su.get(f"/processes/{process.id}")
    await su.get(f"/processes/{UNKNOWN}")

    answer = await su.get("/metrics")

    kind = "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert answer.headers["content-type"] == kind
    counted = 'ao_requests_total{endpoint="process",method="GET",status="%s",unit="scheduler"} 1.0'
    for status in (200, 404):
        assert counted % status in answer.text


# A scheduler of the field, as the remote part meets it.


def answering(status: int, text: str, seen: list[str] | None = None) -> httpx.AsyncClient:
    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(f"{request.method} {request.url.raw_path.decode()}")
        return httpx.Response(status, text=text)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://su")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"error":"MessageExists(\\"Message already exists\\")"}', Duplicate),
        ('{"error":"NotFound(\\"Process not found\\")"}', NotFound),
        ('{"error":"Data-Protocol tag not present"}', InvalidItem),
    ],
)
async def test_what_schedulers_of_the_field_mean_by_400_is_understood(
    network: Network, text: str, kind: type[Exception]
) -> None:
    scheduler = RemoteScheduler(answering(400, text), network.gateway)

    with pytest.raises(kind):
        await scheduler.schedule(a_message_to(ProcessId(TxId(UNKNOWN))))


async def test_a_message_that_schedulers_of_the_field_do_not_know_is_not_found(
    network: Network,
) -> None:
    told = '{"error":"Message or Process not found"}'
    scheduler = RemoteScheduler(answering(400, told), network.gateway)

    with pytest.raises(NotFound, match=f"message {AN_ID}"):
        await scheduler.message(ProcessId(TxId(UNKNOWN)), MessageId(AN_ID))


async def test_something_else_than_a_scheduler_is_unreachable_with_its_url(
    network: Network,
) -> None:
    for told in ("<html>", "[]", '{"edges": 1}', '{"block_height": {}}', "null"):
        scheduler = RemoteScheduler(answering(200, told), network.gateway)
        with pytest.raises(UnitUnreachable, match=r"http://su did not .* check that the URL"):
            await scheduler.now()
        with pytest.raises(UnitUnreachable, match=r"http://su did not .* check that the URL"):
            await scheduler.messages(ProcessId(TxId(UNKNOWN)))


async def test_an_item_that_is_not_what_its_scheduler_says_is_invalid(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    written = await read(su, f"/{process.id}?limit=1&show-anchor")
    written["edges"][0]["node"]["message"]["id"] = AN_ID
    text = httpx.Response(200, json=written).text
    scheduler = RemoteScheduler(answering(200, text), network.gateway)

    with pytest.raises(InvalidItem, match=f"says that item {process.id} is {AN_ID}"):
        await scheduler.process(ProcessId(process.id))


async def test_a_process_that_its_scheduler_did_not_assign_is_read_all_the_same(
    su: httpx.AsyncClient, network: Network, process: DataItem
) -> None:
    listed = (await su.get(f"/processes/{process.id}")).text
    empty = '{"page_info":{"has_next_page":false},"edges":[]}'

    def old(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=listed if "/processes/" in request.url.path else empty)

    client = httpx.AsyncClient(transport=httpx.MockTransport(old), base_url="http://su")
    found = await RemoteScheduler(client, network.gateway).process(ProcessId(process.id))

    assert found.message is not None
    assert (found.message.item, found.assignment.block) == (process, NOON)
    assert (found.assignment.message, found.assignment.nonce) == (process.id, 0)


@pytest.mark.parametrize("signer", ["arweave", "ed25519", "ethereum", "solana"])
async def test_items_of_every_kind_of_key_come_back_as_they_were_signed(
    su: httpx.AsyncClient, network: Network, process: DataItem, signer: str
) -> None:
    scheduler = RemoteScheduler(su, network.gateway)
    item = a_message(target=process.id, signer=signer)
    await scheduler.schedule(item)

    found = await scheduler.message(ProcessId(process.id), MessageId(item.id))

    assert found.message is not None
    assert found.message.item == item


async def test_ids_with_strange_characters_stay_in_their_place(network: Network) -> None:
    seen: list[str] = []
    scheduler = RemoteScheduler(answering(404, "", seen), network.gateway)

    with pytest.raises(NotFound):
        await scheduler.message(ProcessId(TxId("p?q=1")), MessageId(TxId("../a b/c#d")))

    assert seen == ["GET /..%2Fa%20b%2Fc%23d?process-id=p%3Fq%3D1&show-anchor="]
