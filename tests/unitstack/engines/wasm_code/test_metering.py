"""Gas is spent by the reference's prices, and a module stops when it has none left."""

import pytest
import wasmtime

from tests.unitstack.engines.wasm_code.running import assembled, instance
from unitstack.engines.wasm_code.metering import GAS, OVERHEAD, metered
from unitstack.engines.wasm_code.sections import join, split
from unitstack.errors import EngineError


def spent(body: str, *, limit: int = 1_000_000) -> int:
    module = join(metered(split(assembled(f'(module (memory 1) (func (export "f") {body}))'))))
    store, alive = instance(module)
    exports = alive.exports(store)
    function, gas = exports["f"], exports[GAS]
    assert isinstance(function, wasmtime.Func)
    assert isinstance(gas, wasmtime.Global)
    gas.set_value(store, limit)
    function(store)
    return limit - int(gas.value(store))


@pytest.mark.parametrize(
    ("body", "cost"),
    [
        ("", 0),
        ("nop", 1 + OVERHEAD),
        ("i32.const 1 drop", 121 + OVERHEAD),
        ("(drop (i32.add (i32.const 1) (i32.const 2)))", 167 + OVERHEAD),
        ("(drop (i32.div_u (i32.const 1) (i32.const 2)))", 36_122 + OVERHEAD),
        ("(drop (f64.div (f64.const 1) (f64.const 2)))", 122 + OVERHEAD),
        ("(drop (i32.load (i32.const 8)))", 241 + OVERHEAD),
        ("(drop (memory.grow (i32.const 0)))", 10_001 + OVERHEAD + 120 + OVERHEAD),
        # A block, a branch out of it, and nothing behind it.
        ("block br 0 nop end", 91 + OVERHEAD + 0),
        ("(if (i32.const 0) (then nop) (else nop nop))", 2 + OVERHEAD + 2 + OVERHEAD),
    ],
)
def test_each_stretch_costs_its_operations_and_the_telling(body: str, cost: int) -> None:
    assert spent(body) == cost


@pytest.mark.parametrize("body", ["loop br 0 end", "(loop $l (br_if $l (i32.const 1)))"])
def test_a_loop_without_end_ends_with_the_gas(body: str) -> None:
    with pytest.raises(wasmtime.Trap):
        spent(body, limit=10_000)


def test_a_module_that_would_name_its_own_counter_is_refused() -> None:
    module = assembled(f'(module (global (export "{GAS}") (mut i64) (i64.const 0)))')

    with pytest.raises(EngineError, match="gas counter of its own"):
        metered(split(module))


def test_globals_that_a_module_has_stay_what_they_were() -> None:
    wat = """(module (global $n (mut i32) (i32.const 5)) (global (export "two") i32 (i32.const 2))
      (func (export "f") (result i32) (global.get $n)))"""
    store, alive = instance(join(metered(split(assembled(wat)))))
    exports = alive.exports(store)
    two, gas = exports["two"], exports[GAS]
    assert isinstance(two, wasmtime.Global)
    assert isinstance(gas, wasmtime.Global)

    assert (two.value(store), gas.value(store)) == (2, 0)
