"""What comes after a message: waiting until all that it set off has settled, and showing that."""

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from ao_kernel.ansi import plain
from ao_kernel.chronicle import Chronicle, Event
from ao_kernel.errors.failures import failure_of
from ao_kernel.errors.hints import unaddressed
from ao_kernel.errors.source import Source
from ao_kernel.live import Follower
from ao_kernel.outputs import Printed, Show, Shown, labelled
from ao_kernel.pictures.deliveries import Delivery
from ao_kernel.telling.summary import summary_bundle
from ao_kernel.telling.tracing import deliveries_of
from ao_kernel.world import World
from unitstack.errors import AoError
from unitstack.units import Cascade, Units
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.results import EvalResult

ENOUGH = 200
"""Of a storm of assignments, this many are told."""

UNADDRESSED = ("it has no Target", "nor the name of a process here")
"""How the messenger ends a note on a message that it could send to nobody."""


@dataclass(frozen=True, slots=True)
class Settled:
    """All that a message set off, once nothing of it is owed any more; the first delivery is the message itself."""

    cascade: Cascade
    deliveries: tuple[Delivery, ...]
    spawned: tuple[str, ...]
    is_waiting: bool = False
    processes: tuple[str, ...] = ()

    @property
    def caused(self) -> tuple[Delivery, ...]:
        """All but the message itself."""
        return tuple(each for each in self.deliveries if each.message != self.cascade.root)

    def show(self, show: Show, source: Source, *, summary: bool) -> None:
        """Errors of others and a budget that ran out are always shown, the table if it is wanted."""
        for delivery in self.caused:
            if delivery.failed is not None:
                text = failure_of(delivery.failed, source, delivery.described)
                show(Printed(labelled(delivery.receiver.name, text), "stderr"))
        if summary and (self.caused or self.spawned):
            show(Shown(summary_bundle(self.caused, self.spawned)))
        for note in self.cascade.notes:
            show(Printed(f"note: {plain(note)}\n", "stderr"))
        if any(note.endswith(UNADDRESSED) for note in self.cascade.notes):
            show(Printed(f"hint: {plain(unaddressed(source.text, self.processes))}\n", "stderr"))
        if self.cascade.stopped:
            show(Printed(warning(self.cascade), "stderr"))
        if self.is_waiting:
            show(Printed("waiting: this cell goes on when a message comes that matches\n"))


def warning(cascade: Cascade) -> str:
    """What a person must know of a cascade that was stopped."""
    return (
        f"warning: {plain(cascade.stopped)}; {cascade.done} messages went out, {cascade.owed} were dropped. "
        "`%budget N` sets how many a cell may set off\n"
    )


class Aftermath:
    """Follows the processes of a world, and tells what each message set off there."""

    def __init__(self, units: Units, world: World, chronicle: Chronicle, show_live: Show) -> None:
        self._units = units
        self._world = world
        self._chronicle = chronicle
        self._follower = Follower(units.compute, world, show_live)
        self._waiting: dict[ProcessId, int] = {}

    def follow(self, process: ProcessId) -> None:
        """From now on shows what a process prints on its own."""
        self._follower.follow(process)

    async def join(self, process: ProcessId) -> None:
        """Follows a process from here on: what it printed and was sent before may be more than can be read."""
        page = await self._units.compute.results(process, newest_first=True, limit=1)
        newest = page.items[0] if page.items else None
        # What has waited since before is nothing that a cell to come has left waiting.
        self._waiting[process] = newest.result.output.waiting if newest else 0
        self._follower.follow(process, newest.ordinate if newest else None)

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
        deliveries = await self.deliveries(cascade.root)
        waits = await self._waits(sender, result)
        named = replace(cascade, notes=tuple(map(self._world.with_names, cascade.notes)))
        return Settled(named, deliveries, spawned, waits, self._world.names)

    async def deliveries(self, root: MessageId) -> tuple[Delivery, ...]:
        """A message and all that it has set off so far."""
        events = await self._chronicle.set_off(root)
        known = {process for _, process in self._world} | set(self._world.names)
        return deliveries_of(events, self._world, known, await self._assigned(events))

    async def _assigned(self, events: tuple[Event, ...]) -> dict[tuple[str, str], Event]:
        """What these messages had assigned to processes that are known here."""
        asked = (e for event in events if event.result for e in event.result.outbox.assignments)
        wanted = ((name, each.message) for each in asked for name in each.processes)
        found: dict[tuple[str, str], Event] = {}
        for name, message in islice(wanted, ENOUGH):
            place = self._world.find_id(name) or ProcessId(TxId(name))
            with suppress(AoError):
                found[name, message] = await self._chronicle.find(place, MessageId(TxId(message)))
        return found

    async def _waits(self, process: ProcessId, result: EvalResult) -> bool:
        """Whether the message left something waiting, and nothing that came of it has woken that."""
        before = self._waiting.get(process, 0)
        page = await self._units.compute.results(process, newest_first=True, limit=1)
        now = page.items[0].result.output.waiting if page.items else 0
        self._waiting[process] = now
        return before < result.output.waiting <= now

    async def catch_up(self) -> None:
        """Shows all that was printed by now, by processes too that were spawned meanwhile."""
        await self.follow_all()
        await self._follower.catch_up()

    async def begin_anew(self) -> None:
        """The world is another now, as after a rewind: its processes are followed from here on."""
        await self._follower.close()
        self._waiting.clear()
        for _, process in self._world:
            await self.join(process)

    async def close(self) -> None:
        """Stops following."""
        await self._follower.close()
