"""JSON values on their way into Lua."""

import pytest

from unitstack.engines.lua_values import NESTING, from_lua, to_lua
from unitstack.wire.results import Json


def test_strings_become_bytes_and_nulls_vanish() -> None:
    assert to_lua({"é": "ü", "none": None, "list": ["a", True, 1.5]}) == {
        "é".encode(): "ü".encode(),
        b"list": [b"a", True, 1.5],
    }


def test_a_list_with_nulls_keeps_the_places_of_the_rest() -> None:
    assert to_lua(["a", None, "b"]) == {1: b"a", 3: b"b"}


def test_whole_numbers_past_64_bits_become_fractions() -> None:
    assert to_lua(2**63 - 1) == 2**63 - 1
    assert isinstance(to_lua(2**63), float)


def test_half_a_character_is_no_failure() -> None:
    assert to_lua("\ud800") == b"\xed\xa0\x80"


def test_nesting_has_a_bound() -> None:
    nested: Json = []
    for _ in range(NESTING):
        nested = [nested]

    with pytest.raises(ValueError, match="nested more than 150 deep"):
        to_lua(nested)


def test_control_characters_are_read_as_they_are() -> None:
    assert from_lua(b'"a\nb\x00\xff"') == "a\nb\x00\ufffd"
