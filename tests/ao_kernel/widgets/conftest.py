"""A session on a real network in this process, whose widgets are looked into."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from ipywidgets import Widget  # type: ignore[import-untyped]

from ao_kernel.chronicle import Letter
from ao_kernel.networks.local import open_network
from ao_kernel.outputs import Bundle, CellFailed, CellOutput, Shown
from ao_kernel.running import run_code
from ao_kernel.session import Session
from unitstack.errors import Interrupted
from unitstack.wire.ids import ProcessId, TxId

PATIENCE = 5.0
T = TypeVar("T")
HOSTILE = (
    '<img src=x onerror="alert(1)"><script>alert(1)</script>&\x1b[31mred\x1b[0m\nbelow'
    "\x1b]52;c;eA==\x07\b\u202egpj\u2066"
)
UNSEEN = frozenset("\x1b\x07\x08\r\u202e\u2066")
MEGABYTE = HOSTILE * (1 + 1_000_000 // len(HOSTILE))
ALICE = ProcessId(TxId("a" * 43))


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    network = await open_network(tmp_path, None)
    network.engine = "lua"
    session = Session(network, _nowhere)
    yield session
    await session.close()


def _nowhere(output: CellOutput) -> None:
    """Nobody looks at what is shown."""


async def run(session: Session, *cells: str) -> list[CellOutput]:
    """Runs cells; what they showed."""
    outputs: list[CellOutput] = []
    for cell in cells:
        with suppress(CellFailed, Interrupted):
            await run_code(session, cell, outputs.append)
    return outputs


async def shown(session: Session, cell: str) -> Bundle:
    """What a cell that shows a widget showed."""
    (output,) = [each for each in await run(session, cell) if isinstance(each, Shown)]
    return output.data


def view_of(session: Session, kind: type[T]) -> T:
    """The only widget of that kind."""
    (view,) = [view for view in session.views.values() if isinstance(view, kind)]
    return view


def is_only_text(html: str) -> bool:
    """Whether nothing of the hostile text is a tag, steers a terminal, or turns what is read around."""
    return "<img" not in html and "<script" not in html and not UNSEEN & set(html)


async def until(part: Widget, holds: Callable[[], bool]) -> None:
    """Waits until that holds, looking whenever that part of a widget has changed; fails where it never does."""
    bell = asyncio.Event()
    part.observe(lambda _: bell.set())
    async with asyncio.timeout(PATIENCE):
        while not holds():
            bell.clear()
            await bell.wait()


def a_letter(
    number: int = 1, *, sender: str = ALICE, action: str = "Note", data: str = "hi"
) -> Letter:
    return Letter(number, sender, action, data)


def answering(value: T) -> Callable[..., Awaitable[T]]:
    """A part that always answers that."""

    async def answer(*_: object) -> T:
        return value

    return answer


def closed() -> None:
    """Nobody keeps these widgets."""
