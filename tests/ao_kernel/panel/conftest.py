"""A session on a real network in this process, and a panel that notes what it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ao_kernel.networks.local import open_network
from ao_kernel.outputs import CellOutput
from ao_kernel.panel.messages import FromKernel, FromPanel
from ao_kernel.panel.panel import Panel
from ao_kernel.running import run_code
from ao_kernel.session import Session
from unitstack.wire.ids import ProcessId

PATIENCE = 20.0


def nowhere(output: CellOutput) -> None:
    """Nobody looks at what is shown."""


async def run(session: Session, *cells: str) -> None:
    for cell in cells:
        await run_code(session, cell, nowhere)


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    network = await open_network(tmp_path, None)
    network.engine = "lua"
    session = Session(network, nowhere)
    yield session
    await session.close()


@dataclass
class Told:
    """What a panel was told, in order."""

    messages: list[Any] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, said: FromKernel) -> None:
        self.messages.append(said)
        self.bell.set()

    async def until(self, holds: Callable[[Any], bool]) -> Any:
        """The first message for which that holds."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [said for said in self.messages if holds(said)]):
                self.bell.clear()
                await self.bell.wait()
        return found[0]

    async def process(self, holds: Callable[[Any], bool]) -> Any:
        """The first process told of for which that holds."""

        def has(said: Any) -> bool:
            return said["kind"] == "news" and any(map(holds, said["processes"]))

        return next(filter(holds, (await self.until(has))["processes"]))

    async def inbox(self, holds: Callable[[Any], bool]) -> Any:
        """The first inbox told of for which that holds."""
        said = await self.until(
            lambda said: (
                said["kind"] == "news" and said["inbox"] is not None and holds(said["inbox"])
            )
        )
        return said["inbox"]

    async def answer(self, ask: int) -> Any:
        return await self.until(lambda said: said["kind"] == "answer" and said["ask"] == ask)


@dataclass
class Watched:
    """A panel, and what it is told."""

    panel: Panel
    told: Told

    def hear(self, message: FromPanel) -> None:
        self.panel.hear(message)


@pytest.fixture
async def watched(session: Session) -> AsyncIterator[Watched]:
    told = Told()
    panel = Panel(session, {"version": 1, "process": "", "letters": 50}, told.take)
    running = asyncio.create_task(panel.run())
    yield Watched(panel, told)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def process_of(session: Session, name: str) -> ProcessId:
    return await session.world.process(name)
