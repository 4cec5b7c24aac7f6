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
    """One task for each watched process, which looks once each time that `pace` returns; one can also look at once."""

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
        self._after: dict[ProcessId, Ordinate] = {}
        self._looking: dict[ProcessId, Lock] = {}

    def __contains__(self, process: ProcessId) -> bool:
        return process in self._tasks

    def __iter__(self) -> Iterator[ProcessId]:
        return iter(tuple(self._tasks))

    async def now(self, process: ProcessId) -> Ordinate:
        """The place of the process's last evaluation: who begins to watch it cranks what comes after that."""
        page = await self._compute.results(process, newest_first=True, limit=1)
        return page.items[0].ordinate if page.items else BEFORE_ALL

    def watch(self, process: ProcessId, after: Ordinate) -> None:
        """Cranks the cron messages past that place, each once, until told to stop."""
        self._after[process] = after
        self._looking[process] = Lock()
        self._tasks[process] = create_task(self._watch(process))

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
        task = self._tasks.pop(process, None)
        if task is not None:
            task.cancel()
            await gather(task, return_exceptions=True)

    def stop(self) -> None:
        """Watches nothing any more, without waiting for that."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def close(self) -> None:
        """Watches nothing any more."""
        for process in tuple(self._tasks):
            await self.unwatch(process)

    async def _watch(self, process: ProcessId) -> None:
        while True:
            await self._pace()
            await self._look(process)

    async def _look(self, process: ProcessId) -> None:
        try:
            await self.look(process)
        except AoError as error:
            log.warning("the clock of process %s is looked at later: %s", process, error)
        except Exception:  # a bug met with one message must not stop the clock for good
            log.exception("the clock of process %s is looked at later", process)
