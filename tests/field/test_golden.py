"""The recorded observations of the real aos module hold for our runtime, on both engines."""

from pathlib import Path

import pytest

from tests.field.golden import MENDED, check
from tests.field.golden_cases import Case, read_cases
from tests.field.golden_hosts import LuaHosts, WasmHosts
from unitstack.runtime import blueprint

RECORDED = read_cases(Path(__file__).with_name("aos-golden.jsonl"))
CASES = [case for case in RECORDED if case.name not in MENDED]

# What the template's own Lua does otherwise than the reference's.
TEMPLATE = {
    "modules/require-missing": "its searcher begins a new line",
    "modules/stdlib-tables": "its io has fewer functions",
}


@pytest.fixture(scope="module")
def wasm() -> WasmHosts:
    return WasmHosts()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_lua_engine_answers_as_the_reference_did(case: Case) -> None:
    outcome = check(case, LuaHosts(), blueprint)

    assert outcome.answered == outcome.expected


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name not in TEMPLATE],
    ids=lambda case: case.name,
)
def test_our_wasm_module_answers_as_the_reference_did(case: Case, wasm: WasmHosts) -> None:
    outcome = check(case, wasm, blueprint)

    assert outcome.answered == outcome.expected
