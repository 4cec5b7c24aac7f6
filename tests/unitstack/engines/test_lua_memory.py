"""A Lua state as bytes."""

from hypothesis import given
from hypothesis import strategies as st

from unitstack.engines import lua_memory
from unitstack.engines.envelope import Envelope
from unitstack.engines.lua_memory import Entry, History
from unitstack.wire.results import Json

DIGEST = bytes(32)
atoms = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.binary()
texts = st.text(max_size=5)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(texts, json, max_size=3)


@given(st.lists(atoms, min_size=1))
def test_an_image_comes_back_with_its_types(image: list[object]) -> None:
    memory = lua_memory.encode(History(image), DIGEST)

    read = lua_memory.decode(memory, DIGEST).base

    assert read == image
    assert [type(value) for value in read or []] == [type(value) for value in image]


@given(st.lists(st.tuples(objects, st.lists(st.floats(allow_nan=False), max_size=2))), objects)
def test_a_journal_comes_back_with_one_environment(
    messages: list[tuple[dict[str, Json], list[float]]], env: dict[str, Json]
) -> None:
    journal = tuple(Entry(Envelope(message, env), counts) for message, counts in messages)

    read = lua_memory.decode(lua_memory.encode(History(None, journal), DIGEST), DIGEST)

    assert read == History(None, journal)
    assert len({id(entry.envelope.env) for entry in read.journal}) <= 1


def test_the_same_state_is_the_same_bytes() -> None:
    history = History([1, b"x"], (Entry(Envelope({"Data": "é"}, {}), []),))

    assert lua_memory.encode(history, DIGEST) == lua_memory.encode(history, DIGEST)
