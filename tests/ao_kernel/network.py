"""A network for tests: every part played by one object that answers what it was told to."""

import asyncio
from collections.abc import Callable

from ao_kernel.networks.network import Resolve
from unitstack.errors import Interrupted, NotFound
from unitstack.units import Cascade, Page, Search, Units
from unitstack.wire import keys
from unitstack.wire.addresses import process_address
from unitstack.wire.assignments import Assignment, BlockTime, Ordinate, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, Epoch, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.messages import PLAIN, Draft, Guise, Message
from unitstack.wire.results import (
    EvalResult,
    Evaluation,
    Outbox,
    OutgoingMessage,
    OutgoingTag,
    Output,
)
from unitstack.wire.tags import Tag, find

WALLET = keys.from_seed(b"w" * 32)
STRANGER = keys.from_seed(b"s" * 32)
NOTHING = EvalResult(output=Output(data="", values=()))
ENDLESS = EvalResult(output=Output(data="never"))


def returned(text: str) -> EvalResult:
    return EvalResult(output=Output(data=text, values=(text,)))


def printed(text: str, *, live: bool = False) -> EvalResult:
    return EvalResult(output=Output(data=text, values=(), print=live))


def failing(text: str, line: int = 1) -> EvalResult:
    return EvalResult(
        error=f'\n\n\x1b[31merror:\n\x1b[0m[string ".handlers"]:1: [string "aos"]:{line}: {text}'
    )


def sending(target: str, action: str = "Ping", data: str = "hello") -> EvalResult:
    message = OutgoingMessage(target, (OutgoingTag("Action", action),), data, None)
    return EvalResult(output=Output(values=()), outbox=Outbox(messages=(message,)))


