import sqlite3
from pathlib import Path

import pytest

from tests.items import an_item
from unitstack.database import open_database
from unitstack.gateway.store import MIGRATIONS, Facet, ItemStore, Wanted
from unitstack.wire import data_item


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
