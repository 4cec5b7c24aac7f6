import sqlite3
import zlib

import pytest

from tests.unitstack.compute.fakes import a_store
from unitstack.compute.store import (
    MIGRATIONS,
    Allowed,
    EvaluationStore,
    PackedMemory,
    Recorded,
    pack,
    unpack,
)
from unitstack.database import open_database
from unitstack.wire.assignments import BlockTime, Ordinate
from unitstack.wire.ids import MessageId, Nonce, ProcessId, TxId
from unitstack.wire.results import EvalResult, Evaluation, Memory, Output

PROCESS = ProcessId(TxId("P" * 43))
OTHER = ProcessId(TxId("O" * 43))


def message(nonce: int) -> MessageId:
    return MessageId(TxId(f"{nonce:043}"))


def scheduled(nonce: int, *, error: str | None = None, process: ProcessId = PROCESS) -> Evaluation:
    result = EvalResult(Output(f"at {nonce}"), error=error)
    ordinate = Ordinate(Nonce(nonce))
    return Evaluation(process, message(nonce), ordinate, BlockTime(1, nonce * 1000), result)


def cron(nonce: int, timestamp: int, name: str = "0-1-second") -> Evaluation:
    block = BlockTime(1, timestamp)
    return Evaluation(PROCESS, None, Ordinate(Nonce(nonce), timestamp, name), block, EvalResult())


@pytest.fixture
def store() -> EvaluationStore:
    return a_store()


def ordinates(found: tuple[Evaluation, ...]) -> list[tuple[int, int, str]]:
    return [tuple(evaluation.ordinate) for evaluation in found]  # type: ignore[misc]  # a tuple of those


def test_an_evaluation_comes_back_as_it_was_saved(store: EvaluationStore) -> None:
    store.save(scheduled(1))

    assert store.find(PROCESS, message(1)) == scheduled(1)
    assert store.find_at(PROCESS, Ordinate(Nonce(1))) == scheduled(1)


def test_a_cron_message_is_found_by_its_place(store: EvaluationStore) -> None:
    store.save(cron(1, 1500))
    store.save(cron(1, 2500))

    assert store.find_at(PROCESS, Ordinate(Nonce(1), 2500, "0-1-second")) == cron(1, 2500)
    assert store.find_at(PROCESS, Ordinate(Nonce(1), 2501, "0-1-second")) is None


def test_a_message_of_another_process_is_not_found(store: EvaluationStore) -> None:
    store.save(scheduled(1, process=OTHER))

    assert store.find(PROCESS, message(1)) is None


def test_where_a_nonce_was_skipped_the_last_evaluation_before_it_is_found(
    store: EvaluationStore,
) -> None:
    store.save(scheduled(1))
    store.save(cron(1, 1500))

    found = store.find_until(PROCESS, 2)

    assert found == cron(1, 1500)
    assert store.find_until(PROCESS, 1) == scheduled(1)


def test_results_come_in_the_order_of_evaluation_whatever_the_timestamps(
    store: EvaluationStore,
) -> None:
    for evaluation in (
        scheduled(1),
        cron(1, 1900, "0-1-block"),
        cron(1, 1200),
        scheduled(2),
        scheduled(10),
    ):
        store.save(evaluation)

    found = store.succeeded(PROCESS, None, newest_first=False, limit=9)

    assert ordinates(found) == [
        (1, 0, ""),
        (1, 1900, "0-1-block"),
        (1, 1200, "0-1-second"),
        (2, 0, ""),
        (10, 0, ""),
    ]


def test_results_go_on_after_a_cron_message(store: EvaluationStore) -> None:
    for evaluation in (scheduled(1), cron(1, 1900, "0-1-block"), cron(1, 1200), scheduled(2)):
        store.save(evaluation)

    after = Ordinate(Nonce(1), 1900, "0-1-block")
    found = store.succeeded(PROCESS, after, newest_first=False, limit=9)

    assert ordinates(found) == [(1, 1200, "0-1-second"), (2, 0, "")]


def test_an_ordinate_that_was_never_evaluated_stands_by_its_time(store: EvaluationStore) -> None:
    for evaluation in (scheduled(1), cron(1, 1200), cron(1, 2200)):
        store.save(evaluation)

    after = Ordinate(Nonce(1), 1700, "0-1-minute")
    found = store.succeeded(PROCESS, after, newest_first=False, limit=9)

    assert ordinates(found) == [(1, 2200, "0-1-second")]


def test_errors_are_no_results_and_do_not_count(store: EvaluationStore) -> None:
    for evaluation in (
        scheduled(1, error="x"),
        scheduled(2),
        scheduled(3, error="x"),
        scheduled(4),
    ):
        store.save(evaluation)

    assert ordinates(store.succeeded(PROCESS, None, newest_first=False, limit=2)) == [
        (2, 0, ""),
        (4, 0, ""),
    ]
    assert ordinates(store.succeeded(PROCESS, None, newest_first=True, limit=1)) == [(4, 0, "")]


def test_cron_messages_are_listed_by_themselves_with_those_that_failed(
    store: EvaluationStore,
) -> None:
    for evaluation in (scheduled(1), cron(1, 1200), scheduled(2), cron(2, 2200)):
        store.save(evaluation)

    assert ordinates(store.crons(PROCESS, Ordinate(Nonce(1)))) == [
        (1, 1200, "0-1-second"),
        (2, 2200, "0-1-second"),
    ]


