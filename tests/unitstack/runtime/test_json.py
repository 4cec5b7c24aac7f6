"""What `json.lua` and Python make of one another's JSON."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unitstack.runtime.lua_world import LuaWorld

Codec = tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]

INT64 = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
# Lone surrogates have no UTF-8; a null is a hole in Lua's tables.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.booleans() | INT64 | FLOATS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(TEXTS, inner, min_size=1),
    max_leaves=30,
)

HARNESS = """
local json = require("json")
local function echo(text) return json.encode(json.decode(text)) end
local function complaint(text)
  local ok, err = pcall(json.decode, text)
  return ok and "" or err
end
return echo, complaint
"""


@pytest.fixture(scope="module")
def codec() -> Codec:
    echo, complaint = LuaWorld().run(HARNESS)
    return echo, complaint


def same(left: Any, right: Any) -> bool:
    """Equal, and of one type: but 1.0 is written 1, which reads as an integer."""
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=0)
    return bool(left == right)


@given(value=VALUES, escaped=st.booleans())
def test_what_python_wrote_comes_back_unchanged(codec: Codec, value: Any, escaped: bool) -> None:
    echo, _ = codec

    written = json.dumps(value, ensure_ascii=escaped).encode()

    assert same(value, json.loads(echo(written)))


@given(value=INT64)
def test_an_integer_keeps_every_digit(codec: Codec, value: int) -> None:
    echo, _ = codec

    assert echo(str(value).encode()) == str(value).encode()


@given(text=st.binary(max_size=60))
def test_bytes_are_a_value_or_a_complaint_with_a_place(codec: Codec, text: bytes) -> None:
    _, complaint = codec

    assert re.fullmatch(rb"|.* at line \d+ col \d+", complaint(text), re.DOTALL)
