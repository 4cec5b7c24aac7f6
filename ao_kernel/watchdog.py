"""Says in the server's log when the kernel's loop does not answer, or a cell takes long: heartbeats come from a thread of
their own, so that a kernel which is stuck looks alive."""

import logging
import time
from collections.abc import Callable

EVERY = 5.0
LONG = 60.0

Post = Callable[[Callable[[], None]], object]
"""Has something called in the loop that is watched; may be called from any thread."""


class Watchdog:
    """Looks at a loop from outside it. `look` is to be called every few seconds, from a thread of another loop."""

    def __init__(
        self, post: Post, log: logging.Logger, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._post = post
        self._log = log
        self._clock = clock
        self._asked: float | None = None
        self._cell: float | None = None

    def look(self) -> None:
        """Says what is stuck, and asks the loop for a sign of life."""
        now = self._clock()
        if self._cell is not None and now - self._cell >= LONG:
            self._log.info("a cell has been running for %d s", now - self._cell)
        if self._asked is not None:
            self._log.error("the kernel's loop has not answered for %d s", now - self._asked)
            return
        self._asked = now
        self._post(self._answered)

    def _answered(self) -> None:
        self._asked = None

    def cell_began(self) -> None:
        """A cell runs from now on."""
        self._cell = self._clock()

    def cell_ended(self) -> None:
        """No cell runs any more."""
        self._cell = None
