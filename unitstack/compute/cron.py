"""When a process's own intervals fall due between two messages: the rule of ao's compute units, state-visible quirks
included."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from unitstack.errors import InvalidItem
from unitstack.wire.assignments import BlockTime, CronMessage, Ordinate
from unitstack.wire.ids import ProcessId
from unitstack.wire.messages import Cron, Process
from unitstack.wire.tags import Tag

STEP = 1000

# The spellings that reference units understand. Months are none of them: such an interval never falls due.
_MILLISECONDS = {
    "milliseconds millisecond msecs msec ms": 1,
    "seconds second secs sec s": 1000,
    "minutes minute mins min m": 60_000,
    "hours hour hrs hr h": 3_600_000,
    "days day d": 86_400_000,
    "weeks week w": 604_800_000,
    "years year yrs yr y": 31_557_600_000,
}
_UNITS = {name: size for names, size in _MILLISECONDS.items() for name in names.split()}
_NUMBER = re.compile(r"-?\d*\.?\d+")
_timestamp = attrgetter("timestamp")


@dataclass(frozen=True, slots=True)
class Beat:
    """One interval of a process: `every` counts blocks or seconds, None never falls due."""

    name: str
    every: int | None
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Crons:
    """All intervals of a process, and the block that they count from: its own."""

    process: ProcessId
    origin: BlockTime
    by_block: tuple[Beat, ...] = ()
    by_time: tuple[Beat, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.by_block or self.by_time)


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two boundaries, and the blocks that are known to lie in it."""

    left: BlockTime
    right: BlockTime
    blocks: Sequence[BlockTime] = ()


class _Tick(NamedTuple):
    step: int
    rank: int
    message: CronMessage


def crons_of(process: Process, origin: BlockTime) -> Crons:
    """Reads the intervals. Raises InvalidItem for one that is shorter than a second."""
    by_block = [cron for cron in process.cron if _unit(cron) in ("block", "blocks")]
    by_time = [cron for cron in process.cron if cron not in by_block]
    timed = [(_seconds(cron), cron) for cron in by_time]
    timed.sort(key=cmp_to_key(_shorter))
    return Crons(
        process.id,
        origin,
        tuple(_beat(index, _blocks(cron), cron) for index, cron in enumerate(by_block)),
        tuple(_beat(index, seconds, cron) for index, (seconds, cron) in enumerate(timed)),
    )


def due(crons: Crons, gap: Gap, after: Ordinate | None = None) -> Iterator[CronMessage]:
    """The cron messages of the gap in the order of their evaluation; with `after`, those that follow that one."""
    arrivals = _arrivals(gap)
    place = _place(crons, gap, arrivals, after)
    ticks = merge(
        _block_ticks(crons, arrivals),
        *(
            _time_ticks(crons, gap, arrivals, (rank, place[0]))
            for rank in range(len(crons.by_time))
        ),
    )
    return (tick.message for tick in ticks if tick[:2] > place)


def _shorter(one: tuple[int | None, Cron], other: tuple[int | None, Cron]) -> int:
    """Orders by seconds; what never falls due compares as equal to all, as NaN does where this rule comes from."""
    return one[0] - other[0] if one[0] and other[0] else 0


def _unit(cron: Cron) -> str:
    return cron.interval.partition("-")[2].split("-")[0].strip()


def _amount(cron: Cron) -> str:
    return cron.interval.partition("-")[0].strip()


def _blocks(cron: Cron) -> int | None:
    leading = re.match(r"\d+", _amount(cron))
    return int(leading[0]) or None if leading else None


def _seconds(cron: Cron) -> int | None:
    unit, amount = _UNITS.get(_unit(cron).lower()), _amount(cron)
    if unit is None or not _NUMBER.fullmatch(amount):
        return None
    seconds = int(float(amount) * unit // 1000)
    if seconds < 1:
        raise InvalidItem(
            f"time-based cron cannot be less than 1 second, Cron-Interval is {cron.interval!r}"
        )
    return seconds


def _beat(index: int, every: int | None, cron: Cron) -> Beat:
    return Beat(f"{index}-{cron.interval}", every, cron.tags)


def _arrivals(gap: Gap) -> list[tuple[int, BlockTime]]:
    """At which step each block becomes the current one: one a step, and none once the gap has ended."""
    first = bisect_right(gap.blocks, gap.left.timestamp, key=_timestamp)
    last = bisect_left(gap.blocks, gap.right.timestamp, key=_timestamp)
    arrivals: list[tuple[int, BlockTime]] = []
    for block in gap.blocks[first:last]:
        free = arrivals[-1][0] + 1 if arrivals else 0
        step = max(free, block.timestamp // STEP - gap.left.timestamp // STEP)
        if gap.left.timestamp + step * STEP >= gap.right.timestamp:
            break
        arrivals.append((step, block))
    return arrivals


def _place(
    crons: Crons, gap: Gap, arrivals: list[tuple[int, BlockTime]], after: Ordinate | None
) -> tuple[int, int]:
    """The step and rank of the cron message `after`; before all steps where there is none."""
    if after is None or not after.cron:
        return (-1, 0)
    names = [beat.name for beat in (*crons.by_block, *crons.by_time)]
    rank = names.index(after.cron)
    steps = [step for step, block in arrivals if block.timestamp == after.timestamp]
    if rank < len(crons.by_block) and steps:
        return (steps[0], rank)
    return ((after.timestamp - gap.left.timestamp) // STEP, rank)


def _block_ticks(crons: Crons, arrivals: list[tuple[int, BlockTime]]) -> Iterator[_Tick]:
    for step, block in arrivals:
        passed = block.height - crons.origin.height
        for rank, beat in enumerate(crons.by_block):
            if beat.every and passed and passed % beat.every == 0:
                yield _Tick(step, rank, CronMessage(crons.process, beat.name, block, beat.tags))


def _time_ticks(
    crons: Crons, gap: Gap, arrivals: list[tuple[int, BlockTime]], place: tuple[int, int]
) -> Iterator[_Tick]:
    rank, start = place
    beat = crons.by_time[rank]
    if not beat.every:
        return
    left, origin = gap.left.timestamp // STEP, crons.origin.timestamp // STEP
    start = max(start, 0)
    first = start + (origin - left - start) % beat.every
    stop = -((gap.left.timestamp - gap.right.timestamp) // STEP)
    for step in range(first, stop, beat.every):
        if left + step != origin:
            arrived = bisect_right(arrivals, step, key=lambda arrival: arrival[0])
            height = arrivals[arrived - 1][1].height if arrived else gap.left.height
            block = BlockTime(height, gap.left.timestamp + step * STEP)
            message = CronMessage(crons.process, beat.name, block, beat.tags)
            yield _Tick(step, len(crons.by_block) + rank, message)
