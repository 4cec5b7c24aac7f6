"""Drives one process along its timeline, a turn at a time: evaluates, records, skips duplicates. What is
recorded is never evaluated again for its result."""

import logging
from asyncio import CancelledError, Future, Lock, Task, create_task, get_running_loop, wait
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from unitstack.compute import duplicates
from unitstack.compute.agenda import Due, agenda
from unitstack.compute.hydration import Hydration
from unitstack.compute.keeper import MemoryKeeper, MemoryPolicy
from unitstack.compute.program import Program
from unitstack.compute.replica import Replica, Unstarted
from unitstack.compute.sources import Sources
from unitstack.compute.standing import Standing
from unitstack.compute.store import EvaluationStore
from unitstack.compute.timeline import Step
from unitstack.engines import envelope
from unitstack.errors import EngineError, Interrupted, NotFound
from unitstack.units import Progress, silent
from unitstack.wire.assignments import BlockTime, CronMessage, Ordinate, ScheduledMessage
from unitstack.wire.chain import Chain
from unitstack.wire.ids import Address, MessageId, Nonce, ProcessId
from unitstack.wire.messages import PLAIN, Draft, Guise
from unitstack.wire.results import Checkpoint, EvalResult, Evaluation, Memory

T = TypeVar("T")

log = logging.getLogger(__name__)

INTERRUPTED = "interrupted: a person stopped the evaluation"
BOOT = Ordinate(Nonce(0))
AGAIN = 0.05
"""Seconds after which what does not end is stopped once more."""


@dataclass(frozen=True, slots=True)
class Warmed:
    """How an instance came to be: the evaluation whose memory it began with (None: from the very beginning), and how many
    messages were repeated since."""

    memory: Ordinate | None
    repeated: int