class FakeNetwork:
    """Answers sources with results; `set_off` happens while a cell waits for its cascade to settle."""

    def __init__(self, answers: dict[str, EvalResult] | None = None) -> None:
        self.units = Units(self, self, self, self)  # type: ignore[arg-type]  # it plays the parts that a session asks
        self.address: Address = WALLET.process_address
        self.wallet: keys.Signer = WALLET
        self.authority: Address | None = None
        self.is_shared = False
        self.host = ""
        self.engine = "wasm"
        self.budget = 100
        self.answers = answers or {}
        self.set_off: list[Callable[[MessageId], None]] = []
        self.stopped = ""
        self.logs: dict[ProcessId, list[tuple[ScheduledMessage, EvalResult]]] = {}
        self.rehearsed: list[str] = []
        self.monitored: list[ProcessId] = []
        self.withdrawn: list[MessageId] = []
        self.hangs = False
        self.boots = False
        self.may_send = asyncio.Event()
        self.may_send.set()
        self.broken = False
        self.unstarted = 0
        self.asked = 0
        self.closed = False
        self._interrupted = asyncio.Event()
        self._waiters: set[asyncio.Event] = set()
        self._time = 0

    # what a session asks of its network

    async def spawn(self, name: str, tags: tuple[tuple[str, str], ...]) -> ProcessId:
        return self.appear(name, tags, WALLET)

    def appear(
        self, name: str, tags: tuple[tuple[str, str], ...], signer: keys.Wallet = STRANGER
    ) -> ProcessId:
        """A process that somebody else has spawned."""
        named = (
            Tag("Data-Protocol", "ao"),
            Tag("Type", "Process"),
            Tag("Name", name),
            *(Tag(*tag) for tag in tags),
        )
        item = keys.sign(signer, Draft(tags=named, data=f"{name}{len(self.logs)}".encode()))
        process = ProcessId(item.id)
        self.logs[process] = []
        self._append(process, item, NOTHING)
        return process

    async def send(self, draft: Draft) -> MessageId:
        await self.may_send.wait()
        item = keys.sign(WALLET, draft)
        answer = self.answers.get(draft.data.decode(), NOTHING)
        return self._append(ProcessId(TxId(item.target_id)), item, answer)

    def listen(self, tell: Callable[[ProcessId], None]) -> None:
        """Nobody is told: what a test follows it changes itself."""

    def resolve_names(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def interrupt(self, root: MessageId | None) -> None:
        self._interrupted.set()

    def withdraw(self, process: ProcessId, message: MessageId) -> None:
        self.withdrawn.append(message)

    async def close(self) -> None:
        self.closed = True

    # what happens to processes meanwhile

    def deliver(
        self,
        process: ProcessId,
        result: EvalResult,
        *,
        root: MessageId | None = None,
        data: str = "",
    ) -> None:
        """A message reaches a process by way of others."""
        tags = [Tag("Action", "Ping"), Tag("From-Process", next(iter(self.logs)))]
        tags += [Tag("Pushed-For", root)] if root else []
        unlike = str(self._time).zfill(32).encode()
        item = keys.sign(
            WALLET, Draft(target=process, tags=tuple(tags), data=data.encode(), anchor=unlike)
        )
        self._append(process, item, result)

    def _append(self, process: ProcessId, item: DataItem, result: EvalResult) -> MessageId:
        log, self._time = self.logs[process], self._time + 1
        message, nonce = MessageId(item.id), Nonce(len(log))
        block = BlockTime(1, self._time)
        assignment = Assignment(
            AssignmentId(item.id), process, message, Epoch(0), nonce, "", block, (), item
        )
        log.append((ScheduledMessage(assignment, Message(item, process, self.address)), result))
        for waiter in self._waiters:
            waiter.set()
        return message

    # the parts

    async def settled(self, root: MessageId) -> Cascade:
        for happen in self.set_off:
            happen(root)
        if self.hangs:
            await self._interrupted.wait()
        return Cascade(root, 3 if self.stopped else 0, len(self.set_off), self.stopped)

    async def monitor(self, process: ProcessId) -> None:
        self.monitored.append(process)

    async def unmonitor(self, process: ProcessId) -> None:
        if process not in self.monitored:
            raise NotFound("monitor", process)
        self.monitored.remove(process)

    async def process(self, id: ProcessId) -> ScheduledMessage:
        if id not in self.logs:
            raise NotFound("process", id)
        return self.logs[id][0][0]

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        first = 0 if after is None else after + 1
        items = tuple(scheduled for scheduled, _ in self.logs[process][first : first + limit])
        return Page(items, None if first + limit >= len(self.logs[process]) else "more")

    async def result(self, process: ProcessId, message: MessageId) -> EvalResult:
        found = next(
            (r for scheduled, r in self.logs[process] if scheduled.assignment.message == message),
            None,
        )
        if found is None:
            raise NotFound("message", message)
        if self.broken:
            raise ZeroDivisionError("a part of the network is broken")
        if self.boots:
            await asyncio.Event().wait()
        self.asked += 1
        if self.asked <= self.unstarted:
            raise Interrupted("before it was begun")
        if found is ENDLESS and self._interrupted.is_set():
            return EvalResult(error="stopped")
        if found is ENDLESS:
            await self._interrupted.wait()
            raise Interrupted("stopped")
        return found

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        first = 0 if after is None else after.nonce + 1
        found = [
            Evaluation(
                process,
                s.assignment.message,
                Ordinate(s.assignment.nonce),
                s.assignment.block,
                result,
            )
            for s, result in self.logs[process][first:]
            if result.error is None and result is not ENDLESS
        ]
        return Page(tuple(found[:limit]), None)

    async def evaluated(self, process: ProcessId, after: Ordinate | None) -> None:
        while not (await self.results(process, after=after)).items:
            waiter = asyncio.Event()
            self._waiters.add(waiter)
            await waiter.wait()
            self._waiters.discard(waiter)

    async def dry_run(
        self,
        process: ProcessId,
        draft: Draft,
        *,
        sender: Address,
        at: MessageId | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        source = draft.data.decode()
        self.rehearsed.append(source)
        return self.answers.get(source, NOTHING)

    async def search(self, search: Search) -> Page[DataItem]:
        found = [
            log[0][0].message.item
            for log in self.logs.values()
            if log[0][0].message is not None and _matches(log[0][0].message.item, search)
        ]
        return Page(tuple(reversed(found)), None)


def _matches(item: DataItem, search: Search) -> bool:
    if search.owners and process_address(item.owner) not in search.owners:
        return False
    return all(find(item.tags, name) in values for name, values in search.tags)
