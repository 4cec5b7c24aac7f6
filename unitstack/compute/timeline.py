"""One order for all that a process evaluates: its scheduled messages, and its cron messages between them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from unitstack.compute.cron import Crons, Gap, due
from unitstack.wire.assignments import BlockTime, CronMessage, Ordinate, ScheduledMessage
from unitstack.wire.ids import Nonce


@dataclass(frozen=True, slots=True)
class Boundary:
    """The scheduled message that cron messages are counted from: always the last of the log, evaluated or skipped, so
    that every replay of the log counts alike."""

    nonce: Nonce
    block: BlockTime


class Step(NamedTuple):
    """What comes next, and its place."""

    ordinate: Ordinate
    message: ScheduledMessage | CronMessage
    block: BlockTime


def timeline(
    crons: Crons,
    left: Boundary,
    scheduled: Iterable[ScheduledMessage],
    *,
    blocks: Sequence[BlockTime] = (),
    until: BlockTime | None = None,
    after: Ordinate | None = None,
) -> Iterator[Step]:
    """The scheduled messages, each after the cron messages that fall due before it; then, with `until`, those that fall
    due before that. `after` is the last cron message that is already evaluated past the left boundary."""
    seen: set[tuple[int, str]] = set()
    for message in scheduled:
        gap = Gap(left.block, message.assignment.block, blocks)
        yield from _distinct(_between(crons, left, gap, after), seen)
        left, after = Boundary(message.assignment.nonce, message.assignment.block), None
        yield Step(Ordinate(left.nonce), message, left.block)
    if until is not None:
        yield from _distinct(_between(crons, left, Gap(left.block, until, blocks), after), seen)


def _between(crons: Crons, left: Boundary, gap: Gap, after: Ordinate | None) -> Iterator[Step]:
    if not crons:
        return
    for cron in due(crons, gap, after):
        ordinate = Ordinate(left.nonce, cron.block.timestamp, cron.cron)
        yield Step(ordinate, cron, cron.block)


def _distinct(steps: Iterator[Step], seen: set[tuple[int, str]]) -> Iterator[Step]:
    """Where timestamps run backwards, two gaps overlap; what fell due in one does not fall due again in the other."""
    for step in steps:
        key = (step.ordinate.timestamp, step.ordinate.cron)
        if key not in seen:
            seen.add(key)
            yield step
