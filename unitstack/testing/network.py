"""A network for tests: the real units in this process, in a thread of their own, so that a test is plain Python."""

import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from anyio.from_thread import start_blocking_portal

from unitstack.client.answers import Answer
from unitstack.client.client import Client
from unitstack.client.process import InboxMessage, Process
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.units import Cascade
from unitstack.wire.data_item import SignatureType
from unitstack.wire.ids import MessageId, ProcessId
from unitstack.wire.keys import generate
from unitstack.wire.tags import Tag

T = TypeVar("T")
Tags = Mapping[str, str]


class Portal(Protocol):
    """Runs coroutines in the thread of the network."""

    def call(self, func: Callable[..., Coroutine[Any, Any, T]], *args: object) -> T:
        """What it gave, once it is done."""


class LuaFailed(AssertionError):
    """Lua that a test had evaluated failed."""

    def __init__(self, process: str, answer: Answer) -> None:
        super().__init__(f"{process}: {answer.error}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message, what it gave, and how much came of it by the time that nothing of it was owed any more."""

    message: MessageId
    answer: Answer
    cascade: Cascade


@dataclass(frozen=True, slots=True)
class Actor:
    """A process, asked from a test. Everything waits until all that it set off has settled."""

    _portal: Portal
    _process: Process
    _wallet: Client

    @property
    def id(self) -> ProcessId:
        """The process's id."""
        return self._process.id

    @property
    def name(self) -> str:
        """What the test calls it."""
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
        """Evaluates a Lua file; errors tell its own lines. Raises LuaFailed."""
        file = Path(path)
        tags = {"Action": "Eval", "Chunk-Name": file.name}
        answer = self._portal.call(self._send, file.read_text(encoding="utf-8"), tags)
        if answer.error is not None:
            raise LuaFailed(self.name, answer)
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
        message = await client.message(self.id, data=data, tags=_pairs(tags))
        result = await client.result(self.id, message)
        await client.settled(message)
        return Answer(result)

    async def _dry_run(self, data: str, tags: Tags) -> Answer:
        return Answer(await self._wallet.dry_run(self.id, data=data, tags=_pairs(tags)))


class Network:
    """An ao network for tests. Every process in it is there until it closes; each test makes its own."""

    def __init__(self, portal: Portal, stack: Stack) -> None:
        self._portal = portal
        self._stack = stack
        self.owner = stack.client(generate(SignatureType.ED25519))

    def spawn(self, name: str = "process", source: str = "", tags: Tags | None = None) -> Actor:
        """A new process, owned by `owner`, with that Lua evaluated in it. Raises LuaFailed."""
        process = self._portal.call(self._spawn, name, tags or {})
        actor = Actor(self._portal, process, self.owner)
        if source:
            actor.eval(source)
        return actor

    def stranger(self) -> Client:
        """A wallet that owns nothing here."""
        return self._stack.client(generate(SignatureType.ED25519))

    def as_seen_by(self, stranger: Client, actor: Actor) -> Actor:
        """The same process, sent to by another wallet."""
        return Actor(self._portal, stranger.process(actor.id, actor.name), stranger)

    async def _spawn(self, name: str, tags: Tags) -> Process:
        process = await self.owner.spawn(name, tags=_pairs(tags))
        await self.owner.settled(MessageId(process.id))
        return process


@contextmanager
def open_network(engine: str = "wasm", compiled: Path | None = None) -> Iterator[Network]:
    """A network in memory, until the block ends. Raises ValueError for an engine that there is not."""
    settings = StackSettings(engine=EngineName(engine), compiled=compiled)
    with ExitStack() as closing:
        portal = closing.enter_context(start_blocking_portal())
        opening = portal.wrap_async_context_manager(open_stack(None, settings=settings))
        yield Network(portal, closing.enter_context(opening))


def _pairs(tags: Tags) -> tuple[Tag, ...]:
    return tuple(Tag(name, value) for name, value in tags.items())
