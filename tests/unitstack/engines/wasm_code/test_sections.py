"""Wasm binaries are read and written back as they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unitstack.engines.wasm_code.running import assembled
from unitstack.engines.wasm_code.instructions import functions_of, instructions_of
from unitstack.engines.wasm_code.interface import (
    Kind,
    export_section,
    exports_of,
    import_section,
    imported,
    imports_of,
)
from unitstack.engines.wasm_code.sections import (
    Reader,
    SectionId,
    body_of,
    join,
    signed,
    split,
    unsigned,
)
from unitstack.errors import EngineError

MODULE = assembled(
    """(module
  (import "env" "f" (func (param i32)))
  (import "env" "m" (memory 1 2))
  (import "env" "t" (table 1 2 funcref))
  (import "env" "g" (global (mut i32)))
  (import "env" "e" (tag (param i32)))
  (func (export "one") (result i32) (i32.const 1))
  (export "memory" (memory 0)))"""
)


@given(st.integers(min_value=0, max_value=2**64))
def test_unsigned_numbers_come_back(value: int) -> None:
    assert Reader(unsigned(value)).unsigned() == value


@given(st.integers(min_value=-(2**63), max_value=2**63))
def test_signed_numbers_come_back(value: int) -> None:
    assert Reader(signed(value)).signed() == value


def test_a_module_joined_from_its_sections_is_the_same() -> None:
    assert join(split(MODULE)) == MODULE


def test_imports_and_exports_written_back_are_the_same() -> None:
    sections = split(MODULE)

    assert import_section(imports_of(sections)).body == body_of(sections, SectionId.IMPORT)
    assert export_section(exports_of(sections)).body == body_of(sections, SectionId.EXPORT)
    assert [each.name for each in imports_of(sections)] == ["f", "m", "t", "g", "e"]
    assert imported(sections, Kind.FUNCTION) == 1


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (b"", "not a wasm module"),
        (b"\x7fELF", "begins with '7f454c46'"),
        (MODULE[:-3], "ends at byte"),
        (b"\0asm\x01\0\0\0\x0e\0", "section of number 14"),
    ],
)
def test_what_is_no_module_is_refused(module: bytes, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        split(module)


def test_instructions_cover_a_function_without_gaps() -> None:
    wat = """(module (memory 1) (func (param i32) (result f64)
      block loop local.get 0 br_table 0 1 1 end end
      i32.const -300000 i64.const 1 i64.extend32_s drop drop
      i32.const 0 i32.const 0 i32.const 1 memory.copy
      v128.const i32x4 1 2 3 4 i8x16.extract_lane_u 3 drop
      f32.const 1 drop f64.const 2.5))"""
    code = body_of(split(assembled(wat)), SectionId.CODE)
    (function,) = functions_of(code)

    found = list(instructions_of(code, function))

    assert found[0].start == function.instructions[0]
    assert found[-1].end == function.instructions[1]
    assert all(one.end == two.start for one, two in pairwise(found))


def test_an_unknown_operation_is_refused_by_its_number() -> None:
    code = b"\x01\x04\x00\xfe\x00\x0b"
    (function,) = functions_of(code)

    with pytest.raises(EngineError, match="0xfe"):
        list(instructions_of(code, function))
