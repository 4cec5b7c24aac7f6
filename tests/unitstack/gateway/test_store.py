import json
import sqlite3
from pathlib import Path

import pytest

from tests.items import a_transaction, an_item
from unitstack.database import open_database
from unitstack.gateway.archive import Extent
from unitstack.gateway.native import item_of
from unitstack.gateway.store import MIGRATIONS, Facet, ItemStore, Wanted
from unitstack.wire import data_item, transactions


@pytest.fixture
def store() -> ItemStore:
    store = ItemStore(open_database(None, MIGRATIONS))
    store.keep([an_item((("Common", "yes"), ("Number", str(n)))) for n in range(500)])
    return store


def numbers_of(store: ItemStore, *facets: Facet, limit: int = 10) -> list[int]:
    return [each.number for each in store.search((), facets, Wanted(limit))]


def test_a_rare_facet_is_found_among_many_items_whatever_the_order_of_asking(
    store: ItemStore,
) -> None:
    common, rare = Facet("Common", ("yes",)), Facet("Number", ("7",))

    assert numbers_of(store, common, rare) == numbers_of(store, rare, common) == [8]


def test_no_search_walks_a_whole_table(store: ItemStore) -> None:
    plans: list[str] = []
    connection = store._connection
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    numbers_of(store, Facet("Common", ("yes", "no")), Facet("Number", ("7", "8")))
    store.search((an_item().id,), (Facet("Common", ("yes",)),), Wanted(1))
    connection.set_trace_callback(None)

    for statement in (each for each in statements if each.startswith("SELECT")):
        plans += [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]

    walked = [plan for plan in plans if plan.startswith(("SCAN items", "SCAN facets", "USE TEMP"))]
    assert len(plans) > 5
    assert walked == []


def test_what_is_kept_together_is_kept_whole_or_not_at_all() -> None:
    store = ItemStore(open_database(None, MIGRATIONS))
    store._connection.execute(
        "CREATE TRIGGER second BEFORE INSERT ON items WHEN NEW.number = -1 AND"
        " (SELECT count(*) FROM items) = 1 BEGIN SELECT raise(ABORT, 'the disk is full'); END"
    )

    with pytest.raises(sqlite3.IntegrityError, match="the disk is full"):
        store.keep([an_item(data=b"one"), an_item(data=b"two")])

    assert store.search((), (), Wanted(10)) == ()


def test_a_file_from_before_blocks_were_counted_is_read_on(tmp_path: Path) -> None:
    item = an_item((("App", "test"),))
    old = open_database(tmp_path / "gateway.sqlite", MIGRATIONS[:1])
    old.execute("INSERT INTO items (id, raw) VALUES (?, ?)", (item.id, data_item.encode(item)))
    old.close()

    store = ItemStore(open_database(tmp_path / "gateway.sqlite", MIGRATIONS))
    store.keep([an_item(data=b"new")], height=7)

    (found,) = store.search((), (Facet("App", ("test",)),), Wanted(10))
    assert (found.item, found.height) == (item, 0)
    assert store.numbers(7, 7) == (1, 2**63 - 1)


def test_a_search_without_data_tells_how_much_there_is(store: ItemStore) -> None:
    large = an_item((("Long", "x" * 3000),), bytes(100_000))
    store.keep([large])

    (found,) = store.search((large.id,), (), Wanted(1, with_data=False))

    assert (found.item.id, found.item.tags, found.size) == (large.id, large.tags, 100_000)
    assert len(found.item.data) < 8192


def test_a_transaction_that_comes_twice_takes_its_place_in_the_weave_once(store: ItemStore) -> None:
    one, other, empty = a_transaction(data=b"one"), a_transaction(data=b"other"), a_transaction()

    for transaction, data in ((one, b"one"), (empty, b""), (other, b"other"), (one, b"one")):
        store.keep_transaction(transaction, item_of(transaction, data))

    assert store.find_extent(one.id) == Extent(one.id, 1, 3)
    assert store.find_extent(other.id) == Extent(other.id, 4, 8)
    assert [store.find_extent(each) for each in (empty.id, an_item().id)] == [None, None]
    at = [store.find_extent_at(offset) for offset in (1, 3, 4, 8, 9)]
    assert [found.tx if found else "" for found in at] == [one.id, one.id, other.id, other.id, ""]


def test_part_of_the_data_is_read_by_itself(store: ItemStore) -> None:
    data = bytes(range(256)) * 100
    transaction = a_transaction((("Type", "Module"),), data)
    store.keep_transaction(transaction, item_of(transaction, data))
    extent = store.find_extent(transaction.id)

    assert extent is not None
    assert store.find_part(extent, 0, 256) == bytes(range(256))
    assert store.find_part(extent, 25_590, 25_600) == bytes(range(246, 256))
    assert store.find_part(Extent(an_item().id, 1, 9), 0, 9) is None


def test_transactions_of_a_file_from_before_the_weave_have_their_places_too(tmp_path: Path) -> None:
    kept = [a_transaction(data=b"x" * size) for size in (3, 2, 1)]
    old = open_database(tmp_path / "gateway.sqlite", MIGRATIONS[:3])
    for each in kept:
        raw = data_item.encode(item_of(each, b"x" * each.data_size))
        old.execute("INSERT INTO items (id, raw) VALUES (?, ?)", (each.id, raw))
        told = json.dumps(transactions.to_json(each))
        old.execute("INSERT INTO transactions (id, json) VALUES (?, ?)", (each.id, told))
    old.close()

    store = ItemStore(open_database(tmp_path / "gateway.sqlite", MIGRATIONS))

    places = zip(kept, (1, 4, 6), (3, 5, 6), strict=True)
    assert [store.find_extent(each.id) for each in kept] == [
        Extent(each.id, first, last) for each, first, last in places
    ]
