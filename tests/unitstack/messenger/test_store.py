from pathlib import Path

import pytest

from tests.items import A_PROCESS, AN_ID, a_message, a_process
from unitstack.database import open_database
from unitstack.messenger.owed import Birth, Cause, Delivery, Follow, Handover, Work
from unitstack.messenger.store import MIGRATIONS, MessengerStore
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import AssignmentId, MessageId, Nonce

CAUSE = Cause("cascade", MessageId(AN_ID), 3)
WORKS: tuple[Work, ...] = (
    Delivery(a_message()),
    Birth(a_process(), a_message()),
    Handover(A_PROCESS, AN_ID, ("Data", "Tags"), base_layer=True),
    Follow(A_PROCESS, AssignmentId(AN_ID)),
)


def a_store(path: Path | None = None) -> MessengerStore:
    return MessengerStore(open_database(path, MIGRATIONS, durable=False))


@pytest.fixture
def store() -> MessengerStore:
    return a_store()


def test_what_is_owed_is_still_owed_after_a_restart(tmp_path: Path) -> None:
    store = a_store(tmp_path / "messenger.sqlite")
    owed = store.add(CAUSE, WORKS)
    store.close()

    assert a_store(tmp_path / "messenger.sqlite").owed() == owed


def test_each_kind_of_work_comes_back_as_it_was(store: MessengerStore) -> None:
    store.add(CAUSE, WORKS)

    assert tuple(owed.work for owed in store.owed()) == WORKS
    assert {owed.cause for owed in store.owed()} == {CAUSE}


def test_what_no_message_set_off_has_no_root(store: MessengerStore) -> None:
    store.add(Cause("cron", None), WORKS[:1])

    assert [owed.cause.root for owed in store.owed()] == [None]


def test_what_is_done_makes_way_for_what_it_set_off(store: MessengerStore) -> None:
    (done,) = store.add(CAUSE, WORKS[:1])

    fresh = store.replace(done, CAUSE.next(), WORKS[1:3])

    assert store.owed() == fresh
    assert [owed.cause.depth for owed in store.owed()] == [4, 4]


def test_what_set_nothing_off_leaves_nothing(store: MessengerStore) -> None:
    (done,) = store.add(CAUSE, WORKS[:1])

    assert store.replace(done, CAUSE, ()) == ()
    assert store.owed() == ()


def test_what_was_dropped_meanwhile_sets_nothing_off(store: MessengerStore) -> None:
    (first, _) = store.add(CAUSE, WORKS[:2])
    store.drop(CAUSE.cascade)

    assert store.replace(first, CAUSE, WORKS) is None
    assert store.replace(first, CAUSE, ()) is None
    assert store.owed() == ()


def test_dropping_a_cascade_leaves_the_others(store: MessengerStore) -> None:
    store.add(CAUSE, WORKS)
    others = store.add(Cause("another", None), WORKS[:1])

    store.drop(CAUSE.cascade)

    assert store.owed() == others


def test_a_number_is_not_given_twice(store: MessengerStore) -> None:
    (first,) = store.add(CAUSE, WORKS[:1])
    store.drop(CAUSE.cascade)
    (second,) = store.add(CAUSE, WORKS[:1])

    assert second.number > first.number


def test_clocks_are_watched_from_where_they_were_left(store: MessengerStore) -> None:
    store.monitor(A_PROCESS, Ordinate(Nonce(4)))

    owed = store.advance(A_PROCESS, Ordinate(Nonce(4), 17, "0-1-minute"), CAUSE, WORKS[:1])

    assert store.monitored() == {A_PROCESS: Ordinate(Nonce(4), 17, "0-1-minute")}
    assert store.owed() == owed


def test_a_clock_that_is_not_watched_any_more_is_told_from_one_that_never_was(
    store: MessengerStore,
) -> None:
    store.monitor(A_PROCESS, Ordinate(Nonce(4)))

    assert [store.unmonitor(A_PROCESS), store.unmonitor(A_PROCESS)] == [True, False]
    assert store.monitored() == {}
