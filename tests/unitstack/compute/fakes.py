"""A network with one unit in it: a log, a gateway and an engine that do as they are told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from threading import Barrier, Event

from unitstack.compute.store import MIGRATIONS, EvaluationStore
from unitstack.compute.unit import ComputeUnit, Settings
from unitstack.database import open_database
from unitstack.engines.engine import Instance
from unitstack.engines.envelope import Envelope
from unitstack.engines.files import Drive
from unitstack.errors import EngineError, Interrupted, NotFound
from unitstack.units import Page, Search
from unitstack.wire import ids
from unitstack.wire.assignments import Assignment, BlockTime, ScheduledMessage, hash_chain
from unitstack.wire.data_item import DataItem, SignatureType
from unitstack.wire.ids import AssignmentId, Epoch, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.messages import ModuleFormat, read_message
from unitstack.wire.results import (
    EvalResult,
    Json,
    Memory,
    Outbox,
    OutgoingMessage,
    Output,
)
from unitstack.wire.tags import Tag

PATIENCE = 10
START = 1_700_000_000_000
_numbers = count(1)

AO = (Tag("Data-Protocol", "ao"), Tag("Variant", "ao.TN.1"))
MODULE_TAGS = (
    *AO,
    Tag("Type", "Module"),
    Tag("Module-Format", ModuleFormat.LUA),
    Tag("Input-Encoding", "JSON-1"),
    Tag("Output-Encoding", "JSON-1"),
    Tag("Memory-Limit", "64-mb"),
    Tag("Compute-Limit", "1000"),
)


def an_item(
    *,
    target: str = "",
    tags: Sequence[Tag] = (),
    data: str = "",
    owner: str = "owner",
    anchor: str = "",
) -> DataItem:
    """An item that looks signed: a compute unit trusts what the scheduler let in."""
    return DataItem(
        SignatureType.ARWEAVE,
        b"signature %d" % next(_numbers),
        owner.encode(),
        ids.decode(target),
        anchor.encode(),
        tuple(tags),
        data.encode(),
    )


def a_message(process: ProcessId, data: str, *tags: Tag, owner: str = "owner") -> DataItem:
    return an_item(
        target=process, tags=(*AO, Tag("Type", "Message"), *tags), data=data, owner=owner
    )


class FakeScheduler:
    """Plays `Scheduler`: a log in a list, and a clock that the test turns."""

    def __init__(self) -> None:
        self.logs: dict[ProcessId, list[ScheduledMessage]] = {}
        self.processes: dict[ProcessId, ScheduledMessage] = {}
        self.time = BlockTime(1000, START)

    def put(self, item: DataItem, *, at: int | None = None) -> Assignment:
        """Schedules an item at a time (ms since the start), else a second after the last."""
        message = read_message(item)
        log = self.logs.setdefault(message.process, [])
        assignment = self._next(message.process, MessageId(item.id), at)
        log.append(ScheduledMessage(assignment, message))
        self.processes.setdefault(message.process, log[0])
        return assignment

    def leave_out_the_process(self, process: ProcessId) -> None:
        """As old schedulers number it: the first message has nonce 0."""
        self.logs[process].clear()

    def put_assigned(
        self, process: ProcessId, tx: TxId, *, exclude: tuple[str, ...] = ()
    ) -> Assignment:
        """Assigns an item that the scheduler does not hold."""
        assignment = self._next(process, MessageId(tx), None, exclude)
        self.logs[process].append(ScheduledMessage(assignment, None))
        return assignment

    async def schedule(self, item: DataItem) -> Assignment:
        return self.put(item)

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> Assignment:
        return self.put_assigned(process, tx, exclude=tuple(exclude))

    async def process(self, id: ProcessId) -> ScheduledMessage:
        if id not in self.processes:
            raise NotFound("process", id)
        return self.processes[id]

    async def message(
        self, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        for each in self.logs.get(process, []):
            if message in (each.assignment.id, each.assignment.message):
                return each
        raise NotFound("message", message)

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        log = self.logs.get(process, [])
        rest = [each for each in log if after is None or each.assignment.nonce > after]
        return Page(tuple(rest[:limit]), "more" if len(rest) > limit else None)

    async def now(self) -> BlockTime:
        return self.time

    def _next(
        self, process: ProcessId, message: MessageId, at: int | None, exclude: tuple[str, ...] = ()
    ) -> Assignment:
        log = self.logs.setdefault(process, [])
        last = log[-1].assignment if log else None
        time = self.time.timestamp + 1000 if at is None else START + at
        self.time = BlockTime(self.time.height, time)
        item = an_item()
        return Assignment(
            id=AssignmentId(item.id),
            process=process,
            message=message,
            epoch=Epoch(0),
            nonce=Nonce(len(log)),
            hash_chain=hash_chain(process, last),
            block=self.time,
            exclude=exclude,
            item=item,
        )


class FakeGateway:
    """Plays `Gateway`: items in a dict."""

    def __init__(self) -> None:
        self.items: dict[str, DataItem] = {}

    async def upload(self, item: DataItem) -> TxId:
        self.items[item.id] = item
        return item.id

    async def item(self, tx: TxId) -> DataItem:
        if tx not in self.items:
            raise NotFound("item", tx)
        return self.items[tx]

    async def data(self, tx: TxId) -> bytes:
        return (await self.item(tx)).data

    async def search(self, search: Search) -> Page[DataItem]:
        return Page(tuple(self.items.values()), None)

    async def confirmations(self, tx: TxId) -> int:
        raise NotImplementedError


@dataclass
class FakeEngine:
    """Instances that remember each message's data and time, and obey a few words: `fail` is an error of the process,
    `gas` one of the engine, `spin` goes on until it is interrupted, `hold` until it is released, `meet` until two processes
    are there, `send x` sends. A cron message says its Action."""

    formats = frozenset({ModuleFormat.LUA})
    handled: list[str] = field(default_factory=list)
    made: int = 0
    closed: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    limits: list[tuple[int, int]] = field(default_factory=list)
    spinning: Event = field(default_factory=Event)
    release: Event = field(default_factory=Event)
    meeting: Barrier = field(default_factory=lambda: Barrier(2))
    unfit: bool = False
    unfit_memory: bool = False
    no_memory: bool = False

    def instantiate(
        self,
        module: bytes,
        *,
        memory: Memory | None,
        memory_limit: int,
        compute_limit: int,
        drive: Drive | None = None,
    ) -> Instance:
        if self.unfit or (memory is not None and self.unfit_memory):
            raise EngineError("the module is unfit")
        self.made += 1
        self.limits.append((memory_limit, compute_limit))
        return FakeInstance(self, json.loads(memory) if memory else [])


class FakeInstance:
    """One process's state: what it has been told."""

    def __init__(self, engine: FakeEngine, state: list[str]) -> None:
        self._engine = engine
        self._state = state
        self._stop = Event()
        self._running = False

    def handle(self, envelope: Envelope) -> EvalResult:
        before = list(self._state)
        self._running = True
        try:
            result = self._obey(envelope)
        except Exception:
            self._state = before
            raise
        finally:
            self._running = False
            self._stop.clear()
        if result.error is not None:
            self._state = before
        return result

    def dry_run(self, envelope: Envelope) -> EvalResult:
        before = list(self._state)
        try:
            return self.handle(envelope)
        finally:
            self._state = before

    def snapshot(self) -> Memory:
        if self._engine.no_memory:
            raise EngineError("this state cannot be written down")
        return Memory(json.dumps(self._state).encode())

    def interrupt(self) -> None:
        if self._running:
            self._stop.set()

    def close(self) -> None:
        self._engine.closed += 1

    def _obey(self, envelope: Envelope) -> EvalResult:
        message = envelope.message
        said = str(message["Data"] if "Data" in message else _action(message))
        self._engine.handled.append(said)
        self._engine.envelopes.append(envelope)
        self._state.append(f"{said}@{int(str(message['Timestamp'])) - START}")
        sent: tuple[OutgoingMessage, ...] = ()
        match said.split():
            case ["fail"]:
                return EvalResult(error="it went wrong")
            case ["gas"]:
                raise EngineError("out of gas")
            case ["spin"]:
                self._spin()
            case ["hold"]:
                self._engine.spinning.set()
                self._engine.release.wait(PATIENCE)
            case ["meet"]:
                self._engine.meeting.wait(PATIENCE)
            case ["send", data]:
                sent = (OutgoingMessage("T" * 43, (), data, None),)
        return EvalResult(Output(" ".join(self._state), print=True), Outbox(messages=sent))

    def _spin(self) -> None:
        self._engine.spinning.set()
        stopped = self._stop.wait(PATIENCE)
        self._engine.spinning.clear()
        if stopped:
            raise Interrupted("stopped")


