"""What a process is handed, and how what it answers is read."""

from dataclasses import replace

import pytest

from tests.items import A_PROCESS, AN_ID, a_draft, a_message, a_module, a_process, a_wallet
from unitstack.engines import envelope
from unitstack.wire import ids
from unitstack.wire.assignments import Assignment, BlockTime, CronMessage, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, Epoch, MessageId, Nonce, TxId
from unitstack.wire.messages import Guise, read_message, read_module, read_process
from unitstack.wire.results import (
    EvalResult,
    Json,
    OutgoingAssignment,
    OutgoingMessage,
    OutgoingSpawn,
    OutgoingTag,
    Output,
)
from unitstack.wire.tags import Tag

BLOCK = BlockTime(height=1_300_000, timestamp=1_700_000_000_000)


def an_assignment(item: DataItem, exclude: tuple[str, ...] = ()) -> Assignment:
    return Assignment(
        id=AssignmentId(AN_ID),
        process=A_PROCESS,
        message=MessageId(item.id),
        epoch=Epoch(0),
        nonce=Nonce(5),
        hash_chain="chain",
        block=BLOCK,
        exclude=exclude,
        item=item,
    )


def sent(item: DataItem) -> dict[str, Json]:
    return envelope.scheduled(ScheduledMessage(an_assignment(item), read_message(item)))


def assigned(item: DataItem, exclude: tuple[str, ...] = ()) -> dict[str, Json]:
    return envelope.scheduled(ScheduledMessage(an_assignment(item, exclude), None), item)


def test_a_sent_message_has_every_field_and_no_other() -> None:
    item = a_message((("Action", "Eval"),), b"1 + 1", anchor=b"7".zfill(32))
    owner = a_wallet().address

    assert sent(item) == {
        "Id": item.id,
        "Signature": ids.encode(item.signature),
        "Data": "1 + 1",
        "Owner": owner,
        "From": owner,
        "Target": A_PROCESS,
        "Anchor": "7".zfill(32),
        "Tags": [{"name": tag.name, "value": tag.value} for tag in item.tags],
        "Epoch": 0,
        "Nonce": 5,
        "Hash-Chain": "chain",
        "Timestamp": 1_700_000_000_000,
        "Block-Height": 1_300_000,
        "Cron": False,
        "Read-Only": False,
    }


def test_a_hash_chain_that_the_scheduler_did_not_state_is_absent() -> None:
    item = a_message()
    assignment = replace(an_assignment(item), hash_chain="")

    message = envelope.scheduled(ScheduledMessage(assignment, read_message(item)))

    assert "Hash-Chain" not in message


def test_a_pushed_message_comes_from_the_process_and_was_forwarded_by_the_messenger() -> None:
    message = sent(a_message((("From-Process", "OTHER"), ("From-Process", "SECOND"))))

    assert message["From"] == "OTHER"
    assert message["Owner"] == message["Forwarded-By"] == a_wallet().address


def test_an_empty_from_process_names_no_one_but_was_still_forwarded() -> None:
    message = sent(a_message((("From-Process", ""),)))

    assert message["From"] == message["Owner"] == message["Forwarded-By"]


def test_tags_that_could_pass_for_the_sender_are_left_out() -> None:
    message = sent(
        a_message((("From", "x"), ("Owner", "y"), ("from", "z"), ("A", "1"), ("A", "2")))
    )

    assert message["Tags"][:3] == [  # type: ignore[index]  # Tags is a list
        {"name": "from", "value": "z"},
        {"name": "A", "value": "1"},
        {"name": "A", "value": "2"},
    ]


def test_an_ethereum_signer_is_named_by_its_own_kind_of_address() -> None:
    message = sent(a_message(signer="ethereum"))

    assert str(message["Owner"]).startswith("0x")
    assert len(str(message["From"])) == 42


def test_data_that_is_not_text_is_damaged_as_everywhere_in_ao() -> None:
    assert sent(a_message(data=b"a\xff\xe9"))["Data"] == "a\ufffd\ufffd"


def test_an_anchor_that_is_absent_or_not_text_is_absent() -> None:
    assert "Anchor" not in sent(a_message())
    assert "Anchor" not in sent(a_message(anchor=b"\xff" * 32))


def test_an_assigned_item_keeps_its_own_target_and_its_anchor_as_gateways_write_it() -> None:
    item = a_message(target=AN_ID, anchor=b"7".zfill(32))

    message = assigned(item)

    assert message["Target"] == AN_ID
    assert message["Anchor"] == ids.encode(item.anchor)
    assert "Forwarded-By" not in message
    assert message["Nonce"] == 5


def test_an_assigned_item_without_a_target_has_an_empty_one() -> None:
    assert assigned(a_module())["Target"] == ""


def test_excluded_data_is_absent() -> None:
    assert "Data" not in assigned(a_message(), ("Data",))
    assert assigned(a_message(), ("Other",))["Data"] == "1 + 1"


def test_an_assignment_of_an_item_that_was_not_found_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no message"):
        envelope.scheduled(ScheduledMessage(an_assignment(a_message()), None))


