"""What a gateway keeps: items as they were signed, and by what they are found."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from sqlite3 import Connection

from unitstack import database
from unitstack.wire import data_item
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, TxId

# A facet is what an item is found by: one of its tags, its owner or its recipient. `indexed` names the youngest item
# whose facets are in the table, as are those of all before it.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE items (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        raw BLOB NOT NULL
    );
    CREATE UNIQUE INDEX items_id ON items (id);
    CREATE TABLE facets (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        item INTEGER NOT NULL,
        PRIMARY KEY (name, value, item)
    ) WITHOUT ROWID;
    CREATE TABLE indexed (item INTEGER NOT NULL);
    INSERT INTO indexed (item) VALUES (0);
    """,
)

# No tag has an empty name, so these cannot be mistaken for one.
_NO_TAG = ""
_OWNER = "owner "
_RECIPIENT = "recipient "
# Writing many items' facets at once takes half the time that writing each item's with it does.
_UNINDEXED = 64
_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Facet:
    """What an item must have: any of the values under the name."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A kept item; the younger has the greater number."""

    number: int
    item: DataItem


def owned_by(owners: Sequence[Address]) -> Facet:
    """Signed by one of them."""
    return Facet(_NO_TAG, tuple(_OWNER + owner for owner in owners))


def sent_to(recipients: Sequence[str]) -> Facet:
    """With one of them as its target."""
    return Facet(_NO_TAG, tuple(_RECIPIENT + recipient for recipient in recipients))


class ItemStore:
    """The gateway's tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # What need not be decoded again to be indexed.
        self._facets: dict[int, list[tuple[str, str]]] = {}

    def close(self) -> None:
        self._index()
        self._connection.close()

    def find(self, tx: TxId) -> DataItem | None:
        row = self._connection.execute("SELECT raw FROM items WHERE id = ?", (tx,)).fetchone()
        return data_item.decode(row[0]) if row else None

    def keep(self, items: Sequence[DataItem]) -> None:
        """All of them, or none; those that are kept already stay as they are."""
        rows = [(item.id, data_item.encode(item)) for item in items]
        statement = "INSERT OR IGNORE INTO items (id, raw) VALUES (?, ?)"
        # One statement commits itself, and sooner.
        whole = database.transaction(self._connection) if len(rows) > 1 else nullcontext()
        with whole:
            kept = [self._connection.execute(statement, row) for row in rows]
        for item, row in zip(items, kept, strict=True):
            if row.rowcount and row.lastrowid is not None:
                self._facets[row.lastrowid] = _facets_of(item)
        if len(self._facets) >= _UNINDEXED:
            self._index()

    def search(
        self, ids: Sequence[TxId], facets: Sequence[Facet], before: int, limit: int
    ) -> tuple[Numbered, ...]:
        """The youngest items with numbers less than `before` that have all facets and, if ids are given, one of them."""
        self._index()
        if ids:
            numbers = self._with_ids(ids, facets, before)
        elif facets:
            numbers = self._with_facets(sorted(facets, key=self._count), before, limit)
        else:
            numbers = self._any(before, limit)
        return tuple(map(self._numbered, sorted(numbers, reverse=True)[:limit]))

    def _with_ids(self, ids: Sequence[TxId], facets: Sequence[Facet], before: int) -> set[int]:
        where, values = _having(facets, "items.number")
        statement = f"SELECT number FROM items WHERE id IN (SELECT value FROM json_each(?)) AND +number < ?{where}"
        return self._numbers(statement, json.dumps(ids), before, *values)

    def _with_facets(self, facets: Sequence[Facet], before: int, limit: int) -> set[int]:
        """Walks the rarest facet, each of its values from the youngest item on, and looks the others up."""
        where, values = _having(facets[1:], "given.item")
        statement = (
            f"SELECT item FROM facets AS given WHERE name = ? AND value = ? AND item < ?{where}"
            " ORDER BY item DESC LIMIT ?"
        )
        numbers = set[int]()
        for value in facets[0].values:
            numbers |= self._numbers(statement, facets[0].name, value, before, *values, limit)
        return numbers

    def _any(self, before: int, limit: int) -> set[int]:
        statement = "SELECT number FROM items WHERE number < ? ORDER BY number DESC LIMIT ?"
        return self._numbers(statement, before, limit)

    def _numbers(self, statement: str, *values: object) -> set[int]:
        return {row[0] for row in self._connection.execute(statement, values)}

    def _numbered(self, number: int) -> Numbered:
        statement = "SELECT raw FROM items WHERE number = ?"
        (raw,) = self._connection.execute(statement, (number,)).fetchone()
        return Numbered(number, data_item.decode(raw))

    def _count(self, facet: Facet) -> int:
        """How many items have it, as far as it is worth counting."""
        statement = (
            "SELECT count(*) FROM (SELECT 1 FROM facets WHERE name = ? AND value = ? LIMIT ?)"
        )
        return sum(
            self._connection.execute(statement, (facet.name, value, _COUNTED)).fetchone()[0]
            for value in facet.values
        )

    def _index(self) -> None:
        """Writes the facets of all items that do not have theirs yet: also of those that a crash left without."""
        (indexed,) = self._connection.execute("SELECT item FROM indexed").fetchone()
        numbers = sorted(self._numbers("SELECT number FROM items WHERE number > ?", indexed))
        if not numbers:
            return
        with database.transaction(self._connection):
            self._connection.executemany(
                "INSERT OR IGNORE INTO facets (name, value, item) VALUES (?, ?, ?)",
                [(*facet, number) for number in numbers for facet in self._facets_at(number)],
            )
            self._connection.execute("UPDATE indexed SET item = ?", (numbers[-1],))
        self._facets.clear()

    def _facets_at(self, number: int) -> list[tuple[str, str]]:
        return self._facets.get(number) or _facets_of(self._numbered(number).item)


def _facets_of(item: DataItem) -> list[tuple[str, str]]:
    facets: list[tuple[str, str]] = [*item.tags, (_NO_TAG, _OWNER + item.address)]
    if item.target:
        facets.append((_NO_TAG, _RECIPIENT + item.target_id))
    return facets


def _having(facets: Sequence[Facet], number: str) -> tuple[str, list[str]]:
    """The condition that the item with that number has all these facets, and what stands in its placeholders."""
    condition = (
        " AND EXISTS (SELECT 1 FROM facets WHERE name = ? AND value IN (SELECT value FROM json_each(?))"
        f" AND item = {number})"
    )
    values = [text for facet in facets for text in (facet.name, json.dumps(facet.values))]
    return condition * len(facets), values
