"""Finds out what is new in a session since a panel was last told."""

from collections.abc import Iterable

from ao_kernel.chronicle import Event
from ao_kernel.panel.messages import Inbox, ProcessNow, SessionNow, Trace
from ao_kernel.panel.telling import inbox_now, process_now
from ao_kernel.panel.traces import Traces
from ao_kernel.session import Session
from unitstack.errors import AoError, NotFound, Refused
from unitstack.wire.ids import ProcessId, TxId

ENOUGH = 300
"""Of a storm, this many messages of a process are counted in traces; those before them are passed over."""


class Reading:
    """What one panel knows of a session: it is told only what differs from that."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._chronicle = session.chronicle
        self._world = session.world
        self._traces = Traces(session.world.name_of)
        self._counted: dict[ProcessId, int] = {}
        self._said: dict[str, ProcessNow] = {}
        self._told: SessionNow | None = None

    def forget(self) -> None:
        """The panel knows nothing: all that there is will be new to it."""
        self._said.clear()
        self._told = None

    async def everything(self) -> frozenset[ProcessId]:
        """All processes there are, those that others have spawned included."""
        await self._world.discover()
        return frozenset(process for _, process in self._world)

    async def session(self) -> SessionNow | None:
        """The session, if anything of it is new."""
        now = await self._session_now()
        is_new = self._told is None or now != {**self._told, "clock": now["clock"]}
        self._told = now
        return now if is_new else None

    async def _session_now(self) -> SessionNow:
        session = self._session
        current = session.world.find_id(session.current) if session.current else None
        time = None if session.network.is_shared else await session.units.scheduler.now()
        return {
            "current": current or "",
            "you": session.network.address,
            "place": {"is_shared": session.network.is_shared, "host": session.network.host},
            "clock": {"height": time.height, "timestamp": time.timestamp} if time else None,
            "snapshots": [],
        }

    async def processes(self, changed: Iterable[ProcessId]) -> list[ProcessNow]:
        """Those of the processes that look different now."""
        found = []
        for process in changed:
            now = await self._process_now(process)
            if now is not None and now != self._said.get(process):
                self._said[process] = now
                found.append(now)
        return found

    async def _process_now(self, process: ProcessId) -> ProcessNow | None:
        try:
            return process_now(await self._chronicle.facts(process))
        except AoError:
            # Its unit is away, or a rewind has undone it: there is nothing to say of it for now.
            return None

    async def traces(self, changed: Iterable[ProcessId]) -> list[Trace]:
        """The traces that these processes' new messages belong to."""
        return self._traces.take([e for process in changed for e in await self._new(process)])

    @property
    def all_traces(self) -> list[Trace]:
        """The latest traces, the oldest first."""
        return self._traces.all

    async def _new(self, process: ProcessId) -> list[Event]:
        try:
            last = await self._chronicle.length(process) - 1
            counted = max(self._counted.get(process, -1), last - ENOUGH)
            events = await self._chronicle.events(
                process, after=counted if counted >= 0 else None, limit=ENOUGH
            )
        except AoError:
            return []
        # How the others went is not known yet; their process is told of again once it is.
        known = [event for event in events if event.result is not None or event.problem]
        self._counted[process] = known[-1].nonce if known else counted
        return known

    async def inbox(self, process: str, letters: int) -> Inbox:
        """The inbox of a process, or why it is not to be seen. Waits while the process is busy."""
        try:
            found = await self._chronicle.inbox(ProcessId(TxId(process)), letters)
        except (Refused, NotFound) as error:
            return {"process": process, "letters": [], "refused": str(error)}
        return inbox_now(process, found, self._world.name_of)
