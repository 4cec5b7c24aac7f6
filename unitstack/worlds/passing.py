"""Lets time pass in a world: the clocks of its processes are heard at the moments at which they strike."""

from collections.abc import Sequence
from dataclasses import dataclass

from unitstack.clock import CHAIN, VirtualClock
from unitstack.compute.cron import STEP
from unitstack.errors import Refused
from unitstack.units import Progress, silent
from unitstack.wire.ids import ProcessId
from unitstack.wire.results import Evaluation
from unitstack.worlds.cast import Cast


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval of a process: when it is due next (None: never), and the last message of it that was evaluated."""

    process: ProcessId
    cron: str
    due: int | None
    last: Evaluation | None
    monitored: bool


async def intervals(cast: Cast, process: ProcessId) -> tuple[Interval, ...]:
    """All that the process has. Raises what starting the process does."""
    return tuple(
        Interval(
            process,
            due.cron,
            due.moment,
            cast.compute.last_tick(process, due.cron),
            process in cast.messenger.monitored,
        )
        for due in await cast.compute.agenda(process, CHAIN)
    )


async def pass_until(
    cast: Cast, moment: int, progress: Progress = silent
) -> tuple[Evaluation, ...]:
    """Puts the clock forward to that moment. Monitored processes get their cron messages on the way, each when it is due, and
    what these set off settles before time goes on; answers with them. Raises Refused for a moment that has passed."""
    clock = clock_of(cast)
    began = clock().timestamp
    ticks: list[Evaluation] = []
    with clock.held():
        clock.check(moment)
        ticks += await _tick(cast, cast.messenger.monitored)
        while (next_due := await _next(cast, moment)) is not None:
            due, processes = next_due
            # What is due within a second is evaluated when that has passed.
            clock.move_to(max((due // STEP + 1) * STEP, clock().timestamp))
            ticks += await _tick(cast, processes)
            progress(due - began, moment - began)
        clock.move_to(max(moment, clock().timestamp))
    return tuple(ticks)


def clock_of(cast: Cast) -> VirtualClock:
    """Raises Refused where the world goes by a clock that is not its own."""
    if cast.clock is None:
        raise Refused("the clock of this network was given to it: whoever gave it moves it")
    return cast.clock


async def _tick(cast: Cast, processes: Sequence[ProcessId]) -> list[Evaluation]:
    return [each for process in processes for each in await cast.messenger.tick(process)]


async def _next(cast: Cast, last: int) -> tuple[int, list[ProcessId]] | None:
    """The first moment up to the last at which monitored processes are due, and which those are."""
    due: dict[int, list[ProcessId]] = {}
    for process in cast.messenger.monitored:
        moments = [
            each.moment
            for each in await cast.compute.agenda(process, CHAIN)
            if each.moment is not None
        ]
        if moments and min(moments) <= last:
            due.setdefault(min(moments), []).append(process)
    return min(due.items()) if due else None
