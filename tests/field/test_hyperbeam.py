"""ao's own mainnet client, unmodified, against the node of `ao serve`; and HTTP signatures both ways between npm's library
and ours."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.field.served import node, served, wallets
from tests.items import a_wallet
from unitstack.hyperbeam.signatures import Request, find_commitment
from unitstack.wire import ids

Json = dict[str, Any]
SIGNERS = ("arweave", "ethereum")


@pytest.fixture(scope="module")
def network() -> Iterator[Json]:
    with served("--memory") as network:
        yield network


@pytest.fixture(scope="module", params=SIGNERS)
def signer(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def told(network: Json, signer: str) -> Json:
    """What each call of aoconnect was answered."""
    where = {"url": network["urls"]["node"], "module": network["module"], "signer": signer}
    answers: Json = node("hyperbeam", "mainnet.mjs", {**wallets(), **where})
    return answers


@pytest.fixture(scope="module")
def signatures(network: Json) -> Json:
    """What npm's http-message-signatures signs, and what it finds to hold."""
    url = f"{network['urls']['node']}/~meta@1.0/info"
    answers = [_answer(httpx.get(each)) for each in (url, f"{url}/address")]
    changed = {**answers[0], "headers": {**answers[0]["headers"], "address": "another"}}
    keys = {"edwards": a_wallet("ed25519").to_jwk(), "answers": [*answers, changed]}
    signed: Json = node("hyperbeam", "signatures.mjs", {**wallets(), **keys})
    return signed


def _answer(got: httpx.Response) -> Json:
    return {"status": got.status_code, "headers": dict(got.headers)}


def result(answer: Json) -> Json:
    """Of the answer to a request, what the process gave."""
    assert answer["status"] == 200, answer
    raw: Json = json.loads(answer["body"])["raw"]
    return raw


def test_a_process_is_spawned(told: Json) -> None:
    assert ids.tx_id(told["process"]) != ids.tx_id(told["another"])


def test_a_process_that_no_one_wrote_to_is_at_slot_0(told: Json) -> None:
    (edge,) = told["fresh"]["edges"]

    assert edge["cursor"] == "0"


def test_messages_are_answered_with_their_numbers(told: Json) -> None:
    assert told["slots"] == [1, 2]


def test_a_message_is_answered_with_its_result_where_that_is_asked_for(told: Json) -> None:
    assert told["full"]["Output"]["data"] == "1"
    assert told["full"]["Messages"] == []


def test_a_message_is_answered_with_its_id_where_that_is_asked_for(told: Json) -> None:
    assert ids.tx_id(told["id"])
    assert told["both"]["slot"] == 5
    assert ids.tx_id(told["both"]["id"])


def test_a_result_is_found_by_its_slot(told: Json) -> None:
    assert told["result"]["Output"]["data"] == "3"
    assert told["byMessage"]["Output"]["data"] == "2"


def test_the_newest_result_is_found(told: Json) -> None:
    (edge,) = told["results"]["edges"]

    assert (edge["cursor"], edge["node"]["Output"]["data"]) == ("5", "5")


def test_a_dry_run_is_from_its_signer_with_its_tags_and_its_data(told: Json, signer: str) -> None:
    messages = told["dryrun"]["Messages"]

    assert [json.loads(each["Data"]) for each in messages] == [
        {"n": number, "note": told["note"], "data": "x"} for number in (1, 2)
    ]
    assert {each["Target"] for each in messages} == {a_wallet(signer).process_address}


def test_a_message_is_answered_after_all_that_it_set_off(told: Json) -> None:
    assert json.loads(told["inbox"]["Output"]["data"])["n"] == 2


def test_the_address_is_told_in_json(told: Json, network: Json) -> None:
    assert json.loads(told["address"]["body"])["body"] == network["messenger"]


def test_signed_reading_requests_are_answered(told: Json) -> None:
    assert told["slot"]["body"] == "9"
    assert [each["body"] for each in told["atSlot"]] == ["9", "9"]


def test_a_request_may_send_an_item(told: Json) -> None:
    assert result(told["item"])["Output"]["data"] == "item\n"


def test_a_request_may_send_signed_fields(told: Json) -> None:
    assert result(told["fields"])["Output"]["data"] == "fields"
    assert told["fields"]["headers"]["slot"] == "11"


def test_a_request_whose_list_and_message_within_are_lost_keeps_its_data(told: Json) -> None:
    assert result(told["list"])["Output"]["data"] == told["process"]


def test_a_request_whose_data_the_client_lost_is_told_so(told: Json) -> None:
    assert told["lost"]["status"] == 400
    assert "did not come along" in told["lost"]["body"]


def test_what_is_unknown_is_an_error_as_the_client_tells_it(told: Json) -> None:
    assert told["unknown"] == [
        "Error sending message",
        "Error getting result",
        "Error getting results",
        "Error running dryrun",
    ]


@pytest.mark.parametrize(("key", "wallet"), [("rsa", "arweave"), ("edwards", "ed25519")])
def test_what_npms_library_signs_holds_here(signatures: Json, key: str, wallet: str) -> None:
    fields = {name.lower(): value for name, value in signatures["signed"][key].items()}

    commitment = find_commitment(Request(**signatures["request"], headers=fields))

    assert commitment is not None
    assert commitment.signer == a_wallet(wallet).address
    assert commitment.covered == {"action", "data", "ao-types", "count"}


def test_what_we_sign_holds_for_npms_library(signatures: Json) -> None:
    assert signatures["verified"] == [True, True, False]
