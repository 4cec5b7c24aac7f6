"""Watches the clocks of processes: their cron messages are evaluated as they fall due, and cranked."""

import logging
from asyncio import Task, create_task, gather
from collections.abc import Awaitable, Callable

from unitstack.errors import AoError
from unitstack.units import Compute
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Nonce, ProcessId
from unitstack.wire.results import Evaluation

log = logging.getLogger(__name__)

BEFORE_ALL = Ordinate(Nonce(-1))


class Clocks:
    """One task for each watched process, which looks once each time that `pace` returns."""

    def __init__(
        self,
        compute: Compute,
        crank: Callable[[Evaluation], Awaitable[None]],
        pace: Callable[[], Awaitable[None]],
    ) -> None:
        self._compute = compute
        self._crank = crank
        self._pace = pace
        self._tasks: dict[ProcessId, Task[None]] = {}

    def __contains__(self, process: ProcessId) -> bool:
        return process in self._tasks

    async def now(self, process: ProcessId) -> Ordinate:
        """The place of the process's last evaluation: who begins to watch it cranks what comes after that."""
        page = await self._compute.results(process, newest_first=True, limit=1)
        return page.items[0].ordinate if page.items else BEFORE_ALL

    def watch(self, process: ProcessId, after: Ordinate) -> None:
        """Cranks the cron messages past that place, each once, until told to stop."""
        self._tasks[process] = create_task(self._watch(process, after))

    async def unwatch(self, process: ProcessId) -> None:
        """What the process's clock sets off from now on is not cranked."""
        task = self._tasks.pop(process, None)
        if task is not None:
            task.cancel()
            await gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Watches nothing any more."""
        for process in tuple(self._tasks):
            await self.unwatch(process)

    async def _watch(self, process: ProcessId, after: Ordinate) -> None:
        while True:
            after = await self._look(process, after)
            await self._pace()

    async def _look(self, process: ProcessId, after: Ordinate) -> Ordinate:
        try:
            for evaluation in await self._compute.tick(process, after=after):
                await self._crank(evaluation)
                after = evaluation.ordinate
        except AoError as error:
            log.warning("the clock of process %s is looked at later: %s", process, error)
        except Exception:  # a bug met with one message must not stop the clock for good
            log.exception("the clock of process %s is looked at later", process)
        return after
