from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitstack.compute.cron import Beat, Crons, Gap, crons_of, due
from unitstack.errors import InvalidItem
from unitstack.wire.assignments import BlockTime, CronMessage, Ordinate
from unitstack.wire.data_item import DataItem, SignatureType
from unitstack.wire.ids import Address, ModuleId, Nonce, ProcessId, TxId
from unitstack.wire.messages import Cron, Process
from unitstack.wire.tags import Tag

PROCESS = ProcessId(TxId("P" * 43))
ORIGIN = BlockTime(100, 1_000_000)


def a_process(*intervals: str) -> Process:
    item = DataItem(SignatureType.ARWEAVE, b"", b"", b"", b"", (), b"")
    crons = tuple(Cron(interval, (Tag("Action", interval),)) for interval in intervals)
    return Process(
        item, PROCESS, ModuleId(TxId("M" * 43)), Address("S" * 43), Address("O" * 43), crons
    )


def fired(
    crons: Crons, left: int, right: int, blocks: Sequence[BlockTime] = ()
) -> list[tuple[int, str]]:
    gap = Gap(BlockTime(100, left), BlockTime(200, right), blocks)
    return [(cron.block.timestamp - ORIGIN.timestamp, cron.cron) for cron in due(crons, gap)]


def stepwise(crons: Crons, gap: Gap) -> Iterator[CronMessage]:
    """The rule as ao's compute units walk it: second by second."""
    time, height, blocks = gap.left.timestamp, gap.left.height, list(gap.blocks)
    blocks = [b for b in blocks if gap.left.timestamp < b.timestamp < gap.right.timestamp]
    origin = crons.origin.timestamp // 1000
    while time < gap.right.timestamp:
        if blocks and time // 1000 >= blocks[0].timestamp // 1000:
            block = blocks.pop(0)
            height = block.height
            for beat in crons.by_block:
                passed = height - crons.origin.height
                if beat.every and passed != 0 and passed % beat.every == 0:
                    yield CronMessage(crons.process, beat.name, block, beat.tags)
        for beat in crons.by_time:
            if beat.every and time // 1000 != origin and (time // 1000 - origin) % beat.every == 0:
                yield CronMessage(crons.process, beat.name, BlockTime(height, time), beat.tags)
        time += 1000


@st.composite
def cron_cases(draw: st.DrawFn) -> tuple[Crons, Gap]:
    some = st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=3)
    by_block = tuple(Beat(f"{i}-{n}-blocks", n, ()) for i, n in enumerate(draw(some)))
    by_time = tuple(Beat(f"{i}-{n}-seconds", n, ()) for i, n in enumerate(draw(some)))
    left = draw(st.integers(990_000, 1_030_000))
    right = draw(st.integers(left - 2000, left + 30_000))
    times = sorted(draw(st.lists(st.integers(left - 3000, left + 33_000), max_size=8, unique=True)))
    blocks = tuple(BlockTime(98 + n, time) for n, time in enumerate(times))
    return Crons(PROCESS, ORIGIN, by_block, by_time), Gap(
        BlockTime(97, left), BlockTime(150, right), blocks
    )


@given(cron_cases())
def test_what_falls_due_is_what_a_walk_second_by_second_finds(case: tuple[Crons, Gap]) -> None:
    crons, gap = case

    assert list(due(crons, gap)) == list(stepwise(crons, gap))


@given(cron_cases(), st.data())
def test_resuming_after_any_cron_message_gives_exactly_those_that_follow(
    case: tuple[Crons, Gap], data: st.DataObject
) -> None:
    crons, gap = case
    whole = list(due(crons, gap))
    cut = data.draw(st.integers(0, len(whole)))
    last = whole[cut - 1] if cut else None

    after = Ordinate(Nonce(7), timestamp=last.block.timestamp, cron=last.cron) if last else None

    assert list(due(crons, gap, after)) == whole[cut:]


