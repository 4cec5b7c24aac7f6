"""Values of Python as Lua has them, read back by a real Lua."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types
from papermill.models import Parameter  # type: ignore[import-untyped]
from papermill.translators import papermill_translators  # type: ignore[import-untyped]

from ao_kernel.papermill import LuaTranslator

LUA = lua53.LuaRuntime(encoding="utf-8")


def read(value: object) -> object:
    """The value by way of its Lua literal."""
    return LUA.eval(LuaTranslator.translate(value))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_of_any_kind_arrives_as_it_is(text: str) -> None:
    assert read(text) == text


@given(st.integers(-(2**63) + 1, 2**63 - 1) | st.booleans() | st.floats(allow_nan=False))
def test_numbers_and_truths_arrive_as_they_are(value: object) -> None:
    assert read(value) == value


def test_what_no_number_of_lua_holds_becomes_text() -> None:
    assert read(2**70) == str(2**70)


def test_nothing_is_nil_and_no_number_is_none() -> None:
    assert read(None) is None
    assert math.isnan(float(str(read(math.nan))))


def test_lists_and_mappings_become_tables() -> None:
    table = read({"a b": [1, {"c": "]]"}], "end": True})

    assert table["a b"][1] == 1  # type: ignore[index]  # a Lua table
    assert table["a b"][2]["c"] == "]]"  # type: ignore[index]
    assert table["end"] is True  # type: ignore[index]


def test_what_lua_has_no_form_for_is_its_text() -> None:
    assert read(date(2026, 1, 2)) == "2026-01-02"


def test_parameters_are_read_from_a_cell() -> None:
    cell = {"source": "-- parameters\nname = 'alice' -- who\ncount=3\nprint(name)"}

    found = LuaTranslator.inspect(cell)

    assert found == [
        Parameter("name", "None", "'alice'", "who"),
        Parameter("count", "None", "3", ""),
    ]


def test_a_cell_of_parameters_is_lua() -> None:
    code = LuaTranslator.codify({"name": "bob", "limits": [1, 2]}, "Parameters")

    assert code == '-- Parameters\nname = "bob"\nlimits = { 1, 2 }\n'


def test_papermill_finds_us_by_the_kernel_and_by_no_other_language() -> None:
    assert papermill_translators.find_translator("ao", "lua") is LuaTranslator
    with pytest.raises(Exception, match="No parameter translator"):
        papermill_translators.find_translator("other", "lua")
