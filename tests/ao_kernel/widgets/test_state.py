"""What a process has in its globals: asked table by table, or whole to see what changed."""

import json
from typing import Any

import pytest

from ao_kernel.session import Session
from ao_kernel.widgets.browser import Row, detail, label, rows_of, written
from ao_kernel.widgets.state import (
    MANY,
    Entry,
    Path,
    State,
    answer,
    question,
)
from tests.ao_kernel.network import failing, printed, returned
from tests.ao_kernel.widgets.conftest import HOSTILE, UNSEEN, is_only_text, run

X: Path = (("string", "x"),)


def an_entry(*keys: str, kind: str = "number", text: str = "1", size: int = 0) -> Entry:
    return Entry(tuple(("string", key) for key in keys), kind, text, size)


async def asked(session: Session, *paths: Path) -> State:
    result = await session.dry_run(question(paths), await session.process())
    state = answer(paths, result)
    assert state is not None
    return state


def told(state: State, path: Path) -> list[tuple[str, str, str, int]]:
    return [(each.name, each.kind, each.text, each.size) for each in state.tables[path]]


async def test_a_table_is_told_with_its_keys_in_order(session: Session) -> None:
    await run(session, "%spawn alice", 'x = { 10, [2.5] = true, b = { 1, 2 }, [true] = "t" }')

    state = await asked(session, X)

    assert told(state, X) == [
        ("[1]", "number", "10", 0),
        ("[2.5]", "boolean", "true", 0),
        ("[true]", "string", "t", 0),
        ("b", "table", "", 2),
    ]
    assert state.memory > 0


async def test_paths_go_through_keys_of_every_kind(session: Session) -> None:
    await run(session, "%spawn alice", 'x = { [3] = { [false] = { ["a\\"b"] = 7 } } }')
    deep: Path = (*X, ("number", "3"), ("boolean", "false"))

    state = await asked(session, deep)

    assert told(state, deep) == [('a"b', "number", "7", 0)]


async def test_what_is_no_table_has_nothing_in_it(session: Session) -> None:
    await run(session, "%spawn alice", "x = 1")

    state = await asked(session, X, (*X, ("string", "y")), (("string", "none"),))

    assert list(state.tables.values()) == [(), (), ()]


async def test_of_a_large_table_the_first_entries_are_told(session: Session) -> None:
    await run(session, "%spawn alice", "x = {} for i = 1, 1000 do x[i] = i end")

    state = await asked(session, (), X)

    assert len(state.tables[X]) == MANY
    assert next(each.size for each in state.tables[()] if each.name == "x") == 1000


async def test_bytes_that_are_no_text_are_counted_and_long_texts_cut(session: Session) -> None:
    await run(session, "%spawn alice", 'x = { "\\255\\0", ("ä"):rep(5000) }')

    state = await asked(session, X)

    assert state.tables[X][0].text == "<2 bytes>"
    assert state.tables[X][1].text.endswith("ä… (10000 bytes)")


async def test_metatables_are_not_asked(session: Session) -> None:
    await run(
        session,
        "%spawn alice",
        'x = setmetatable({ 1 }, { __index = function () error("no") end, __pairs = error, __len = error })',
    )

    assert told(await asked(session, X), X) == [("[1]", "number", "1", 0)]


async def test_asking_leaves_no_trace(session: Session) -> None:
    await run(session, "%spawn alice", "x = { 1 }")
    before = await session.chronicle.length(await session.process())

    await asked(session, (), X)

    assert await session.chronicle.length(await session.process()) == before


@pytest.mark.parametrize(
    "said",
    [
        "hello",
        "[]",
        "7",
        "[" * 100_000,
        '{"tables": [1], "memory": 1}',
        '{"tables": [{"entries": []}], "memory": 1e999}',
        '{"tables": [{"entries": [["a"]]}]}',
    ],
)
def test_what_is_no_answer_is_none(said: str) -> None:
    assert answer(((),), printed(said)) is None


def test_an_error_is_no_answer() -> None:
    assert answer(((),), failing("no")) is None


def test_a_tree_shows_what_is_unfolded_and_leaves_out_what_is_hidden() -> None:
    inner = an_entry("x", "y")
    tables: dict[Path, tuple[Entry, ...]] = {
        (): (an_entry("ao"), an_entry("x", kind="table", text="", size=1)),
        X: (inner,),
    }

    folded = [row.entry.name for row in rows_of(tables, frozenset(), ("ao",))]
    unfolded = list(rows_of(tables, frozenset((X,)), ("ao",)))

    assert folded == ["x"]
    assert unfolded[1] == Row(inner, 1, False)


def test_signs_tell_what_is_folded() -> None:
    table = an_entry("x", kind="table", text="", size=2)

    lines = [label(Row(table, 0, is_open)) for is_open in (False, True)]
    leaf = label(Row(an_entry("x", "y"), 1, False))

    assert [line[0] for line in lines] == ["▸", "▾"]
    assert leaf.replace("\u00a0", " ").startswith("  · y")


def test_keys_are_written_as_in_lua() -> None:
    assert written((("string", "x"), ("number", "1"), ("string", "a b"))) == 'x[1]["a b"]'


def test_values_and_keys_are_only_text() -> None:
    entry = Entry((("string", HOSTILE),), "string", HOSTILE, 0)
    table = Entry((("string", HOSTILE),), "table", "", 1)

    html = detail(entry, {}) + detail(table, {table.path: (entry,)})

    assert is_only_text(html)
    assert not (UNSEEN | {"\n"}) & set(label(Row(entry, 0, False)))


def a_state(*rows: Any) -> str:
    return json.dumps({"tables": [{"entries": rows}], "memory": 2})


def test_an_answer_is_read_as_entries() -> None:
    state = answer(((),), returned(a_state(["string", "n", "number", "1", 0])))

    assert state == State({(): (an_entry("n"),)}, 2048)
