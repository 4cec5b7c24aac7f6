"""A node as ao's mainnet clients meet it."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.items import A_PROCESS, AN_ID, a_message, a_wallet
from tests.unitstack.hyperbeam.nodes import (
    AO,
    ITEM,
    JSON,
    PERSON,
    Node,
    a_node,
    an_eval,
    an_item_of_the_persons,
)
from tests.unitstack.hyperbeam.signing import as_clients_sign
from unitstack.hyperbeam.signatures import digest_of
from unitstack.wire import data_item
from unitstack.wire.ids import MessageId, TxId
from unitstack.wire.tags import Tag, find

ECHO = """
Handlers.add("echo", "Echo", function (msg)
  for turn = 1, 2 do Send({ Target = msg.From, Data = msg.Data .. (msg.Tags.Note or "") .. turn }) end
end)
"""
AS_JSON = {"accept": "application/json"}


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with a_node() as node:
        yield node


async def post_signed(node: Node, process: str, fields: dict[str, str]) -> httpx.Response:
    signed = as_clients_sign("ethereum", fields)
    return await node.client.post(f"/{process}~process@1.0/push", headers=signed)


def output(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()["raw"]["Output"]["data"]


async def test_it_tells_its_address_as_text(node: Node) -> None:
    answer = await node.client.get("/~meta@1.0/info/address")

    assert (answer.status_code, answer.text) == (200, node.wallet.address)
    assert answer.headers["ao-result"] == "body"


async def test_it_tells_its_address_in_json_to_who_asks_for_that(node: Node) -> None:
    answer = await node.client.get("/~meta@1.0/info/address", headers=AS_JSON)

    assert answer.json() == {"ao-result": "body", "body": node.wallet.address}


async def test_it_tells_the_time(node: Node) -> None:
    told = (await node.client.get("/~meta@1.0/info", headers=AS_JSON)).json()

    now = await node.stack.units.scheduler.now()
    assert told["address"] == node.wallet.address
    assert told["block-height"] <= now.height
    assert told["timestamp"] <= now.timestamp


async def test_what_it_does_not_tell_is_not_found(node: Node) -> None:
    assert (await node.client.get("/~meta@1.0/info/else")).status_code == 404


async def test_a_signature_on_what_anyone_may_read_is_not_looked_at(node: Node) -> None:
    headers = {"signature": "nonsense", "signature-input": "more of it"}

    assert (await node.client.get("/~meta@1.0/info/address", headers=headers)).status_code == 200


async def test_a_spawn_is_answered_with_the_process_in_a_header(node: Node) -> None:
    item = node.a_process()

    answer = await node.push(item)

    assert answer.headers["process"] == item.id
    assert answer.headers["slot"] == "0"


async def test_the_newest_slot_is_text(node: Node) -> None:
    process = await node.spawned()

    before = await node.ask(f"/{process}/slot/current", ("accept-codec", "httpsig@1.0"))
    await node.evaluated(process, "1 + 1")
    after = await node.client.get(f"/{process}~process@1.0/slot/current")

    assert (before.text, after.text) == ("0", "1")


async def test_the_newest_slot_comes_with_its_time(node: Node) -> None:
    process = await node.spawned()

    told = (await node.client.get(f"/{process}~process@1.0/slot", headers=AS_JSON)).json()

    assert (told["process"], told["current"]) == (process, 0)
    assert told["wallet-address"] == node.wallet.address


async def test_a_message_is_answered_with_its_slot_its_id_and_its_result(node: Node) -> None:
    process = await node.spawned()
    item = an_eval(process, "1 + 1")

    answer = await node.push(item, process)

    told = answer.json()
    assert (told["slot"], told["process"], told["id"]) == (1, process, item.id)
    assert answer.headers["slot"] == "1"
    assert output(answer) == "2"


async def test_the_result_is_there_as_older_clients_read_it(node: Node) -> None:
    process = await node.spawned()

    told = (await node.evaluated(process, "1 + 1")).json()

    assert json.loads(told["results"]["json"]["body"]) == told["raw"]


async def test_a_message_is_answered_when_all_that_it_set_off_is_done(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, ECHO)
    source = 'Send({ Target = ao.id, Action = "Echo", Data = "hello" })'

    await node.evaluated(process, source)

    assert (await node.client.get(f"/{process}/slot/current")).text == "5"


async def test_what_could_not_be_sent_is_noted(node: Node) -> None:
    process = await node.spawned()

    told = (await node.evaluated(process, 'Send({ Target = "no id" })')).json()

    assert "dropped" in told["notes"][0]


async def test_a_message_that_is_sent_again_keeps_its_slot(node: Node) -> None:
    process = await node.spawned()
    first = await node.evaluated(process, "1 + 1")

    again = await node.evaluated(process, "1 + 1")

    assert again.json() == first.json()
    assert (await node.client.get(f"/{process}/slot/current")).text == "1"


async def test_a_pushed_message_may_be_pushed_again_by_its_slot(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, "1 + 1")

    answer = await node.client.post(f"/{process}/push&slot+integer=1", headers=AS_JSON)

    assert output(answer) == "2"


async def test_who_does_not_want_to_wait_is_answered_with_the_result(node: Node) -> None:
    process = await node.spawned()

    answer = await node.evaluated(process, "1 + 1", ("push-mode", "async"))

    assert output(answer) == "2"


async def test_a_message_for_another_process_is_not_taken(node: Node) -> None:
    answer = await node.push(an_eval(A_PROCESS, "1"), AN_ID)

    assert answer.status_code == 400
    assert AN_ID in answer.json()["error"]


async def test_a_message_for_an_unknown_process_is_not_found(node: Node) -> None:
    assert (await node.push(an_eval(AN_ID, "1"), AN_ID)).status_code == 404


async def test_what_is_no_item_is_not_taken(node: Node) -> None:
    answer = await node.client.post("/push", content=b"no item", headers=ITEM)

    assert answer.status_code == 400


async def test_an_item_that_was_changed_is_not_taken(node: Node) -> None:
    process = await node.spawned()
    raw = data_item.encode(an_eval(process, "1 + 1"))
    changed = raw[:-1] + b"2"

    answer = await node.client.post(f"/{process}/push", content=changed, headers=ITEM)

    assert answer.status_code == 400
    assert "signature" in answer.json()["error"]


async def test_no_one_speaks_in_the_name_of_the_node(node: Node) -> None:
    process = await node.spawned()

    answer = await node.evaluated(process, "1", ("From-Process", node.wallet.address))

    assert answer.status_code == 403


async def test_no_one_is_scheduled_in_the_name_of_the_node(node: Node) -> None:
    process = await node.spawned()
    forged = a_message((("From-Process", node.wallet.address),), target=process)

    answer = await node.client.post(
        f"/{process}/schedule", content=data_item.encode(forged), headers=ITEM
    )

    assert answer.status_code == 403
    assert len((await node.stack.units.scheduler.messages(process)).items) == 1


async def test_a_result_is_found_by_its_slot(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, "1 + 1")
    await node.evaluated(process, "1 + 2")

    answer = await node.ask(f"/{process}~process@1.0/compute/results=1", JSON)

    assert output(answer) == "2"


@pytest.mark.parametrize(
    "path",
    [
        "compute&slot=1/results/json/body",
        "compute&slot+integer=1/results/json",
        "now/results/json",
        "compute/results/json?slot+integer=1",
    ],
)
async def test_a_result_is_found_as_nodes_have_it(node: Node, path: str) -> None:
    process = await node.spawned()
    await node.evaluated(process, "1 + 1")

    answer = await node.client.get(f"/{process}~process@1.0/{path}")

    assert json.loads(answer.text)["Output"]["data"] == "2"


async def test_a_part_of_a_result_is_found(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, "1 + 1")

    answer = await node.client.get(f"/{process}~process@1.0/now/results/output/data")

    assert answer.text == "2"


async def test_a_list_within_a_result_is_json(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, 'Send({ Target = ao.id, Data = "hello" })')

    answer = await node.client.get(f"/{process}~process@1.0/compute/results=1/raw/Messages")

    assert [each["Data"] for each in answer.json()] == ["hello"]


@pytest.mark.parametrize("by", ["item", "fields"])
async def test_where_a_process_is_computed_to_is_text(node: Node, by: str) -> None:
    process = await node.spawned()
    await node.evaluated(process, "1")
    path = f"/{process}~process@1.0/compute/at-slot"

    if by == "item":
        answer = await node.ask(path, ("signing-format", "ans104"))
    else:
        signed = as_clients_sign("arweave", {"signing-format": "httpsig"})
        answer = await node.client.post(path, headers=signed)

    assert answer.text == "1"


@pytest.mark.parametrize("path", ["compute/results=7", "now/results/else", "compute/else", "else"])
async def test_what_is_not_there_is_not_found(node: Node, path: str) -> None:
    process = await node.spawned()

    assert (await node.client.get(f"/{process}~process@1.0/{path}")).status_code == 404


async def test_an_unknown_process_is_not_found(node: Node) -> None:
    assert (await node.client.get(f"/{AN_ID}~process@1.0/slot/current")).status_code == 404


async def test_a_dry_run_is_from_who_signed_the_item_and_has_the_paths_tags(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, ECHO)
    path = f"/{process}~process@1.0/as=execution/compute&Action=Echo&Note=%20/%20&%20%C3%BC"

    answer = await node.ask(path, JSON, data=b"hello")

    messages = answer.json()["raw"]["Messages"]
    assert [each["Data"] for each in messages] == ["hello / & ü1", "hello / & ü2"]
    assert {each["Target"] for each in messages} == {PERSON.process_address}


async def test_a_dry_run_leaves_no_trace(node: Node) -> None:
    process = await node.spawned()

    await node.ask(f"/{process}~process@1.0/as=execution/compute&Action=Eval", data=b"X = 1")

    assert (await node.client.get(f"/{process}/slot/current")).text == "0"
    assert output(await node.evaluated(process, "tostring(X)")) == "nil"


async def test_a_dry_run_may_be_signed_as_fields(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, ECHO)
    fields = {"data": "hello", "note": "!", "accept-codec": "json@1.0"}
    path = f"/{process}~process@1.0/as=execution/compute&Action=Echo"

    answer = await node.client.post(path, headers=as_clients_sign("arweave", fields))

    messages = answer.json()["raw"]["Messages"]
    assert messages[0]["Data"] == "hello!1"
    assert messages[0]["Target"] == a_wallet("arweave").address


async def test_a_dry_run_of_no_one_is_from_no_one(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, ECHO)
    path = f"/{process}~process@1.0/as=execution/compute&Action=Echo"

    answer = await node.client.get(path, headers=AS_JSON)

    assert answer.json()["raw"]["Messages"][0]["Target"] == "1234"


async def test_a_dry_run_in_anothers_name_is_not_made(node: Node) -> None:
    process = await node.spawned()
    item = an_item_of_the_persons((*AO, ("Type", "Message")), b"1")
    raw = data_item.encode(item)[:-1] + b"2"
    path = f"/{process}~process@1.0/as=execution/compute&Action=Eval"

    assert (await node.client.post(path, content=raw, headers=ITEM)).status_code == 400


async def test_a_message_may_be_signed_as_fields(node: Node) -> None:
    process = await node.spawned()
    fields = {"target": process, "action": "Eval", "data": "1 + 1", "accept-codec": "json@1.0"}

    answer = await post_signed(node, process, fields)

    assert output(answer) == "2"
    log = (await node.stack.units.scheduler.messages(process, after=0)).items
    assert log[0].message is not None
    assert log[0].message.sender == PERSON.process_address
    assert log[0].message.item.owner == node.wallet.owner


async def test_a_message_that_was_signed_as_fields_is_taken_once(node: Node) -> None:
    process = await node.spawned()
    fields = {"target": process, "action": "Eval", "data": "X = (X or 0) + 1"}

    first = await post_signed(node, process, fields)
    again = await post_signed(node, process, fields)

    assert (first.headers["slot"], again.headers["slot"]) == ("1", "1")
    assert output(await node.evaluated(process, "X")) == "1"


async def test_a_message_that_was_signed_as_fields_for_another_process_is_refused(
    node: Node,
) -> None:
    first, second = await node.spawned(("Name", "one")), await node.spawned(("Name", "two"))

    answer = await post_signed(node, second, {"target": first, "action": "Eval", "data": "1"})

    assert answer.status_code == 403


async def test_fields_that_no_one_signed_are_refused(node: Node) -> None:
    process = await node.spawned()

    answer = await node.client.post(f"/{process}/push", headers={"action": "Eval", "data": "1"})

    assert answer.status_code == 403
    assert "ans104" in answer.json()["error"]


async def test_fields_that_were_changed_are_not_taken(node: Node) -> None:
    process = await node.spawned()
    fields = as_clients_sign("ethereum", {"target": process, "action": "Eval", "data": "1"})

    answer = await node.client.post(f"/{process}/push", headers={**fields, "data": "2"})

    assert answer.status_code == 400


async def test_a_process_is_its_owners_own_item(node: Node) -> None:
    fields = as_clients_sign("ethereum", {"type": "Process", "module": node.stack.module})

    answer = await node.client.post("/push", headers=fields)

    assert answer.status_code == 403


async def test_a_result_in_fields_has_its_text_in_a_part_of_the_body(node: Node) -> None:
    process = await node.spawned()
    fields = {"target": process, "action": "Eval", "data": "1 + 1"}

    answer = await post_signed(node, process, fields)

    assert answer.headers["slot"] == "1"
    assert answer.headers["content-type"].startswith("multipart/form-data")
    assert b'name="results/json"' in answer.content


async def test_scheduling_answers_with_the_place(node: Node) -> None:
    process = await node.spawned()
    item = an_eval(process, "1 + 1")
    path = f"/{process}/~scheduler@1.0/schedule"

    answer = await node.client.post(path, content=data_item.encode(item), headers=ITEM)

    assert (answer.headers["slot"], answer.headers["process"]) == ("1", process)
    placed = await node.stack.units.scheduler.message(process, MessageId(item.id))
    assert answer.headers["timestamp"] == str(placed.assignment.block.timestamp)


async def test_a_message_that_is_already_scheduled_is_not_scheduled_again(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, "1")
    content = data_item.encode(an_eval(process, "1"))

    answer = await node.client.post(f"/{process}/schedule", content=content, headers=ITEM)

    assert answer.status_code == 409


async def test_a_log_is_read_as_older_units_write_it(node: Node) -> None:
    process = await node.spawned()
    for source in ("1", "2", "3"):
        await node.evaluated(process, source)
    path = f"/{process}~process@1.0/schedule&from=1&to=2&accept=application/aos-2"

    told = (await node.client.get(path)).json()

    assert told["page_info"]["has_next_page"] is True
    assert [edge["cursor"] for edge in told["edges"]] == [1, 2]
    assert [edge["node"]["message"]["data"] for edge in told["edges"]] == ["1", "2"]


async def test_a_log_is_read_as_nodes_write_it(node: Node) -> None:
    process = await node.spawned()
    await node.evaluated(process, "1 + 1")

    told = (await node.client.get(f"/{process}~process@1.0/schedule", headers=AS_JSON)).json()

    assert (told["type"], told["continues"]) == ("schedule", False)
    assert list(told["assignments"]) == ["0", "1"]
    assert told["assignments"]["1"]["slot"] == 1
    assert told["assignments"]["1"]["body"]["data"] == "1 + 1"


async def test_an_assigned_item_stands_in_the_log_by_its_id(node: Node) -> None:
    process, another = await node.spawned(("Name", "one")), await node.spawned(("Name", "two"))
    item = TxId((await node.evaluated(another, "1")).json()["id"])
    await node.stack.units.scheduler.assign(process, item)

    told = (await node.client.get(f"/{process}/schedule&from=1", headers=AS_JSON)).json()

    assert told["assignments"]["1"]["message"] == item


async def test_a_log_in_fields_has_each_assignment_in_a_part(node: Node) -> None:
    process = await node.spawned()

    answer = await node.client.get(f"/{process}~process@1.0/schedule")

    assert answer.headers["process"] == process
    assert b'name="assignments/0"' in answer.content
    assert b'name="assignments/0/body"' in answer.content


async def test_a_schedule_of_no_process_is_not_read(node: Node) -> None:
    assert (await node.client.get("/~scheduler@1.0/schedule")).status_code == 400


async def test_an_item_is_shown(node: Node) -> None:
    process = await node.spawned(("Name", "shown"))

    told = (await node.client.get(f"/{process}")).json()

    assert (told["id"], told["name"], told["data"]) == (process, "shown", "1984")


async def test_an_items_tags_are_no_headers(node: Node) -> None:
    process = await node.spawned(("set-cookie", "a=b"), ("Content-Type", "text/html"))

    answer = await node.client.get(f"/{process}")

    assert "set-cookie" not in answer.headers
    assert answer.headers["content-type"] == "application/json"


async def test_an_item_is_shown_as_it_was_signed(node: Node) -> None:
    item = node.a_process()
    await node.push(item)

    answer = await node.client.get(f"/{item.id}", headers={"accept-codec": "ans104@1.0"})

    assert answer.content == data_item.encode(item)


async def test_of_an_item_its_data_and_its_id_are_shown(node: Node) -> None:
    process = await node.spawned()

    assert (await node.client.get(f"/{process}/data")).content == b"1984"
    assert (await node.client.get(f"/{process}/id")).text == process


async def test_answers_are_signed_with_the_nodes_key(node: Node) -> None:
    answer = await node.client.get("/~meta@1.0/info")

    _, _, told = answer.headers["signature-input"].partition("=")
    label, _, written = answer.headers["signature"].partition("=:")
    names = [name.strip('"') for name in told[1 : told.index(")")].split()][1:]
    lines = ['"@status": 200', *(f'"{name}": {answer.headers[name]}' for name in names)]
    base = "\n".join([*lines, f'"@signature-params": {told}'])
    key = Ed25519PublicKey.from_public_bytes(node.wallet.owner)
    key.verify(b64decode(written.rstrip(":")), base.encode())
    assert label.startswith("http-sig-")


async def test_a_signed_answer_holds_its_body_by_its_digest(node: Node) -> None:
    answer = await node.client.get("/~meta@1.0/info/address")

    assert answer.headers["content-digest"] == digest_of(answer.content)
    assert '"content-digest"' in answer.headers["signature-input"]


async def test_a_node_with_another_kind_of_key_does_not_sign(node: Node) -> None:
    async with a_node("ethereum") as another:
        answer = await another.client.get("/~meta@1.0/info/address")

    assert answer.text == a_wallet("ethereum").address
    assert "signature" not in answer.headers


async def test_browsers_may_read_where_a_process_is(node: Node) -> None:
    answer = await node.client.get("/~meta@1.0/info", headers={"origin": "https://any.where"})

    assert "process" in answer.headers["access-control-expose-headers"]
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_process_that_names_a_foreign_scheduler_is_refused(node: Node) -> None:
    answer = await node.push(node.a_process(scheduler=AN_ID))

    assert answer.status_code == 403
    assert AN_ID in answer.json()["error"]


async def test_a_process_that_names_a_foreign_scheduler_is_taken_where_all_are() -> None:
    async with a_node(any_scheduler=True) as node:
        item = node.a_process(scheduler=AN_ID)

        answer = await node.push(item)

        assert answer.headers["process"] == item.id
        assert output(await node.evaluated(item.id, "1 + 1")) == "2"


async def test_tags_in_lower_case_name_module_and_scheduler(node: Node) -> None:
    address = node.wallet.address
    named = (("module", node.stack.module), ("scheduler", address), ("authority", address))
    item = an_item_of_the_persons((*AO, ("type", "Process"), *named), b"1984")

    answer = await node.push(item)

    assert answer.headers["process"] == item.id
    assert output(await node.evaluated(item.id, "1 + 1")) == "2"


async def test_a_message_is_as_it_was_signed_in_the_log(node: Node) -> None:
    process = await node.spawned()
    item = an_eval(process, "1")
    await node.push(item, process)

    log = (await node.stack.units.scheduler.messages(process, after=0)).items

    assert log[0].message is not None
    assert log[0].message.item == item
    assert Tag("Variant", "ao.N.1") in item.tags
    assert find(item.tags, "require-codec") == "application/json"
