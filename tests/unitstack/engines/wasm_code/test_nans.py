"""NaNs are what x86-64 makes of them."""

import math
import struct

import pytest

from tests.unitstack.engines.wasm_code.running import assembled, call
from unitstack.engines.wasm_code import nans
from unitstack.engines.wasm_code.rewriting import each, rewritten
from unitstack.engines.wasm_code.sections import join, split

NAN, OTHER = 0x7FF8_0000_0000_0001, 0xFFF8_0000_0000_0002
SIGNALLING = 0x7FF0_0000_0000_0001
DEFAULT = 0xFFF8_0000_0000_0000
ONE = 0x3FF0_0000_0000_0000
ZERO = 0


def bits(operation: str, *operands: int) -> int:
    names = " ".join(f"(f64.reinterpret_i64 (local.get {n}))" for n in range(len(operands)))
    parameters = f"(param {'i64 ' * len(operands)})"
    body = f"(i64.reinterpret_f64 (f64.{operation} {names}))"
    module = assembled(f'(module (func (export "f") {parameters} (result i64) {body}))')
    settled = join(rewritten(split(module), each(nans.REWRITES)))
    signed = [value - (1 << 64) if value >> 63 else value for value in operands]
    return int(call(settled, "f", *signed)) & 0xFFFF_FFFF_FFFF_FFFF


@pytest.mark.parametrize(
    ("operation", "operands", "expected"),
    [
        ("div", (ZERO, ZERO), DEFAULT),
        ("sqrt", (0xBFF0_0000_0000_0000,), DEFAULT),
        ("add", (NAN, ONE), NAN),
        ("add", (ONE, OTHER), OTHER),
        ("mul", (NAN, OTHER), NAN),
        ("sub", (SIGNALLING, ONE), NAN),
        ("sqrt", (OTHER,), OTHER),
        ("min", (NAN, ONE), NAN),
    ],
)
def test_an_operands_own_nan_is_kept_and_a_new_one_is_negative(
    operation: str, operands: tuple[int, ...], expected: int
) -> None:
    assert bits(operation, *operands) == expected


def test_numbers_are_not_changed() -> None:
    two, three = (struct.unpack("<Q", struct.pack("<d", value))[0] for value in (2.0, 3.0))

    quotient = struct.unpack("<d", struct.pack("<Q", bits("div", two, three)))[0]

    assert quotient == 2.0 / 3.0
    assert not math.isnan(quotient)
