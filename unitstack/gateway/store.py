"""What a gateway keeps: items as they were signed, and by what they are found."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from sqlite3 import Connection
from types import MappingProxyType

from unitstack import database
from unitstack.gateway.archive import Extent
from unitstack.wire import data_item, transactions
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, TxId
from unitstack.wire.transactions import Transaction

# A facet is what an item is found by: one of its tags, its owner or its recipient. `indexed` names the youngest item
# whose facets are in the table, as are those of all before it. A row of `blocks` says which height the items from that
# number on have, until the next row; items that were kept before blocks were counted are in the first of all. What a
# transaction of the base layer says that an item does not is kept beside the item that stands for it. `carried` says of an
# item which bundle brought it first. `weave` says which bytes of all transactions' data, one after another, are whose.
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
    """
    CREATE TABLE blocks (
        first INTEGER PRIMARY KEY,
        height INTEGER NOT NULL
    );
    INSERT INTO blocks (first, height) VALUES (0, 0);
    CREATE TABLE transactions (
        id TEXT PRIMARY KEY,
        json TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE carried (
        id TEXT PRIMARY KEY,
        bundle TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE weave (
        last INTEGER PRIMARY KEY,
        first INTEGER NOT NULL,
        id TEXT NOT NULL
    );
    CREATE UNIQUE INDEX weave_id ON weave (id);
    INSERT INTO weave (last, first, id)
    SELECT sum(size) OVER (ORDER BY number), sum(size) OVER (ORDER BY number) - size + 1, id
    FROM (
        SELECT number, items.id, CAST(json_extract(json, '$.data_size') AS INTEGER) AS size
        FROM items JOIN transactions ON transactions.id = items.id
    )
    WHERE size > 0;
    """,
)

_END = 2**63 - 1
# No tag has an empty name, so these cannot be mistaken for one.
_NO_TAG = ""
_OWNER = "owner "
_RECIPIENT = "recipient "
# Writing many items' facets at once takes half the time that writing each item's with it does.
_UNINDEXED = 64
_COUNTED = 10_000
# All that can stand before an item's data: the largest signature and owner, and as many tag bytes as are allowed.
_HEAD_BYTES = 8192
_ALL_BYTES = 2**31 - 1
_NONE: Mapping[TxId, TxId] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facet:
    """What an item must have: any of the values under the name."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A kept item; the younger has the greater number. The height is that of the block which is to hold it. `size` is
    that of the data, also where the item was read without it."""

    number: int
    item: DataItem
    size: int
    height: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the items that are found are told: at most `limit` with numbers between two, from one end or the other,
    with their data or without."""

    limit: int
    after: int = -1
    before: int = _END
    oldest_first: bool = False
    with_data: bool = True

    @property
    def order(self) -> str:
        """As SQL says it."""
        return "ASC" if self.oldest_first else "DESC"


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
        self._height = -1

    def close(self) -> None:
        self._index()
        self._connection.close()

    def reread(self) -> None:
        """Another state was put into the tables: what is remembered of them is forgotten."""
        self._facets.clear()
        self._height = -1

    def find(self, tx: TxId) -> Numbered | None:
        row = self._connection.execute("SELECT number FROM items WHERE id = ?", (tx,)).fetchone()
        return self._numbered(row[0]) if row else None

    def keep(
        self, items: Sequence[DataItem], height: int = 0, bundles: Mapping[TxId, TxId] = _NONE
    ) -> None:
        """All of them, or none; those that are kept already stay as they are. `bundles` says which of them carries which."""
        self._reach(height)
        rows = [(item.id, data_item.encode(item)) for item in items]
        statement = "INSERT OR IGNORE INTO items (id, raw) VALUES (?, ?)"
        # One statement commits itself, and sooner.
        whole = database.transaction(self._connection) if len(rows) > 1 else nullcontext()
        with whole:
            kept = [self._connection.execute(statement, row) for row in rows]
            self._connection.executemany(
                "INSERT OR IGNORE INTO carried (id, bundle) VALUES (?, ?)", bundles.items()
            )
        for item, row in zip(items, kept, strict=True):
            if row.rowcount and row.lastrowid is not None:
                self._facets[row.lastrowid] = _facets_of(item)
        if len(self._facets) >= _UNINDEXED:
            self._index()

    def keep_transaction(self, transaction: Transaction, item: DataItem, height: int = 0) -> None:
        """With the item that stands for it."""
        written = json.dumps(transactions.to_json(transaction))
        with database.transaction(self._connection):
            self._connection.execute(
                "INSERT OR IGNORE INTO transactions (id, json) VALUES (?, ?)", (item.id, written)
            )
            if transaction.data_size:
                self._connection.execute(
                    "INSERT OR IGNORE INTO weave (last, first, id)"
                    " SELECT coalesce(max(last), 0) + ?, coalesce(max(last), 0) + 1, ? FROM weave",
                    (transaction.data_size, item.id),
                )
        self.keep((item,), height)

    def find_part(self, extent: Extent, begin: int, end: int) -> bytes | None:
        """Some of the data of the item that stands for a transaction."""
        statement = "SELECT number FROM items WHERE id = ?"
        row = self._connection.execute(statement, (extent.tx,)).fetchone()
        if row is None:
            return None
        with self._connection.blobopen("items", "raw", row[0], readonly=True) as raw:
            # An item's data is the last of its bytes.
            raw.seek(begin - extent.size, os.SEEK_END)
            return raw.read(end - begin)

    def find_extent(self, tx: TxId) -> Extent | None:
        statement = "SELECT id, first, last FROM weave WHERE id = ?"
        row = self._connection.execute(statement, (tx,)).fetchone()
        return Extent(*row) if row else None

    def find_extent_at(self, offset: int) -> Extent | None:
        statement = "SELECT id, first, last FROM weave WHERE last >= ? ORDER BY last LIMIT 1"
        row = self._connection.execute(statement, (offset,)).fetchone()
        return Extent(*row) if row else None

    def find_bundle(self, tx: TxId) -> TxId | None:
        """The bundle that carries the item, if one does."""
        statement = "SELECT bundle FROM carried WHERE id = ?"
        row = self._connection.execute(statement, (tx,)).fetchone()
        return row[0] if row else None

    def find_transaction(self, tx: TxId) -> Transaction | None:
        statement = "SELECT json FROM transactions WHERE id = ?"
        row = self._connection.execute(statement, (tx,)).fetchone()
        return transactions.from_json(json.loads(row[0])) if row else None

    def lower(self, height: int) -> None:
        """Puts all that a higher block was to hold into the block of that height."""
        statement = "UPDATE blocks SET height = ? WHERE height > ?"
        self._connection.execute(statement, (height, height))
        self._height = -1

    def numbers(self, min_height: int, max_height: int) -> tuple[int, int]:
        """The number before the first item of the blocks from one height to another, and that after the last."""
        statement = "SELECT min(first) FROM blocks WHERE height >= ?"
        (first,) = self._connection.execute(statement, (min_height,)).fetchone()
        (end,) = self._connection.execute(statement, (max_height + 1,)).fetchone()
        return (_END if first is None else first) - 1, _END if end is None else end

    def search(
        self, ids: Sequence[TxId], facets: Sequence[Facet], wanted: Wanted
    ) -> tuple[Numbered, ...]:
        """The items that have all facets and, if ids are given, one of them."""
        self._index()
        if ids:
            numbers = self._with_ids(ids, facets, wanted)
        elif facets:
            numbers = self._with_facets(sorted(facets, key=self._count), wanted)
        else:
            numbers = self._any(wanted)
        ordered = sorted(numbers, reverse=not wanted.oldest_first)
        return tuple(
            self._numbered(number, with_data=wanted.with_data) for number in ordered[: wanted.limit]
        )

    def _with_ids(self, ids: Sequence[TxId], facets: Sequence[Facet], wanted: Wanted) -> set[int]:
        where, values = _having(facets, "items.number")
        statement = (
            "SELECT number FROM items WHERE id IN (SELECT value FROM json_each(?))"
            f" AND +number > ? AND +number < ?{where}"
        )
        return self._numbers(statement, json.dumps(ids), wanted.after, wanted.before, *values)

    def _with_facets(self, facets: Sequence[Facet], wanted: Wanted) -> set[int]:
        """Walks the rarest facet, each of its values from the wanted end on, and looks the others up."""
        where, values = _having(facets[1:], "given.item")
        statement = (
            "SELECT item FROM facets AS given WHERE name = ? AND value = ? AND item > ?"
            f" AND item < ?{where} ORDER BY item {wanted.order} LIMIT ?"
        )
        span = (wanted.after, wanted.before)
        numbers = set[int]()
        for value in facets[0].values:
            numbers |= self._numbers(statement, facets[0].name, value, *span, *values, wanted.limit)
        return numbers

    def _any(self, wanted: Wanted) -> set[int]:
        statement = (
            "SELECT number FROM items WHERE number > ? AND number < ?"
            f" ORDER BY number {wanted.order} LIMIT ?"
        )
        return self._numbers(statement, wanted.after, wanted.before, wanted.limit)

    def _numbers(self, statement: str, *values: object) -> set[int]:
        return {row[0] for row in self._connection.execute(statement, values)}

    def _numbered(self, number: int, *, with_data: bool = True) -> Numbered:
        statement = "SELECT substr(raw, 1, ?), length(raw) FROM items WHERE number = ?"
        read = _ALL_BYTES if with_data else _HEAD_BYTES
        raw, size = self._connection.execute(statement, (read, number)).fetchone()
        item = data_item.decode(raw)
        statement = "SELECT height FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1"
        (height,) = self._connection.execute(statement, (number,)).fetchone()
        return Numbered(number, item, size - len(raw) + len(item.data), height)

    def _reach(self, height: int) -> None:
        """From the next item on, blocks have at least that height."""
        if height <= self._height:
            return
        # No item has that number yet, so that a row which begins with it says nothing of any item.
        self._connection.execute(
            "INSERT OR REPLACE INTO blocks (first, height)"
            " SELECT (SELECT coalesce(max(number), 0) + 1 FROM items), ?"
            " WHERE NOT EXISTS (SELECT 1 FROM blocks WHERE height >= ?)",
            (height, height),
        )
        self._height = height

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
