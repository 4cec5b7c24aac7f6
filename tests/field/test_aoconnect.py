"""ao's own JavaScript clients, unmodified, against `ao serve`: aoconnect at two versions, ao-scheduler-utils, arbundles."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.field.served import node, served, wallets
from tests.items import a_process
from unitstack.wire import data_item
from unitstack.wire.tags import Tag, find

VERSIONS = {"0.0.98": "@permaweb/aoconnect", "0.0.69": "aoconnect-0.0.69"}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def network() -> Iterator[Json]:
    with served("--memory") as network:
        yield network


@pytest.fixture(scope="module", params=VERSIONS)
def told(request: pytest.FixtureRequest, network: Json) -> Json:
    """What each call of that version of aoconnect answered."""
    given = {**network, **wallets(), "package": VERSIONS[request.param]}
    answers: Json = node("aoconnect", "legacy.mjs", given)
    return answers


@pytest.fixture(scope="module")
def newest(network: Json) -> Json:
    given = {**network, **wallets(), "package": VERSIONS["0.0.98"]}
    answers: Json = node("aoconnect", "newest.mjs", given)
    return answers


@pytest.fixture(scope="module")
def spawned(network: Json) -> data_item.DataItem:
    item = a_process((("Name", "found"),), module=network["module"], scheduler=network["scheduler"])
    httpx.post(network["urls"]["messenger"], content=data_item.encode(item)).raise_for_status()
    return item


@pytest.fixture(scope="module")
def gateway(network: Json, spawned: data_item.DataItem) -> Json:
    """What arbundles and ao-scheduler-utils were answered."""
    given = {**network, **wallets(), "process": spawned.id}
    answers: Json = node("aoconnect", "gateway.mjs", given)
    return answers


def ordinates(edges: list[Json]) -> list[int]:
    cursors = [json.loads(base64.b64decode(edge["cursor"])) for edge in edges]
    return [int(cursor["ordinate"]) for cursor in cursors]


def actions(result: Json) -> list[str | None]:
    return [find([Tag(**tag) for tag in each["Tags"]], "Action") for each in result["Messages"]]


def test_a_message_to_a_new_process_has_a_result(told: Json) -> None:
    assert told["sum"]["result"]["Output"]["data"] == "2"


def test_a_process_whose_message_failed_goes_on(told: Json) -> None:
    assert "boom" in told["boom"]["result"]["Error"]
    assert told["later"]["result"]["Output"]["data"] == "4"


def test_results_are_paged_oldest_first_and_leave_out_what_failed(told: Json) -> None:
    pages = told["ascending"]

    assert [len(page) for page in pages] == [2, 1]
    assert ordinates([edge for page in pages for edge in page]) == [0, 1, 3]


def test_results_are_told_newest_first(told: Json) -> None:
    assert ordinates(told["descending"][0]) == [3, 1]


def test_results_past_a_cursor_do_not_repeat_it(told: Json) -> None:
    assert ordinates(told["newer"][0]) == [1, 3]


def test_processes_speak_to_one_another(told: Json) -> None:
    assert actions(told["sent"]["result"]) == ["Ping"]
    assert told["inbox"] == "pong"


def test_a_dry_run_is_answered_and_leaves_no_trace(told: Json) -> None:
    assert told["dry"]["Messages"][0]["Data"] == "pong"
    assert told["dryEval"]["Output"]["data"] == "1"
    assert told["afterDry"]["Output"]["data"] == "nil"


def test_a_message_is_assigned_to_one_more_process(told: Json) -> None:
    assert told["assignment"] != told["sum"]["message"]
    assert "Assignment is not trusted" in told["assigned"]["Output"]["data"]


def test_the_clock_of_a_monitored_process_ticks_until_it_is_unmonitored(told: Json) -> None:
    crons = [
        json.loads(base64.b64decode(e["cursor"]))["cron"] for e in told["cronResults"]["edges"]
    ]

    assert int(told["ticks"]) >= 2
    assert crons[:2] == ["0-1-second"] * 2
    assert told["monitor"] != told["unmonitor"]
    assert "not known here" in told["unmonitorAgain"]


def test_a_message_for_no_process_and_a_process_of_no_module_are_refused(told: Json) -> None:
    assert "404" in told["unknownProcess"]
    assert "was not found on module" in told["unknownModule"]


def test_a_message_is_sent_for_its_slot(newest: Json) -> None:
    assert newest["slot"] == "1"
    assert newest["both"]["slot"] == "2"
    assert newest["bothResult"]["Output"]["data"] == "8"


def test_a_message_is_signed_first_and_sent_later(newest: Json) -> None:
    assert newest["sent"] == newest["signed"]
    assert newest["signedResult"]["Output"]["data"] == "10"


def test_a_log_is_read_from_the_scheduler_that_the_gateway_tells_of(newest: Json) -> None:
    nodes = [edge["node"] for edge in newest["messages"]["edges"]]

    assert newest["lastSlot"] == "3"
    assert nodes[0]["message"]["id"] == newest["process"]
    assert len(nodes) == 4
    assert newest["byId"] == nodes[3]
    assert newest["byId"]["message"]["id"] == newest["signed"]


@pytest.mark.parametrize("signer", [0, 1], ids=["arweave", "ethereum"])
def test_what_arbundles_signs_is_kept_as_it_was_signed(gateway: Json, signer: int) -> None:
    uploaded = gateway["uploaded"][signer]

    assert (uploaded["status"], uploaded["receipt"]["id"]) == (200, uploaded["id"])
    assert isinstance(uploaded["receipt"]["timestamp"], int)
    assert uploaded["back"] == {
        "id": uploaded["id"],
        "valid": True,
        "tags": [{"name": "App", "value": "field ✓"}],
        "data": "some data",
        "anchor": uploaded["anchor"],
    }


def test_arbundles_verifies_what_the_network_signs(gateway: Json) -> None:
    # Two modules, the scheduler's location, the process with its assignment, what was uploaded: at least.
    assert len(gateway["own"]) >= 7
    assert all(own["valid"] and own["id"] == own["asked"] for own in gateway["own"])


def test_data_is_told_whole_and_in_part(gateway: Json) -> None:
    assert gateway["data"] == "some data"
    assert gateway["part"] == {"status": 206, "told": "bytes 5-8/9", "data": "data"}


def test_a_process_is_known_by_the_headers_of_its_item(
    gateway: Json, spawned: data_item.DataItem
) -> None:
    headers = gateway["process"]

    assert {tag.name.lower(): tag.value for tag in spawned.tags}.items() <= headers.items()


def test_a_processs_scheduler_is_located(gateway: Json, network: Json) -> None:
    found = {"url": network["urls"]["scheduler"], "address": network["scheduler"]}

    assert gateway["located"] == found
    assert gateway["locatedByHint"] == found
    assert gateway["raw"] == {"url": network["urls"]["scheduler"]}
    assert gateway["unknown"] == "SchedulerTagNotFound"


def test_a_schedulers_address_is_told_from_others(gateway: Json) -> None:
    assert gateway["valid"] is True
    assert gateway["invalid"] == "TransactionNotFound"


def test_a_process_is_told_whole(gateway: Json, spawned: data_item.DataItem) -> None:
    assert gateway["got"]["id"] == spawned.id
    assert gateway["got"]["owner"]["address"] == spawned.address
    assert gateway["got"]["tags"] == [tag._asdict() for tag in spawned.tags]


def test_what_arweave_js_publishes_on_the_base_layer_is_kept_whole(network: Json) -> None:
    told = node("aoconnect", "base.mjs", {**network, **wallets()})

    assert (told["network"]["network"], str(told["minted"])) == ("ao.kernel", told["balance"])
    assert [each["status"] for each in told["transactions"]] == [200] * 5
    assert all(each["same"] and each["valid"] for each in told["transactions"])
    assert all(each["sameInChunks"] and each["proven"] for each in told["transactions"])
    assert told["transactions"][2]["tags"] == [["Type", "Module"], ["Größe", "262144"]]
    assert told["confirmed"]["number_of_confirmations"] == 1
