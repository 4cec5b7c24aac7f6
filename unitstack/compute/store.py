"""What a compute unit remembers: the evaluation of each message, and now and then a process's memory."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any, NewType

from unitstack.compute.sparing import Kept, spare
from unitstack.database import transaction
from unitstack.wire.assignments import BlockTime, Ordinate
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.results import Evaluation, Memory, from_json, to_json

# `place` numbers what is evaluated after one nonce: 0 is the scheduled message, its cron messages follow. Timestamps do
# not order them, because a block's message may be stamped later than one that is evaluated after it.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE evaluations (
        process TEXT NOT NULL,
        nonce INTEGER NOT NULL,
        place INTEGER NOT NULL,
        timestamp INTEGER NOT NULL,
        cron TEXT NOT NULL,
        message TEXT,
        pushed TEXT,
        height INTEGER NOT NULL,
        time INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        result TEXT NOT NULL
    );
    CREATE UNIQUE INDEX evaluations_order ON evaluations (process, nonce, place);
    CREATE INDEX evaluations_message ON evaluations (process, message) WHERE message IS NOT NULL;
    CREATE INDEX evaluations_pushed ON evaluations (process, pushed) WHERE pushed IS NOT NULL;
    CREATE INDEX evaluations_cron ON evaluations (process, nonce, timestamp, cron) WHERE cron <> '';
    CREATE TABLE memories (
        process TEXT NOT NULL,
        nonce INTEGER NOT NULL,
        place INTEGER NOT NULL,
        timestamp INTEGER NOT NULL,
        cron TEXT NOT NULL,
        memory BLOB NOT NULL,
        PRIMARY KEY (process, nonce, place)
    );
    """,
    # Apart from their places, so that what is not wanted any more can be dropped at once, and its pages freed later.
    """
    CREATE TABLE states (id INTEGER PRIMARY KEY, memory BLOB NOT NULL);
    INSERT INTO states (id, memory) SELECT rowid, memory FROM memories;
    CREATE TABLE places (
        process TEXT NOT NULL,
        nonce INTEGER NOT NULL,
        place INTEGER NOT NULL,
        timestamp INTEGER NOT NULL,
        cron TEXT NOT NULL,
        size INTEGER NOT NULL,
        state INTEGER NOT NULL,
        PRIMARY KEY (process, nonce, place)
    );
    INSERT INTO places (process, nonce, place, timestamp, cron, size, state)
        SELECT process, nonce, place, timestamp, cron, length(memory), rowid FROM memories;
    CREATE INDEX places_state ON places (state);
    DROP TABLE memories;
    """,
    """
    CREATE TABLE unwanted (state INTEGER PRIMARY KEY);
    INSERT INTO unwanted (state) SELECT id FROM states WHERE id NOT IN (SELECT state FROM places);
    CREATE TRIGGER places_gone AFTER DELETE ON places BEGIN
        INSERT OR IGNORE INTO unwanted (state) VALUES (old.state);
    END;
    """,
)

PackedMemory = NewType("PackedMemory", bytes)

_COLUMNS = "process, message, nonce, timestamp, cron, height, time, result"
_LAST = (2**62, 0)


# Memories were once compressed here, too; engines do that themselves, and none of theirs begins with this.
_COMPRESSED = b"\x78"


def pack(memory: Memory) -> PackedMemory:
    """The memory as it is kept."""
    return PackedMemory(memory)


def unpack(packed: PackedMemory) -> Memory:
    """What was packed, by this program or an earlier one."""
    return Memory(zlib.decompress(packed) if packed.startswith(_COMPRESSED) else packed)


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many memories of one process are kept, and of how many bytes."""

    count: int = 96
    size: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """That a message was evaluated, and whether it failed: then its state went back, and a replay leaves it out."""

    ordinate: Ordinate
    failed: bool


@dataclass(frozen=True, slots=True)
class SavedMemory:
    """A process's memory as it was kept, and the evaluation that it is the memory after."""

    ordinate: Ordinate
    packed: PackedMemory


