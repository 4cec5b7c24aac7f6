"""Tasks in lanes: the jobs of one lane run one after another, lanes run side by side, and all of them have one end."""

from asyncio import Task, create_task, gather
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine

Job = Callable[[], Awaitable[None]]


class Lanes:
    """Owns the tasks of all jobs. A job is never awaited by who adds it, so it must see to its own errors."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Job]] = {}
        self._tasks: set[Task[None]] = set()

    def add(self, lane: str, job: Job) -> None:
        """Runs the job after those that were added to its lane before."""
        waiting = self._waiting.get(lane)
        if waiting is not None:
            waiting.append(job)
            return
        self._waiting[lane] = deque((job,))
        self.run(self._pass(lane))

    def run(self, job: Coroutine[None, None, None]) -> None:
        """Runs the job at once, beside all others."""
        task = create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Ends all jobs, wherever they are, without waiting for that; new ones may be added at once."""
        for task in self._tasks:
            task.cancel()
        self._waiting.clear()

    async def close(self) -> None:
        """Ends all jobs, wherever they are."""
        for task in self._tasks:
            task.cancel()
        await gather(*self._tasks, return_exceptions=True)
        self._waiting.clear()

    async def _pass(self, lane: str) -> None:
        waiting = self._waiting[lane]
        while waiting:
            await waiting.popleft()()
        del self._waiting[lane]
