"""A 64-bit function table becomes a 32-bit one, and calls through it reach what they did."""

import wasmtime

from tests.unitstack.engines.wasm_code.running import assembled, call
from unitstack.build.table32 import narrow_table

WIDE = """(module
  (table i64 3 funcref) (elem (i64.const 1) $one $two)
  (type $number (func (result i32)))
  (func $one (result i32) (i32.const 10))
  (func $two (result i32) (i32.const 20))
  (func (export "f") (param i64) (result i32) (call_indirect (type $number) (local.get 0))))"""


def test_calls_reach_the_same_functions() -> None:
    narrowed = narrow_table(assembled(WIDE))

    assert [call(narrowed, "f", number) for number in (1, 2)] == [10, 20]


def test_the_table_is_narrow_afterwards() -> None:
    wat = WIDE.replace("(table i64", '(table (export "t") i64')

    module = wasmtime.Module(wasmtime.Engine(), narrow_table(assembled(wat)))

    assert {entry.name for entry in module.exports} == {"t", "f"}


def test_a_narrow_table_stays_as_it_is() -> None:
    module = assembled("(module (table 1 funcref))")

    assert narrow_table(module) == module
