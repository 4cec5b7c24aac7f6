"""The parts of an ao network, as each sees the others: what a caller may ask, never who plays it or where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from unitstack.wire.assignments import Assignment, BlockTime, Ordinate, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.messages import PLAIN, Draft, Guise
from unitstack.wire.results import Checkpoint, EvalResult, Evaluation

T = TypeVar("T")
Clock = Callable[[], BlockTime]
Progress = Callable[[int, int], None]
"""Is told of something long how much of it is done, and how much there is."""


def silent(done: int, all: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and the cursor to ask for the next page with; None where nothing is left."""

    items: tuple[T, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """What items to look for: every filter that is given must hold; a tag filter holds if any of its values does. An item
    that no block holds yet has no height, so that none of those is within `min_height` and `max_height`."""

    ids: tuple[TxId, ...] = ()
    owners: tuple[Address, ...] = ()
    recipients: tuple[str, ...] = ()
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    after: str | None = None
    limit: int = 100
    oldest_first: bool = False
    min_height: int | None = None
    max_height: int | None = None


@dataclass(frozen=True, slots=True)
class Cascade:
    """What one message set off so far: how many effects are still owed, how many are done, and what stopped it. Where it
    was stopped, `owed` counts what was dropped. `notes` say what could not leave a process or be evaluated, and why."""

    root: MessageId
    owed: int
    done: int
    stopped: str = ""
    notes: tuple[str, ...] = ()


class Messenger(Protocol):
    """Takes signed items in, and carries out what processes ask for."""

    async def send(self, item: DataItem) -> MessageId:
        """Schedules the item; once this returns the item is never lost. Raises InvalidItem, NotFound, Refused."""

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> AssignmentId:
        """Has an existing item scheduled to one more process. Raises NotFound."""

    async def monitor(self, process: ProcessId) -> None:
        """From now on, evaluates the process's cron messages as they fall due and carries out their outboxes."""

    async def unmonitor(self, process: ProcessId) -> None:
        """Ends `monitor`. Raises NotFound where the process was not monitored."""

    async def settled(self, root: MessageId) -> Cascade:
        """Waits until nothing that the message set off is owed any more, or a limit stopped it. A message of which nothing
        is known set nothing off."""

    async def halt(self, root: MessageId, reason: str) -> Cascade:
        """Drops what the message still owes; what was already scheduled stays in its process's log."""


class Scheduler(Protocol):
    """Puts each process's messages in one order."""

    async def schedule(self, item: DataItem) -> Assignment:
        """Gives the item the next nonce of its process (0 for a process item). Raises InvalidItem, NotFound, Refused
        (a duplicate id is a `Duplicate`)."""

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> Assignment:
        """Gives an existing item the next nonce of one more process. Raises NotFound; Refused for an item of the base layer
        that is not settled yet."""

    async def process(self, id: ProcessId) -> ScheduledMessage:
        """The process's own item with its assignment. Raises NotFound."""

    async def message(
        self, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        """One message of a process by its own id or its assignment's. Raises NotFound."""

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        """The process's messages with nonces greater than `after`, ascending, the process itself first (nonce 0)."""

    async def now(self) -> BlockTime:
        """The block time that the next assignment would get."""


class Compute(Protocol):
    """Folds a process's log into its state and keeps what each message gave."""

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        """Evaluates up to that message if need be. Raises NotFound, EngineError, Interrupted."""

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        """Evaluations that ended without error, past `after` and not past `until`, in ascending order or the newest
        first."""

    async def evaluated(self, process: ProcessId, after: Ordinate | None) -> None:
        """Returns as soon as the process has an evaluation past `after`: what a follower waits on."""

    async def tick(
        self, process: ProcessId, *, after: Ordinate | None = None
    ) -> tuple[Evaluation, ...]:
        """Evaluates the cron messages that are due by now, and answers with those evaluations; with `after`, with all
        evaluations of cron messages past that."""

    async def dry_run(
        self,
        process: ProcessId,
        draft: Draft,
        *,
        sender: Address,
        at: MessageId | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        """Evaluates a draft as if the sender had sent it, against the latest state (or as of `at`); leaves no trace."""

    async def checkpoint(self, process: ProcessId, at: MessageId | None = None) -> Checkpoint:
        """The process's memory now, or as it was after a message."""


class Gateway(Protocol):
    """Keeps items and finds them again."""

    async def upload(self, item: DataItem) -> TxId:
        """Stores the item; a second time does nothing."""

    async def item(self, tx: TxId) -> DataItem:
        """Raises NotFound."""

    async def data(self, tx: TxId) -> bytes:
        """The item's data. Raises NotFound."""

    async def search(self, search: Search) -> Page[DataItem]:
        """Items that match, newest first unless the search says otherwise."""

    async def confirmations(self, tx: TxId) -> int:
        """How many blocks there are from the one that holds the item to the newest; 0 while none holds it. Raises
        NotFound."""


@dataclass(frozen=True, slots=True)
class Units:
    """A cast: who plays each part."""

    messenger: Messenger
    scheduler: Scheduler
    compute: Compute
    gateway: Gateway
