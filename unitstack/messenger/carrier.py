"""Carries work to the other parts, and brings back what it sets off."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar, assert_never

from unitstack.errors import Duplicate, NotFound, UnitUnreachable
from unitstack.messenger.crank import Resolve, effects_of, no_names
from unitstack.messenger.owed import Birth, Delivery, Follow, Handover, Owed, Work, signed
from unitstack.units import Compute, Gateway, Scheduler
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Process, read_process
from unitstack.wire.results import Outbox
from unitstack.wire.tags import find
from unitstack.wire.vouched import Vouched

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parts:
    """Those that a messenger asks."""

    scheduler: Scheduler
    compute: Compute
    gateway: Gateway


@dataclass(frozen=True, slots=True)
class Outcome:
    """What work sets off, and what is to be told of it."""

    works: tuple[Work, ...] = ()
    notes: tuple[str, ...] = ()


class Carrier:
    """Knows how each kind of work is done. `resolve` may be set: it gives the processes that names mean."""

    def __init__(
        self, parts: Parts, signer: Signer, vouched: Vouched, delays: tuple[float, ...]
    ) -> None:
        self.resolve: Resolve = no_names
        self._parts = parts
        self._signer = signer
        self._vouched = vouched
        self._delays = delays
        self._processes: dict[ProcessId, Process] = {}

    async def carry_out(self, owed: Owed) -> Outcome:
        """Does the work; done twice it is done once. Raises what the parts raise."""
        match owed.work:
            case Delivery(item):
                if not await self._arrives(item, owed):
                    return Outcome()
                process = ProcessId(TxId(item.target_id or item.id))
                return await self._follow(Follow(process, MessageId(item.id)), owed.cause.root)
            case Birth(item, notice):
                await self._arrives(item, owed)
                boot = Follow(ProcessId(item.id), MessageId(item.id))
                return Outcome((Delivery(notice), boot), _distrust(item))
            case Handover():
                return await self._follow(await self._hand_over(owed.work), None)
            case Follow():
                return await self._follow(owed.work, owed.cause.root)
            case _:
                assert_never(owed.work)

    async def resumed(self, work: Work) -> Work:
        """The work as it is left after a crash, of which nobody knows whether it came before the work was done."""
        if not isinstance(work, Handover):
            return work
        try:
            found = await self._parts.scheduler.message(work.process, MessageId(work.message))
        except NotFound:
            return work
        return Follow(work.process, found.assignment.id)

    async def outcome(self, process: ProcessId, outbox: Outbox, root: MessageId | None) -> Outcome:
        """What the process's outbox sets off."""
        if outbox == Outbox():
            return Outcome()
        sender = await self._process(process)
        works, dropped = signed(effects_of(outbox, sender, root, self.resolve), self._signer)
        return Outcome(works, tuple(map(str, dropped)))

    async def _follow(self, follow: Follow, root: MessageId | None) -> Outcome:
        compute = self._parts.compute
        result = await self._patiently(lambda: compute.result(follow.process, follow.message))
        return await self.outcome(follow.process, result.outbox, root)

    async def _arrives(self, item: DataItem, owed: Owed) -> bool:
        """Whether the item is in a process's log. A process may write to a wallet: then a gateway keeps the message."""
        self._vouched.vouch(item)
        try:
            await self._patiently(lambda: self._parts.scheduler.schedule(item))
        except Duplicate:
            return True
        except NotFound:
            if owed.cause.depth == 0:
                raise
            await self._patiently(lambda: self._parts.gateway.upload(item))
            return False
        return True

    async def _hand_over(self, work: Handover) -> Follow:
        scheduler = self._parts.scheduler
        assignment = await self._patiently(
            lambda: scheduler.assign(
                work.process, work.message, exclude=work.exclude, base_layer=work.base_layer
            )
        )
        return Follow(work.process, assignment.id)

    async def _process(self, id: ProcessId) -> Process:
        known = self._processes.get(id)
        if known is None:
            known = self._processes[id] = read_process(await self._item_of(id))
        return known

    async def _item_of(self, process: ProcessId) -> DataItem:
        scheduled = await self._patiently(lambda: self._parts.scheduler.process(process))
        if scheduled.message is not None:
            return scheduled.message.item
        return await self._patiently(lambda: self._parts.gateway.item(process))

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        for delay in self._delays:
            try:
                return await ask()
            except UnitUnreachable:
                await sleep(delay)
        return await ask()


def _distrust(process: DataItem) -> tuple[str, ...]:
    """A process that names no messenger hears nobody but its owner: hardly ever what its parent meant."""
    if find(process.tags, "Authority") is not None:
        return ()
    return (
        f"process {process.id} was spawned without an Authority tag: it trusts no message of another process; "
        "Spawn(module, { Authority = ao.authorities[1] }) gives it its parent's",
    )
