"""What the hosts of a Session share: opening it in the background, running cells so that Stop always ends them, answering
what front ends ask."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comm.base_comm import BaseComm

from ao_kernel.outputs import Ask, CellFailed, Show

if TYPE_CHECKING:
    from ao_kernel.session import Session

STOP_EVERY = 0.005
STOP_TRIES = 12
"""Stop is repeated for 60 ms, as the engine may not have started when it is first pressed; then the cell is cancelled."""


Opener = Callable[[Show], Awaitable["Session"]]
"""Opens a session that shows with this what happens on its own."""


def opener(data: Path, home: Path | None, seed: str | None = None) -> Opener:
    """Opens a session on a network of one's own: `data` is the folder of the wallet, `home` that of the world, None for one
    that ends with the session; with a seed, all in it is the same each time. The whole stack is imported with it, while front ends are being answered."""

    async def open_session(show_live: Show) -> "Session":
        await asyncio.to_thread(_running)
        module = importlib.import_module("ao_kernel.session")
        session: Session = await module.open_session(data, home, show_live, seed)
        return session

    return open_session


class Host:
    """Runs cells, one after the other, on a session that is opened in the background."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._opening: asyncio.Task[Session] | None = None
        self._show_live: Show | None = None
        self._cell: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self.ask: Ask | None = None
        self._panels: set[asyncio.Task[None]] = set()

    def open(self, show_live: Show) -> None:
        """Begins to open the session, if that has not begun."""
        self._show_live = show_live
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._opener(show_live))

    def _open_again(self) -> None:
        """Begins anew if the opening has failed: what stood in its way may be gone."""
        if self._show_live is not None and self._has_failed():
            self._opening = None
            self.open(self._show_live)

    def _has_failed(self) -> bool:
        opening = self._opening
        return (
            opening is not None
            and opening.done()
            and (opening.cancelled() or opening.exception() is not None)
        )

    async def session(self) -> "Session":
        """The session, once it is open. Stop ends the waiting, not the opening."""
        assert self._opening is not None, "open comes first"
        return await asyncio.shield(self._opening)

    async def run(self, code: str, show: Show, number: int | None = None) -> None:
        """Runs a cell's text to its end, and shows all of it; what goes wrong is shown too. The number is the one that the
        front end gives the cell."""
        self._open_again()
        cell = self._cell = asyncio.create_task(self._run(code, show, number))
        try:
            await asyncio.wait({cell})
        finally:
            self._cell = None
        if cell.cancelled():
            show(_running().stopped(code))
        elif isinstance(error := cell.exception(), CellFailed):
            show(error.failure)
        elif error is not None:
            explain = _running().unopened if self._has_failed() else _running().explained
            show(explain(error, code))

    async def _run(self, code: str, show: Show, number: int | None) -> None:
        session = await self.session()
        session.ask = self.ask
        await _running().run_code(session, code, show, number)

    def stop(self) -> None:
        """Ends the cell that runs, whatever it waits for. Called in the loop."""
        if self._cell is not None:
            self._ending = asyncio.get_running_loop().create_task(self._end(self._cell))

    async def _end(self, cell: "asyncio.Task[None]") -> None:
        for _ in range(STOP_TRIES):
            session = self._opened()
            if session is not None:
                session.interrupt()
            if (await asyncio.wait({cell}, timeout=STOP_EVERY))[0]:
                return
        cell.cancel()

    def _opened(self) -> "Session | None":
        """The session, if it is open."""
        opening = self._opening
        is_open = opening is not None and opening.done() and not opening.cancelled()
        return opening.result() if is_open and opening and opening.exception() is None else None

    async def expressions(self, asked: dict[str, str]) -> dict[str, Any]:
        """What `user_expressions` ask, each evaluated without leaving a trace."""
        if not asked:
            return {}
        session = await self.session()
        return {
            name: await _running().expression(session, source) for name, source in asked.items()
        }

    async def complete(self, code: str, cursor: int) -> dict[str, Any]:
        """The reply to a completion request."""
        session = await self.session()
        reply: dict[str, Any] = await _running().complete(
            session, code, cursor, busy=self._cell is not None
        )
        return reply

    async def inspect(self, code: str, cursor: int) -> dict[str, str]:
        """Help on what the cursor is at, by MIME type; empty where there is none."""
        session = await self.session()
        found: dict[str, str] = await _running().inspect(session, code, cursor)
        return found

    def completeness(self, code: str) -> tuple[str, str]:
        """Whether a cell's text is finished, and how its next line is indented if it is not."""
        # What reads cells brings the whole stack along, for which a kernel that starts does not wait.
        status, indent = importlib.import_module("ao_kernel.cells").completeness(code, self.check)
        return str(status), str(indent)

    def check(self, source: str) -> str | None:
        """The Lua compiler's message on a text."""
        message: str | None = importlib.import_module("ao_kernel.language.syntax").check(source)
        return message

    def attach(self, opened: BaseComm, message: dict[str, Any]) -> None:
        """Shows the session in the panel that opened the comm, once it is open. Called in the loop."""
        panel = asyncio.ensure_future(self._attach(opened, message))
        self._panels.add(panel)
        panel.add_done_callback(self._panels.discard)

        def close(_: dict[str, Any]) -> None:
            panel.cancel()

        opened.on_close(close)

    async def _attach(self, opened: BaseComm, message: dict[str, Any]) -> None:
        assert self._opening is not None, "open comes first"
        # With the session comes all that a panel imports; its problem, if there is one, is the panel's to tell.
        await asyncio.wait({self._opening})
        await importlib.import_module("ao_kernel.panel").attach(opened, message, self.session)

    async def close(self) -> None:
        """Ends the cell that runs, and closes the session."""
        for panel in tuple(self._panels):
            panel.cancel()
        if self._cell is not None:
            await self._end(self._cell)
        session = self._opened()
        if session is not None:
            await session.close()
        elif self._opening is not None:
            self._opening.cancel()


def _running() -> Any:
    """The module that runs cells; it is there once a session is."""
    return importlib.import_module("ao_kernel.running")
