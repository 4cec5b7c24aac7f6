"""The messenger unit: takes signed items in, and carries out what processes ask for, until nothing is owed any more."""

import logging
import time
from asyncio import sleep
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic

from unitstack.errors import (
    AoError,
    EngineError,
    Interrupted,
    InvalidItem,
    NotFound,
    Refused,
    UnitUnreachable,
)
from unitstack.messenger.budget import Budget
from unitstack.messenger.carrier import Carrier, Outcome, Parts
from unitstack.messenger.cascades import Cascades, Progress
from unitstack.messenger.clocks import Clocks
from unitstack.messenger.crank import Resolve
from unitstack.messenger.lanes import Lanes
from unitstack.messenger.owed import (
    Cause,
    Delivery,
    Follow,
    Handover,
    Owed,
    Undoing,
    Undone,
    described,
    is_undone,
    lane_of,
)
from unitstack.messenger.store import MessengerStore
from unitstack.messenger.traces import Traces
from unitstack.units import Cascade
from unitstack.wire.addresses import address, process_address
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.keys import Signer
from unitstack.wire.results import Evaluation, Outbox
from unitstack.wire.tags import find_all
from unitstack.wire.vouched import Vouched

log = logging.getLogger(__name__)

ONE_LANE = "all"
MANY = 100_000
KEPT = "; what is owed is kept, and goes on when the messenger is opened again"
CLOSED = f"the messenger was closed{KEPT}"

# What the aos console trusts; no person may speak in its name to a process that does.
PUBLIC_MESSENGER = "fcoN_xJeisVsPXA-trzVAuIiqO3ydLQxM-L4XbrQKzY"

# What does not get better by doing it again. Anything else may: then the work stays owed.
FINAL = (InvalidItem, NotFound, Refused, EngineError, Interrupted, UnitUnreachable)


async def each_second() -> None:
    """As often as a cron can be due."""
    await sleep(1.0)


def wall_milliseconds() -> int:
    """Now, for what only says when something was."""
    return time.time_ns() // 1_000_000


def nothing() -> None:
    """Where it does not matter that something arrives."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a messenger waits: what time it is by, how often clocks of processes are looked at (None: when told to), and
    how long after a unit was unreachable it is asked again. Whose names no person's item may have in its From-Process,
    besides its own. In order, it does one thing at a time, so that the same is done in the same order each time;
    `arrive` is called before it takes in what a person sends."""

    clock: Callable[[], float] = monotonic
    pace: Callable[[], Awaitable[None]] | None = each_second
    delays: tuple[float, ...] = tuple(2.0**number for number in range(10))
    forbidden_senders: frozenset[str] = frozenset((PUBLIC_MESSENGER,))
    now: Callable[[], int] = wall_milliseconds
    in_order: bool = False
    arrive: Callable[[], object] = nothing


