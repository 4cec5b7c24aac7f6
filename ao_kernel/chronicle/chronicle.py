"""Reads the logs of a world's processes and tells what happened there. All pictures, widgets and tables stand on this."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from ao_kernel.ansi import plain
from ao_kernel.chronicle.events import Event, born_of, event_of, root_of, sender_of
from ao_kernel.chronicle.glance import (
    GLANCE,
    Facts,
    Glance,
    Letter,
    glance_of,
    letters_of,
    letters_source,
)
from ao_kernel.chronicle.news import News
from ao_kernel.chronicle.order import in_order, runs
from ao_kernel.chronicle.readings import Readings
from ao_kernel.errors.failures import message_of, text_of
from ao_kernel.tables import shortened
from ao_kernel.world import YOU, World
from unitstack.errors import AoError, NotFound, Refused
from unitstack.units import Units
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, MessageId, ProcessId, TxId
from unitstack.wire.messages import draft_of_eval, read_process
from unitstack.wire.results import EvalResult
from unitstack.wire.tags import find, find_all

PAGE = 1000
ENOUGH = 1000
"""Of a storm, this many events are told."""

HERE, ELSEWHERE = 0.05, 10.0
"""Seconds that a result may take before its process counts as busy: in this process, and over HTTP."""

POLL = 1.0
"""Seconds between two looks at units elsewhere, which tell nobody what they do."""


@dataclass(slots=True)
class Tally:
    """What a process's evaluated messages add up to, up to a nonce."""

    nonce: int = -1
    errors: int = 0
    gas: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Known:
    """What is kept of one process, so that it is read only once."""

    item: DataItem | None = None
    last: int = -1
    tally: Tally = field(default_factory=Tally)
    glance: Glance = field(default_factory=Glance)
    glanced_at: int = -2
    glancing: "asyncio.Task[Glance] | None" = None