def test_a_process_that_its_scheduler_did_not_log_is_its_own_first_message() -> None:
    process = read_process(a_process((("Name", "n"),), b"boot"))

    message = envelope.cold_start(process, BLOCK)

    assert message["Id"] == message["Target"] == process.id
    assert message["Data"] == "boot"
    assert message["From"] == message["Owner"] == process.owner
    assert not {"Epoch", "Nonce", "Hash-Chain", "Forwarded-By"} & message.keys()


def test_a_cron_message_comes_from_the_owner_and_has_no_id() -> None:
    process = read_process(a_process())
    due = CronMessage(process.id, "1-10-minutes", BLOCK, (Tag("Action", "Cron"),))

    assert envelope.cron(due, process) == {
        "Owner": process.owner,
        "From": process.owner,
        "Target": process.id,
        "Tags": [{"name": "Action", "value": "Cron"}],
        "Timestamp": 1_700_000_000_000,
        "Block-Height": 1_300_000,
        "Cron": True,
        "Read-Only": False,
    }


def test_a_dry_run_is_a_draft_with_a_sender_and_only_read() -> None:
    process = read_process(a_process())
    sender = a_wallet().address

    assert envelope.dry_run(a_draft((("From", "x"),), b"?"), process, sender, BLOCK) == {
        "Id": "1234",
        "Data": "?",
        "Owner": sender,
        "From": sender,
        "Target": process.id,
        "Tags": [{"name": "From", "value": "x"}],
        "Timestamp": 1_700_000_000_000,
        "Block-Height": 1_300_000,
        "Cron": False,
        "Read-Only": True,
    }


def test_a_dry_run_keeps_the_drafts_target_anchor_and_sending_process() -> None:
    process = read_process(a_process())
    draft = a_draft((("From-Process", "OTHER"),), target=AN_ID, anchor=b"anchor")

    message = envelope.dry_run(draft, process, a_wallet().address, BLOCK)

    assert (message["Target"], message["Anchor"], message["From"]) == (AN_ID, "anchor", "OTHER")


def test_a_dry_run_says_of_itself_what_it_is_to_say() -> None:
    process = read_process(a_process())
    guise = Guise(id="an id", signature="a signature", timestamp=5, height=0)

    message = envelope.dry_run(a_draft(), process, a_wallet().address, BLOCK, guise)

    said = [message[name] for name in ("Id", "Signature", "Timestamp", "Block-Height")]
    assert said == ["an id", "a signature", 5, 0]


def test_the_environment_has_all_tags_of_process_and_module() -> None:
    process = read_process(a_process((("From", "kept"),), signer="ethereum"))
    module = read_module(a_module())

    env = envelope.environment(process, module)

    assert env["Process"] == {
        "Id": process.id,
        "Owner": process.owner,
        "Tags": envelope.tag_list(process.item.tags),
    }
    assert {"name": "From", "value": "kept"} in envelope.tag_list(process.item.tags)
    assert env["Module"] == {
        "Id": module.id,
        "Owner": a_wallet().address,
        "Tags": envelope.tag_list(module.item.tags),
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"data": "x", "prompt": "> ", "print": True}, Output("x", "> ", True)),
        ({"data": {"output": 1}, "prompt": 5}, Output({"output": 1})),
        (
            {"data": "x", "test": {"values": ["42"], "waiting": 2}},
            Output("x", values=("42",), waiting=2),
        ),
        ({"data": "x", "test": "leftover"}, Output("x")),
        ("text", Output("text")),
        (7, Output("7")),
        ([], Output()),
        (None, Output()),
    ],
)
def test_an_output_of_any_shape_is_read(written: Json, expected: Output) -> None:
    assert envelope.parse_result({"Output": written}).output == expected


def test_an_outbox_is_read_leniently() -> None:
    tags: Json = [
        {"name": "A", "value": 1},
        {"name": "B", "value": [True]},
        {"value": "nameless"},
        "odd",
    ]
    outbox = envelope.parse_result(
        {
            "Messages": [
                {"Target": "T", "Data": 5, "Anchor": "1", "Tags": tags},
                "odd",
                {"Tags": []},
            ],
            "Spawns": [{"Data": "NODATA", "Tags": tags}],
            "Assignments": [
                {"Message": "M", "Processes": ["P", 1], "BaseLayer": True, "Exclude": ["Data"]}
            ],
        }
    ).outbox
    read = (OutgoingTag("A", 1), OutgoingTag("B", [True]))

    assert outbox.messages == (
        OutgoingMessage("T", read, 5, "1"),
        OutgoingMessage(None, (), None, None),
    )
    assert outbox.spawns == (OutgoingSpawn(read, "NODATA", None),)
    assert outbox.assignments == (OutgoingAssignment("M", ("P",), True, ("Data",)),)


@pytest.mark.parametrize("error", ["text", 2, True, {"code": 1}, [1]])
def test_an_error_may_be_any_value(error: Json) -> None:
    assert envelope.parse_result({"Error": error}).error == error


@pytest.mark.parametrize("written", [{"Error": False}, {"Error": None}, {}, []])
def test_false_and_nothing_are_no_error(written: Json) -> None:
    assert envelope.parse_result(written) == EvalResult()


def test_what_is_no_object_is_an_error() -> None:
    assert "'text'" in str(envelope.parse_result("text").error)
    assert replace(envelope.parse_result(5), error=None) == EvalResult()


def test_ids_in_a_message_are_text() -> None:
    assert sent(a_message())["Id"] == TxId(a_message().id)