class MessengerUnit:
    """Plays `Messenger` here. `budget` may be set at any time: it holds for all that has not gone out yet."""

    def __init__(
        self,
        store: MessengerStore,
        wallet: Signer,
        parts: Parts,
        *,
        budget: Budget | None = None,
        vouched: Vouched | None = None,
        settings: Settings | None = None,
    ) -> None:
        chosen = settings or Settings()
        self.budget = budget or Budget()
        self.traces = Traces(chosen.now)
        # Processes trust it: who speaks in its name would be trusted as well.
        own = frozenset((address(wallet.owner), process_address(wallet.owner)))
        self.forbidden_senders = chosen.forbidden_senders | own
        self._store = store
        self._parts = parts
        self._vouched = vouched or Vouched()
        self._carrier = Carrier(parts, wallet, self._vouched, chosen.delays)
        self._cascades = Cascades(chosen.clock)
        self._clocks = Clocks(parts.compute, self._crank_cron, chosen.pace)
        self._lanes = Lanes()
        self._in_order = chosen.in_order
        self._arrive = chosen.arrive

    @property
    def resolve(self) -> Resolve:
        """What process a name means, where a process writes to a name instead of an id."""
        return self._carrier.resolve

    @resolve.setter
    def resolve(self, resolve: Resolve) -> None:
        self._carrier.resolve = resolve

    async def resume(self) -> None:
        """Goes on with what is owed since before: asked when all parts are there, and after a rest."""
        for undoing in self._store.intended():
            await self._settle_undoing(undoing)
        owed_before, monitored = self._store.owed(), self._store.monitored()
        for owed in owed_before:
            work = await self._carrier.resumed(owed.work)
            cause = owed.cause.unnamed() if isinstance(owed.work, Handover) else owed.cause
            self._begin((Owed(owed.number, cause, work),))
        for process, after in monitored.items():
            self._clocks.watch(process, after)
        self._cascades.go_on()

    @property
    def monitored(self) -> tuple[ProcessId, ...]:
        """The processes whose clocks are watched."""
        return tuple(self._clocks)

    async def tick(self, process: ProcessId) -> tuple[Evaluation, ...]:
        """Evaluates the cron messages that are due by now, and waits until nothing that they set off is owed any more. The
        process need not be monitored for that."""
        if process in self._clocks:
            evaluated = await self._clocks.look(process)
        else:
            evaluated = await self._run_clock(process)
        for evaluation in evaluated:
            progress = self._cascades.find(_cascade_of(evaluation))
            if progress is not None:
                await progress.ended.wait()
        return evaluated

    async def _run_clock(self, process: ProcessId) -> tuple[Evaluation, ...]:
        after = await self._clocks.now(process)
        try:
            evaluated = await self._parts.compute.tick(process)
        except AoError:
            # What was evaluated before it stopped is not evaluated again: it is cranked now or never.
            page = await self._parts.compute.results(process, after=after, limit=MANY)
            for evaluation in page.items:
                if evaluation.ordinate.cron:
                    await self._crank_cron(evaluation)
            raise
        for evaluation in evaluated:
            await self._crank_cron(evaluation)
        return evaluated

    def rest(self) -> None:
        """Stops at once, as if it were killed: what is owed stays in the store, for `resume` to go on with."""
        self._clocks.stop()
        self._lanes.stop()
        self._cascades.pause()

    def reread(self, reason: str) -> None:
        """While it rests, another state was put into its tables: who waits for a cascade is told the reason."""
        self._cascades.close(reason)
        self._store.reread()

    def owed(self) -> tuple[Owed, ...]:
        """All that it owes."""
        return self._store.owed()

    def intend(self, undone: Undone) -> None:
        """Before the process's log is cut: if a crash comes between that and `undo`, `resume` undoes it."""
        self._store.intend(self._undoing(undone))

    def undo(self, undone: Undone) -> None:
        """While it rests: owes no more what a process that went back in time was sent, or asked for, after that."""
        self._store.undo(self._undoing(undone))

    async def close(self) -> None:
        """Stops at once; what is owed stays in the store."""
        await self._clocks.close()
        await self._lanes.close()
        self._cascades.close(CLOSED)
        self._store.close()

    async def send(self, item: DataItem) -> MessageId:
        self._vouched.verify(item)
        if self.forbidden_senders.intersection(find_all(item.tags, "From-Process")):
            raise Refused("Invalid From-Process value.")
        self._arrive()
        message = MessageId(item.id)
        cause = Cause(item.id, message)
        (owed,) = self._store.add(cause, (Delivery(item),))
        try:
            assignment = await self._parts.scheduler.schedule(item)
        except AoError:
            self._store.replace(owed, cause, ())
            raise
        self.traces.begin(Delivery(item), process_address(item.owner))
        self._begin((Owed(owed.number, cause, Follow(assignment.process, message)),))
        return message

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> AssignmentId:
        assignment = await self._parts.scheduler.assign(
            process, tx, exclude=exclude, base_layer=base_layer
        )
        cause = Cause(assignment.id, MessageId(assignment.id))
        follow = Follow(process, assignment.id)
        self.traces.begin(follow, "")
        self._begin(self._store.add(cause, (follow,)))
        return assignment.id

    async def push(self, process: ProcessId, message: MessageId, number: int) -> MessageId:
        """Sends that one of the messages that a message set off, where it was dropped. Signed again with a key whose signatures
        do not vary it is the same item, so that none is sent twice. Raises what the parts raise, and Refused where it set
        off fewer."""
        result = await self._parts.compute.result(process, message)
        messages = result.outbox.messages
        if number >= len(messages):
            told = f"message {message} set off {len(messages)} messages, counted from 0"
            raise Refused(f"Message number does not exist in the result: {told}")
        outcome = await self._carrier.outcome(process, Outbox((messages[number],)), message)
        if not outcome.works:
            raise Refused(", ".join(outcome.notes))
        self.traces.follow(Follow(process, message), outcome.works)
        self._begin(self._store.add(Cause(message, message).next(), outcome.works))
        return message

    async def monitor(self, process: ProcessId) -> None:
        if process in self._clocks:
            return
        await self._parts.scheduler.process(process)
        after = await self._clocks.now(process)
        self._store.monitor(process, after)
        self._clocks.watch(process, after)

    async def unmonitor(self, process: ProcessId) -> None:
        if not self._store.unmonitor(process):
            raise NotFound("the monitor of process", process)
        await self._clocks.unwatch(process)

    async def settled(self, root: MessageId) -> Cascade:
        progress = self._cascades.find(root)
        if progress is None:
            return Cascade(root, 0, 0)
        await progress.ended.wait()
        return progress.report()

    async def halt(self, root: MessageId, reason: str) -> Cascade:
        progress = self._cascades.find(root)
        if progress is None:
            return Cascade(root, 0, 0)
        if not progress.ended.is_set():
            self._stop(progress, reason)
        return progress.report()

    def _undoing(self, undone: Undone) -> Undoing:
        owed = (each.number for each in self._store.owed() if is_undone(each.work, undone))
        return Undoing(undone.process, undone.nonce, tuple(owed))

    async def _settle_undoing(self, undoing: Undoing) -> None:
        process, nonce = undoing.process, undoing.nonce
        page = await self._parts.scheduler.messages(process, after=nonce, limit=1)
        if page.items:
            self._store.give_up(undoing)
        else:
            self._store.undo(undoing)

    def _begin(self, owed: Iterable[Owed]) -> None:
        for each in owed:
            progress = self._cascades.going(each.cause.cascade)
            progress.owed += 1
            lane = ONE_LANE if self._in_order else lane_of(each.work)
            if lane is None:
                self._lanes.run(self._carry_out(progress, each))
            else:
                self._lanes.add(lane, partial(self._carry_out, progress, each))

    async def _carry_out(self, progress: Progress, owed: Owed) -> None:
        try:
            await self._pass(progress, owed)
        except (
            Exception
        ) as error:  # whatever is met here must not stop other cascades, nor leave a person waiting
            log.exception("cascade %s is stopped at work %s", progress.cascade, owed.number)
            if not progress.ended.is_set():
                reason = f"{error}{KEPT}" if isinstance(error, AoError) else _bug(error)
                self._cascades.stop(progress, reason)

    async def _pass(self, progress: Progress, owed: Owed) -> None:
        if progress.stopped:
            return
        counts = owed.cause.depth > 0 and not isinstance(owed.work, Follow)
        if counts and (reason := self._why_to_stop(progress, owed)):
            self._stop(progress, reason)
            return
        progress.go(counts=counts)
        try:
            outcome = await self._carrier.carry_out(owed)
        except FINAL as error:
            outcome = Outcome(notes=(f"{described(owed.work)}: {error}",))
        self._finish(progress, owed, outcome)

    def _finish(self, progress: Progress, owed: Owed, outcome: Outcome) -> None:
        cause = owed.cause.unnamed() if isinstance(owed.work, Handover) else owed.cause
        fresh = self._store.replace(owed, cause.next(), outcome.works)
        if fresh is None:
            return
        self.traces.follow(owed.work, outcome.works)
        for note in outcome.notes:
            progress.note(note)
        progress.running -= 1
        self._begin(fresh)
        self._cascades.settle(progress)

    def _why_to_stop(self, progress: Progress, owed: Owed) -> str | None:
        return self._cascades.why_to_stop(progress, self.budget, owed.cause.depth)

    def _stop(self, progress: Progress, reason: str) -> None:
        self._store.drop(progress.cascade)
        self._cascades.stop(progress, reason)

    async def _crank_cron(self, evaluation: Evaluation) -> None:
        """A cron message has no root that anyone could ask about, so what is to be told of it is logged."""
        process, place = evaluation.process, evaluation.ordinate
        outcome = await self._carrier.outcome(process, evaluation.result.outbox, None)
        cause = Cause(_cascade_of(evaluation), None)
        self._begin(self._store.advance(process, place, cause.next(), outcome.works))
        self.traces.follow(None, outcome.works)
        for note in outcome.notes:
            log.warning("%s", note)


def _cascade_of(cron: Evaluation) -> str:
    return " ".join((cron.process, *map(str, cron.ordinate)))


def _bug(error: Exception) -> str:
    return f"{type(error).__name__}: {error}; this is a bug in ao kernel{KEPT}"
