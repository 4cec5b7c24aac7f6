from hypothesis import given
from hypothesis import strategies as st

from ao_kernel.chronicle import Event
from ao_kernel.chronicle.order import in_order, runs, untangled
from tests.ao_kernel.events import ALICE, BOB, KID, an_event, message_id, sending

CELL = an_event(ALICE, 3, action="Eval", result=sending("1", "2"))
FIRST = an_event(BOB, 5, ALICE, action="First", reference="1", time=7, result=sending("9"))
SECOND = an_event(KID, 1, ALICE, action="Second", reference="2", time=7)
REPLY = an_event(ALICE, 4, BOB, action="Reply", reference="9", time=7)


def actions(events: tuple[Event, ...]) -> list[str]:
    return [event.action for event in events]


def test_effects_come_after_their_causes_in_the_order_of_the_outbox() -> None:
    told = in_order((REPLY, SECOND, FIRST, CELL))

    assert actions(told) == ["Eval", "First", "Second", "Reply"]


def test_events_learn_their_causes_from_one_another() -> None:
    told = {event.action: event.cause for event in in_order((REPLY, SECOND, FIRST, CELL))}

    assert told == {
        "Eval": None,
        "First": CELL.message,
        "Second": CELL.message,
        "Reply": FIRST.message,
    }


@given(st.permutations([CELL, FIRST, SECOND, REPLY]), st.lists(st.integers(0, 3), min_size=4))
def test_whatever_the_clocks_said_the_order_is_the_same(
    events: list[Event], times: list[int]
) -> None:
    late = [an_event_at(event, time) for event, time in zip(events, times, strict=False)]

    assert actions(in_order(late)) == ["Eval", "First", "Second", "Reply"]


def an_event_at(event: Event, time: int) -> Event:
    return an_event(
        event.process,
        event.nonce,
        event.sender,
        action=event.action,
        reference=next((tag.value for tag in event.tags if tag.name == "Reference"), None),
        time=time,
        result=event.result,
    )


def test_a_process_s_own_messages_keep_the_order_of_their_nonces() -> None:
    later = an_event(BOB, 6, ALICE, action="Later", reference="1")
    earlier = an_event(BOB, 5, ALICE, action="Earlier", reference="2")

    assert actions(in_order((CELL, later, earlier))) == ["Eval", "Earlier", "Later"]


def test_without_references_time_and_nonce_tell_the_order() -> None:
    events = (an_event(BOB, 1, time=9, action="b"), an_event(ALICE, 7, time=3, action="a"))

    assert actions(in_order(events)) == ["a", "b"]


def test_processes_that_forge_references_confuse_only_themselves() -> None:
    one = an_event(ALICE, 1, BOB, reference="x", action="One", result=sending("y"))
    other = an_event(BOB, 1, ALICE, reference="y", action="Other", result=sending("x"), time=1)

    assert actions(in_order((one, other))) == ["One", "Other"]
    assert actions(untangled(in_order((one, other)))) == ["One", "Other"]


def test_a_given_order_is_kept_as_far_as_causes_and_nonces_allow() -> None:
    told = untangled((REPLY, *in_order((CELL, FIRST, SECOND))))

    assert actions(told) == ["Eval", "Reply", "First", "Second"]
    known = in_order((CELL, FIRST, SECOND, REPLY))
    assert actions(untangled(reversed(known))) == ["Eval", "Second", "First", "Reply"]


def test_a_cause_that_is_not_among_them_holds_nothing_up() -> None:
    lone = an_event(BOB, 2, ALICE, reference="1", root=message_id("elsewhere"))

    assert in_order((lone,)) == (lone,)


def test_nonces_that_follow_one_another_are_one_run() -> None:
    places = [(ALICE, 4), (BOB, 1), (ALICE, 3), (ALICE, 7), (BOB, 2), (ALICE, 4)]

    assert list(runs(places)) == [(ALICE, 3, 4), (ALICE, 7, 7), (BOB, 1, 2)]
