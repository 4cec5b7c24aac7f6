"""A program driven through a pseudo-terminal, as a person at a keyboard would."""

import os
import pty
import re
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 20.0
SIZE = (40, 200)
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Console:
    """What the program shows, and the keys that it is given."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._shown = ""

    def wait_for(self, text: str) -> str:
        """All that is shown until that text, and with it."""
        ends = time.monotonic() + PATIENCE
        while text not in self._shown:
            left = ends - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{text!r} was not shown, but {self._shown[-1000:]!r}")
        before, _, self._shown = self._shown.partition(text)
        return before + text

    def type(self, line: str) -> None:
        os.write(self._terminal, f"{line}\n".encode())

    def _read(self, patience: float) -> bool:
        if not select.select([self._terminal], [], [], patience)[0]:
            return True
        try:
            read = os.read(self._terminal, 65536)
        except OSError:
            # A terminal whose program has ended cannot be read.
            return False
        self._shown += ANSI.sub("", read.decode("utf-8", "replace"))
        return bool(read)


@contextmanager
def console(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Console]:
    """The program, running; it is ended with the block if it has not ended by itself."""
    terminal, theirs = pty.openpty()
    # Without a width, what the console draws while one waits never ends.
    termios.tcsetwinsize(theirs, SIZE)
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as program:
        os.close(theirs)
        try:
            yield Console(terminal)
        finally:
            program.kill()
            os.close(terminal)
