"""Gives the gateway what was scheduled: each message with its assignment, in order, as soon as may be."""

import asyncio
import logging
from asyncio import Task, TimerHandle
from collections.abc import Callable, Sequence
from itertools import chain, groupby

from unitstack.errors import AoError, InvalidItem, Refused
from unitstack.scheduler.store import Entry, ScheduleStore
from unitstack.units import Gateway
from unitstack.wire.data_item import DataItem
from unitstack.wire.vouched import Vouched

_log = logging.getLogger(__name__)
_BURST = 64
# So long may items wait for others to be given with them, where nobody asks for them.
_PATIENCE = 0.05

Shelve = Callable[[Sequence[DataItem], int], None]
"""Keeps items that were verified already, in this order: all of them, or none. They came when the newest block had that
height, however long they were kept back."""
Settle = Callable[[], None]
"""Gives at once what waits."""


class HandOver:
    """Runs beside the scheduler, so that a slow gateway delays no one. What a gateway that is away has not been given is
    owed: it is given with what is scheduled next, also after a restart. With a `shelve`, items wait a moment for others to
    be given with them, but no longer than until `settle` is called."""

    def __init__(self, store: ScheduleStore, gateway: Gateway, vouched: Vouched) -> None:
        self.shelve: Shelve | None = None
        self._store = store
        self._gateway = gateway
        self._vouched = vouched
        self._task: Task[None] | None = None
        self._away = False
        self._waiting = 0
        self._timer: TimerHandle | None = None

    async def begin(self) -> None:
        """A gateway in this process has all when this returns, or asks for it; one elsewhere will."""
        if self.shelve is not None:
            self._wait()
            return
        self._start()
        # The task is started before this goes on: the loop runs what is ready in order.
        await asyncio.sleep(0)

    async def finish(self) -> None:
        """Returns when the gateway has all, or is away."""
        await self._start()

    async def stop(self) -> None:
        """Gives up what runs; it stays owed."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
        self.settle()
        self._forget_timer()

    def forget(self) -> None:
        """What was to be given is not any more: the log is another one."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._forget_timer()
        # Of the other log, too, something may not have been given yet.
        self._waiting = 1

    def settle(self) -> None:
        """Gives at once what waits for others to be given with it."""
        if self.shelve is not None and self._waiting:
            self._forget_timer()
            while self._give_some(self.shelve):
                pass

    def _wait(self) -> None:
        self._waiting += 1
        if self._waiting >= _BURST:
            self.settle()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PATIENCE, self.settle)

    def _forget_timer(self) -> None:
        self._waiting = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self) -> Task[None]:
        if self._task is None or self._task.done():
            running = self._run() if self.shelve is None else self._run_through(self.shelve)
            self._task = asyncio.create_task(running, name="hand over to the gateway")
        return self._task

    async def _run_through(self, shelve: Shelve) -> None:
        more = True
        while more:
            more = self._give_some(shelve)
            await asyncio.sleep(0)

    def _give_some(self, shelve: Shelve) -> bool:
        """Gives as many as make one transaction; whether there may be more."""
        entries = self._store.entries(self._store.handed_over, _BURST)
        if not entries:
            return False
        try:
            for height, scheduled in groupby(entries, key=_height_of):
                self._shelve(shelve, tuple(scheduled), height)
        except AoError as error:
            self._tell(entries[0], error)
            return False
        self._away = False
        return len(entries) == _BURST

    def _shelve(self, shelve: Shelve, entries: Sequence[Entry], height: int) -> None:
        try:
            shelve(tuple(chain.from_iterable(map(_items_of, entries))), height)
        except (InvalidItem, Refused) as error:
            if len(entries) > 1:
                for entry in entries:
                    self._shelve(shelve, (entry,), height)
                return
            _log.warning("the gateway does not take entry %d: %s", entries[0].number, error)
        self._store.hand_over(entries[-1].number)

    async def _run(self) -> None:
        given = 0
        while entry := self._store.find_entry(self._store.handed_over + 1):
            try:
                await self._give(entry)
            except (InvalidItem, Refused) as error:
                _log.warning("the gateway does not take entry %d: %s", entry.number, error)
            except AoError as error:
                self._tell(entry, error)
                return
            self._away = False
            self._store.hand_over(entry.number)
            given += 1
            if given % _BURST == 0:
                await asyncio.sleep(0)

    async def _give(self, entry: Entry) -> None:
        for item in _items_of(entry):
            # Verified when it was scheduled, or signed here.
            self._vouched.vouch(item)
            await self._gateway.upload(item)

    def _tell(self, entry: Entry, error: AoError) -> None:
        # Once, not with each message, for as long as the gateway is away.
        if not self._away:
            _log.warning("the gateway is not given entry %d yet: %s", entry.number, error)
        self._away = True


def _height_of(entry: Entry) -> int:
    return entry.scheduled.assignment.block.height


def _items_of(entry: Entry) -> tuple[DataItem, ...]:
    given = (entry.scheduled.message, entry.scheduled.assignment)
    return tuple(each.item for each in given if each is not None)
