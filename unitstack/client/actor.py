"""A process as a program without an event loop meets it: each call waits until all that it set off has settled."""

import json
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from unitstack.client.answers import Answer
from unitstack.client.client import Client
from unitstack.client.process import InboxMessage, Process
from unitstack.program.bundle import Bundle, bundle
from unitstack.program.files import reader
from unitstack.wire.ids import ProcessId
from unitstack.wire.tags import Tag

CHUNK = "program"
PLACE = re.compile(rf'\[string "{CHUNK}"\]:(?P<line>\d+)')
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

T = TypeVar("T")
Tags = Mapping[str, str]


class Portal(Protocol):
    """Runs coroutines in the loop that the network lives in, and waits for them in another thread."""

    def call(self, func: Callable[..., Coroutine[Any, Any, T]], *args: object) -> T:
        """What it gave, once it is done."""


class LuaFailed(AssertionError):
    """Lua that was evaluated failed. In a test, the test fails with it."""

    def __init__(self, process: str, answer: Answer, program: Bundle | None = None) -> None:
        told = plain(answer.error or "")
        super().__init__(f"{process}: {told if program is None else in_files(told, program)}")
        self.answer = answer


def in_files(error: str, program: Bundle) -> str:
    """An error that calls each line by its file, as `counter.lua:7`."""
    return PLACE.sub(lambda place: "{}:{}".format(*program.place(int(place["line"]))), error)


def plain(text: str) -> str:
    """Text without a terminal's colours."""
    return COLOUR.sub("", text).strip()


@dataclass(frozen=True, slots=True)
class Actor:
    """A process, asked through one wallet."""

    _portal: Portal
    _process: Process
    _wallet: Client

    @property
    def id(self) -> ProcessId:
        """The process's id."""
        return self._process.id

    @property
    def name(self) -> str:
        """What its maker calls it."""
        return self._process.name or self.id

    def send(self, data: str = "", **tags: str) -> Answer:
        """Sends a message, as `send(Action="Balance")`, and answers with what the process gave for it. A tag whose name is
        no word of Python's is given as `**{"X-Kind": "a"}`."""
        return self._portal.call(self._send, data, tags)

    def eval(self, source: str) -> Answer:
        """Evaluates Lua as the process's owner. Raises LuaFailed."""
        answer = self.send(source, Action="Eval")
        if answer.error is not None:
            raise LuaFailed(self.name, answer)
        return answer

    def load(self, path: Path | str) -> Answer:
        """Evaluates a Lua file with all that it requires; errors tell the files' own lines. Raises LuaFailed,
        FileNotFoundError, Refused."""
        file = Path(path)
        program = bundle(file.name, reader(file.parent))
        tags = {"Action": "Eval", "Chunk-Name": CHUNK}
        answer = self._portal.call(self._send, program.source, tags)
        if answer.error is not None:
            raise LuaFailed(self.name, answer, program)
        return answer

    def get(self, expression: str) -> Any:
        """The value of a Lua expression as Python has it, by way of JSON; leaves no trace. Raises LuaFailed."""
        source = f'return require("json").encode({{ value = {expression} }})'
        answer = Answer(self._portal.call(self._process.dry_run, source))
        if answer.error is not None:
            raise LuaFailed(self.name, answer)
        # An empty Lua table is a list to JSON: there nothing was said of a value.
        return (json.loads(answer.data) or {}).get("value")

    def dry_run(self, data: str = "", **tags: str) -> Answer:
        """What the process would give for a message; leaves no trace."""
        return self._portal.call(self._dry_run, data, tags)

    def inbox(self) -> tuple[InboxMessage, ...]:
        """The messages that no handler took."""
        return self._portal.call(self._process.inbox)

    async def _send(self, data: str, tags: Tags) -> Answer:
        client = self._wallet
        message = await client.message(self.id, data=data, tags=pairs_of(tags))
        result = await client.result(self.id, message)
        await client.settled(message)
        return Answer(result)

    async def _dry_run(self, data: str, tags: Tags) -> Answer:
        return Answer(await self._wallet.dry_run(self.id, data=data, tags=pairs_of(tags)))


def pairs_of(tags: Tags) -> tuple[Tag, ...]:
    """Tags by name, in order."""
    return tuple(Tag(name, value) for name, value in tags.items())
