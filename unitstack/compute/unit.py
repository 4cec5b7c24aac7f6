"""The compute unit: processes' logs folded into their states, on demand, and what each message gave."""

from asyncio import Event, gather
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from unitstack.compute.agenda import Due
from unitstack.compute.cron import STEP
from unitstack.compute.evaluator import INTERRUPTED, Evaluator, Warmed
from unitstack.compute.evaluators import Evaluators
from unitstack.compute.keeper import MemoryPolicy
from unitstack.compute.program import CAPS
from unitstack.compute.sources import Blocks, ChainView, Engines, Sources, no_blocks
from unitstack.compute.store import EvaluationStore
from unitstack.compute.weave import Headers, no_headers
from unitstack.errors import Interrupted, NotFound
from unitstack.units import Gateway, Page, Progress, Scheduler, silent
from unitstack.wire.assignments import BlockTime, Ordinate, ScheduledMessage
from unitstack.wire.chain import Chain
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId
from unitstack.wire.messages import PLAIN, Draft, Guise, Limits
from unitstack.wire.results import Checkpoint, EvalResult, Evaluation


@dataclass(frozen=True, slots=True)
class Settings:
    """What a compute unit allows and keeps: the most that a process may use, when memories are kept, how many
    instances stay alive, who knows the chain's blocks and tells their headers, and whose word (a public key) it takes
    for the memory that a fork begins with."""

    caps: Limits = CAPS
    policy: MemoryPolicy = field(default_factory=MemoryPolicy)
    live: int = 64
    blocks: Blocks = no_blocks
    headers: Headers = no_headers
    vouching: bytes | None = None


