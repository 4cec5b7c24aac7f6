"""A network for tests: the real units in this process, in a thread of their own, so that a test is plain Python."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from anyio.from_thread import start_blocking_portal

from unitstack.client.actor import Actor, Portal, Tags, pairs_of
from unitstack.client.client import Client
from unitstack.client.process import Process
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.wire.data_item import SignatureType
from unitstack.wire.ids import MessageId
from unitstack.wire.keys import generate


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
        process = await self.owner.spawn(name, tags=pairs_of(tags))
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