class Chronicle:
    """Tells what happened in a world, and follows it."""

    def __init__(self, units: Units, world: World, address: Address, *, is_shared: bool) -> None:
        self._units = units
        self._world = world
        self._address = address
        self._is_shared = is_shared
        self._patience = ELSEWHERE if is_shared else HERE
        self._news = News()
        self._readings = Readings(units.compute, self._patience, self._news.tell)
        self._known: dict[ProcessId, Known] = {}
        self._places: dict[MessageId, list[tuple[ProcessId, int]]] = {}
        self._births: dict[ProcessId, list[tuple[ProcessId, int]]] = {}
        self._polling: asyncio.Task[None] | None = None

    def tell(self, process: ProcessId) -> None:
        """Something was scheduled to that process, or it has evaluated something."""
        self._news.tell(process)

    async def events(
        self, process: ProcessId, *, after: int | None = None, limit: int = PAGE
    ) -> tuple[Event, ...]:
        """The process's messages with nonces past `after`, ascending. Raises NotFound."""
        page = await self._units.scheduler.messages(process, after=after, limit=limit)
        return tuple([await self._event(scheduled) for scheduled in page.items])

    async def event(self, process: ProcessId, nonce: int) -> Event:
        """One message of a process. Raises NotFound."""
        found = await self.events(process, after=nonce - 1, limit=1) if nonce >= 0 else ()
        if not found or found[0].nonce != nonce:
            raise NotFound(f"in the log of {self._world.name_of(process)}, nonce", str(nonce))
        return found[0]

    async def find(self, process: ProcessId, message: MessageId) -> Event:
        """One message of a process by its id. Raises NotFound."""
        scheduled = await self._units.scheduler.message(process, message)
        return await self._event(scheduled)

    async def set_off(self, root: MessageId) -> tuple[Event, ...]:
        """That message and all that it has set off so far, in the order of cause and effect."""
        for _, process in self._world:
            await self._catch_up(process)
        events = await self._at(self._places.get(root, ())[:ENOUGH])
        for born in [event for event in events if event.nonce == 0 and event.message != root]:
            events += await self._at(self._births.get(born.process, ()))
        return in_order(events)

    async def _at(self, places: Sequence[tuple[ProcessId, int]]) -> list[Event]:
        """The messages at these places. What stands together in a log is read together."""
        found: list[Event] = []
        for process, first, last in runs(places):
            found += await self.events(
                process, after=first - 1 if first else None, limit=last - first + 1
            )
        return found

    async def length(self, process: ProcessId) -> int:
        """How many messages a process's log has, itself included. Raises NotFound."""
        await self._catch_up(process)
        return self._of(process).last + 1

    async def join(self, process: ProcessId) -> None:
        """Follows a process from here on: what it was sent before may be more than can be read."""
        page = await self._units.compute.results(process, newest_first=True, limit=1)
        nonce = page.items[0].ordinate.nonce if page.items else -1
        known = self._of(process)
        known.last = max(known.last, nonce)
        known.tally.nonce = max(known.tally.nonce, nonce)

    async def facts(self, process: ProcessId) -> Facts:
        """A process at a glance. One that is busy is told of as it was when it was last asked. Raises NotFound."""
        length = await self.length(process)
        tally = await self._tallied(process)
        item = await self._item(process)
        glance = await self._glance(process, tally.nonce)
        declared = read_process(item)
        return Facts(
            process=process,
            name=self._world.name_of(process),
            owner=await self._world.owner_of(process),
            module=declared.module,
            crons=tuple(cron.interval for cron in declared.cron),
            nonce=length - 1,
            evaluated=tally.nonce,
            errors=tally.errors,
            gas=tally.gas,
            waiting=tally.waiting,
            inbox=glance.inbox,
            handlers=glance.handlers,
            spawner=sender_of(item),
            authorities=find_all(item.tags, "Authority"),
        )

    async def overview(self) -> tuple[Facts, ...]:
        """All processes of the world at a glance, those too that others have spawned meanwhile."""
        await self._world.discover()
        return tuple([await self.facts(process) for _, process in self._world])

    async def inbox(
        self, process: ProcessId, count: int, *, most: int | None = None
    ) -> tuple[Letter, ...]:
        """The last messages that no handler of the process took, whole or of each the first so many bytes. Raises Refused
        where it does not show them."""
        draft = draft_of_eval(process, letters_source(count, most).encode())
        result = await self._units.compute.dry_run(process, draft, sender=self._address)
        letters = letters_of(result)
        if letters is None:
            raise Refused(await self._why_hidden(process, result))
        return letters

    async def _why_hidden(self, process: ProcessId, result: EvalResult) -> str:
        name = plain(self._world.name_of(process))
        if result.error is not None:
            return f"{name} does not show its inbox: {message_of(text_of(result.error))}"
        # A process evaluates its owner's Lua alone; anyone else's is a message like others, answered as it likes.
        owner = await self._world.owner_of(process)
        if owner != YOU:
            return f"{name} belongs to {plain(owner)}: only its owner can look into its inbox"
        said = shortened(plain(text_of(result.output.data)))
        return f"{name} does not show its inbox, but {said!r}"

    async def changes(self) -> AsyncGenerator[frozenset[ProcessId]]:
        """The processes that have changed since the last time, at most ten times a second. Ends with the session."""
        if self._is_shared and self._polling is None:
            self._polling = asyncio.create_task(self._poll())
        async with aclosing(self._news.changes()) as changes:
            async for changed in changes:
                yield changed

    def forget(self) -> None:
        """The world is another now, as after a rewind: all is read anew."""
        self._known.clear()
        self._places.clear()
        self._births.clear()
        self._readings.forget()
        for _, process in self._world:
            self._news.tell(process)

    def close(self) -> None:
        """Follows no more."""
        if self._polling is not None:
            self._polling.cancel()
        self._readings.close()
        self._news.close()

    def _of(self, process: ProcessId) -> Known:
        return self._known.setdefault(process, Known())

    async def _event(self, scheduled: ScheduledMessage) -> Event:
        assignment = scheduled.assignment
        item = (
            scheduled.message.item
            if scheduled.message
            else await self._assigned(assignment.message)
        )
        given = await self._readings.read(assignment.process, assignment.nonce, assignment.message)
        cause = self._readings.origin(
            find(item.tags, "From-Process") or "", find(item.tags, "Reference")
        )
        return event_of(assignment, item, cause, given)

    async def _assigned(self, message: MessageId) -> DataItem:
        """An item that was assigned from elsewhere: the log holds its id alone."""
        return await self._units.gateway.item(message)

    async def _catch_up(self, process: ProcessId) -> None:
        """Notes where in the log stands what each root has set off."""
        known = self._of(process)
        while True:
            page = await self._units.scheduler.messages(
                process, after=known.last if known.last >= 0 else None, limit=PAGE
            )
            for scheduled in page.items:
                # Another may have read the same page meanwhile.
                if scheduled.assignment.nonce > known.last:
                    known.last = scheduled.assignment.nonce
                    self._note(scheduled)
            if page.cursor is None or not page.items:
                return

    def _note(self, scheduled: ScheduledMessage) -> None:
        assignment = scheduled.assignment
        if scheduled.message is not None:
            root = root_of(scheduled.message.item, assignment.message)
            self._places.setdefault(root, []).append((assignment.process, assignment.nonce))
            # The news that a process was spawned says of which, and not what it was pushed for.
            born = born_of(scheduled.message.item)
            if born is not None:
                self._births.setdefault(born, []).append((assignment.process, assignment.nonce))

    async def _tallied(self, process: ProcessId) -> Tally:
        tally = self._of(process).tally
        for event in await self.events(process, after=tally.nonce if tally.nonce >= 0 else None):
            if event.result is None and not event.problem:
                break
            if event.nonce > tally.nonce:
                _count(tally, event)
        return tally

    async def _item(self, process: ProcessId) -> DataItem:
        known = self._of(process)
        if known.item is None:
            message = (await self._units.scheduler.process(process)).message
            known.item = message.item if message else await self._assigned(MessageId(TxId(process)))
        return known.item

    async def _glance(self, process: ProcessId, evaluated: int) -> Glance:
        """What the process says of itself, asked again only when it has evaluated more."""
        known = self._of(process)
        if known.glancing is None and known.glanced_at != evaluated:
            known.glanced_at = evaluated
            known.glancing = asyncio.ensure_future(self._ask(process))
            known.glancing.add_done_callback(lambda _: self._glanced(process, known))
        if known.glancing is not None:
            await asyncio.wait({known.glancing}, timeout=self._patience)
        return known.glance

    def _glanced(self, process: ProcessId, known: Known) -> None:
        task, known.glancing = known.glancing, None
        if task is not None and not task.cancelled():
            glance, known.glance = known.glance, task.result()
            if glance != known.glance:
                self._news.tell(process)

    async def _ask(self, process: ProcessId) -> Glance:
        draft = draft_of_eval(process, GLANCE.encode())
        try:
            return glance_of(
                await self._units.compute.dry_run(process, draft, sender=self._address)
            )
        except AoError:
            # Stopped, or a unit is away: what it last said of itself still stands for the time.
            return self._of(process).glance

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            for _, process in self._world:
                before = self._of(process).last
                try:
                    await self._catch_up(process)
                except AoError:
                    # A unit elsewhere may be away for a while; following goes on when it is back.
                    continue
                if self._of(process).last != before:
                    self._news.tell(process)


def _count(tally: Tally, event: Event) -> None:
    tally.nonce = event.nonce
    if event.result is not None:
        tally.errors += event.result.error is not None
        tally.gas += event.result.gas_used
        tally.waiting = event.result.output.waiting
    else:
        tally.errors += 1
