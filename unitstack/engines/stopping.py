"""Who may stop a running message, and when: a stop reaches the message that runs, and never the next one."""

import threading
from collections.abc import Callable


class Stopping:
    """Entered for as long as a message runs. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None

    def begin(self, stop: Callable[[], None], prepare: Callable[[], None]) -> None:
        """A message runs from here on: it is made ready, and `stop` is what ends it."""
        with self._lock:
            prepare()
            self._stop = stop

    def end(self, settle: Callable[[], None]) -> None:
        """It runs no longer; what is done from here on is not stopped."""
        with self._lock:
            self._stop = None
            settle()

    def stop(self) -> None:
        """Ends the running message; without one it does nothing."""
        with self._lock:
            if self._stop:
                self._stop()
