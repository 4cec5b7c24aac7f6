"""Finds out what is new in a session since a panel was last told."""

from collections.abc import Iterable
from time import monotonic

from ao_kernel.chronicle import Event
from ao_kernel.networks.local import LocalNetwork
from ao_kernel.panel.messages import Clock, Inbox, ProcessNow, SessionNow, Trace
from ao_kernel.panel.telling import NAME, inbox_now, process_now
from ao_kernel.panel.traces import Traces
from ao_kernel.session import Session
from unitstack.errors import AoError, Interrupted
from unitstack.wire.ids import ProcessId, TxId

LEAP = 1000
"""Milliseconds by which a clock is set on before that is news."""

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
        self._told_at = 0.0

    def forget(self) -> None:
        """The panel knows nothing: all that there is will be new to it."""
        self._said.clear()
        self._told = None

    async def is_outdated(self, changed: Iterable[ProcessId]) -> bool:
        """Whether the world was taken back, so that there are processes and messages known here which never were."""
        there = {process for _, process in self._world}
        if not self._said.keys() <= there:
            return True
        counted = [(each, self._counted[each]) for each in changed if each in self._counted]
        return any([await self._chronicle.length(each) <= last for each, last in counted])

    async def everything(self) -> frozenset[ProcessId]:
        """All processes there are, those that others have spawned included."""
        await self._world.discover()
        return frozenset(process for _, process in self._world)

    async def session(self) -> SessionNow | None:
        """The session, if anything of it is new."""
        now = await self._session_now()
        if not self._is_news(now):
            return None
        self._told, self._told_at = now, monotonic()
        return now

    def _is_news(self, now: SessionNow) -> bool:
        told = self._told
        if told is None or now != {**told, "clock": now["clock"]}:
            return True
        # A clock that runs is no news as long as it runs on as it did.
        passed = (monotonic() - self._told_at) * 1000
        return not _runs_on(told["clock"], now["clock"], passed)

    async def _session_now(self) -> SessionNow:
        session = self._session
        current = session.world.find_id(session.current) if session.current else None
        own = session.network if isinstance(session.network, LocalNetwork) else None
        return {
            "current": current or "",
            "you": session.network.address,
            "place": {"is_shared": session.network.is_shared, "host": session.network.host},
            "clock": _clock(own) if own else None,
            "snapshots": [each.name[:NAME] for each in own.stack.world.snapshots()] if own else [],
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
        """The inbox of a process, or why it is not to be seen. Waits while the process is busy. Raises Interrupted."""
        try:
            found = await self._chronicle.inbox(ProcessId(TxId(process)), letters)
        except Interrupted:
            raise
        except AoError as error:
            return {"process": process, "letters": [], "refused": str(error)}
        return inbox_now(process, found, self._world.name_of)


def _clock(network: LocalNetwork) -> Clock:
    clock = network.stack.world.clock
    now = clock()
    return {"height": now.height, "timestamp": now.timestamp, "runs": clock.dial.runs}


def _runs_on(before: Clock | None, now: Clock | None, passed: float) -> bool:
    """Whether a clock shows what it would by itself, after so many milliseconds."""
    if before is None or now is None:
        return before == now
    expected = before["timestamp"] + (passed if before["runs"] else 0)
    return before["runs"] == now["runs"] and abs(now["timestamp"] - expected) < LEAP
