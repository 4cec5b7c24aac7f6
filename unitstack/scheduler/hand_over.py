"""Gives the gateway what was scheduled: each message with its assignment, in order, as soon as may be."""

import asyncio
import logging
from asyncio import Task

from unitstack.errors import AoError, InvalidItem, Refused
from unitstack.scheduler.store import Entry, ScheduleStore
from unitstack.units import Gateway
from unitstack.wire.vouched import Vouched

_log = logging.getLogger(__name__)
_BURST = 64


class HandOver:
    """Runs beside the scheduler, so that a slow gateway delays no one. What a gateway that is away has not been given is
    owed: it is given with what is scheduled next, also after a restart."""

    def __init__(self, store: ScheduleStore, gateway: Gateway, vouched: Vouched) -> None:
        self._store = store
        self._gateway = gateway
        self._vouched = vouched
        self._task: Task[None] | None = None
        self._away = False

    async def begin(self) -> None:
        """A gateway in this process has all when this returns; one elsewhere will."""
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

    def _start(self) -> Task[None]:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="hand over to the gateway")
        return self._task

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
        scheduled = entry.scheduled
        given = (scheduled.message, scheduled.assignment)
        for item in (each.item for each in given if each is not None):
            # Verified when it was scheduled, or signed here.
            self._vouched.vouch(item)
            await self._gateway.upload(item)

    def _tell(self, entry: Entry, error: AoError) -> None:
        # Once, not with each message, for as long as the gateway is away.
        if not self._away:
            _log.warning("the gateway is not given entry %d yet: %s", entry.number, error)
        self._away = True
