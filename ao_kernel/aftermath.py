"""What comes after a message: waiting until all that it set off has settled, and showing that."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from ao_kernel.live import Follower
from ao_kernel.outputs import Printed, Show, Shown, labelled
from ao_kernel.rendering import Source, failure_of
from ao_kernel.summary import Delivery, summary_bundle
from ao_kernel.tracing import Tracer, undelivered
from ao_kernel.world import World
from unitstack.units import Cascade, Units
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import MessageId, ProcessId
from unitstack.wire.results import EvalResult


@dataclass(frozen=True, slots=True)
class Settled:
    """All that a message set off, once nothing of it is owed any more."""

    cascade: Cascade
    deliveries: tuple[Delivery, ...]
    spawned: tuple[str, ...]
    is_waiting: bool = False

    def show(self, show: Show, source: Source, *, summary: bool) -> None:
        """Errors of others and a budget that ran out are always shown, the table if it is wanted."""
        for delivery in self.deliveries:
            if delivery.error is not None:
                text = failure_of(delivery.error, source)
                show(Printed(labelled(delivery.receiver, text), "stderr"))
        if summary and (self.deliveries or self.spawned):
            show(Shown(summary_bundle(self.deliveries, self.spawned)))
        for note in self.cascade.notes:
            show(Printed(f"note: {note}\n", "stderr"))
        if self.cascade.stopped:
            show(Printed(warning(self.cascade), "stderr"))
        if self.is_waiting:
            show(Printed("waiting: this cell goes on when a message comes that matches\n"))


def warning(cascade: Cascade) -> str:
    """What a person must know of a cascade that was stopped."""
    return (
        f"warning: {cascade.stopped}; {cascade.done} messages went out, {cascade.owed} were dropped. "
        "`%budget N` sets how many a cell may set off\n"
    )


class Aftermath:
    """Follows the processes of a world, and tells what each message set off there."""

    def __init__(self, units: Units, world: World, show_live: Show) -> None:
        self._units = units
        self._world = world
        self._follower = Follower(units.compute, world.name_of, show_live)
        self._tracer = Tracer(units, world.name_of)
        self._waiting: dict[ProcessId, int] = {}

    def follow(self, process: ProcessId) -> None:
        """From now on shows what a process prints on its own."""
        self._follower.follow(process)

    async def join(self, process: ProcessId) -> None:
        """Follows a process from here on: what it printed and was sent before may be more than can be read."""
        page = await self._units.compute.results(process, newest_first=True, limit=1)
        newest = page.items[0].ordinate if page.items else None
        if newest is not None:
            self._tracer.seen.setdefault(process, newest.nonce)
        self._follower.follow(process, newest)

    async def follow_all(self) -> tuple[str, ...]:
        """Finds processes that were spawned by others, and follows them too; answers with their names."""
        found = await self._world.discover()
        for _, process in self._world:
            self._follower.follow(process)
        return found

    async def settle(self, root: MessageId) -> Cascade:
        """Waits until nothing that the message set off is owed any more."""
        return await self._units.messenger.settled(root)

    async def tell(self, cascade: Cascade, sender: ProcessId, result: EvalResult) -> Settled:
        """What a message set off. What was printed on the way is shown by then."""
        spawned = await self.follow_all()
        await self._follower.catch_up()
        known = [process for _, process in self._world]
        deliveries = await self._tracer.deliveries(cascade.root, known)
        lost = [
            undelivered(message, self._world.name_of(sender), self._world.name_of)
            for message in result.outbox.messages
            if message.target not in (*known, *self._world.names)
        ]
        waits = await self._waits(sender, result)
        named = replace(cascade, notes=tuple(map(self._world.with_names, cascade.notes)))
        return Settled(named, (*deliveries, *lost), spawned, waits)

    async def _waits(self, process: ProcessId, result: EvalResult) -> bool:
        """Whether the message left something waiting, and nothing that came of it has woken that."""
        before = self._waiting.get(process, 0)
        page = await self._units.compute.results(process, newest_first=True, limit=1)
        now = page.items[0].result.output.waiting if page.items else 0
        self._waiting[process] = now
        return before < result.output.waiting <= now

    def changes(self, process: ProcessId) -> Callable[[], Awaitable[None]]:
        """Something to wait on again and again: each time it returns once the process has been sent something more."""
        seen: Ordinate | None = None

        async def changed() -> None:
            nonlocal seen
            await self._units.compute.evaluated(process, seen)
            page = await self._units.compute.results(process, newest_first=True, limit=1)
            seen = page.items[0].ordinate if page.items else seen

        return changed

    async def close(self) -> None:
        """Stops following."""
        await self._follower.close()
