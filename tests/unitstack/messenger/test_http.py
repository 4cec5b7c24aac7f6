"""ao's messenger unit as clients of the field meet it, and what a messenger elsewhere cannot tell."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from tests.asgi import client_of
from tests.items import AN_ID, an_item
from tests.unitstack.messenger.fakes import WALLET, World, a_letter, message, sends
from unitstack.errors import InvalidItem, Refused, UnitUnreachable
from unitstack.messenger.budget import Budget
from unitstack.messenger.http import RemoteMessenger, messenger_app
from unitstack.messenger.unit import PUBLIC_MESSENGER
from unitstack.units import Cascade
from unitstack.wire import data_item
from unitstack.wire.addresses import process_address
from unitstack.wire.ids import MessageId, ProcessId, TxId

UNKNOWN = "U" * 42 + "A"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


@pytest.fixture
def mu(world: World) -> httpx.AsyncClient:
    app = messenger_app(world.unit, traces=world.unit.traces, metrics=True)
    return client_of(app)


async def test_it_says_what_it_is(mu: httpx.AsyncClient) -> None:
    answer = await mu.get("/")

    assert (answer.status_code, answer.text) == (200, "ao messenger unit")


async def test_a_message_is_answered_when_it_is_in_the_log(
    world: World, mu: httpx.AsyncClient
) -> None:
    process = world.network.a_process()
    letter = a_letter(process)

    answer = await mu.post("/", content=data_item.encode(letter))

    assert answer.status_code == 202
    assert answer.json() == {"message": "Processing DataItem", "id": letter.id}
    assert world.network.received(process) == [letter]


async def test_an_assignment_is_answered_with_its_own_id(
    world: World, mu: httpx.AsyncClient
) -> None:
    process, item = world.network.a_process(), an_item()
    world.network.items[item.id] = item

    answer = await mu.post(f"/?process-id={process}&assign={item.id}&base-layer&exclude=Data,Tags")

    assignment = world.network.logs[process][-1].assignment
    assert answer.status_code == 202
    assert answer.json() == {"message": "Processing Assignment", "id": assignment.id}
    assert assignment.exclude == ("Data", "Tags")


@pytest.mark.parametrize("query", ["process-id=x", "assign=x", "assign=x&process-id="])
async def test_half_an_assignment_is_wrong(mu: httpx.AsyncClient, query: str) -> None:
    answer = await mu.post(f"/?{query}")

    told = "You must set both process-id and assign to send an assignment, not just one"
    assert (answer.status_code, answer.json()) == (400, {"error": told})


async def test_no_part_of_an_item_is_an_item(world: World, mu: httpx.AsyncClient) -> None:
    raw = data_item.encode(a_letter(world.network.a_process()))

    for size in (0, 1, 66, 98, 132, 148, len(raw) - 1):
        answer = await mu.post("/", content=raw[:size])
        assert answer.status_code == 400, size
        assert list(answer.json()) == ["error"]


async def test_what_is_wrong_has_its_status(world: World, mu: httpx.AsyncClient) -> None:
    letter = a_letter(world.network.a_process())
    await mu.post("/", content=data_item.encode(letter))

    async def status(content: bytes, path: str = "/") -> int:
        return (await mu.post(path, content=content)).status_code

    assert await status(data_item.encode(replace(letter, data=b"forged"))) == 400
    assert await status(data_item.encode(a_letter(ProcessId(TxId(UNKNOWN))))) == 404
    assert await status(data_item.encode(letter)) == 409
    assert await status(b"", f"/?process-id={UNKNOWN}&assign={AN_ID}") == 404
    assert await status(bytes((10 << 20) + 1)) == 413


@pytest.mark.parametrize("name", [WALLET.address, WALLET.process_address, PUBLIC_MESSENGER])
async def test_nobody_passes_for_a_messenger(
    world: World, mu: httpx.AsyncClient, name: str
) -> None:
    process = world.network.a_process()
    letter = a_letter(process, tags=(("From-Process", name),))

    answer = await mu.post("/", content=data_item.encode(letter))

    assert (answer.status_code, answer.json()) == (403, {"error": "Invalid From-Process value."})
    assert world.network.received(process) == []


async def test_tags_cannot_add_headers_to_an_answer(world: World, mu: httpx.AsyncClient) -> None:
    letter = a_letter(world.network.a_process(), tags=(("X\r\nSet-Cookie: a=b", "c\r\n\r\nd"),))

    answer = await mu.post("/", content=data_item.encode(letter))

    assert answer.status_code == 202
    assert "set-cookie" not in answer.headers


async def test_the_process_that_the_item_is_for_is_monitored_whatever_the_path_says(
    world: World, mu: httpx.AsyncClient
) -> None:
    process = world.network.a_process()
    raw = data_item.encode(an_item(data=b" ", target=process))

    begun = await mu.post("/monitor/anything", content=raw)
    ended = await mu.request("DELETE", "/monitor/anything", content=raw)
    again = await mu.request("DELETE", "/monitor/anything", content=raw)

    assert (begun.status_code, begun.text) == (200, "Monitoring process")
    assert (ended.status_code, ended.text) == (200, "Process deleted")
    assert again.status_code == 404


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_who_monitors_signs_an_item_for_the_process(
    world: World, mu: httpx.AsyncClient, method: str
) -> None:
    process = world.network.a_process()
    signed = an_item(data=b" ", target=process)

    async def told(content: bytes) -> tuple[int, str]:
        answer = await mu.request(method, f"/monitor/{process}", content=content)
        return answer.status_code, answer.text

    assert await told(b"") == (400, "Signed data item is required")
    assert (await told(b"no item"))[0] == 400
    assert (await told(data_item.encode(replace(signed, data=b"forged"))))[0] == 400
    assert (await told(data_item.encode(an_item())))[0] == 400
    assert (await told(data_item.encode(an_item(target=UNKNOWN))))[0] == 404


def relations(answer: httpx.Response) -> list[tuple[str, str, str]]:
    nodes = [edge["node"] for edge in answer.json()["edges"]]
    return [(node["relation"], node["type"], node["messageId"]) for node in nodes]


async def test_a_message_is_traced_with_what_it_set_off(
    world: World, mu: httpx.AsyncClient
) -> None:
    other = world.network.a_process()
    process = world.network.a_process(answer=lambda item: sends(message(other, data="hello")))
    letter = a_letter(process)
    await mu.post("/", content=data_item.encode(letter))
    await world.unit.settled(MessageId(letter.id))

    answer = await mu.get(f"/?debug=1&message={letter.id}")

    (pushed,) = world.network.received(other)
    assert relations(answer) == [("child", "MESSAGE", pushed.id), ("self", "MESSAGE", letter.id)]
    child = answer.json()["edges"][0]["node"]
    assert (child["processId"], child["parentId"]) == (other, letter.id)
    assert child["wallet"] == process_address(letter.owner)
    of_process = await mu.get(f"/?debug=1&process={other}&wallet={child['wallet']}")
    assert [edge["node"]["messageId"] for edge in of_process.json()["edges"]] == [pushed.id]
    assert relations(await mu.get(f"/?debug=1&spawn={letter.id}")) == [
        ("child", "MESSAGE", pushed.id)
    ]


async def test_traces_are_paged(world: World, mu: httpx.AsyncClient) -> None:
    process = world.network.a_process()
    letters = [a_letter(process) for _ in range(3)]
    for letter in letters:
        await mu.post("/", content=data_item.encode(letter))

    pages = [
        (await mu.get(f"/?debug=1&process={process}&page={page}&page-size=2")).json()
        for page in (1, 2, 3)
    ]

    ids = [[edge["node"]["messageId"] for edge in page["edges"]] for page in pages]
    assert ids == [[letters[2].id, letters[1].id], [letters[0].id], []]
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True, False, False]


async def test_where_no_traces_are_kept_their_page_is_empty(world: World) -> None:
    answer = await client_of(messenger_app(world.unit)).get(f"/?debug=1&process={UNKNOWN}")

    assert answer.json() == {"pageInfo": {"hasNextPage": False}, "edges": []}


async def test_traces_are_of_one_thing(mu: httpx.AsyncClient) -> None:
    answer = await mu.get("/?debug=1&message=a&spawn=b")

    told = "Only one of message, assign, or spawn query parameters can be provided"
    assert (answer.status_code, answer.json()) == (422, {"error": told})


async def test_a_push_from_outside_is_refused(mu: httpx.AsyncClient) -> None:
    path = f"/push/{AN_ID}"

    wrong = await mu.post(f"{path}/one?process-id={UNKNOWN}")
    refused = await mu.post(f"{path}/1?process-id={UNKNOWN}")

    told = {"error": "'number' parameter must be a valid number"}
    assert (wrong.status_code, wrong.json()) == (400, told)
    assert (refused.status_code, refused.json()) == (403, {"error": "Push is disabled"})


async def test_a_push_sends_a_message_that_was_dropped_and_none_twice(world: World) -> None:
    other = world.network.a_process()
    texts = sends(message(other, data="one"), message(other, data="two"))
    process = world.network.a_process(answer=lambda item: texts)
    letter = a_letter(process)
    world.unit.budget = Budget(messages=1)
    await world.unit.send(letter)
    await world.unit.settled(MessageId(letter.id))
    world.unit.budget = Budget()
    mu = client_of(messenger_app(world.unit, push=world.unit.push))

    for number in (0, 1, 1):
        pushed = await mu.post(f"/push/{letter.id}/{number}?process-id={process}")
        await world.unit.settled(MessageId(letter.id))
    beyond = await mu.post(f"/push/{letter.id}/2?process-id={process}")
    nowhere = await mu.post(f"/push/{letter.id}/1")

    assert pushed.json() == {"message": "Processing Message Result", "id": letter.id}
    assert (pushed.status_code, beyond.status_code, nowhere.status_code) == (202, 403, 400)
    assert "Message number does not exist in the result" in beyond.json()["error"]
    assert [item.data for item in world.network.received(other)] == [b"one", b"two"]


async def test_a_push_of_what_cannot_leave_is_refused(world: World) -> None:
    process = world.network.a_process(answer=lambda item: sends(message("", data="one")))
    letter = a_letter(process)
    await world.unit.send(letter)
    mu = client_of(messenger_app(world.unit, push=world.unit.push))

    answer = await mu.post(f"/push/{letter.id}/0?process-id={process}")

    assert answer.status_code == 403


async def test_figures_are_shown_where_they_are_asked_for(
    world: World, mu: httpx.AsyncClient
) -> None:
    await mu.get("/")

    assert "ao_requests_total" in (await mu.get("/metrics")).text
    assert (await client_of(messenger_app(world.unit)).get("/metrics")).status_code == 404


# A messenger elsewhere, as the remote part meets it.


async def test_a_messenger_elsewhere_tells_at_once_that_nothing_is_known_to_be_owed(
    world: World, mu: httpx.AsyncClient
) -> None:
    process = world.network.a_process()
    world.network.hold(process)
    messenger = RemoteMessenger(mu)

    root = await messenger.send(a_letter(process))

    assert await messenger.settled(root) == Cascade(root, 0, 0)


async def test_a_messenger_elsewhere_cannot_be_told_to_halt(mu: httpx.AsyncClient) -> None:
    with pytest.raises(Refused, match=f"{AN_ID} is not stopped.*http://unit"):
        await RemoteMessenger(mu).halt(MessageId(AN_ID), "enough")


async def test_what_a_messenger_of_the_field_says_is_passed_on() -> None:
    told = {"error": "Error: 'body': A valid and signed data item must be provided as the body."}
    seen = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(500, json=told)

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://mu")

    with pytest.raises(UnitUnreachable, match="answered 500, Error: 'body': A valid"):
        await RemoteMessenger(client).send(a_letter(ProcessId(TxId(UNKNOWN))))
    assert seen == ["POST"]


async def test_an_item_that_cannot_be_written_is_not_sent(mu: httpx.AsyncClient) -> None:
    letter = a_letter(ProcessId(TxId(UNKNOWN)))

    with pytest.raises(InvalidItem):
        await RemoteMessenger(mu).send(replace(letter, signature=b""))