class EvaluationStore:
    """The compute unit's tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        self._connection.close()

    def save(self, evaluation: Evaluation, pushed: str | None = None) -> None:
        """Records an evaluation after all others of its process; `pushed` is what a pushed message is known by."""
        nonce, timestamp, cron = evaluation.ordinate
        place = self._next_place(evaluation.process, nonce) if cron else 0
        result = evaluation.result
        row = (evaluation.process, nonce, place, timestamp, cron, evaluation.message, pushed)
        block = (evaluation.block.height, evaluation.block.timestamp)
        self._connection.execute(
            "INSERT INTO evaluations (process, nonce, place, timestamp, cron, message, pushed, height, time, failed,"
            " result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, *block, result.error is not None, json.dumps(to_json(result))),
        )

    def find(self, process: ProcessId, message: MessageId) -> Evaluation | None:
        """The evaluation of a message by its id."""
        return self._one("process = ? AND message = ?", process, message)

    def find_at(self, process: ProcessId, ordinate: Ordinate) -> Evaluation | None:
        """The evaluation at exactly that place."""
        if not ordinate.cron:
            return self._one("process = ? AND nonce = ? AND place = 0", process, ordinate.nonce)
        where = "process = ? AND nonce = ? AND timestamp = ? AND cron = ? AND cron <> ''"
        return self._one(where, process, *ordinate)

    def find_until(self, process: ProcessId, nonce: int) -> Evaluation | None:
        """The evaluation of the message with that nonce; where there is none, the last before it."""
        where = "process = ? AND (nonce, place) <= (?, 0) ORDER BY nonce DESC, place DESC"
        return self._one(where, process, nonce)

    def succeeded(
        self,
        process: ProcessId,
        after: Ordinate | None,
        until: Ordinate | None = None,
        *,
        newest_first: bool,
        limit: int,
    ) -> tuple[Evaluation, ...]:
        """Evaluations without error past `after` and not past `until`; in the order of evaluation, or the newest
        first."""
        order = "nonce DESC, place DESC" if newest_first else "nonce, place"
        end = _LAST if until is None else self._place(process, until)
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM evaluations WHERE process = ? AND failed = 0 AND (nonce, place) > (?, ?)"
            f" AND (nonce, place) <= (?, ?) ORDER BY {order} LIMIT ?",
            (process, *self._place(process, after), *end, limit),
        )
        return tuple(_evaluation(row) for row in rows)

    def crons(self, process: ProcessId, after: Ordinate | None) -> tuple[Evaluation, ...]:
        """Evaluations of cron messages past `after`, failed ones too."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM evaluations WHERE process = ? AND (nonce, place) > (?, ?) AND cron <> ''"
            " ORDER BY nonce, place",
            (process, *self._place(process, after)),
        )
        return tuple(_evaluation(row) for row in rows)

    def find_last_cron(self, process: ProcessId, cron: str) -> Evaluation | None:
        """The last evaluation of a message of that interval."""
        where = "process = ? AND cron = ? AND cron <> '' ORDER BY nonce DESC, place DESC"
        return self._one(where, process, cron)

    def recorded(
        self, process: ProcessId, after: Ordinate | None, until: Ordinate | None = None
    ) -> Sequence[Recorded]:
        """What was evaluated past `after` and not past `until`, without the results."""
        end = self._place(process, until) if until else _LAST
        rows = self._connection.execute(
            "SELECT nonce, timestamp, cron, failed FROM evaluations WHERE process = ? AND (nonce, place) > (?, ?)"
            " AND (nonce, place) <= (?, ?) ORDER BY nonce, place",
            (process, *self._place(process, after), *end),
        )
        return [Recorded(Ordinate(*row[:3]), bool(row[3])) for row in rows]

    def has_pushed(self, process: ProcessId, pushed: str, before: int) -> bool:
        """Whether a pushed message of the same content has been evaluated before that nonce."""
        return self._exists("pushed = ?", process, pushed, before)

    def has_message(self, process: ProcessId, message: MessageId, before: int) -> bool:
        """Whether that message has been evaluated before that nonce."""
        return self._exists("message = ?", process, message, before)

    def cut(self, process: ProcessId, nonce: int) -> None:
        """Forgets what was evaluated after the message with that nonce, cron messages that followed it included."""
        # As one: from a memory that is past what is recorded, all that follows would be wrong for good.
        with transaction(self._connection):
            for table in ("evaluations", "places"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE process = ? AND (nonce, place) > (?, 0)",
                    (process, nonce),
                )

    def save_memory(
        self, process: ProcessId, ordinate: Ordinate, packed: PackedMemory, allowed: Allowed
    ) -> None:
        """Keeps a memory; of the process's others those go that are more than is allowed."""
        place = self._place(process, ordinate)
        with transaction(self._connection):
            self._connection.execute("DELETE FROM states WHERE id IN (SELECT state FROM unwanted)")
            self._connection.execute("DELETE FROM unwanted")
            self._connection.execute(
                "DELETE FROM places WHERE process = ? AND nonce = ? AND place = ?",
                (process, *place),
            )
            state = self._connection.execute("INSERT INTO states (memory) VALUES (?)", (packed,))
            self._connection.execute(
                "INSERT INTO places (process, nonce, place, timestamp, cron, size, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (process, *place, *ordinate[1:], len(packed), state.lastrowid),
            )
            rows = self._connection.execute(
                "SELECT nonce, place, size FROM places WHERE process = ? ORDER BY nonce, place",
                (process,),
            )
            dropped = spare([Kept(*row) for row in rows], allowed.count, allowed.size)
            self._connection.executemany(
                "DELETE FROM places WHERE process = ? AND nonce = ? AND place = ?",
                [(process, each.nonce, each.place) for each in dropped],
            )

    def find_memory(self, process: ProcessId, until: Ordinate | None = None) -> SavedMemory | None:
        """The newest memory, or the newest that is not past `until`."""
        bound = self._place(process, until) if until else _LAST
        row = self._connection.execute(
            "SELECT nonce, timestamp, cron, memory FROM places JOIN states ON id = state"
            " WHERE process = ? AND (nonce, place) <= (?, ?) ORDER BY nonce DESC, place DESC LIMIT 1",
            (process, *bound),
        ).fetchone()
        return SavedMemory(Ordinate(*row[:3]), PackedMemory(row[3])) if row else None

    def milestones(self, process: ProcessId) -> tuple[Ordinate, ...]:
        """The last evaluation, those whose memories are kept, and the first; the newest first."""
        rows = self._connection.execute(
            "SELECT nonce, place, timestamp, cron FROM places WHERE process = ?"
            " UNION SELECT * FROM (SELECT nonce, place, timestamp, cron FROM evaluations WHERE process = ?"
            " ORDER BY nonce DESC, place DESC LIMIT 1)"
            " UNION SELECT * FROM (SELECT nonce, place, timestamp, cron FROM evaluations WHERE process = ?"
            " ORDER BY nonce, place LIMIT 1) ORDER BY nonce DESC, place DESC",
            (process, process, process),
        )
        return tuple(Ordinate(nonce, timestamp, cron) for nonce, _, timestamp, cron in rows)

    def drop_memory(self, process: ProcessId, ordinate: Ordinate) -> None:
        """Forgets a memory that no engine can use."""
        self._connection.execute(
            "DELETE FROM places WHERE process = ? AND nonce = ? AND timestamp = ? AND cron = ?",
            (process, *ordinate),
        )

    def _one(self, where: str, *values: object) -> Evaluation | None:
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM evaluations WHERE {where} LIMIT 1", values
        ).fetchone()
        return _evaluation(row) if row else None

    def _exists(self, where: str, *values: object) -> bool:
        # The plus keeps the search on the index of `where`: by nonce it would walk the whole log.
        statement = (
            f"SELECT 1 FROM evaluations WHERE process = ? AND {where} AND +nonce < ? LIMIT 1"
        )
        return self._connection.execute(statement, values).fetchone() is not None

    def _next_place(self, process: ProcessId, nonce: int) -> int:
        statement = "SELECT max(place) FROM evaluations WHERE process = ? AND nonce = ?"
        (last,) = self._connection.execute(statement, (process, nonce)).fetchone()
        return (last or 0) + 1

    def _place(self, process: ProcessId, ordinate: Ordinate | None) -> tuple[int, int]:
        """Nonce and place of an ordinate; one that was never evaluated falls after the last that is not younger."""
        if ordinate is None:
            return (-2, 0)
        if not ordinate.cron:
            return (ordinate.nonce, 0)
        row = self._connection.execute(
            "SELECT place FROM evaluations WHERE process = ? AND nonce = ? AND timestamp = ? AND cron = ?"
            " AND cron <> ''",
            (process, *ordinate),
        ).fetchone()
        row = (
            row
            or self._connection.execute(
                "SELECT coalesce(max(place), 0) FROM evaluations WHERE process = ? AND nonce = ? AND timestamp <= ?",
                (process, ordinate.nonce, ordinate.timestamp),
            ).fetchone()
        )
        return (ordinate.nonce, row[0])


def _evaluation(row: tuple[Any, ...]) -> Evaluation:
    process, message, nonce, timestamp, cron, height, time, result = row
    return Evaluation(
        ProcessId(TxId(process)),
        message and MessageId(TxId(message)),
        Ordinate(nonce, timestamp, cron),
        BlockTime(height, time),
        from_json(json.loads(result)),
    )
