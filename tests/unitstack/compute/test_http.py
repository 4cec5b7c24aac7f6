"""ao's compute unit as clients of the field meet it: results, pages both ways, states, dry runs, and busy answers."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.asgi import client_of
from tests.unitstack.compute.fakes import START, World
from unitstack.compute.http import RemoteCompute, compute_app
from unitstack.errors import NotFound, Refused, UnitUnreachable
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Address, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

ADDRESS = Address("C" * 43)
UNKNOWN = "U" * 43
CRON = (Tag("Cron-Interval", "10-seconds"), Tag("Cron-Tag-Action", "Tick"))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


@pytest.fixture
def cu(world: World) -> httpx.AsyncClient:
    return client_of(compute_app(world.unit, world.scheduler, ADDRESS))


@pytest.fixture
async def process(world: World) -> ProcessId:
    """One that has got `one`, `fail`, `two`, `fail`, `three`, a second each, all evaluated."""
    process = world.a_process()
    for data in ("one", "fail", "two", "fail", "three"):
        last = world.say(process, data)
    await world.unit.result(process, last)
    return process


async def read(cu: httpx.AsyncClient, path: str, status: int = 200) -> Any:
    answer = await cu.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


def cursors(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(base64.b64decode(edge["cursor"])) for edge in page["edges"]]


def nonces(page: dict[str, Any]) -> list[str]:
    return [cursor["ordinate"] for cursor in cursors(page)]


async def dry(cu: httpx.AsyncClient, process: str, more: str = "", **fields: Any) -> httpx.Response:
    body = {"Id": "1234", "Owner": "1234", "Anchor": "0", "Data": "dry", "Tags": [], **fields}
    return await cu.post(f"/dry-run?process-id={process}{more}", json=body)


async def test_it_tells_its_address_and_a_time_that_is_a_number(cu: httpx.AsyncClient) -> None:
    told = await read(cu, "/")

    assert told["address"] == ADDRESS
    assert isinstance(told["timestamp"], int)


async def test_a_result_has_exactly_these_keys(world: World, cu: httpx.AsyncClient) -> None:
    process = world.a_process()
    message = world.say(process, "send hello")

    assert await read(cu, f"/result/{message}?process-id={process}") == {
        "Messages": [{"Target": "T" * 43, "Data": "hello", "Tags": []}],
        "Assignments": [],
        "Spawns": [],
        "Output": {"data": "boot@0 send hello@1000", "print": True},
    }


async def test_a_process_s_error_is_a_result(world: World, cu: httpx.AsyncClient) -> None:
    process = world.a_process()
    message = world.say(process, "fail")

    told = await read(cu, f"/result/{message}?process-id={process}")

    assert told["Error"] == "it went wrong"


async def test_whose_result_is_meant_must_be_said(cu: httpx.AsyncClient) -> None:
    assert await read(cu, f"/result/{UNKNOWN}", 400) == {"error": "'process-id': Required."}
    answer = await cu.post("/dry-run", json={})
    assert answer.status_code == 400


async def test_what_is_unknown_is_not_found(world: World, cu: httpx.AsyncClient) -> None:
    process = world.a_process()

    for path in (
        f"/result/{UNKNOWN}?process-id={process}",
        f"/result/{UNKNOWN}?process-id={UNKNOWN}",
        f"/cron/{UNKNOWN}",
        f"/state/{UNKNOWN}",
        f"/state/{process}?to=1",
        f"/result/{'x' * 5000}?process-id=y",
    ):
        told = await read(cu, path, 404)
        assert list(told) == ["error"]
        assert len(told["error"]) < 150


async def test_a_module_that_no_engine_runs_is_not_processable(
    world: World, cu: httpx.AsyncClient
) -> None:
    world.engine.unfit = True
    module = world.a_module()
    process = world.a_process(module=module)

    assert await read(cu, f"/result/{process}?process-id={process}", 422) == {
        "error": f"module {module}: the module is unfit"
    }


async def test_a_result_that_takes_long_is_answered_with_202_and_goes_on(world: World) -> None:
    cu = client_of(compute_app(world.unit, world.scheduler, ADDRESS, busy_after=0.0))
    process = world.a_process()
    message = world.say(process, "hold")
    path = f"/result/{message}?process-id={process}"

    busy = await cu.get(path)
    world.engine.release.set()
    known = await cu.get(f"{path}&no-busy=1")

    told = f'Evaluation of process "{process}" to "{message}" is in progress.'
    assert (busy.status_code, busy.json()) == (202, {"message": told})
    assert known.json()["Output"]["data"] == "boot@0 hold@1000"


async def test_a_remote_asks_a_busy_unit_again(world: World) -> None:
    cu = client_of(compute_app(world.unit, world.scheduler, ADDRESS, busy_after=0.0))
    process = world.a_process()
    message = world.say(process, "hold")

    async with asyncio.TaskGroup() as tasks:
        remote = RemoteCompute(cu, world.scheduler, pace=(0.0,))
        asked = tasks.create_task(remote.result(process, message))
        await asyncio.to_thread(world.engine.spinning.wait, 10)
        assert not asked.done()
        world.engine.release.set()

    assert asked.result().output.data == "boot@0 hold@1000"


async def test_a_cursor_is_base64_of_json_in_this_order_with_the_nonce_as_text(
    cu: httpx.AsyncClient, process: ProcessId
) -> None:
    page = await read(cu, f"/results/{process}?limit=2")

    assert page["pageInfo"] == {"hasNextPage": True}
    written = base64.b64decode(page["edges"][1]["cursor"], validate=True).decode()
    time = START + 1000
    assert written == f'{{"timestamp":{time},"ordinate":"1","cron":null,"sort":"ASC"}}'
    assert sorted(page["edges"][1]["node"]) == ["Assignments", "Messages", "Output", "Spawns"]


async def test_errors_are_left_out_before_they_count(
    cu: httpx.AsyncClient, process: ProcessId
) -> None:
    first = await read(cu, f"/results/{process}?limit=3")
    after = first["edges"][-1]["cursor"]
    second = await read(cu, f"/results/{process}?limit=1&from={after}")

    assert nonces(first) == ["0", "1", "3"]
    assert nonces(second) == ["5"]
    assert second["pageInfo"] == {"hasNextPage": False}


async def test_pages_go_backwards_by_to_which_is_inclusive(
    cu: httpx.AsyncClient, process: ProcessId
) -> None:
    newest = await read(cu, f"/results/{process}?sort=DESC&limit=2")
    end = newest["edges"][-1]["cursor"]
    older = await read(cu, f"/results/{process}?sort=DESC&to={end}")

    assert (nonces(newest), newest["pageInfo"]["hasNextPage"]) == (["5", "3"], True)
    assert (nonces(older), older["pageInfo"]["hasNextPage"]) == (["3", "1", "0"], False)
    assert {cursor["sort"] for cursor in cursors(older)} == {"DESC"}


async def test_a_cursor_s_own_direction_counts_before_the_one_asked_for(
    cu: httpx.AsyncClient, process: ProcessId
) -> None:
    newest = await read(cu, f"/results/{process}?sort=DESC&limit=9")
    oldest = newest["edges"][-1]["cursor"]

    page = await read(cu, f"/results/{process}?sort=ASC&from={oldest}")

    assert nonces(page) == ["5", "3", "1"]


async def test_bare_times_are_places_too(cu: httpx.AsyncClient, process: ProcessId) -> None:
    between = f"from={START + 1000}&to={START + 3000}"

    assert nonces(await read(cu, f"/results/{process}?{between}")) == ["3"]
    assert nonces(await read(cu, f"/results/{process}?from=0")) == ["0", "1", "3", "5"]
    assert nonces(await read(cu, f"/results/{process}?to=1")) == []


@pytest.mark.parametrize(
    "cursor", ["x", "MTIz", "e30=", "eyJ0aW1lc3RhbXAiOnt9fQ==", "W10=", "²", "9" * 30, "-1"]
)
async def test_a_place_that_is_none_is_wrong(
    cu: httpx.AsyncClient, process: ProcessId, cursor: str
) -> None:
    for path in ("results", "cron"):
        told = await read(cu, f"/{path}/{process}?from={cursor}", 400)
        assert "is neither a cursor nor a time" in told["error"]


@pytest.mark.parametrize("path", ["results", "cron"])
async def test_a_page_of_nothing_is_refused(
    cu: httpx.AsyncClient, process: ProcessId, path: str
) -> None:
    assert "limit is 0" in (await read(cu, f"/{path}/{process}?limit=0", 403))["error"]
    await read(cu, f"/{path}/{process}?limit=undefined")


async def test_who_looks_at_results_has_what_is_pending_evaluated(
    world: World, cu: httpx.AsyncClient
) -> None:
    process = world.a_process()
    world.say(process, "one")

    first = await read(cu, f"/results/{process}")
    second = await read(cu, f"/results/{process}")

    assert (nonces(first), nonces(second)) == ([], ["0", "1"])


async def test_results_of_a_process_that_nobody_knows_are_none(cu: httpx.AsyncClient) -> None:
    assert await read(cu, f"/results/{UNKNOWN}") == {
        "pageInfo": {"hasNextPage": False},
        "edges": [],
    }


async def test_crons_are_evaluated_up_to_now_and_listed(
    world: World, cu: httpx.AsyncClient
) -> None:
    process = world.a_process(*CRON)
    world.scheduler.time = world.at(35_000)

    page = await read(cu, f"/cron/{process}?limit=2")
    rest = await read(cu, f"/cron/{process}?from={page['edges'][-1]['cursor']}")

    assert cursors(page)[0] == {
        "timestamp": START + 10_000,
        "ordinate": "0",
        "cron": "0-10-seconds",
        "sort": "ASC",
    }
    assert page["pageInfo"] == {"hasNextPage": True}
    assert [cursor["timestamp"] for cursor in cursors(rest)] == [START + 30_000]
    assert rest["pageInfo"] == {"hasNextPage": False}


async def test_crons_are_listed_until_a_time_and_between_times(
    world: World, cu: httpx.AsyncClient
) -> None:
    process = world.a_process(*CRON)
    world.scheduler.time = world.at(45_000)

    page = await read(cu, f"/cron/{process}?from={START + 10_000}&to={START + 30_000}")

    times = [cursor["timestamp"] - START for cursor in cursors(page)]
    assert times == [20_000, 30_000]


async def test_a_state_is_its_bytes_with_its_place_in_headers(
    cu: httpx.AsyncClient, process: ProcessId
) -> None:
    answer = await cu.get(f"/state/{process}")

    assert answer.content == b'["boot@0", "one@1000", "two@3000", "three@5000"]'
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["last-timestamp"] == str(START + 5000)
    assert answer.headers["last-ordinate"] == "5"
    assert answer.headers["last-block-height"] == "1000"


async def test_a_state_can_be_of_a_time(cu: httpx.AsyncClient, process: ProcessId) -> None:
    answer = await cu.get(f"/state/{process}?to={START + 3500}")

    assert answer.content == b'["boot@0", "one@1000", "two@3000"]'


async def test_a_dry_run_sees_each_new_state_and_leaves_no_trace(
    world: World, cu: httpx.AsyncClient
) -> None:
    process = world.a_process()

    first = await dry(cu, process)
    world.say(process, "one")
    second = await dry(cu, process)

    assert first.json()["Output"]["data"] == "boot@0 dry@0"
    assert second.json()["Output"]["data"] == "boot@0 one@1000 dry@1000"


async def test_a_dry_run_can_be_of_an_earlier_message(
    world: World, cu: httpx.AsyncClient, process: ProcessId
) -> None:
    one = world.scheduler.logs[process][1].assignment.message

    answer = await dry(cu, process, f"&to={one}")

    assert answer.json()["Output"]["data"] == "boot@0 one@1000 dry@1000"


async def test_a_dry_run_s_message_is_the_body_s(world: World, cu: httpx.AsyncClient) -> None:
    process = world.a_process()
    tags = [{"name": "Action", "value": "Eval"}]

    await dry(cu, process, Owner="me", Target=None, Tags=tags)

    message = world.engine.envelopes[-1].message
    told = [message[name] for name in ("Owner", "From", "Target", "Anchor", "Tags", "Read-Only")]
    assert told == ["me", "me", process, "0", tags, True]


async def test_a_dry_run_s_message_says_of_itself_what_the_body_says(
    world: World, cu: httpx.AsyncClient
) -> None:
    process = world.a_process()
    said = {"Id": "an id", "Signature": "s", "Timestamp": 5, "Block-Height": "000000000007"}

    await dry(cu, process, "", **said)
    await dry(cu, process, "", **dict.fromkeys(said))

    one, other = (envelope.message for envelope in world.engine.envelopes[-2:])
    assert [one[name] for name in said] == ["an id", "s", 5, 7]
    assert (other["Id"], other["Timestamp"]) == ("1234", START)
    assert "Signature" not in other


async def test_data_that_is_no_text_is_dry_run_as_its_json(
    world: World, cu: httpx.AsyncClient
) -> None:
    process = world.a_process()

    await dry(cu, process, Data={"a": [1, None]})
    await dry(cu, process, Data=None)

    seen = [envelope.message["Data"] for envelope in world.engine.envelopes[-2:]]
    assert seen == ['{"a": [1, null]}', ""]


@pytest.mark.parametrize(
    "fields",
    [
        {"Owner": ""},
        {"Owner": None},
        {"Owner": 7},
        {"Tags": None},
        {"Tags": "x"},
        {"Tags": ["x"]},
        {"Tags": [{"name": "x", "value": 1}]},
        {"Target": 7},
        {"Anchor": {}},
        {"Id": 7},
        {"Timestamp": "soon"},
        {"Block-Height": True},
    ],
)
async def test_a_dry_run_without_what_it_needs_is_wrong(
    world: World, cu: httpx.AsyncClient, fields: dict[str, Any]
) -> None:
    answer = await dry(cu, world.a_process(), **fields)

    assert answer.status_code == 400
    assert f"'{next(iter(fields))}'" in answer.json()["error"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b"9" * 100_000]
)
async def test_a_body_that_is_no_json_object_is_wrong(
    world: World, cu: httpx.AsyncClient, body: bytes
) -> None:
    answer = await cu.post(f"/dry-run?process-id={world.a_process()}", content=body)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("the body is not ")


async def test_half_a_character_does_no_harm(world: World, cu: httpx.AsyncClient) -> None:
    half = '"\\ud800"'
    body = f'{{"Owner":{half},"Tags":[{{"name":{half},"value":{half}}}],"Data":{half}}}'

    answer = await cu.post(f"/dry-run?process-id={world.a_process()}", content=body)

    assert answer.status_code == 200
    assert answer.json()["Output"]["data"] == "boot@0 ?@0"


async def test_figures_are_shown_where_they_are_asked_for(world: World) -> None:
    cu = client_of(compute_app(world.unit, world.scheduler, ADDRESS, metrics=True))

    assert "ao_requests" in (await cu.get("/metrics")).text


# A compute unit elsewhere, as the remote part meets it.


def answering(*answers: httpx.Response) -> httpx.AsyncClient:
    rest = list(answers)
    transport = httpx.MockTransport(lambda request: rest.pop(0) if rest[1:] else rest[0])
    return httpx.AsyncClient(transport=transport, base_url="http://cu")


async def test_a_unit_that_is_away_for_a_moment_is_asked_again(world: World) -> None:
    busy = httpx.Response(503, json={"error": "Nonce limit exceeded"})
    there = httpx.Response(200, json={"Output": "2", "Messages": []})
    compute = RemoteCompute(answering(busy, busy, there), world.scheduler, delays=(0.0, 0.0))

    result = await compute.result(ProcessId(TxId(UNKNOWN)), MessageId(TxId(UNKNOWN)))

    assert result.output.data == "2"


async def test_a_unit_that_stays_away_is_unreachable(world: World) -> None:
    busy = httpx.Response(503, json={"error": "Nonce limit exceeded"})
    compute = RemoteCompute(answering(busy), world.scheduler, delays=(0.0, 0.0))

    with pytest.raises(UnitUnreachable, match=r"http://cu/result/.* 503, Nonce limit exceeded"):
        await compute.result(ProcessId(TxId(UNKNOWN)), MessageId(TxId(UNKNOWN)))


@pytest.mark.parametrize("body", ["<html>", "7", "null", '{"edges": {}}', '{"edges": [{}]}'])
async def test_something_else_than_a_compute_unit_is_unreachable(world: World, body: str) -> None:
    compute = RemoteCompute(answering(httpx.Response(200, text=body)), world.scheduler)

    with pytest.raises(UnitUnreachable, match="http://cu did not answer"):
        await compute.results(ProcessId(TxId(UNKNOWN)))
    with pytest.raises(UnitUnreachable, match="http://cu did not answer"):
        await compute.checkpoint(ProcessId(TxId(UNKNOWN)))


async def test_pages_are_asked_for_by_time_as_units_of_the_field_need_it(
    world: World, process: ProcessId
) -> None:
    seen = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.params["from"])
        return httpx.Response(200, json={"pageInfo": {"hasNextPage": False}, "edges": []})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://cu")
    compute = RemoteCompute(client, world.scheduler)
    await compute.results(process, after=Ordinate(Nonce(3)))

    written = json.loads(base64.b64decode(seen[0]))
    assert (written["timestamp"], written["ordinate"]) == (START + 3000, "3")


async def test_refusals_come_back_as_they_were(
    cu: httpx.AsyncClient, world: World, process: ProcessId
) -> None:
    compute = RemoteCompute(cu, world.scheduler)

    with pytest.raises(Refused, match="limit is 0"):
        await compute.results(process, limit=0)
    with pytest.raises(NotFound, match=f"process {UNKNOWN}"):
        await compute.dry_run(ProcessId(TxId(UNKNOWN)), Draft(data=b"x"), sender=ADDRESS)