class ComputeUnit:
    """Plays `Compute` here. Its listeners are told of each process that has evaluated something."""

    def __init__(
        self,
        store: EvaluationStore,
        scheduler: Scheduler,
        gateway: Gateway,
        engines: Engines,
        settings: Settings | None = None,
    ) -> None:
        chosen = settings or Settings()
        sources = Sources(
            scheduler,
            gateway,
            engines,
            caps=chosen.caps,
            chain=ChainView(chosen.blocks, chosen.headers),
            vouching=chosen.vouching,
        )
        self._store = store
        self._scheduler = scheduler
        self._evaluators = Evaluators(sources, store, self._announce, chosen.policy, chosen.live)
        self._news: dict[ProcessId, Event] = {}
        self.listeners: list[Callable[[ProcessId], None]] = []

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        """A duplicate, which is not evaluated, has the output of what came before it, and asks for nothing."""
        known = self._store.find(process, MessageId(message))
        if known is not None:
            return known.result
        evaluator = await self._evaluators.of(process)
        scheduled = await self._scheduled(evaluator, process, message)
        evaluation = await self._evaluation(evaluator, scheduled)
        if evaluation.ordinate != Ordinate(scheduled.assignment.nonce):
            return EvalResult(output=evaluation.result.output)
        if evaluator.was_interrupted(evaluation.ordinate):
            raise Interrupted(INTERRUPTED)
        return evaluation.result

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        """What has been evaluated already. Newest first, `after` is still the older end."""
        found = self._store.succeeded(
            process, after, until, newest_first=newest_first, limit=limit + 1
        )
        items = found[:limit]
        return Page(items, _cursor(items[-1].ordinate) if items and len(found) > limit else None)

    async def evaluated(self, process: ProcessId, after: Ordinate | None) -> None:
        """Wakes for what `results` lists."""
        while not self._store.succeeded(process, after, newest_first=False, limit=1):
            await self._news.setdefault(process, Event()).wait()

    async def tick(
        self, process: ProcessId, *, after: Ordinate | None = None
    ) -> tuple[Evaluation, ...]:
        """What is due within the second that runs waits for its end. With `after`, answers with all evaluations of cron
        messages past that: some fall due before a scheduled message and are evaluated with it. Without, with those of
        this call."""
        evaluator = await self._evaluators.of(process)
        if not evaluator.has_crons:
            return ()
        evaluated = await evaluator.advance(until=_past(await self._scheduler.now()))
        return evaluated if after is None else self._store.crons(process, after)

    async def dry_run(
        self,
        process: ProcessId,
        draft: Draft,
        *,
        sender: Address,
        at: MessageId | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        evaluator = await self._evaluators.of(process)
        place = await self._place(evaluator, process, at)
        return await evaluator.dry_run(draft, sender, place, guise)

    async def checkpoint(self, process: ProcessId, at: MessageId | None = None) -> Checkpoint:
        evaluator = await self._evaluators.of(process)
        return await evaluator.checkpoint(await self._place(evaluator, process, at))

    def interrupt(self, process: ProcessId | None = None) -> None:
        """Stops what that process, or any, is evaluating; called from any thread. The message is recorded with an error,
        the state is as before it, and who waits for it gets Interrupted."""
        self._evaluators.interrupt(process)

    def withdraw(self, process: ProcessId, message: MessageId) -> None:
        """A person has stopped the message before it was begun: when its turn comes it is recorded as interrupted, and the
        log goes on past it. Does nothing where it has been evaluated. One that runs is stopped by `interrupt`."""
        self._evaluators.withdraw(process, message)

    async def warm(self, process: ProcessId, progress: Progress = silent) -> Warmed:
        """Makes the process's instance live, as of its last evaluation that is recorded. Raises EngineError, Interrupted."""
        return await (await self._evaluators.of(process)).warm(progress)

    async def agenda(self, process: ProcessId, chain: Chain) -> tuple[Due, ...]:
        """When each of the process's intervals falls due next, after what is evaluated; empty where it has none."""
        evaluator = await self._evaluators.of(process)
        return await evaluator.agenda(chain) if evaluator.has_crons else ()

    async def trail(
        self,
        process: ProcessId,
        draft: Draft,
        sender: Address,
        span: tuple[Ordinate, Ordinate],
    ) -> tuple[tuple[Ordinate, EvalResult], ...]:
        """What a draft would have given after the first evaluation of the span, and after each up to the last; leaves no
        trace. Raises EngineError, Interrupted."""
        return await (await self._evaluators.of(process)).trail(draft, sender, span)

    def memories(self, process: ProcessId) -> tuple[Ordinate, ...]:
        """Evaluations that are quickly gone back to, the newest first: the last, those whose memories are kept, the first."""
        return self._store.milestones(process)

    def last_tick(self, process: ProcessId, cron: str) -> Evaluation | None:
        """The last message of that interval which was evaluated."""
        return self._store.find_last_cron(process, cron)

    def give_up(self, process: ProcessId | None = None) -> Awaitable[object]:
        """Another state is put into its tables, of that process or of all: live instances are given up at once, and nothing
        that runs is recorded any more. What is answered can be awaited until they are freed."""
        return gather(*(each.close() for each in self._evaluators.forget(process)))

    def cut(self, process: ProcessId, nonce: int) -> Awaitable[object]:
        """Forgets what it evaluated after that nonce; otherwise as `give_up`."""
        given_up = self.give_up(process)
        self._store.cut(process, nonce)
        return given_up

    async def close(self) -> None:
        """Stops what runs, which is then evaluated again another time; keeps all memories and frees the instances."""
        await self._evaluators.close()

    async def _scheduled(
        self, evaluator: Evaluator, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        if str(message) != process:
            return await self._scheduler.message(process, message)
        if not evaluator.records_boot:
            # An old scheduler's log does not hold the process, so no nonce is left for what it gave.
            raise NotFound("the boot of process", process)
        return await self._scheduler.process(process)

    async def _evaluation(self, evaluator: Evaluator, scheduled: ScheduledMessage) -> Evaluation:
        """That of the message; of the last before it, where the message is a duplicate."""
        await evaluator.advance(scheduled)
        evaluation = evaluator.find(scheduled.assignment.nonce)
        if evaluation is None:
            raise NotFound("the evaluation of message", scheduled.assignment.message)
        return evaluation

    async def _place(
        self, evaluator: Evaluator, process: ProcessId, at: MessageId | None
    ) -> Ordinate | None:
        if at is None:
            return None
        scheduled = await self._scheduled(evaluator, process, at)
        return (await self._evaluation(evaluator, scheduled)).ordinate

    def _announce(self, evaluation: Evaluation) -> None:
        waiting = self._news.pop(evaluation.process, None)
        if waiting is not None:
            waiting.set()
        for listener in self.listeners:
            listener(evaluation.process)


def _past(now: BlockTime) -> BlockTime:
    """The seconds that have passed. By ao's rule a message that comes in the very second in which a cron is due makes it due
    again: were it evaluated in that second, the answer to what it sends would set it off once more."""
    return replace(now, timestamp=now.timestamp // STEP * STEP)


def _cursor(ordinate: Ordinate) -> str:
    return ",".join(map(str, ordinate))
