"""Tells those who follow a world which of its processes have changed, at a pace that a person can see."""

import asyncio
from collections.abc import AsyncGenerator

from unitstack.wire.ids import ProcessId

REST = 0.1
"""Seconds between two pieces of news: ten a second are all that a person sees."""


class Subscriber:
    """One who follows: what has changed since it was last told."""

    def __init__(self) -> None:
        self._changed: set[ProcessId] = set()
        self._bell = asyncio.Event()
        self.is_open = True

    def tell(self, process: ProcessId) -> None:
        """That process has changed."""
        self._changed.add(process)
        self._bell.set()

    def close(self) -> None:
        """There is no more news."""
        self.is_open = False
        self._bell.set()

    async def news(self) -> frozenset[ProcessId]:
        """What has changed, once something has."""
        await self._bell.wait()
        self._bell.clear()
        changed = frozenset(self._changed)
        self._changed.clear()
        return changed


class News:
    """Everybody who follows."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()

    def tell(self, process: ProcessId) -> None:
        """Something was scheduled to that process, or it has evaluated something."""
        for subscriber in self._subscribers:
            subscriber.tell(process)

    async def changes(self) -> AsyncGenerator[frozenset[ProcessId]]:
        """The processes that have changed since the last time: at once, and then at most ten times a second. Ends when
        this is closed."""
        subscriber, loop = Subscriber(), asyncio.get_running_loop()
        self._subscribers.add(subscriber)
        try:
            while True:
                changed = await subscriber.news()
                if not subscriber.is_open:
                    return
                told = loop.time()
                yield changed
                spent = loop.time() - told
                # What is done with the news is part of the pace; whoever takes long with it leaves others as much room.
                await asyncio.sleep(max(REST - spent, min(spent, REST)))
        finally:
            self._subscribers.discard(subscriber)

    @property
    def is_followed(self) -> bool:
        """Whether anybody listens."""
        return bool(self._subscribers)

    def close(self) -> None:
        """There is no more news for anybody."""
        for subscriber in self._subscribers:
            subscriber.close()
