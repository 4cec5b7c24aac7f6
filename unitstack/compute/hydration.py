"""Rebuilds a process's state: from a saved memory if an engine can use it, and from the log. A replay repeats what the
record says was evaluated, and leaves out what failed: its state went back, and not every failure would come again."""

from asyncio import Future
from collections.abc import AsyncGenerator
from contextlib import aclosing

from unitstack.compute.program import Program
from unitstack.compute.replica import Replica, open_replica
from unitstack.compute.sources import Sources
from unitstack.compute.standing import Standing
from unitstack.compute.store import EvaluationStore
from unitstack.compute.timeline import Step
from unitstack.errors import EngineError
from unitstack.units import Progress, silent
from unitstack.wire.assignments import BlockTime, Ordinate
from unitstack.wire.results import Json

# Past the last cron message by more than the second that it shares with a block's.
_MARGIN = 2000
_BURST = 16


class Burst:
    """Messages that a replica repeats many at a time: while it is at some, the next are read."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._waiting: list[dict[str, Json]] = []
        self._running: Future[None] | None = None

    async def add(self, message: dict[str, Json]) -> None:
        """Raises what those before have."""
        self._waiting.append(message)
        if len(self._waiting) == _BURST:
            await self._run()

    async def end(self) -> None:
        """Returns when all are repeated."""
        await self._run()
        await self._run()

    async def _run(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            await running
        if self._waiting:
            self._running = self._replica.repeat(self._waiting)
            self._waiting = []


class Hydration:
    """Makes replicas of one process, as it is recorded."""

    def __init__(self, program: Program, sources: Sources, store: EvaluationStore) -> None:
        self._program = program
        self._process = program.process.id
        self._sources = sources
        self._store = store

    async def reopen(self, until: Ordinate | None = None) -> Replica:
        """A replica with the newest saved memory that is not past that evaluation, or a fresh one."""
        while saved := self._store.find_memory(self._process, until):
            try:
                replica = await open_replica(self._program, saved)
            except EngineError:
                # The log can rebuild all; a memory of another engine's making must not stand in its way.
                self._store.drop_memory(self._process, saved.ordinate)
                continue
            evaluation = self._store.find_at(self._process, saved.ordinate)
            block = evaluation.block if evaluation else self._program.crons.origin
            replica.standing = await self._sources.standing(self._program, saved.ordinate, block)
            return replica
        replica = await open_replica(self._program)
        if not self._program.scheduled:
            await replica.handle(self._program.boot_message())
        return replica

    async def replay(
        self, replica: Replica, until: Ordinate | None = None, progress: Progress = silent
    ) -> int:
        """Moves it past that evaluation, or past all that are recorded; answers how many that were."""
        recorded = self._recorded(replica.standing, until)
        count = len(recorded)
        await self._repeat(replica, recorded, progress)
        return count

    async def walk(self, replica: Replica, until: Ordinate) -> AsyncGenerator[Ordinate]:
        """Moves it past that evaluation, one at a time; tells of each."""
        async with aclosing(self._steps(replica, self._recorded(replica.standing, until))) as steps:
            async for step, failed in steps:
                if not failed:
                    await replica.handle(await self._sources.read(self._program, step))
                yield step.ordinate

    async def _repeat(
        self, replica: Replica, recorded: dict[Ordinate, bool], progress: Progress
    ) -> None:
        count = len(recorded)
        burst = Burst(replica)
        async with aclosing(self._steps(replica, recorded)) as steps:
            async for step, failed in steps:
                if not failed:
                    await burst.add(await self._sources.read(self._program, step))
                progress(count - len(recorded), count)
        await burst.end()

    async def _steps(
        self, replica: Replica, recorded: dict[Ordinate, bool]
    ) -> AsyncGenerator[tuple[Step, bool]]:
        """What is recorded, which is taken from there, and whether it failed. Its replica stands past it by then."""
        if not recorded:
            return
        last = next(reversed(recorded))
        end = BlockTime(0, last.timestamp + _MARGIN) if last.cron else None
        steps = self._sources.steps(self._program, replica.standing, to=last.nonce, until=end)
        async with aclosing(steps):
            async for step in steps:
                failed = recorded.pop(step.ordinate, None)
                if failed is None:
                    replica.standing.skip(step)
                    continue
                replica.standing.take(step)
                yield step, failed
                if not recorded:
                    return

    def _recorded(self, standing: Standing, until: Ordinate | None) -> dict[Ordinate, bool]:
        recorded: dict[Ordinate, bool] = {}
        for each in self._store.recorded(self._process, standing.place, until):
            recorded[each.ordinate] = each.failed
            if each.ordinate == until:
                break
        return recorded
