"""Finds places in a log by time. Schedulers number messages without a gap, and times increase with the numbers, so a
few looks are enough."""

from collections.abc import Callable

from unitstack.units import Scheduler
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.ids import ProcessId

Holds = Callable[[ScheduledMessage], bool]


async def find_last(scheduler: Scheduler, process: ProcessId) -> ScheduledMessage | None:
    """The newest message of the process. Raises NotFound for an unknown process."""
    return await _last_that(scheduler, process, lambda each: True)


async def find_until(
    scheduler: Scheduler, process: ProcessId, timestamp: int
) -> ScheduledMessage | None:
    """The last message that is not later than the time. Raises NotFound for an unknown process."""
    return await _last_that(
        scheduler, process, lambda each: each.assignment.block.timestamp <= timestamp
    )


async def _last_that(
    scheduler: Scheduler, process: ProcessId, holds: Holds
) -> ScheduledMessage | None:
    """The last of those, at the log's beginning, for which it holds."""
    found: ScheduledMessage | None = None
    low, high = 0, None
    step = 1
    while high is None or low < high:
        at = low + step - 1 if high is None else (low + high) // 2
        each = await _at(scheduler, process, at)
        if each is not None and holds(each):
            found, low = each, at + 1
            step *= 2
        else:
            high = at
    return found


async def _at(scheduler: Scheduler, process: ProcessId, nonce: int) -> ScheduledMessage | None:
    page = await scheduler.messages(process, after=nonce - 1, limit=1)
    return page.items[0] if page.items else None