def test_the_record_says_what_failed(store: EvaluationStore) -> None:
    store.save(scheduled(1))
    store.save(scheduled(2, error="x"))

    assert store.recorded(PROCESS, None) == [
        Recorded(Ordinate(Nonce(1)), failed=False),
        Recorded(Ordinate(Nonce(2)), failed=True),
    ]
    assert store.recorded(PROCESS, Ordinate(Nonce(2))) == []


def test_what_was_pushed_is_known_before_a_nonce_alone(store: EvaluationStore) -> None:
    store.save(scheduled(3), "content")

    assert store.has_pushed(PROCESS, "content", 4)
    assert not store.has_pushed(PROCESS, "content", 3)
    assert not store.has_pushed(PROCESS, "other", 4)
    assert not store.has_pushed(OTHER, "content", 4)


def test_what_was_evaluated_is_known_before_a_nonce_alone(store: EvaluationStore) -> None:
    store.save(scheduled(3))

    assert store.has_message(PROCESS, message(3), 4)
    assert not store.has_message(PROCESS, message(3), 3)


def test_the_newest_memory_that_is_not_past_a_place_is_found(store: EvaluationStore) -> None:
    for nonce in (2, 4):
        store.save_memory(PROCESS, Ordinate(Nonce(nonce)), pack(Memory(b"%d" % nonce)), Allowed())

    newest, earlier = store.find_memory(PROCESS), store.find_memory(PROCESS, Ordinate(Nonce(3)))

    assert newest is not None
    assert unpack(newest.packed) == b"4"
    assert earlier is not None
    assert unpack(earlier.packed) == b"2"
    assert store.find_memory(PROCESS, Ordinate(Nonce(1))) is None


def test_of_memories_as_many_are_kept_as_are_allowed(store: EvaluationStore) -> None:
    for nonce in range(9):
        store.save_memory(PROCESS, Ordinate(Nonce(nonce)), pack(Memory(b"")), Allowed(count=4))

    found = [store.find_memory(PROCESS, Ordinate(Nonce(nonce))) for nonce in range(9)]

    assert len({each.ordinate for each in found if each}) == 4
    assert found[8] is not None
    assert found[8].ordinate == Ordinate(Nonce(8))


def test_what_is_not_kept_any_more_is_freed_with_the_next() -> None:
    connection = open_database(None, MIGRATIONS)
    store = EvaluationStore(connection)
    for nonce in range(9):
        store.save_memory(PROCESS, Ordinate(Nonce(nonce)), pack(Memory(b"x")), Allowed(count=4))
    store.cut(PROCESS, 6)
    store.save_memory(PROCESS, Ordinate(Nonce(6)), pack(Memory(b"y")), Allowed(count=4))
    store.save_memory(PROCESS, Ordinate(Nonce(6)), pack(Memory(b"z")), Allowed(count=4))

    (places,) = connection.execute("SELECT count(*) FROM places").fetchone()
    (states,) = connection.execute("SELECT count(*) FROM states").fetchone()
    found = store.find_memory(PROCESS)

    assert states - places <= 1
    assert found is not None
    assert unpack(found.packed) == b"z"


def test_a_memory_that_an_earlier_program_compressed_is_read() -> None:
    assert unpack(PackedMemory(zlib.compress(b"state"))) == b"state"


def test_a_memory_can_be_dropped(store: EvaluationStore) -> None:
    store.save(cron(1, 1200))
    store.save_memory(
        PROCESS, Ordinate(Nonce(1), 1200, "0-1-second"), pack(Memory(b"x")), Allowed()
    )

    store.drop_memory(PROCESS, Ordinate(Nonce(1), 1200, "0-1-second"))

    assert store.find_memory(PROCESS) is None


def test_text_that_is_not_unicode_survives(store: EvaluationStore) -> None:
    result = EvalResult(Output("half a pair: \ud800"))
    store.save(Evaluation(PROCESS, message(1), Ordinate(Nonce(1)), BlockTime(1, 1), result))

    found = store.find(PROCESS, message(1))

    assert found is not None
    assert found.result == result


@pytest.mark.parametrize(
    "where", ["process = ? AND message = ?", "process = ? AND pushed = ? AND +nonce < 9"]
)
def test_a_look_up_never_walks_the_log(where: str) -> None:
    plan = open_database(None, MIGRATIONS).execute(
        f"EXPLAIN QUERY PLAN SELECT 1 FROM evaluations WHERE {where}", ("p", "m")
    )

    assert "evaluations_order" not in str(plan.fetchall())


def test_of_what_is_cut_all_goes_or_nothing() -> None:
    connection = open_database(None, MIGRATIONS)
    store = EvaluationStore(connection)
    for nonce in (1, 2):
        store.save(scheduled(nonce))
        memory = pack(Memory(b"after %d" % nonce))
        store.save_memory(PROCESS, Ordinate(Nonce(nonce)), memory, Allowed())
    connection.execute(
        "CREATE TEMP TRIGGER stuck BEFORE DELETE ON places BEGIN SELECT RAISE(ABORT, 'cut short'); END"
    )

    with pytest.raises(sqlite3.IntegrityError, match="cut short"):
        store.cut(PROCESS, 1)

    assert store.find(PROCESS, message(2)) == scheduled(2)
    store.close()
