"""What a messenger remembers: the work that it owes, and the processes whose clocks it watches."""

import json
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any, assert_never

from unitstack.database import transaction, without_waiting
from unitstack.messenger.owed import Birth, Cause, Delivery, Follow, Handover, Owed, Undoing, Work
from unitstack.wire import data_item
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import AssignmentId, MessageId, Nonce, ProcessId, TxId

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE owed (
        number INTEGER PRIMARY KEY,
        cascade TEXT NOT NULL,
        root TEXT,
        depth INTEGER NOT NULL,
        kind TEXT NOT NULL,
        item BLOB,
        notice BLOB,
        process TEXT,
        message TEXT,
        options TEXT
    );
    CREATE INDEX owed_cascade ON owed (cascade);
    CREATE TABLE monitored (
        process TEXT PRIMARY KEY,
        nonce INTEGER NOT NULL,
        timestamp INTEGER NOT NULL,
        cron TEXT NOT NULL
    );
    """,
    # Kept while a process goes back: its log is in another file, so that a crash may come between.
    """
    CREATE TABLE undoing (process TEXT PRIMARY KEY, nonce INTEGER NOT NULL, numbers TEXT NOT NULL);
    """,
)

_COLUMNS = "number, cascade, root, depth, kind, item, notice, process, message, options"
_INSERT = f"INSERT INTO owed ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class MessengerStore:
    """The messenger's tables. What is added here is owed until it is replaced by what it set off, or dropped."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        (last,) = connection.execute("SELECT max(number) FROM owed").fetchone()
        self._last: int = last or 0

    def close(self) -> None:
        self._connection.close()

    def reread(self) -> None:
        """Another state was put into the tables."""
        (last,) = self._connection.execute("SELECT max(number) FROM owed").fetchone()
        self._last = max(self._last, last or 0)

    def intend(self, undoing: Undoing) -> None:
        """Notes what is to be undone once the process's log is cut."""
        self._connection.execute(
            "INSERT OR REPLACE INTO undoing (process, nonce, numbers) VALUES (?, ?, ?)",
            (undoing.process, undoing.nonce, json.dumps(undoing.numbers)),
        )

    def intended(self) -> tuple[Undoing, ...]:
        """What was noted and neither done nor given up."""
        rows = self._connection.execute("SELECT process, nonce, numbers FROM undoing")
        return tuple(
            Undoing(ProcessId(TxId(process)), Nonce(nonce), tuple(json.loads(numbers)))
            for process, nonce, numbers in rows
        )

    def give_up(self, undoing: Undoing) -> None:
        """The process's log was not cut: all stays owed."""
        self._connection.execute("DELETE FROM undoing WHERE process = ?", (undoing.process,))

    def undo(self, undoing: Undoing) -> None:
        """Owes that no more, and watches the process's clock from that nonce on, if it was further."""
        with transaction(self._connection):
            self._connection.executemany(
                "DELETE FROM owed WHERE number = ?", [(each,) for each in undoing.numbers]
            )
            after = self.monitored().get(undoing.process)
            if after is not None and after.nonce >= undoing.nonce:
                self.monitor(undoing.process, Ordinate(undoing.nonce))
            self.give_up(undoing)

    def add(self, cause: Cause, works: Iterable[Work]) -> tuple[Owed, ...]:
        """Owes the work from now on, in this order."""
        owed = self._numbered(cause, works)
        with transaction(self._connection):
            self._put(owed)
        return owed

    def replace(self, done: Owed, cause: Cause, works: Iterable[Work]) -> tuple[Owed, ...] | None:
        """Owes the work in the place of what is done: both, or after a crash neither. None where that was not owed any
        more, and then nothing of it is."""
        owed = self._numbered(cause, works)
        if not owed:
            # What is done once more after a power failure is found to be done.
            with without_waiting(self._connection):
                return () if self._remove(done) else None
        with transaction(self._connection):
            if not self._remove(done):
                return None
            self._put(owed)
        return owed

    def drop(self, cascade: str) -> None:
        """Owes nothing of the cascade any more."""
        self._connection.execute("DELETE FROM owed WHERE cascade = ?", (cascade,))

    def owed(self) -> tuple[Owed, ...]:
        """All that is owed, in order."""
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM owed ORDER BY number")
        return tuple(_owed(row) for row in rows)

    def monitored(self) -> dict[ProcessId, Ordinate]:
        """The processes whose clocks are watched, each with the last cron message that was cranked."""
        rows = self._connection.execute("SELECT process, nonce, timestamp, cron FROM monitored")
        return {
            ProcessId(TxId(process)): Ordinate(Nonce(nonce), timestamp, cron)
            for process, nonce, timestamp, cron in rows
        }

    def monitor(self, process: ProcessId, after: Ordinate) -> None:
        """Watches the process's clock from that place on."""
        self._connection.execute(
            "INSERT OR REPLACE INTO monitored (process, nonce, timestamp, cron) VALUES (?, ?, ?, ?)",
            (process, *after),
        )

    def unmonitor(self, process: ProcessId) -> bool:
        """Whether the process's clock was watched; it is not any more."""
        rows = self._connection.execute("DELETE FROM monitored WHERE process = ?", (process,))
        return rows.rowcount > 0

    def advance(
        self, process: ProcessId, to: Ordinate, cause: Cause, works: Iterable[Work]
    ) -> tuple[Owed, ...]:
        """Owes what a cron message asks for, and remembers that it was cranked: both, or neither."""
        owed = self._numbered(cause, works)
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE monitored SET nonce = ?, timestamp = ?, cron = ? WHERE process = ?",
                (*to, process),
            )
            self._put(owed)
        return owed

    def _put(self, owed: Iterable[Owed]) -> None:
        self._connection.executemany(_INSERT, map(_row, owed))

    def _numbered(self, cause: Cause, works: Iterable[Work]) -> tuple[Owed, ...]:
        # Numbers are not given twice while the program runs: work that was dropped is never taken for other work.
        owed = tuple(Owed(number, cause, work) for number, work in enumerate(works, self._last + 1))
        self._last += len(owed)
        return owed

    def _remove(self, owed: Owed) -> bool:
        rows = self._connection.execute("DELETE FROM owed WHERE number = ?", (owed.number,))
        return rows.rowcount > 0


