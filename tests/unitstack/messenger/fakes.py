"""A network around a messenger: logs, processes that answer as they are told, and a gateway."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from tests.items import Pairs, a_message, a_process
from unitstack.database import open_database
from unitstack.errors import Duplicate, NotFound
from unitstack.messenger.budget import Budget
from unitstack.messenger.carrier import Parts
from unitstack.messenger.store import MIGRATIONS, MessengerStore
from unitstack.messenger.unit import MessengerUnit, Settings
from unitstack.units import Page, Search
from unitstack.wire import ids
from unitstack.wire.assignments import Assignment, BlockTime, Ordinate, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, Epoch, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.keys import from_seed
from unitstack.wire.messages import PLAIN, Draft, Guise, read_message
from unitstack.wire.results import (
    Checkpoint,
    EvalResult,
    Evaluation,
    Outbox,
    OutgoingAssignment,
    OutgoingMessage,
    OutgoingSpawn,
    OutgoingTag,
)

WALLET = from_seed(b"messenger".ljust(32))
_references = count(1)

Answer = Callable[[DataItem], EvalResult]


def message(target: str, *pairs: tuple[str, str], data: str = "hello") -> OutgoingMessage:
    """A message in an outbox, unlike all others."""
    tags = tuple(OutgoingTag(*pair) for pair in pairs)
    return OutgoingMessage(target, tags, data, str(next(_references)).zfill(32))


def spawn(*pairs: tuple[str, str]) -> OutgoingSpawn:
    tags = (("Module", "M" * 42 + "A"), *pairs)
    anchor = str(next(_references)).zfill(32)
    return OutgoingSpawn(tuple(OutgoingTag(*pair) for pair in tags), "code", anchor)


def sends(
    *messages: OutgoingMessage,
    spawns: tuple[OutgoingSpawn, ...] = (),
    assignments: tuple[OutgoingAssignment, ...] = (),
) -> EvalResult:
    return EvalResult(outbox=Outbox(messages, spawns, assignments))


def always(result: EvalResult) -> Answer:
    return lambda item: result


class FakeNetwork:
    """Plays `Scheduler`, `Compute` and `Gateway`. A process gives what its answer says, else nothing; where a process is
    held, its evaluations wait for `release`; a problem is raised instead of each evaluation of its process."""

    def __init__(self) -> None:
        self.logs: dict[ProcessId, list[ScheduledMessage]] = {}
        self.answers: dict[ProcessId, Answer] = {}
        self.problems: dict[ProcessId, list[Exception]] = defaultdict(list)
        self.away: list[Exception] = []
        self.held: dict[ProcessId, asyncio.Event] = {}
        self.evaluating: dict[ProcessId, asyncio.Event] = defaultdict(asyncio.Event)
        self.items: dict[TxId, DataItem] = {}
        self.due: list[Evaluation] = []
        self.ticked: tuple[Evaluation, ...] = ()
        self.arrived = asyncio.Event()
        self._known: dict[tuple[ProcessId, str], EvalResult] = {}

    def a_process(self, *tags: tuple[str, str], answer: Answer | None = None) -> ProcessId:
        item = a_process((("Number", str(next(_references))), *tags))
        self._append(ProcessId(item.id), item.id, item)
        if answer is not None:
            self.answers[ProcessId(item.id)] = answer
        return ProcessId(item.id)

    def hold(self, process: ProcessId) -> None:
        self.held[process] = asyncio.Event()

    def release(self, process: ProcessId) -> None:
        self.held[process].set()

    def received(self, process: ProcessId) -> list[DataItem]:
        """What was sent to the process."""
        log = self.logs[process][1:]
        return [scheduled.message.item for scheduled in log if scheduled.message is not None]

    def falls_due(self, process: ProcessId, result: EvalResult, timestamp: int = 1000) -> None:
        """A cron message of the process."""
        place = Ordinate(Nonce(0), timestamp, "0-1-second")
        self.due.append(Evaluation(process, None, place, BlockTime(1, timestamp), result))

    # the scheduler

    async def schedule(self, item: DataItem) -> Assignment:
        if self.away:
            raise self.away.pop()
        read = read_message(item)
        log = self.logs.get(read.process)
        if log is None and item.id != read.process:
            raise NotFound("process", read.process)
        if any(scheduled.assignment.message == item.id for scheduled in log or ()):
            raise Duplicate(f"message {item.id} is there already")
        self.items[item.id] = item
        return self._append(read.process, item.id, item)

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> Assignment:
        if process not in self.logs:
            raise NotFound("process", process)
        return self._append(process, tx, None, tuple(exclude))

    async def process(self, id: ProcessId) -> ScheduledMessage:
        if id not in self.logs:
            raise NotFound("process", id)
        return self.logs[id][0]

    async def message(
        self, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        for scheduled in self.logs.get(process, ()):
            if message in (scheduled.assignment.id, scheduled.assignment.message):
                return scheduled
        raise NotFound("message", message)

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        first = 0 if after is None else after + 1
        items = tuple(self.logs[process][first : first + limit])
        return Page(items, "more" if len(self.logs[process]) > first + limit else None)

    async def now(self) -> BlockTime:
        return BlockTime(1, 1)

    def _append(
        self, process: ProcessId, tx: TxId, item: DataItem | None, exclude: tuple[str, ...] = ()
    ) -> Assignment:
        log = self.logs.setdefault(process, [])
        signed = a_message(data=b"assignment %d" % next(_references))
        assignment = Assignment(
            AssignmentId(signed.id),
            process,
            MessageId(tx),
            Epoch(0),
            Nonce(len(log)),
            "",
            BlockTime(1, len(log)),
            exclude,
            signed,
        )
        log.append(ScheduledMessage(assignment, read_message(item) if item else None))
        self.arrived.set()
        return assignment

    # the compute unit

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        self.evaluating[process].set()
        if process in self.held:
            await self.held[process].wait()
        if self.problems[process]:
            raise self.problems[process].pop()
        scheduled = await self.message(process, message)
        place = (process, scheduled.assignment.message)
        if place not in self._known:
            item = (
                scheduled.message.item
                if scheduled.message
                else self.items[scheduled.assignment.message]
            )
            self._known[place] = self.answers.get(process, always(EvalResult()))(item)
        return self._known[place]

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        items = (each for each in self.ticked if after is not None and each.ordinate > after)
        return Page(tuple(items), None)

    async def evaluated(self, process: ProcessId, after: Ordinate | None) -> None:
        await asyncio.Event().wait()

    async def tick(
        self, process: ProcessId, *, after: Ordinate | None = None
    ) -> tuple[Evaluation, ...]:
        self.ticked = tuple(self.due)
        if self.problems[process]:
            raise self.problems[process].pop()
        return tuple(each for each in self.due if after is None or each.ordinate > after)

    async def dry_run(
        self,
        process: ProcessId,
        draft: Draft,
        *,
        sender: Address,
        at: MessageId | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        raise NotImplementedError

    async def checkpoint(self, process: ProcessId, at: MessageId | None = None) -> Checkpoint:
        raise NotImplementedError

    # the gateway

    async def upload(self, item: DataItem) -> TxId:
        self.items[item.id] = item
        return item.id

    async def item(self, tx: TxId) -> DataItem:
        return self.items[tx]

    async def data(self, tx: TxId) -> bytes:
        return self.items[tx].data

    async def search(self, search: Search) -> Page[DataItem]:
        raise NotImplementedError

    async def confirmations(self, tx: TxId) -> int:
        raise NotImplementedError


class World:
    """A messenger, the network around it, and a clock that the test turns."""

    def __init__(self, path: Path | None = None) -> None:
        self.network = FakeNetwork()
        self.path = path
        self.seconds = 0.0
        self.turns: asyncio.Queue[None] = asyncio.Queue()
        self.store = MessengerStore(open_database(path, MIGRATIONS, durable=False))
        self.unit = self.a_unit(self.store)

    def a_unit(self, store: MessengerStore, budget: Budget | None = None) -> MessengerUnit:
        parts = Parts(self.network, self.network, self.network)
        settings = Settings(lambda: self.seconds, self.turns.get, (0.0, 0.0))
        return MessengerUnit(store, WALLET, parts, budget=budget, settings=settings)

    async def restart(self) -> MessengerUnit:
        """What stands in the file is all that is left."""
        await self.unit.close()
        self.store = MessengerStore(open_database(self.path, MIGRATIONS, durable=False))
        self.unit = self.a_unit(self.store)
        await self.unit.resume()
        return self.unit


def a_letter(process: ProcessId, data: bytes = b"go", tags: Pairs = ()) -> DataItem:
    """A person's message, unlike all others."""
    return a_message((("Number", str(next(_references))), *tags), data, process)


def a_wallets_address() -> str:
    return ids.encode(b"\1" * 32)
