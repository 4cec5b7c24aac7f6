from dataclasses import replace

import pytest

from ao_kernel.telling.anatomy import LISTED, Anatomy, Specimen, anatomy, shown
from tests.ao_kernel.events import (
    ALICE,
    BOB,
    Known,
    an_event,
    assigning,
    message_id,
    sending,
    spawning,
)
from unitstack.wire import keys
from unitstack.wire.assignments import Assignment, BlockTime, first_link, next_link
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, Epoch, Nonce, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.results import EvalResult, Output
from unitstack.wire.tags import Tag

WALLET = keys.from_seed(b"w" * 32)
TAGS = (Tag("Action", "Ping"), Tag("Note", "<b>\u202e"))
FIRST = AssignmentId(TxId("f" * 43))


def an_item(**fields: bytes) -> DataItem:
    return keys.sign(WALLET, Draft(target=BOB, tags=TAGS, data=b"hello", **fields))


def an_assignment(nonce: int, link: str, *, time: int = 1_000) -> Assignment:
    item = an_item()
    message, block = message_id(f"bob-{nonce}"), BlockTime(7, time)
    return Assignment(FIRST, BOB, message, Epoch(0), Nonce(nonce), link, block, (), item)


def a_specimen(nonce: int = 1, **fields: object) -> Specimen:
    before = an_assignment(0, first_link(BOB))
    event = an_event(BOB, nonce, ALICE, data="hello", result=EvalResult())
    specimen = Specimen(event, an_item(), an_assignment(1, next_link(before)), before, ())
    return replace(specimen, **fields)  # type: ignore[arg-type]  # each test gives fields of the right type


def fields(of: Anatomy, title: str) -> dict[str, str]:
    return dict(next(section.fields for section in of.sections if section.title == title))


def test_a_message_is_told_with_ids_and_names() -> None:
    message = fields(anatomy(a_specimen(), Known().name_of), "message")

    assert message["to"] == f"bob ({BOB})"
    assert message["from"] == f"alice ({ALICE})"
    assert (message["nonce"], message["action"], message["data"]) == ("1", "Ping", "hello")


def test_the_item_is_told_as_it_was_signed() -> None:
    item = fields(anatomy(a_specimen(), Known().name_of), "item, as it was signed")

    assert item["signed by"] == WALLET.address
    assert item["signature"].startswith("ED25519, ")
    assert (item["target"], item["anchor"], item["data"]) == (
        an_item().target_id,
        "none",
        "5 bytes",
    )


@pytest.mark.parametrize(
    ("anchor", "said"), [(b"x" * 32, "x" * 32), (b"\xff" * 32, "_" * 42 + "8 (32 bytes)")]
)
def test_an_anchor_is_told_as_text_where_it_is_one(anchor: bytes, said: str) -> None:
    told = anatomy(a_specimen(item=an_item(anchor=anchor)), Known().name_of)

    assert fields(told, "item, as it was signed")["anchor"] == said


def test_a_hash_chain_is_checked_against_the_assignment_before() -> None:
    name = "assignment, as the scheduler signed it"
    good = fields(anatomy(a_specimen(), Known().name_of), name)
    forged = a_specimen(assignment=an_assignment(1, "x" * 43))
    first = a_specimen(assignment=an_assignment(0, first_link(BOB)), before=None)
    orphan = a_specimen(before=None)

    assert good[""] == "follows from nonce 0"
    assert fields(anatomy(forged, Known().name_of), name)[""] == "does NOT follow from nonce 0"
    assert fields(anatomy(first, Known().name_of), name)[""] == "follows from the process's id"
    assert "not known here" in fields(anatomy(orphan, Known().name_of), name)[""]


def test_an_assignment_without_a_hash_chain_says_so() -> None:
    told = anatomy(a_specimen(assignment=an_assignment(1, "")), Known().name_of)

    assert fields(told, "assignment, as the scheduler signed it")["hash chain"] == "not stated"