def _row(owed: Owed) -> tuple[object, ...]:
    cause = owed.cause
    return (owed.number, cause.cascade, cause.root, cause.depth, *_columns(owed.work))


def _columns(work: Work) -> tuple[object, ...]:
    match work:
        case Delivery(item):
            return ("delivery", data_item.encode(item), None, None, None, None)
        case Birth(item, notice):
            raw = data_item.encode(notice)
            return ("birth", data_item.encode(item), raw, None, None, None)
        case Handover(process, message, exclude, base_layer):
            options = json.dumps([list(exclude), base_layer])
            return ("handover", None, None, process, message, options)
        case Follow(process, message):
            return ("follow", None, None, process, message, None)
        case _:
            assert_never(work)


def _owed(row: Sequence[Any]) -> Owed:
    number, cascade, root, depth, *columns = row
    return Owed(number, Cause(cascade, root and MessageId(TxId(root)), depth), _work(*columns))


def _work(kind: str, *columns: Any) -> Work:
    item, notice, process, message, options = columns
    match kind:
        case "delivery":
            return Delivery(data_item.decode(item))
        case "birth":
            return Birth(data_item.decode(item), data_item.decode(notice))
        case "handover":
            exclude, base_layer = json.loads(options)
            return Handover(ProcessId(TxId(process)), TxId(message), tuple(exclude), base_layer)
        case _:
            return Follow(ProcessId(TxId(process)), AssignmentId(TxId(message)))
