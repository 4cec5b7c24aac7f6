"""What scenarios share: a network whose time stands still until it is told to go on, and acts in its processes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.items import a_wallet
from unitstack.client.client import Client
from unitstack.client.process import Process
from unitstack.clock import CHAIN
from unitstack.runtime import blueprint
from unitstack.stack import open_stack
from unitstack.wire.assignments import BlockTime
from unitstack.wire.results import EvalResult

NOON = 1_760_000_000_000


class Blocks:
    """A clock that moves by whole blocks of two minutes, and only when asked."""

    def __init__(self) -> None:
        self._timestamp = NOON

    def __call__(self) -> BlockTime:
        return CHAIN.at(self._timestamp)

    def mine(self, count: int) -> None:
        self._timestamp += count * CHAIN.interval


@dataclass(frozen=True, slots=True)
class Scene:
    """A network, seen by the owner of all its processes."""

    client: Client
    blocks: Blocks

    async def process(self, name: str, *blueprints: str) -> Process:
        """A new process in which these blueprints are loaded."""
        process = await self.client.spawn(name)
        for each in blueprints:
            await self.run(process, blueprint(each))
        return process

    async def run(self, process: Process, source: str) -> EvalResult:
        """What the source gives, once all that it set off has settled."""
        root = await process.begin_eval(source)
        result = await self.client.result(process.id, root)
        assert result.error is None, result.error
        await self.client.settled(root)
        return result

    async def send(self, sender: Process, target: Process, **tags: str) -> None:
        """Has a process send a message with these tags, and waits until all has settled."""
        fields = "".join(
            f', ["{name.replace("_", "-")}"] = "{value}"' for name, value in tags.items()
        )
        await self.run(sender, f'ao.send({{ Target = "{target.id}"{fields} }})')

    async def nudge(self, process: Process) -> EvalResult:
        """What a message that asks for nothing gives: time goes on in processes by messages only."""
        root = await process.send(tags={"Action": "Nudge"})
        result = await self.client.result(process.id, root)
        await self.client.settled(root)
        return result

    async def value(self, process: Process, expression: str) -> Any:
        """What an expression of Lua is in the process now, by way of JSON."""
        shown = await process.dry_run(f'require("json").encode({{ value = {expression} }})')
        assert shown.error is None, shown.error
        return json.loads(str(shown.output.data)).get("value")


@asynccontextmanager
async def open_scene() -> AsyncIterator[Scene]:
    blocks = Blocks()
    async with open_stack(None, clock=blocks) as stack:
        yield Scene(stack.client(a_wallet()), blocks)
