"""Watches the clocks of processes: their cron messages are evaluated as they fall due, and cranked."""

import logging
from asyncio import Lock, Task, create_task, gather
from collections.abc import Awaitable, Callable, Iterator

from unitstack.errors import AoError
from unitstack.units import Compute
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Nonce, ProcessId
from unitstack.wire.results import Evaluation

log = logging.getLogger(__name__)

BEFORE_ALL = Ordinate(Nonce(-1))


class Clocks:
    """One task for each watched process, which looks once each time that `pace` returns; one can also look at once. Without
    a pace, that is when they are looked at."""

    def __init__(
        self,
        compute: Compute,
        crank: Callable[[Evaluation], Awaitable[None]],
        pace: Callable[[], Awaitable[None]] | None,
    ) -> None:
        self._compute = compute
        self._crank = crank
        self._pace = pace
        self._tasks: dict[ProcessId, Task[None]] = {}
        self._after: dict[ProcessId, Ordinate] = {}
        self._looking: dict[ProcessId, Lock] = {}

    def __contains__(self, process: ProcessId) -> bool:
        return process in self._after

    def __iter__(self) -> Iterator[ProcessId]:
        return iter(tuple(self._after))

    async def now(self, process: ProcessId) -> Ordinate:
        """The place of the process's last evaluation: who begins to watch it cranks what comes after that."""
        page = await self._compute.results(process, newest_first=True, limit=1)
        return page.items[0].ordinate if page.items else BEFORE_ALL

    def watch(self, process: ProcessId, after: Ordinate) -> None:
        """Cranks the cron messages past that place, each once, until told to stop."""
        self._after[process] = after
        self._looking[process] = Lock()
        if self._pace is not None:
            self._tasks[process] = create_task(self._watch(process, self._pace))

    async def look(self, process: ProcessId) -> tuple[Evaluation, ...]:
        """Cranks what is due by now of a watched process; answers with it."""
        cranked: list[Evaluation] = []
        async with self._looking[process]:
            for evaluation in await self._compute.tick(process, after=self._after[process]):
                await self._crank(evaluation)
                self._after[process] = evaluation.ordinate
                cranked.append(evaluation)
        return tuple(cranked)

    async def unwatch(self, process: ProcessId) -> None:
        """What the process's clock sets off from now on is not cranked."""
        self._after.pop(process, None)
        task = self._tasks.pop(process, None)
        if task is not None:
            task.cancel()
            await gather(task, return_exceptions=True)

    def stop(self) -> None:
        """Watches nothing any more, without waiting for that."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._after.clear()

    async def close(self) -> None:
        """Watches nothing any more."""
        for process in self:
            await self.unwatch(process)

    async def _watch(self, process: ProcessId, pace: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._look(process)
            await pace()

    async def _look(self, process: ProcessId) -> None:
        try:
            await self.look(process)
        except AoError as error:
            log.warning("the clock of process %s is looked at later: %s", process, error)
        except Exception:  # a bug met with one message must not stop the clock for good
            log.exception("the clock of process %s is looked at later", process)