def _action(message: dict[str, Json]) -> str:
    tags = message["Tags"]
    assert isinstance(tags, list)
    return next(
        (str(t["value"]) for t in tags if isinstance(t, dict) and t["name"] == "Action"), "cron"
    )


def a_store() -> EvaluationStore:
    return EvaluationStore(open_database(None, MIGRATIONS))


class World:
    """All that a compute unit needs, and processes to ask it about."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.scheduler = FakeScheduler()
        self.gateway = FakeGateway()
        self.engine = FakeEngine()
        self.store = a_store()
        self.settings = settings
        self.unit = self.another_unit()

    def another_unit(self, settings: Settings | None = None) -> ComputeUnit:
        """A unit with the same store: what a restart makes."""
        chosen = settings or self.settings
        return ComputeUnit(self.store, self.scheduler, self.gateway, lambda _: self.engine, chosen)

    def a_module(self, *tags: Tag) -> TxId:
        item = an_item(tags=(*MODULE_TAGS, *tags), data="code", owner="module owner")
        self.gateway.items[item.id] = item
        return item.id

    def a_process(self, *tags: Tag, module: TxId | None = None, data: str = "boot") -> ProcessId:
        """Spawns a process at the start of time."""
        item = an_item(
            tags=(
                *AO,
                Tag("Type", "Process"),
                Tag("Module", module or self.a_module()),
                Tag("Scheduler", "S" * 43),
                *tags,
            ),
            data=data,
        )
        self.scheduler.put(item, at=0)
        return ProcessId(item.id)

    def say(self, process: ProcessId, data: str, *tags: Tag, at: int | None = None) -> MessageId:
        """Schedules a message."""
        item = a_message(process, data, *tags)
        self.scheduler.put(item, at=at)
        return MessageId(item.id)

    def forge(self, process: ProcessId) -> MessageId:
        """Breaks the hash chain at the last message."""
        log = self.scheduler.logs[process]
        last = log[-1]
        log[-1] = replace(last, assignment=replace(last.assignment, hash_chain="F" * 43))
        return last.assignment.message

    def at(self, time: int) -> BlockTime:
        return BlockTime(self.scheduler.time.height, START + time)

    def last(self, process: ProcessId) -> Assignment:
        return self.scheduler.logs[process][-1].assignment
