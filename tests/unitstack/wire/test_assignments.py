from dataclasses import replace

import pytest

from tests.items import A_PROCESS, AN_ID, Pairs, a_wallet, an_item
from unitstack.errors import InvalidItem
from unitstack.wire import keys
from unitstack.wire.assignments import (
    Assignment,
    BlockTime,
    Place,
    assignment_draft,
    assignment_tags,
    first_link,
    hash_chain,
    next_link,
    read_assignment,
)
from unitstack.wire.ids import AssignmentId, Epoch, Nonce, TxId, encode

ANCHOR = bytes(range(32))
PLACE = Place(Epoch(0), Nonce(7), first_link(A_PROCESS), BlockTime(1_500_000, 1_700_000_000_000))


def an_assignment(message: TxId = AN_ID, exclude: tuple[str, ...] = ()) -> Assignment:
    draft = assignment_draft(A_PROCESS, message, PLACE, exclude=exclude, anchor=ANCHOR)
    return read_assignment(keys.sign(a_wallet(), draft))


def stated(*changes: tuple[str, str | None]) -> Pairs:
    """The tags of an assignment, some of them with another value, or left out."""
    changed = dict(changes)
    return [
        (name, changed.get(name, value) or "")
        for name, value in assignment_tags(A_PROCESS, AN_ID, PLACE)
        if changed.get(name, value) is not None
    ]


def test_tags_have_the_order_that_schedulers_write() -> None:
    assert [tuple(tag) for tag in assignment_tags(A_PROCESS, AN_ID, PLACE, ("Data", "Tags"))] == [
        ("Process", A_PROCESS),
        ("Epoch", "0"),
        ("Nonce", "7"),
        ("Hash-Chain", PLACE.hash_chain),
        ("Block-Height", "000001500000"),
        ("Timestamp", "1700000000000"),
        ("Data-Protocol", "ao"),
        ("Type", "Assignment"),
        ("Variant", "ao.TN.1"),
        ("Message", AN_ID),
        ("Exclude", "Data"),
        ("Exclude", "Tags"),
    ]


def test_a_draft_has_no_target_no_data_and_the_anchor() -> None:
    draft = assignment_draft(A_PROCESS, AN_ID, PLACE, anchor=ANCHOR)

    assert (draft.target, draft.data, draft.anchor) == ("", b"", ANCHOR)


def test_an_assignment_is_read_as_it_was_stated() -> None:
    assignment = an_assignment(exclude=("Data",))

    assert assignment.id == assignment.item.id
    assert (assignment.process, assignment.message) == (A_PROCESS, AN_ID)
    read = Place(assignment.epoch, assignment.nonce, assignment.hash_chain, assignment.block)
    assert read == PLACE
    assert assignment.exclude == ("Data",)


def test_a_processs_own_assignment_names_no_message() -> None:
    assignment = an_assignment(message=A_PROCESS)

    assert "Message" not in [tag.name for tag in assignment.item.tags]
    assert str(assignment.message) == A_PROCESS


def test_an_assignment_without_a_hash_chain_is_read() -> None:
    assert read_assignment(an_item(stated(("Hash-Chain", None)))).hash_chain == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (("Type", "Message"), "its Type is 'Message', not Assignment"),
        (("Type", None), "its Type is None, not Assignment"),
        (("Process", None), "has no Process tag"),
        (("Process", "me"), "an id has 43 characters, 'me' has 2"),
        (("Message", "it"), "an id has 43 characters, 'it' has 2"),
        (("Nonce", None), "has no Nonce tag"),
        (("Nonce", "-1"), "its Nonce is '-1', not a number"),
        (("Epoch", "x"), "its Epoch is 'x', not a number"),
        (("Block-Height", ""), "its Block-Height is '', not a number"),
        (("Timestamp", "1" * 21), "its Timestamp is '1{21}', not a number"),
    ],
)
def test_what_does_not_say_what_an_assignment_must_is_refused(
    changes: tuple[str, str | None], reason: str
) -> None:
    with pytest.raises(InvalidItem, match=reason):
        read_assignment(an_item(stated(changes)))


def test_a_hash_chain_begins_with_its_process() -> None:
    assert hash_chain(A_PROCESS, None) == first_link(A_PROCESS)


def test_each_link_of_a_hash_chain_hashes_the_last_assignment() -> None:
    last = replace(an_assignment(), id=AssignmentId(TxId(encode(bytes([4]) * 32))))

    assert hash_chain(A_PROCESS, last) == next_link(last) != last.hash_chain
