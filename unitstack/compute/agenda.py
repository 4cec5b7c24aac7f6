"""When each interval of a process falls due next: what `cron.due` will give, without walking the time up to it."""

from dataclasses import dataclass

from unitstack.compute.cron import STEP, Beat, Crons
from unitstack.compute.timeline import Boundary
from unitstack.wire.assignments import Ordinate
from unitstack.wire.chain import Chain
from unitstack.wire.tags import Tag


@dataclass(frozen=True, slots=True)
class Due:
    """An interval of a process, and the moment past which its next message is due; None where it never is."""

    cron: str
    tags: tuple[Tag, ...]
    moment: int | None


Spot = tuple[int, int]
"""A place among a gap's cron messages: seconds since its left boundary, and the interval's rank."""


def agenda(crons: Crons, left: Boundary, after: Ordinate | None, chain: Chain) -> tuple[Due, ...]:
    """Each interval's next; `after` is the last cron message that was evaluated past the boundary."""
    spot = _spot(crons, left, after)
    by_block = (
        _due(beat, _block_moment(crons, beat, rank, (left, spot, chain)))
        for rank, beat in enumerate(crons.by_block)
    )
    first = len(crons.by_block)
    by_time = (
        _due(beat, _time_moment(crons, beat, first + rank, (left, spot)))
        for rank, beat in enumerate(crons.by_time)
    )
    return (*by_block, *by_time)


def _due(beat: Beat, moment: int | None) -> Due:
    return Due(beat.name, beat.tags, moment)


def _spot(crons: Crons, left: Boundary, after: Ordinate | None) -> Spot:
    if after is None or not after.cron:
        return (-1, 0)
    names = [beat.name for beat in (*crons.by_block, *crons.by_time)]
    rank = names.index(after.cron)
    if rank < len(crons.by_block):
        return (after.timestamp // STEP - left.block.timestamp // STEP, rank)
    return ((after.timestamp - left.block.timestamp) // STEP, rank)


def _time_moment(crons: Crons, beat: Beat, rank: int, since: tuple[Boundary, Spot]) -> int | None:
    if not beat.every:
        return None
    (left, (step, spot_rank)), origin = since, crons.origin.timestamp // STEP
    start = max(0, step if rank > spot_rank else step + 1)
    second = left.block.timestamp // STEP
    step = start + (origin - second - start) % beat.every
    if second + step == origin:
        step += beat.every
    return left.block.timestamp + step * STEP


def _block_moment(
    crons: Crons, beat: Beat, rank: int, since: tuple[Boundary, Spot, Chain]
) -> int | None:
    if not beat.every:
        return None
    left, spot, chain = since
    moment = left.block.timestamp
    height = chain.at(moment).height + 1
    height += (crons.origin.height - height) % beat.every
    while True:
        step = chain.block(height).timestamp // STEP - moment // STEP
        if height != crons.origin.height and (step, rank) > spot:
            return max(chain.block(height).timestamp, moment + step * STEP)
        height += beat.every
