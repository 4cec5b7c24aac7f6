"""The session as Python cells meet it: processes to send to, and their logs and inboxes as tables."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from ao_kernel.chronicle import Event
from ao_kernel.session import Session
from ao_kernel.telling.tracing import outcome_of
from unitstack.client.actor import Actor
from unitstack.client.answers import Answer
from unitstack.client.client import Client
from unitstack.client.drafts import Defaults
from unitstack.wire.ids import Address, ModuleId, ProcessId, TxId

T = TypeVar("T")
Rows = list[dict[str, Any]]

NOTHING = Defaults(ModuleId(TxId("")), Address(""))
"""Processes are spawned by the session, which knows what they get."""


@dataclass(frozen=True, slots=True)
class Loop:
    """The session's loop, for callers in another thread."""

    loop: asyncio.AbstractEventLoop

    def call(self, func: Callable[..., Coroutine[Any, Any, T]], *args: object) -> T:
        """What the coroutine gave, once it is done."""
        return asyncio.run_coroutine_threadsafe(func(*args), self.loop).result()


class Ao:
    """`ao` in Python cells: `ao.eval("return 6 * 7").value`, `ao.send("alice", Action="Ping")`, `ao.log("alice")`,
    `ao.inbox()`, `ao.processes()`. Tables are pandas' where that is installed, lists of dicts where it is not."""

    def __init__(self, session: Session, loop: asyncio.AbstractEventLoop) -> None:
        self._session = session
        self._portal = Loop(loop)

    def __repr__(self) -> str:
        return f"ao: {', '.join(self._session.world.names) or 'no process yet'}"

    def __getitem__(self, name: str) -> Actor:
        """The process of that name or id. Raises NotFound."""
        return self.process(name)

    def process(self, name: str | None = None) -> Actor:
        """A process by its name or id; without one, the current one. Raises NotFound."""
        return self._actor(self._portal.call(self._find, name))

    def spawn(self, name: str) -> Actor:
        """A new process, which the next cells go to. Raises Refused."""
        return self._actor(self._portal.call(self._session.spawn, name))

    def eval(self, source: str, process: str | None = None) -> Answer:
        """Evaluates Lua. Raises LuaFailed."""
        return self.process(process).eval(source)

    def send(self, process: str, data: str = "", **tags: str) -> Answer:
        """Sends a message, and waits until all that it set off has settled."""
        return self.process(process).send(data, **tags)

    def processes(self) -> Any:
        """All processes at a glance."""
        facts = self._portal.call(self._session.chronicle.overview)
        return framed(
            [
                {
                    "name": each.name,
                    "messages": each.nonce + 1,
                    "inbox": each.inbox,
                    "errors": each.errors,
                    "waiting": each.waiting,
                    "handlers": list(each.handlers),
                    "id": each.process,
                }
                for each in facts
            ]
        )

    def log(self, process: str | None = None) -> Any:
        """A process's messages, the oldest first, with what each gave."""
        events = self._portal.call(self._events, process)
        return framed([self._row(event) for event in events])

    def inbox(self, process: str | None = None) -> Any:
        """The messages that no handler of a process took, the oldest first. Raises Refused."""
        name_of = self._session.world.name_of
        return framed(
            [
                {
                    "from": name_of(each.sender),
                    "action": each.action,
                    "data": each.data,
                    "timestamp": each.timestamp,
                    "tags": dict(each.tags),
                }
                for each in self.process(process).inbox()
            ]
        )

    def _actor(self, process: ProcessId) -> Actor:
        session = self._session
        client = Client(session.units, session.network.wallet, NOTHING)
        return Actor(self._portal, client.process(process, session.world.name_of(process)), client)

    async def _find(self, name: str | None) -> ProcessId:
        session = self._session
        return await (session.process() if name is None else session.world.process(name))

    async def _events(self, process: str | None) -> tuple[Event, ...]:
        place, found = await self._find(process), list[Event]()
        while page := await self._session.chronicle.events(
            place, after=found[-1].nonce if found else None
        ):
            found += page
        return tuple(found)

    def _row(self, event: Event) -> dict[str, Any]:
        return {
            "nonce": event.nonce,
            "from": self._session.world.name_of(event.sender),
            "action": event.action,
            "data": event.data,
            "outcome": outcome_of(event.result) if event.result else event.problem,
            "gas": event.result.gas_used if event.result else 0,
            "timestamp": event.block.timestamp,
            "message": event.message,
        }


def framed(rows: Rows) -> Any:
    """The rows as a DataFrame, if there is pandas."""
    try:
        from pandas import (  # type: ignore[import-untyped]  # noqa: PLC0415
            DataFrame,
        )  # it takes half a second, and may not be there
    except ImportError:
        return rows
    return DataFrame(rows)
