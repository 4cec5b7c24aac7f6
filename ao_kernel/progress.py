"""Bars for what takes long: they appear after a second, are changed in place, and end as a line that says how long it took.
What is quick shows nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from itertools import count

from ao_kernel.bars import bar_of, finished
from ao_kernel.chronicle import Chronicle
from ao_kernel.outputs import Show, Shown, Updated
from unitstack.errors import AoError
from unitstack.wire.ids import ProcessId

SHOWN_AFTER = 1.0
EVERY = 0.2
LOOK_AFTER = 3.0
"""An evaluation is given time: a first one may load its engine."""

LOOK_EVERY = 0.5

Clock = Callable[[], float]
"""Seconds that only go on."""

Look = Callable[[], Awaitable[tuple[int, int]]]
"""Asks how much is done, and of how much; 0 of 0 where that is not known."""

NUMBERS = count(1)


class Bar:
    """One bar on the screen: called with what is done and of how much."""

    def __init__(self, what: str, unit: str, show: Show, now: Clock = time.monotonic) -> None:
        self._what, self._unit = what, unit
        self._show = show
        self._now = now
        self._began = now()
        self._last: float | None = None
        self._done = 0
        self._id = f"ao-bar-{next(NUMBERS)}"

    def __call__(self, done: int, all: int) -> None:
        """So much is done, of so much."""
        now = self._now()
        self._done = done
        if now - self._began < SHOWN_AFTER or (self._last is not None and now - self._last < EVERY):
            return
        self._put(bar_of(self._what, self._unit, done, all, now - self._began))
        self._last = now

    def close(self) -> None:
        """The work has ended; a bar that never showed goes without a word."""
        if self._last is not None:
            self._put(finished(self._what, self._unit, self._done, self._now() - self._began))

    def _put(self, text: str) -> None:
        data = {"text/plain": text}
        first = self._last is None
        self._show(Shown(data, display_id=self._id) if first else Updated(data, self._id))


@contextmanager
def progress(what: str, unit: str, show: Show, now: Clock = time.monotonic) -> Iterator[Bar]:
    """A bar for as long as the work within takes."""
    bar = Bar(what, unit, show, now)
    try:
        yield bar
    finally:
        bar.close()


@asynccontextmanager
async def watched(
    look: Look, bar: Bar, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[None]:
    """A bar for work that does not tell how far it has come, but can be asked."""
    watching = asyncio.create_task(_watch(look, bar, pause))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        bar.close()


async def _watch(look: Look, bar: Bar, pause: Callable[[float], Awaitable[None]]) -> None:
    await pause(LOOK_AFTER)
    while True:
        with suppress(AoError):
            bar(*await look())
        await pause(LOOK_EVERY)


def followed(
    bar: Bar, chronicle: Chronicle, processes: tuple[ProcessId, ...]
) -> AbstractAsyncContextManager[None]:
    """A bar for work that processes do: their messages are counted where more than one is waiting, else the time."""

    async def look() -> tuple[int, int]:
        facts = [await chronicle.facts(process) for process in processes]
        if sum(each.queue for each in facts) <= 1:
            return 0, 0
        return sum(each.evaluated for each in facts), sum(each.nonce for each in facts)

    return watched(look, bar)