class Evaluator:
    """One process at work. Turns follow one another; a caller who leaves does not end the turn that he asked for."""

    def __init__(
        self,
        program: Program,
        sources: Sources,
        store: EvaluationStore,
        policy: MemoryPolicy,
        announce: Callable[[Evaluation], None],
        withdrawn: set[MessageId],
    ) -> None:
        self._program = program
        self._process = program.process.id
        self._sources = sources
        self._store = store
        self._keeper = MemoryKeeper(self._process, store, policy)
        self._announce = announce
        self._withdrawn = withdrawn
        self._hydration = Hydration(program, sources, store)
        self._turn = Lock()
        self._tasks: set[Task[Any]] = set()
        self._live: Replica | None = None
        self._running: set[Replica] = set()
        self._stopped: set[Ordinate] = set()
        self._closing = self._abandoned = False
        self._newest: Evaluation | None = None

    @property
    def busy(self) -> bool:
        """Whether someone has the turn."""
        return self._turn.locked()

    @property
    def has_crons(self) -> bool:
        """Whether the process has intervals."""
        return bool(self._program.crons)

    @property
    def records_boot(self) -> bool:
        """Whether the process is evaluated as the first message of its own log."""
        return self._program.scheduled

    async def advance(
        self, to: ScheduledMessage | None = None, *, until: BlockTime | None = None
    ) -> tuple[Evaluation, ...]:
        """Evaluates up to that message or to the log's end, with `until` also the cron messages due before that; answers
        with the cron messages that it evaluated. Raises EngineError, Interrupted."""
        return await self._own(self._advance(to, until))

    async def dry_run(
        self, draft: Draft, sender: Address, at: Ordinate | None = None, guise: Guise = PLAIN
    ) -> EvalResult:
        """Raises EngineError, Interrupted."""
        outcome: Future[EvalResult] = get_running_loop().create_future()
        return await self._own(self._dry_run(draft, sender, at, guise, outcome), outcome)

    async def trail(
        self, draft: Draft, sender: Address, span: tuple[Ordinate, Ordinate]
    ) -> tuple[tuple[Ordinate, EvalResult], ...]:
        """What a draft would have given after the first evaluation of the span, and after each up to the last."""
        return await self._own(self._trail(draft, sender, span))

    async def checkpoint(self, at: Ordinate | None = None) -> Checkpoint:
        """The memory now, or as it was after an evaluation."""
        return await self._own(self._checkpoint(at))

    async def warm(self, progress: Progress = silent) -> Warmed:
        """Makes the instance live, as of the last evaluation that is recorded. Raises EngineError, Interrupted."""
        return await self._own(self._warm(progress))

    async def agenda(self, chain: Chain) -> tuple[Due, ...]:
        """When each of the process's intervals falls due next, after what is evaluated."""
        return await self._own(self._agenda(chain))

    def interrupt(self) -> None:
        """Ends what runs with Interrupted; called from any thread."""
        for replica in tuple(self._running):
            replica.interrupt()

    def find(self, nonce: Nonce) -> Evaluation | None:
        """The evaluation of the message with that nonce; of the last before it, where that one is a duplicate. The newest
        needs no look at the record."""
        newest = self._newest
        if newest is not None and newest.ordinate == Ordinate(nonce):
            return newest
        return self._store.find_until(self._process, nonce)

    def was_interrupted(self, ordinate: Ordinate) -> bool:
        """Whether a person stopped that evaluation since this evaluator began."""
        return ordinate in self._stopped

    async def retire(self) -> None:
        """Keeps the memory and frees the instance; the next turn begins from there."""
        await self._own(self._retire())

    def abandon(self) -> None:
        """From now on nothing is recorded or kept: the record is another one. Ends what runs."""
        self._closing = self._abandoned = True
        self._keeper.stop()
        self.interrupt()

    async def close(self) -> None:
        """Stops what runs, without a trace of that in the record, and retires."""
        self._closing = True
        while self._tasks:
            # An engine that is only about to begin does not hear it yet.
            self.interrupt()
            await wait(tuple(self._tasks), timeout=AGAIN)
        await self._retire()

    async def _own(self, turn: Coroutine[Any, Any, T], answer: Future[T] | None = None) -> T:
        outcome = answer or get_running_loop().create_future()
        task = create_task(_settle(turn, outcome))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await outcome

    async def _advance(
        self, to: ScheduledMessage | None, until: BlockTime | None
    ) -> tuple[Evaluation, ...]:
        crons: list[Evaluation] = []
        async with self._replica(None) as replica:
            steps = self._sources.steps(self._program, replica.standing, to=to, until=until)
            async with aclosing(steps):
                async for step in steps:
                    evaluation = await self._pass(replica, step)
                    if evaluation and evaluation.ordinate.cron:
                        crons.append(evaluation)
        return tuple(crons)

    async def _dry_run(
        self,
        draft: Draft,
        sender: Address,
        at: Ordinate | None,
        guise: Guise,
        outcome: Future[EvalResult],
    ) -> EvalResult:
        if at is None:
            await self._advance(None, None)
        async with self._replica(at) as replica:
            if outcome.done():
                # Who asked has left: it might go on for ever, and nobody would stop it.
                raise Interrupted(INTERRUPTED)
            block, process = replica.standing.block, self._program.process
            return await replica.dry_run(envelope.dry_run(draft, process, sender, block, guise))

    async def _trail(
        self, draft: Draft, sender: Address, span: tuple[Ordinate, Ordinate]
    ) -> tuple[tuple[Ordinate, EvalResult], ...]:
        async with self._turn:
            other, _ = await self._hydrated(span[0])
        try:
            with self._interruptible(other):
                first = (span[0], await self._asked(other, draft, sender))
                async with aclosing(self._hydration.walk(other, span[1])) as walk:
                    rest = [(each, await self._asked(other, draft, sender)) async for each in walk]
                return (first, *rest)
        finally:
            await other.close()

    async def _asked(self, replica: Replica, draft: Draft, sender: Address) -> EvalResult:
        block = replica.standing.block
        return await replica.dry_run(envelope.dry_run(draft, self._program.process, sender, block))

    async def _checkpoint(self, at: Ordinate | None) -> Checkpoint:
        if at is None:
            await self._advance(None, None)
        async with self._replica(at) as replica:
            memory = await replica.memory()
            return _checkpoint(self._process, replica.standing, memory)

    @asynccontextmanager
    async def _replica(self, at: Ordinate | None) -> AsyncIterator[Replica]:
        """The live instance in its turn; or, as of an earlier evaluation, one of its own that is then let go."""
        async with self._turn:
            live = await self._ready()
            if at is None or at == live.standing.place:
                with self._interruptible(live):
                    yield live
                return
        other, _ = await self._hydrated(at)
        try:
            with self._interruptible(other):
                yield other
        finally:
            await other.close()

    async def _warm(self, progress: Progress) -> Warmed:
        async with self._turn:
            if self._live is not None:
                return Warmed(self._live.standing.place, 0)
            return await self._wake(progress)

    async def _agenda(self, chain: Chain) -> tuple[Due, ...]:
        async with self._turn:
            standing = (await self._ready()).standing
            return agenda(self._program.crons, standing.boundary, standing.after, chain)

    async def _ready(self) -> Replica:
        if self._live is None:
            await self._wake(silent)
        assert self._live is not None
        return self._live

    async def _wake(self, progress: Progress) -> Warmed:
        self._live, warmed = await self._hydrated(None, progress)
        self._keeper.count(warmed.repeated)
        return warmed

    async def _hydrated(
        self, at: Ordinate | None, progress: Progress = silent
    ) -> tuple[Replica, Warmed]:
        replica = await self._hydration.reopen(at)
        place = replica.standing.place
        try:
            with self._interruptible(replica):
                repeated = await self._hydration.replay(replica, at, progress)
                return replica, Warmed(place, repeated)
        except BaseException:
            await replica.close()
            raise

    @contextmanager
    def _interruptible(self, replica: Replica) -> Iterator[None]:
        if self._closing:
            raise Interrupted(f"process {self._process} is being closed")
        replica.resume()
        self._running.add(replica)
        try:
            yield
        finally:
            self._running.discard(replica)

    async def _pass(self, replica: Replica, step: Step) -> Evaluation | None:
        """Evaluates and records the step, or skips it as a duplicate."""
        message = step.message
        pushed = None if isinstance(message, CronMessage) else duplicates.pushed_key(message)
        if self._is_duplicate(message, pushed):
            replica.standing.skip(step)
            return None
        sent = None if isinstance(message, CronMessage) else message.assignment.message
        result = self._withdrawal(sent) or await self._outcome(replica, step)
        if self._abandoned:
            raise Interrupted(f"process {self._process} has gone back in time")
        evaluation = Evaluation(self._process, sent, step.ordinate, step.block, result)
        self._store.save(evaluation, pushed)
        if sent is not None:
            # Withdrawn or not, it has had its turn.
            self._withdrawn.discard(sent)
        self._newest = evaluation
        replica.standing.take(step)
        self._announce(evaluation)
        if step.ordinate in self._stopped:
            raise Interrupted(INTERRUPTED)
        await self._keeper.keep_if_due(replica)
        return evaluation

    def _is_duplicate(self, message: ScheduledMessage | CronMessage, pushed: str | None) -> bool:
        if isinstance(message, CronMessage):
            return False
        nonce, assigned = message.assignment.nonce, duplicates.assigned_id(message)
        if assigned is not None:
            return self._store.has_message(self._process, assigned, nonce)
        return pushed is not None and self._store.has_pushed(self._process, pushed, nonce)

    def _withdrawal(self, message: MessageId | None) -> EvalResult | None:
        return EvalResult(error=INTERRUPTED) if message in self._withdrawn else None

    async def _outcome(self, replica: Replica, step: Step) -> EvalResult:
        """What the message gave. Whatever ends it, short of the unit's own end, is its result: the log must go on past
        it, and the state is as it was before."""
        message = await self._sources.read(self._program, step)
        began = perf_counter()
        try:
            return await replica.handle(message)
        except Unstarted:
            raise
        except Interrupted:
            if self._closing:
                raise
            if step.ordinate == BOOT and not self._program.runs_at_boot:
                # Who stopped it meant a message of theirs: without its boot the process would be dead from the start.
                replica.resume()
                return await self._outcome(replica, step)
            self._stopped.add(step.ordinate)
            return EvalResult(error=INTERRUPTED)
        except EngineError as error:
            return EvalResult(error=str(error))
        finally:
            self._keeper.count(1, perf_counter() - began)

    async def _retire(self) -> None:
        async with self._turn:
            live, self._live = self._live, None
            if live is None:
                return
            try:
                await self._keeper.keep(live)
            finally:
                await live.close()


def _checkpoint(process: ProcessId, standing: Standing, memory: Memory) -> Checkpoint:
    place, assignment = standing.place, standing.assignment
    if place is None or assignment is None:
        raise NotFound("a checkpoint of process", process)
    return Checkpoint(
        process,
        place,
        assignment.epoch,
        standing.block,
        assignment.id,
        assignment.hash_chain,
        memory,
    )


async def _settle(turn: Coroutine[Any, Any, T], outcome: Future[T]) -> None:
    """Runs the turn to its end, whether or not someone still waits for the outcome."""
    try:
        value = await turn
    except CancelledError:
        outcome.cancel()
        raise
    except Exception as error:
        if outcome.done():
            log.debug("a turn that no one waits for any more failed: %s", error)
            return
        outcome.set_exception(error)
    else:
        if not outcome.done():
            outcome.set_result(value)
