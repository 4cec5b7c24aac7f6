from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.items import A_PROCESS, AN_ID, Pairs, a_message, a_process, a_wallet, an_item
from unitstack.errors import InvalidItem, Refused
from unitstack.scheduler.schedule import (
    check_settled,
    later,
    next_assignment,
    next_place,
    read_for,
)
from unitstack.wire.assignments import Assignment, BlockTime, read_assignment
from unitstack.wire.ids import Address
from unitstack.wire.keys import sign
from unitstack.wire.tags import find_all

OURS = Address("S" * 43)
BLOCKS = st.builds(BlockTime, st.integers(0, 2_000_000), st.integers(0, 2**42))


def the_next(last: Assignment | None, now: BlockTime) -> Assignment:
    message = A_PROCESS if last is None else AN_ID
    return read_assignment(sign(a_wallet(), next_assignment(last, A_PROCESS, message, now)))


def test_a_process_comes_first_with_nonce_0_and_the_first_link_of_its_id() -> None:
    first = the_next(None, BlockTime(5, 70))

    assert str(first.message) == A_PROCESS
    assert (first.epoch, first.nonce, first.block) == (0, 0, BlockTime(5, 70))
    assert first.hash_chain == "ZIqlxXn7MPOK90TZfW7IQMepEnekmaDXgPPnMU7KCQs"


def test_each_link_of_the_hash_chain_takes_in_the_assignment_before() -> None:
    now = BlockTime(5, 70)
    first = the_next(None, now)
    second = the_next(first, now)

    assert len({first.hash_chain, second.hash_chain, the_next(second, now).hash_chain}) == 3


@given(st.lists(BLOCKS, min_size=1, max_size=8))
def test_whatever_the_clock_does_nonces_have_no_gap_and_time_goes_on(
    clock: list[BlockTime],
) -> None:
    log: list[Assignment] = []
    for now in clock:
        log.append(the_next(log[-1] if log else None, now))

    assert [each.nonce for each in log] == list(range(len(log)))
    for before, after in pairwise(log):
        assert after.block.timestamp > before.block.timestamp
        assert after.block.height >= before.block.height


@given(BLOCKS, BLOCKS)
def test_a_place_has_the_clocks_time_where_that_is_later(last: BlockTime, now: BlockTime) -> None:
    place = next_place(A_PROCESS, the_next(None, last), now)

    assert place.block.timestamp == max(last.timestamp + 1, now.timestamp)
    assert place.block.height == max(last.height, now.height)


def test_what_is_excluded_stands_in_the_assignment_in_order() -> None:
    last = the_next(None, BlockTime(5, 70))

    draft = next_assignment(last, A_PROCESS, AN_ID, last.block, exclude=("Data", "Anchor"))

    assert find_all(draft.tags, "Exclude") == ("Data", "Anchor")


def test_a_clock_that_went_back_is_not_believed() -> None:
    assert later(BlockTime(5, 70), BlockTime(6, 60)) == BlockTime(6, 70)


def test_a_message_is_taken() -> None:
    item = a_message()

    assert read_for(OURS, item).process == A_PROCESS


def test_a_process_that_names_this_scheduler_is_taken() -> None:
    item = a_process(scheduler=OURS)

    assert read_for(OURS, item).process == item.id


def test_a_process_that_names_another_scheduler_is_refused_with_both_addresses() -> None:
    with pytest.raises(Refused, match=f"Scheduler tag is {'X' * 43}, this scheduler is {OURS}"):
        read_for(OURS, a_process(scheduler="X" * 43))


def test_a_scheduler_for_all_takes_a_process_that_names_another() -> None:
    item = a_process(scheduler="X" * 43)

    assert read_for(None, item).process == item.id


@pytest.mark.parametrize(
    ("tags", "fault"),
    [
        ((("Data-Protocol", "ao"),), "no Type tag"),
        ((("Data-Protocol", "ao"), ("Type", "Module")), "its Type is 'Module'"),
        ((("Type", "Message"),), "no tag Data-Protocol"),
        ((("Data-Protocol", "ao"), ("Type", "Message"), ("X+link", "y")), r"\+link"),
        ((("Data-Protocol", "ao"), ("Type", "Message"), ("X", "y+link")), r"\+link"),
        ((("Data-Protocol", "ao"), ("Type", "Process"), ("Scheduler", OURS)), "no Module tag"),
        ((("Data-Protocol", "ao"), ("Type", "Process"), ("Module", AN_ID)), "no Scheduler tag"),
    ],
)
def test_an_item_that_does_not_say_what_it_must_is_named_with_its_fault(
    tags: tuple[tuple[str, str], ...], fault: str
) -> None:
    with pytest.raises(InvalidItem, match=fault):
        read_for(OURS, an_item(tags, target=A_PROCESS))


def test_a_message_without_a_target_is_invalid() -> None:
    with pytest.raises(InvalidItem, match="no target"):
        read_for(OURS, a_message(target=""))


@pytest.mark.parametrize(
    ("tags", "needed"),
    [
        ((), 20),
        ((("Settlement-Depth", "3"),), 3),
        ((("Settlement-Depth", "1"), ("Settlement-Depth", "9")), 1),
        ((("Settlement-Depth", "deep"),), 20),
        ((("Settlement-Depth", "-1"),), 20),
    ],
)
def test_an_item_is_settled_as_deep_as_the_process_asks_for(tags: Pairs, needed: int) -> None:
    process = a_process(tags)

    check_settled(process, AN_ID, needed)
    with pytest.raises(Refused, match=f"item {AN_ID} has {needed - 1}, process .* {needed};"):
        check_settled(process, AN_ID, needed - 1)


def test_a_process_may_ask_for_no_confirmation() -> None:
    impatient, patient = a_process((("Settlement-Depth", "0"),)), a_process(())

    check_settled(impatient, AN_ID, 0)
    with pytest.raises(Refused):
        check_settled(patient, AN_ID, 0)