def test_an_interval_counts_from_the_process_and_not_from_the_last_message() -> None:
    crons = crons_of(a_process("10-seconds"), ORIGIN)

    assert fired(crons, 1_003_000, 1_031_000) == [
        (10_000, "0-10-seconds"),
        (20_000, "0-10-seconds"),
        (30_000, "0-10-seconds"),
    ]


def test_the_fraction_of_a_second_is_that_of_the_left_boundary() -> None:
    crons = crons_of(a_process("10-seconds"), ORIGIN)

    assert fired(crons, 1_003_456, 1_011_000) == [(10_456, "0-10-seconds")]


def test_nothing_falls_due_in_the_second_in_which_the_process_begins() -> None:
    crons = crons_of(a_process("1-second"), ORIGIN)

    assert fired(crons, 1_000_000, 1_001_500) == [(1000, "0-1-second")]


def test_what_falls_due_at_the_right_boundary_waits_for_the_next_gap() -> None:
    crons = crons_of(a_process("10-seconds"), ORIGIN)

    assert fired(crons, 1_003_000, 1_010_000) == []
    assert fired(crons, 1_010_000, 1_011_000) == [(10_000, "0-10-seconds")]


def test_several_intervals_are_named_by_their_length_and_run_in_that_order() -> None:
    crons = crons_of(a_process("10-seconds", "5-seconds"), ORIGIN)

    assert fired(crons, 1_004_000, 1_011_000) == [
        (5000, "0-5-seconds"),
        (10_000, "0-5-seconds"),
        (10_000, "1-10-seconds"),
    ]


def test_a_block_interval_falls_due_at_every_nth_block_after_the_process() -> None:
    crons = crons_of(a_process("2-blocks"), ORIGIN)
    blocks = tuple(
        BlockTime(height, 1_000_000 + (height - 100) * 4000) for height in range(101, 106)
    )

    assert fired(crons, 1_000_000, 1_060_000, blocks) == [
        (8000, "0-2-blocks"),
        (16_000, "0-2-blocks"),
    ]


def test_a_time_interval_takes_the_height_of_the_block_before_it() -> None:
    crons = crons_of(a_process("5-seconds"), ORIGIN)
    gap = Gap(BlockTime(100, 1_000_000), BlockTime(103, 1_012_000), (BlockTime(101, 1_006_000),))

    assert [cron.block.height for cron in due(crons, gap)] == [100, 101]


@pytest.mark.parametrize(
    ("interval", "seconds"),
    [
        ("10-seconds", 10),
        ("1-second", 1),
        ("2-Minutes", 120),
        ("1.5-m", 90),
        ("3-hours", 10_800),
        ("1-day", 86_400),
        ("1-week", 604_800),
        ("1-year", 31_557_600),
        ("2500-ms", 2),
        ("1-month", None),
        ("soon", None),
        ("10", None),
        ("x-seconds", None),
    ],
)
def test_an_interval_of_time_reads_as_seconds(interval: str, seconds: int | None) -> None:
    (beat,) = crons_of(a_process(interval), ORIGIN).by_time

    assert beat.every == seconds


@pytest.mark.parametrize(
    ("interval", "count"),
    [("10-blocks", 10), ("1-block", 1), ("0-blocks", None), ("x-blocks", None)],
)
def test_an_interval_of_blocks_reads_as_their_count(interval: str, count: int | None) -> None:
    (beat,) = crons_of(a_process(interval), ORIGIN).by_block

    assert beat.every == count


def test_an_interval_shorter_than_a_second_is_no_interval() -> None:
    with pytest.raises(
        InvalidItem, match="cannot be less than 1 second, Cron-Interval is '500-ms'"
    ):
        crons_of(a_process("500-ms"), ORIGIN)


def test_a_cron_message_carries_the_tags_of_its_interval() -> None:
    crons = crons_of(a_process("10-seconds"), ORIGIN)
    gap = Gap(BlockTime(100, 1_009_000), BlockTime(100, 1_012_000))

    (message,) = due(crons, gap)

    assert message.tags == (Tag("Action", "10-seconds"),)
