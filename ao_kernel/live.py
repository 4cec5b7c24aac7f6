"""Follows processes, and shows what they print when others' messages or their own clocks make them."""

import asyncio

from ao_kernel.outputs import Printed, Show, labelled
from ao_kernel.rendering import text_of
from ao_kernel.telling.tracing import Names
from unitstack.errors import AoError
from unitstack.units import Compute
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import ProcessId
from unitstack.wire.results import Evaluation

PAGE = 1000
RETRY_AFTER = 2.0


class Follower:
    """Shows the live output of the processes that it is told of, each evaluation once."""

    def __init__(self, compute: Compute, names: Names, show: Show) -> None:
        self._compute = compute
        self._names = names
        self._show = show
        self._tasks: dict[ProcessId, asyncio.Task[None]] = {}
        self._cursors: dict[ProcessId, Ordinate | None] = {}
        self._turns: dict[ProcessId, asyncio.Lock] = {}

    def follow(self, process: ProcessId, after: Ordinate | None = None) -> None:
        """From now on shows what the process prints past that place."""
        if process not in self._tasks:
            self._cursors[process] = after
            self._turns[process] = asyncio.Lock()
            self._tasks[process] = asyncio.create_task(self._watch(process))

    async def catch_up(self) -> None:
        """Shows all that has been printed by now, so that it stands above what the caller shows next."""
        for process in tuple(self._tasks):
            await self._read(process)

    async def _watch(self, process: ProcessId) -> None:
        while True:
            try:
                await self._compute.evaluated(process, self._cursors[process])
                await self._read(process)
            except AoError:
                # A unit elsewhere may be away for a while; following goes on when it is back.
                await asyncio.sleep(RETRY_AFTER)

    async def _read(self, process: ProcessId) -> None:
        # Two readers of one log would show a line twice: whoever comes second finds the cursor moved.
        async with self._turns[process]:
            page = await self._compute.results(process, after=self._cursors[process], limit=PAGE)
            if page.items:
                self._cursors[process] = page.items[-1].ordinate
        for evaluation in page.items:
            self._tell(evaluation)

    def _tell(self, evaluation: Evaluation) -> None:
        name = self._names.name_of(evaluation.process)
        output = evaluation.result.output
        if output.print and output.data not in ("", None):
            self._show(Printed(labelled(name, self._names.with_names(text_of(output.data)))))

    async def close(self) -> None:
        """Stops following."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
