"""A module on a 64-bit memory does on a 32-bit one what it did."""

import pytest

from tests.unitstack.engines.wasm_code.running import assembled, call
from unitstack.engines.wasm_code import lowering
from unitstack.engines.wasm_code.rewriting import each, rewritten
from unitstack.engines.wasm_code.sections import join, split
from unitstack.errors import EngineError


def lowered(wat: str) -> bytes:
    sections = split(assembled(wat))
    assert lowering.has_wide_memory(sections)
    return join(rewritten(lowering.lowered(sections), each(lowering.REWRITES)))


def result(body: str, *, kind: str = "i64") -> int | float:
    wat = f"""(module (memory i64 1 4) (data (i64.const 16) "\\01\\02\\03\\04\\05\\06\\07\\08")
      (func (export "f") (result {kind}) {body}))"""
    return call(lowered(wat), "f")


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ("i64.const 16 i64.load", "i64", 0x0807060504030201),
        ("i64.const 8 i32.load8_u offset=8", "i32", 1),
        ("i64.const 64 i64.const 7 i64.store i64.const 64 i64.load", "i64", 7),
        ("i64.const 64 f64.const 1.5 f64.store i64.const 64 f64.load", "f64", 1.5),
        ("i64.const 64 f32.const 2.5 f32.store i64.const 64 f32.load", "f32", 2.5),
        ("i64.const 64 i32.const 300 i32.store8 i64.const 64 i32.load8_u", "i32", 44),
        ("memory.size", "i64", 1),
        ("i64.const 2 memory.grow drop memory.size", "i64", 3),
        ("i64.const 99 memory.grow", "i64", -1),
        (
            "i64.const 64 i64.const 16 i64.const 8 memory.copy i64.const 64 i64.load",
            "i64",
            0x0807060504030201,
        ),
        (
            "i64.const 64 i32.const 1 i64.const 2 memory.fill i64.const 64 i32.load16_u",
            "i32",
            257,
        ),
        (
            "i64.const 64 i64.const 16 v128.load v128.store i64.const 64 i64.load",
            "i64",
            0x0807060504030201,
        ),
        (
            "i64.const 16 v128.const i32x4 9 9 9 9 v128.load8_lane 0 i8x16.extract_lane_u 0",
            "i32",
            1,
        ),
    ],
)
def test_memory_is_touched_where_it_was(body: str, kind: str, expected: int | float) -> None:
    assert result(body, kind=kind) == expected


def test_addresses_beyond_four_gigabytes_are_refused_where_they_are_seen() -> None:
    with pytest.raises(EngineError, match="offset of 4294967296"):
        result("i64.const 0 i64.load offset=4294967296")
    with pytest.raises(EngineError, match="65537 pages"):
        lowered("(module (memory i64 65537))")


def test_a_memory_of_32_bits_is_not_wide() -> None:
    assert not lowering.has_wide_memory(split(assembled("(module (memory 1))")))
