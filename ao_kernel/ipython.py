"""`%ao` and `%%ao` in a Python notebook: a second host for the same Session."""

# mypy: disable-error-code="no-untyped-call,untyped-decorator"
# IPython is untyped in part.

import asyncio
import queue
import shlex
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Any, TypeVar

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import clear_output, display, update_display

from ao_kernel.folders import data_folder
from ao_kernel.host import Host, opener
from ao_kernel.outputs import Bundle, CellOutput, Cleared, Failed, Paged, Printed, Shown, Updated

T = TypeVar("T")
SLICE = 0.02
"""Seconds between two looks: how long Stop may go unseen, and output unshown."""

MAGIC = "%%?ao"
COMPLETING = 0.5
ENDING = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cell gave: shown by its MIME types, and as text for Python."""

    data: Bundle

    @property
    def text(self) -> str:
        return str(self.data["text/plain"])

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        return dict(self.data)


class AoCellError(Exception):
    """A cell for ao failed; its error is shown as the ao kernel shows it."""

    def __init__(self, failure: Failed) -> None:
        super().__init__(failure.message)
        self._failure = failure

    def _render_traceback_(self) -> list[str]:
        return list(self._failure.traceback)


class Background:
    """A loop in a thread of its own. IPython's own loop is held up for as long as a magic runs, so no session could live
    in it."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.shown: queue.SimpleQueue[CellOutput] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ao", daemon=True)
        self._thread.start()
        self._loop.call_soon_threadsafe(host.open, self.shown.put)

    def run(self, code: str, number: int | None = None) -> "Future[None]":
        """Begins to run a cell, which has that number in the notebook."""
        return self.call(self.host.run(code, self.shown.put, number))

    def call(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Begins work in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> None:
        """Ends the cell that runs."""
        self._loop.call_soon_threadsafe(self.host.stop)

    def close(self) -> None:
        """Ends the session, and the thread."""
        self.call(self.host.close()).result(ENDING)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ENDING)
        self._loop.close()


@magics_class
class AoMagics(Magics):
    """`%ao LUA` and `%%ao`."""

    def __init__(self, shell: InteractiveShell, background: Background) -> None:
        super().__init__(shell)
        self._shell = shell
        self._above = 0
        self.background = background

    def note_cell(self, info: Any) -> None:
        """A cell is about to run. IPython drops the empty lines at its top, which a person counts."""
        raw = str(info.raw_cell or "")
        self._above = raw[: len(raw) - len(raw.lstrip())].count("\n")

    @magic_arguments()
    @argument("-p", "--process", help="the process that this goes to, instead of the current one")
    @argument("-o", "--out", help="a variable that gets the answer")
    @argument("-q", "--quiet", action="store_true", help="show nothing but errors")
    @line_cell_magic
    def ao(self, line: str, cell: str | None = None) -> Answer | None:
        """Evaluates Lua in an ao process."""
        options, rest = _divided(line)
        asked = parse_argstring(self.ao, options)
        first = f"%%on {asked.process}\n" if asked.process else ""
        # With as many lines above the code as in the notebook, errors name the line that the person sees.
        above = "" if cell is None else "\n" * (self._above if first else self._above + 1)
        code = above + first + (rest if cell is None else cell)
        answer = self._run(code, quiet=asked.quiet)
        if asked.out:
            self._shell.user_ns[asked.out] = answer
        return None if asked.quiet or asked.out else answer

    def complete(self, shell: InteractiveShell, event: Any) -> list[str]:
        """What could stand at the cursor of a `%ao` line, as IPython's completer wants it."""
        code = event.text_until_cursor.partition("ao")[2].lstrip()
        asked = self.background.call(self.background.host.complete(code, len(code)))
        try:
            reply = asked.result(COMPLETING)
        except NotYet:
            return []
        typed = reply["cursor_end"] - reply["cursor_start"]
        before = event.symbol[: len(event.symbol) - typed]
        return [before + match for match in reply["matches"]]

    def _run(self, code: str, *, quiet: bool) -> Answer | None:
        running = self.background.run(code, self._shell.execution_count)
        answer: Answer | None = None
        while True:
            try:
                running.result(SLICE)
                return self._show(answer, quiet=quiet)
            except NotYet:
                answer = self._show(answer, quiet=quiet)
            except KeyboardInterrupt:
                self.background.stop()

    def _show(self, answer: Answer | None, *, quiet: bool) -> Answer | None:
        """Shows what has come so far; answers with the result, if it was among it."""
        while not self.background.shown.empty():
            output = self.background.shown.get()
            if isinstance(output, Failed):
                raise AoCellError(output)
            if isinstance(output, Shown) and output.is_result:
                answer = Answer(output.data)
            elif not quiet:
                _display(output)
        return answer


def _divided(line: str) -> tuple[str, str]:
    """The options at the front of a line, and the code behind them: Lua's quotes are not a shell's."""
    words = line.split()
    count = 0
    while count < len(words) and words[count].startswith("-") and words[count] != "--":
        count += 1 if words[count] in ("-q", "--quiet") or "=" in words[count] else 2
    options = words[:count]
    return shlex.join(options), line.split(None, count)[-1] if len(words) > count else ""


def _display(output: CellOutput) -> None:
    match output:
        case Printed(text=text, stream=stream):
            (sys.stderr if stream == "stderr" else sys.stdout).write(text)
        case Shown(data=data, display_id=id):
            display(dict(data), raw=True, display_id=id)
        case Updated(data=data, display_id=id):
            update_display(dict(data), raw=True, display_id=id)
        case Paged(data=data):
            sys.stdout.write(f"{data['text/plain']}\n")
        case Cleared():
            clear_output()
        case Failed():
            raise AoCellError(output)


def load(shell: InteractiveShell, host: Host | None = None) -> None:
    """Registers the magics; the session opens in the background. Loading again does nothing."""
    if "ao" in shell.magics_manager.magics["line"]:
        return
    magics = AoMagics(shell, Background(host or Host(opener(data_folder(), None))))
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.note_cell)
    shell.set_hook("complete_command", magics.complete, re_key=MAGIC)


def unload(shell: InteractiveShell) -> None:
    """Takes the magics away, and closes the session."""
    registered = shell.magics_manager.registry.pop("AoMagics", None)
    if registered is None:
        return
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("ao", None)
    shell.events.unregister("pre_run_cell", registered.note_cell)
    registered.background.close()
