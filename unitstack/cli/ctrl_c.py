"""What Ctrl+C means to a console, which is busy with something else each time that it is pressed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class CtrlC:
    """What Ctrl+C does, as only who is busy with something knows: drop a line that is being typed, stop what runs. Between
    the two it does nothing: it must end neither the console nor what comes next."""

    def __init__(self) -> None:
        self._stop: Callable[[], object] | None = None
        self._is_typing = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        before = signal.signal(signal.SIGINT, self._press)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Here it raises KeyboardInterrupt."""
        self._is_typing = True
        try:
            yield
        finally:
            self._is_typing = False

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Here it stops what runs."""
        self._stop = stop
        try:
            yield
        finally:
            self._stop = None

    def _press(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_typing:
            raise KeyboardInterrupt
        if self._stop is not None:
            self._stop()
