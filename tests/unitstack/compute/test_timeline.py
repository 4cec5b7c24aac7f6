from tests.unitstack.compute.fakes import an_item
from unitstack.compute.cron import Beat, Crons
from unitstack.compute.timeline import Boundary, timeline
from unitstack.wire.assignments import Assignment, BlockTime, Ordinate, ScheduledMessage
from unitstack.wire.ids import AssignmentId, Epoch, MessageId, Nonce, ProcessId, TxId

PROCESS = ProcessId(TxId("P" * 43))
EVERY_5 = Crons(PROCESS, BlockTime(1, 0), by_time=(Beat("0-5-seconds", 5, ()),))
NONE = Crons(PROCESS, BlockTime(1, 0))
LEFT = Boundary(Nonce(0), BlockTime(1, 0))


def scheduled(nonce: int, time: int) -> ScheduledMessage:
    name = TxId(f"{nonce:043}")
    block = BlockTime(1, time)
    assignment = Assignment(
        AssignmentId(name),
        PROCESS,
        MessageId(name),
        Epoch(0),
        Nonce(nonce),
        "",
        block,
        (),
        an_item(),
    )
    return ScheduledMessage(assignment, None)


def test_without_intervals_the_timeline_is_the_log() -> None:
    log = [scheduled(1, 7000), scheduled(2, 20_000)]

    steps = list(timeline(NONE, LEFT, log, until=BlockTime(1, 90_000)))

    assert [step.ordinate for step in steps] == [Ordinate(Nonce(1)), Ordinate(Nonce(2))]
    assert [step.block for step in steps] == [BlockTime(1, 7000), BlockTime(1, 20_000)]


def test_cron_messages_stand_between_the_messages_that_they_fall_between() -> None:
    log = [scheduled(1, 7000), scheduled(2, 11_000)]

    steps = timeline(EVERY_5, LEFT, log, until=BlockTime(1, 17_000))

    assert [step.ordinate for step in steps] == [
        Ordinate(Nonce(0), 5000, "0-5-seconds"),
        Ordinate(Nonce(1)),
        Ordinate(Nonce(1), 10_000, "0-5-seconds"),
        Ordinate(Nonce(2)),
        Ordinate(Nonce(2), 15_000, "0-5-seconds"),
    ]


def test_without_an_end_nothing_falls_due_after_the_last_message() -> None:
    steps = timeline(EVERY_5, LEFT, [scheduled(1, 7000)])

    assert [step.ordinate.nonce for step in steps] == [0, 1]


def test_what_is_evaluated_already_is_left_out_of_the_first_gap_alone() -> None:
    done = Ordinate(Nonce(0), 5000, "0-5-seconds")

    steps = timeline(EVERY_5, LEFT, [scheduled(1, 7000), scheduled(2, 12_000)], after=done)

    assert [step.ordinate for step in steps] == [
        Ordinate(Nonce(1)),
        Ordinate(Nonce(1), 10_000, "0-5-seconds"),
        Ordinate(Nonce(2)),
    ]


def test_where_time_runs_backwards_nothing_falls_due_twice() -> None:
    log = [scheduled(1, 12_000), scheduled(2, 3000), scheduled(3, 16_000)]

    steps = timeline(EVERY_5, LEFT, log)

    assert [step.ordinate for step in steps] == [
        Ordinate(Nonce(0), 5000, "0-5-seconds"),
        Ordinate(Nonce(0), 10_000, "0-5-seconds"),
        Ordinate(Nonce(1)),
        Ordinate(Nonce(2)),
        Ordinate(Nonce(2), 15_000, "0-5-seconds"),
        Ordinate(Nonce(3)),
    ]
