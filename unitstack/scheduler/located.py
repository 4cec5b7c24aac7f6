"""A scheduler made of many elsewhere: each process is asked about where its own scheduler is."""

from collections.abc import Awaitable, Callable, Sequence

from unitstack.errors import Refused
from unitstack.scheduler.locating import Locator
from unitstack.units import Page, Scheduler
from unitstack.wire.assignments import Assignment, BlockTime, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.tags import find

Play = Callable[[str], Awaitable[Scheduler]]


class LocatedScheduler:
    """Plays `Scheduler`. `play` gives the one at a URL, which is kept."""

    def __init__(self, locator: Locator, play: Play) -> None:
        self._locator = locator
        self._play = play
        self._known: dict[str, Scheduler] = {}
        self._last: Scheduler | None = None

    async def schedule(self, item: DataItem) -> Assignment:
        hint = find(item.tags, "Scheduler") if find(item.tags, "Type") == "Process" else None
        process = ProcessId(TxId(item.target_id or item.id))
        return await (await self._of(process, hint)).schedule(item)

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> Assignment:
        one = await self._of(process)
        return await one.assign(process, tx, exclude=exclude, base_layer=base_layer)

    async def process(self, id: ProcessId) -> ScheduledMessage:
        return await (await self._of(id)).process(id)

    async def message(
        self, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        return await (await self._of(process)).message(process, message)

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        return await (await self._of(process)).messages(process, after=after, limit=limit)

    async def now(self) -> BlockTime:
        """That of the scheduler that was asked last. Raises Refused where none was."""
        if self._last is None:
            raise Refused("no scheduler was asked about a process yet, so that none tells the time")
        return await self._last.now()

    async def _of(self, process: ProcessId, hint: str | None = None) -> Scheduler:
        location = await self._locator.locate(process, Address(hint) if hint else None)
        known = self._known.get(location.url)
        if known is None:
            known = self._known[location.url] = await self._play(location.url)
        self._last = known
        return known
