"""What a scheduler remembers: each process's log, and how far the gateway has been given what stands in it."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from sqlite3 import Connection

from unitstack import database
from unitstack.wire import data_item
from unitstack.wire.assignments import Assignment, ScheduledMessage, read_assignment
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.messages import read_message

# `entry` counts what was appended to any log, without a gap. `item` is null where an item from elsewhere was assigned.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE log (
        entry INTEGER PRIMARY KEY,
        process TEXT NOT NULL,
        nonce INTEGER NOT NULL,
        message TEXT NOT NULL,
        assignment TEXT NOT NULL,
        signed BLOB NOT NULL,
        item BLOB
    );
    CREATE UNIQUE INDEX log_order ON log (process, nonce);
    CREATE UNIQUE INDEX log_assignment ON log (assignment);
    CREATE INDEX log_message ON log (message);
    CREATE TABLE handed_over (entry INTEGER NOT NULL);
    INSERT INTO handed_over (entry) VALUES (0);
    """,
)

_COLUMNS = "assignment, signed, item"
# The plus keeps a search for an id on that id's index: on the process's it would walk the whole log.
_OF_PROCESS = "+process = ?"
_RECENT = 256
_RECENT_DATA_BYTES = 100_000
_UNKEPT = 64

Row = tuple[AssignmentId, bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in its process's log, and its number among all that were ever appended."""

    number: int
    scheduled: ScheduledMessage


class ScheduleStore:
    """The scheduler's tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # What was just appended is asked for at once, by who evaluates it and who appends next.
        self._recent: OrderedDict[AssignmentId, ScheduledMessage] = OrderedDict()
        self._sent: dict[TxId, ScheduledMessage] = {}
        self._appended: list[ScheduledMessage] = []
        self._handed_over: int = connection.execute("SELECT entry FROM handed_over").fetchone()[0]
        self._kept = self._handed_over

    def close(self) -> None:
        self._keep_handed_over()
        self._connection.close()

    def reread(self) -> None:
        """Another state was put into the tables: what is remembered of them is read again."""
        self._recent.clear()
        self._sent.clear()
        row = self._connection.execute("SELECT entry FROM handed_over").fetchone()
        self._handed_over = self._kept = row[0]

    def cut(self, process: ProcessId, nonce: int) -> int:
        """Takes what comes after that nonce out of the process's log; how many messages that were. All of it was handed
        over."""
        with database.transaction(self._connection):
            dropped = self._connection.execute(
                "DELETE FROM log WHERE process = ? AND nonce > ?", (process, nonce)
            ).rowcount
            # Numbers of entries that were at the end are given again, and what gets them is to be handed over.
            self._connection.execute(
                "UPDATE handed_over SET entry = (SELECT coalesce(max(entry), 0) FROM log)"
            )
        self.reread()
        return dropped

    def ids(self, process: ProcessId, nonce: int) -> tuple[str, ...]:
        """Those of the messages that come after that nonce, and of their assignments."""
        rows = self._connection.execute(
            "SELECT message, assignment FROM log WHERE process = ? AND nonce > ?", (process, nonce)
        )
        return tuple(chain.from_iterable(rows))

    @contextmanager
    def appending(self) -> Iterator[None]:
        """What is read and appended within is done as one; no one else appends meanwhile."""
        self._appended = []
        with database.transaction(self._connection):
            yield
        # Not before: what is rolled back was never appended.
        appended, self._appended = self._appended, []
        for scheduled in appended:
            self._remember(scheduled)

    def append(self, scheduled: ScheduledMessage) -> None:
        """Only while `appending`."""
        assignment, message = scheduled.assignment, scheduled.message
        self._connection.execute(
            "INSERT INTO log (process, nonce, message, assignment, signed, item) VALUES (?, ?, ?, ?, ?, ?)",
            (
                assignment.process,
                assignment.nonce,
                assignment.message,
                assignment.id,
                data_item.encode(assignment.item),
                None if message is None else data_item.encode(message.item),
            ),
        )
        if self._handed_over - self._kept >= _UNKEPT:
            self._keep_handed_over()
        self._appended.append(scheduled)

    def find_last(self, process: ProcessId) -> Assignment | None:
        """The end of the process's log; None for a process that was never scheduled."""
        row = self._connection.execute(
            "SELECT assignment, signed, NULL FROM log WHERE process = ? ORDER BY nonce DESC LIMIT 1",
            (process,),
        ).fetchone()
        return self._scheduled(row).assignment if row else None

    def find_nonce(self, process: ProcessId, message: TxId) -> int | None:
        """The nonce under which the message itself, not an assignment of it, stands in the log."""
        row = self._connection.execute(
            f"SELECT nonce FROM log WHERE message = ? AND {_OF_PROCESS} AND item IS NOT NULL",
            (message, process),
        ).fetchone()
        return row[0] if row else None

    def find(self, process: ProcessId, id: MessageId | AssignmentId) -> ScheduledMessage | None:
        """By the message's id or the assignment's; of several assignments of one message the first."""
        recent = self._recent.get(AssignmentId(id)) or self._sent.get(id)
        if recent is not None and recent.assignment.process == process:
            return recent
        return self._one(f"assignment = ? AND {_OF_PROCESS}", id, process) or self._one(
            f"message = ? AND {_OF_PROCESS} ORDER BY item IS NULL, nonce LIMIT 1", id, process
        )

    def find_process(self, process: ProcessId) -> ScheduledMessage | None:
        """The process's own item."""
        return self._one("process = ? AND nonce = 0", process)

    def find_item(self, tx: TxId) -> DataItem | None:
        """An item that stands in any log: a message, a process or an assignment."""
        row = self._connection.execute(
            "SELECT item FROM log WHERE message = ? AND item IS NOT NULL"
            " UNION ALL SELECT signed FROM log WHERE assignment = ? LIMIT 1",
            (tx, tx),
        ).fetchone()
        return data_item.decode(row[0]) if row else None

    def after(self, process: ProcessId, nonce: int, limit: int) -> tuple[ScheduledMessage, ...]:
        """The process's messages with greater nonces, ascending."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM log WHERE process = ? AND nonce > ? ORDER BY nonce LIMIT ?",
            (process, nonce, limit),
        )
        return tuple(map(self._scheduled, rows))

    def find_entry(self, number: int) -> Entry | None:
        """What was appended under that number."""
        scheduled = self._one("entry = ?", number)
        return Entry(number, scheduled) if scheduled else None

    def entries(self, after: int, limit: int) -> tuple[Entry, ...]:
        """What was appended after that number, in order."""
        rows = self._connection.execute(
            f"SELECT entry, {_COLUMNS} FROM log WHERE entry > ? ORDER BY entry LIMIT ?",
            (after, limit),
        )
        return tuple(Entry(number, self._scheduled(row)) for number, *row in rows)

    @property
    def handed_over(self) -> int:
        """The number of the last entry that the gateway was given; it has all before it."""
        return self._handed_over

    def hand_over(self, number: int) -> None:
        """Says that the gateway has that entry. This is kept now and then: what a crash makes the store forget is handed
        over twice, which does no harm."""
        self._handed_over = max(self._handed_over, number)

    def _keep_handed_over(self) -> None:
        self._connection.execute("UPDATE handed_over SET entry = ?", (self._handed_over,))
        self._kept = self._handed_over

    def _remember(self, scheduled: ScheduledMessage) -> None:
        if scheduled.message and len(scheduled.message.item.data) > _RECENT_DATA_BYTES:
            return
        self._recent[scheduled.assignment.id] = scheduled
        if scheduled.message is not None:
            self._sent[scheduled.message.item.id] = scheduled
        if len(self._recent) > _RECENT:
            _, oldest = self._recent.popitem(last=False)
            self._sent.pop(oldest.assignment.message, None)

    def _one(self, where: str, *values: object) -> ScheduledMessage | None:
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM log WHERE {where}", values
        ).fetchone()
        return self._scheduled(row) if row else None

    def _scheduled(self, row: Row) -> ScheduledMessage:
        assignment, signed, item = row
        return self._recent.get(assignment) or _decode(signed, item)


def _decode(signed: bytes, item: bytes | None) -> ScheduledMessage:
    assignment = read_assignment(data_item.decode(signed))
    return ScheduledMessage(
        assignment, None if item is None else read_message(data_item.decode(item))
    )
