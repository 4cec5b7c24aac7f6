"""A Python shell inside the kernel: IPython's, whose output goes where a cell's output goes."""

# mypy: disable-error-code="no-untyped-call"
# IPython is untyped in part.

import asyncio
import ctypes
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from ao_kernel.outputs import (
    CellFailed,
    CellOutput,
    Cleared,
    Failed,
    Printed,
    Show,
    Shown,
    Updated,
)

EVERY = 0.25
TRIES = 4
"""An interrupt may come while IPython itself is at work, which takes no notice: then it is repeated, for a second."""

QUIET = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "linux"}})


class Stream(io.TextIOBase):
    """A standard stream whose text is shown."""

    def __init__(self, name: str, show: Show) -> None:
        self._name = name
        self._show = show

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self._show(Printed(text, self._name))
        return len(text)


class Hook(DisplayHook):
    """Shows what the last expression of a cell gives."""

    show: Show

    def write_output_prompt(self) -> None:
        """Front ends number results themselves."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Shows the value in all its forms."""
        self.show(Shown(dict(format_dict), is_result=True))


class Publisher(DisplayPublisher):
    """Shows what `display` is given."""

    show: Show

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: Any = False,
        **kwargs: Any,
    ) -> None:
        spot = (transient or {}).get("display_id")
        bundle = {"text/plain": "", **data}
        self.show(Updated(bundle, spot) if update and spot else Shown(bundle, display_id=spot))

    def clear_output(self, wait: bool = False) -> None:
        self.show(Cleared())


class Quiet(InteractiveShell):
    """A shell that raises what a cell raised, in place of printing it."""

    failure: Failed | None = None

    def _showtraceback(self, etype: type[BaseException], evalue: Any, stb: list[str]) -> None:
        self.failure = Failed(etype.__name__, str(evalue), tuple(stb))


class Shell:
    """Python cells of one session. They run in a thread, so that the session they use goes on meanwhile."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._shell = Quiet(
            config=QUIET,
            displayhook_class=Hook,
            display_pub_class=Publisher,
            user_ns=namespace,
        )
        self._thread: int | None = None

    async def run(self, code: str, show: Show) -> None:
        """Runs a cell. Raises CellFailed with what it raised."""
        loop = asyncio.get_running_loop()
        running = asyncio.create_task(asyncio.to_thread(self._run, code, _from_thread(loop, show)))
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            await self._end(running)
            raise
        if self._shell.failure is not None:
            raise CellFailed(self._shell.failure)

    async def _end(self, running: "asyncio.Task[None]") -> None:
        """Interrupts until the thread has ended. What waits in a call of the system's ends when that returns, and is not
        waited for."""
        for _ in range(TRIES):
            self.interrupt()
            if (await asyncio.wait({running}, timeout=EVERY))[0]:
                return

    def _run(self, code: str, show: Show) -> None:
        shell = self._shell
        shell.failure = None
        for place in (shell.displayhook, shell.display_pub):
            assert isinstance(place, Hook | Publisher), "the shell was made with ours"
            place.show = show
        self._thread = threading.get_ident()
        streams = redirect_stdout(Stream("stdout", show)), redirect_stderr(Stream("stderr", show))
        try:
            # An interrupt that comes when the cell has ended by itself finds nothing to end.
            with suppress(KeyboardInterrupt), _as_the_only_one(shell), streams[0], streams[1]:
                shell.run_cell(code, store_history=False)
        finally:
            self._thread = None

    def interrupt(self) -> None:
        """Raises KeyboardInterrupt in the cell that runs, between two steps of Python."""
        if self._thread is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self._thread), ctypes.py_object(KeyboardInterrupt)
            )


@contextmanager
def _as_the_only_one(shell: InteractiveShell) -> Iterator[None]:
    """Lets `display` and `get_ipython` find this shell: they look for the one that a program has."""
    before = InteractiveShell._instance  # noqa: SLF001  there is no public way to have two
    InteractiveShell._instance = shell  # type: ignore[assignment]  # noqa: SLF001  it is typed None
    try:
        yield
    finally:
        InteractiveShell._instance = before  # noqa: SLF001


def _from_thread(loop: asyncio.AbstractEventLoop, show: Show) -> Show:
    """Shows in the loop, in order."""
    call: Callable[..., object] = loop.call_soon_threadsafe

    def hop(output: CellOutput) -> None:
        call(show, output)

    return hop