def test_a_time_is_told_as_it_stands_and_for_a_person() -> None:
    name = "assignment, as the scheduler signed it"
    told = fields(anatomy(a_specimen(), Known().name_of), name)
    odd = a_specimen(assignment=an_assignment(1, "", time=10**20))

    assert told["timestamp"] == "1000 (1970-01-01 00:00:01 UTC)"
    assert fields(anatomy(odd, Known().name_of), name)["timestamp"].endswith("(no time of ours)")


def test_a_result_is_told_with_all_that_it_asked_for() -> None:
    result = replace(sending("5", target=ALICE, waiting=1), gas_used=7)
    event = replace(a_specimen().event, result=result)

    told = fields(anatomy(a_specimen(event=event), Known().name_of), "result")

    assert told == {
        "output": "none",
        "gas": "7",
        "waiting": "1 in Receive",
        "message to alice": "Reference: 5",
    }


def test_what_it_assigned_is_told_with_those_who_got_it() -> None:
    event = replace(a_specimen().event, result=assigning("m", ALICE, BOB))

    told = fields(anatomy(a_specimen(event=event), Known().name_of), "result")

    assert told["assignment of m"] == "to alice, bob"


def test_an_error_is_told_first() -> None:
    failed = EvalResult(Output("printed"), error="boom")
    event = replace(a_specimen().event, result=failed)

    told = fields(anatomy(a_specimen(event=event), Known().name_of), "result")

    assert list(told.items())[:2] == [("error", "boom"), ("output", "printed")]


def test_what_is_not_evaluated_says_so() -> None:
    event = replace(a_specimen().event, result=None)

    told = fields(anatomy(a_specimen(event=event), Known().name_of), "result")

    assert told == {"outcome": "not evaluated yet"}


def test_of_a_storm_in_an_outbox_a_part_is_listed() -> None:
    result = spawning(*map(str, range(LISTED + 3)))
    event = replace(a_specimen().event, result=result)

    told = anatomy(a_specimen(event=event), Known().name_of)

    assert fields(told, "result")[""] == "and 3 more"


def test_what_it_came_of_and_what_it_set_off_are_told() -> None:
    cell = an_event(ALICE, 2, action="Eval", root=message_id("alice-2"))
    cause = an_event(ALICE, 3, action="Go", root=cell.message)
    event = an_event(BOB, 1, ALICE, root=cell.message)
    event = replace(event, cause=cause.message, result=EvalResult())
    effect = replace(an_event(ALICE, 4, BOB, action="Pong"), cause=event.message)

    told = anatomy(a_specimen(event=event, family=(cell, cause, event, effect)), Known().name_of)

    assert fields(told, "cause and effect") == {
        "came of": "alice #3: Go from you",
        "began with": "alice #2: Eval from you",
        "set off": "alice #4: Pong from bob",
    }


def test_a_cause_that_is_not_known_here_is_told_by_its_id() -> None:
    told = anatomy(a_specimen(), Known().name_of)

    assert fields(told, "cause and effect") == {"came of": f"message {a_specimen().event.root}"}


def test_of_many_effects_a_part_is_listed() -> None:
    event = a_specimen().event
    effects = [replace(an_event(ALICE, n, BOB), cause=event.message) for n in range(LISTED + 2)]

    told = anatomy(a_specimen(event=event, family=(event, *effects)), Known().name_of)

    assert fields(told, "cause and effect")[""] == "and 2 more"


def test_as_text_values_stand_below_each_other() -> None:
    event = replace(a_specimen().event, data="one\ntwo")

    lines = anatomy(a_specimen(event=event), Known().name_of).to_plain().split("\n")

    assert lines[0] == "message"
    assert lines[lines.index("  data    one") + 1] == "          two"


def test_what_processes_wrote_does_not_become_html_and_turns_nothing_around() -> None:
    told = anatomy(a_specimen(), Known().name_of)

    assert "<b>&lt;" not in told.to_html()
    assert "&lt;b&gt;\\u202e" in told.to_html()
    assert "\u202e" not in told.to_plain()


def test_a_megabyte_is_cut_and_its_length_told() -> None:
    assert shown("x" * 1_000_000, 10) == "xxxxxxxxxx… (1000000 characters)"
