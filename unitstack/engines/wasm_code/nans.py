"""Not-a-number as the reference's machines make it. Wasm leaves open which NaN an operation gives, and processors differ;
a process sees the sign when it prints one, and the bits lie in its memory. Here it is what x86-64 gives, everywhere: an
operand's own NaN where there is one, else the negative quiet NaN."""

import struct

from unitstack.engines.wasm_code.rewriting import F32, F64, Locals, Rewrite
from unitstack.engines.wasm_code.sections import signed

IF, ELSE, END = 0x04, 0x05, 0x0B
SELECT = bytes([0x1B])
NOT_EQUAL = {F32: bytes([0x5C]), F64: bytes([0x62])}
CONSTANT = {
    F32: b"\x43" + struct.pack("<I", 0xFFC0_0000),
    F64: b"\x44" + struct.pack("<Q", 0xFFF8 << 48),
}
OF_TWO = {
    **dict.fromkeys((0x92, 0x93, 0x94, 0x95, 0x96, 0x97), F32),
    **dict.fromkeys((0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5), F64),
}
SQUARE_ROOT = {0x91: F32, 0x9F: F64}
# Operations: to an integer, the bit that makes a NaN quiet, or, and back to a float.
QUIETED = {
    F32: (0xBC, b"\x41" + signed(0x0040_0000), 0x72, 0xBE),
    F64: (0xBD, b"\x42" + signed(0x0008 << 48), 0x84, 0xBF),
}
LEFT, RIGHT, RESULT = 10, 11, 12


def _is_nan(value: bytes, kind: int) -> bytes:
    return value + value + NOT_EQUAL[kind]


def _quiet(kind: int) -> bytes:
    to, constant, either, back = QUIETED[kind]
    return bytes([to]) + constant + bytes([either, back])


def _settled(spare: Locals, kind: int, otherwise: bytes) -> bytes:
    """The result, or what stands in its place when it is not a number."""
    result = spare.get(kind, RESULT)
    test = spare.tee(kind, RESULT) + result + NOT_EQUAL[kind]
    return (
        test + bytes([IF, kind]) + otherwise + _quiet(kind) + bytes([ELSE]) + result + bytes([END])
    )


def _of_two(raw: bytes, spare: Locals) -> bytes:
    kind = OF_TWO[raw[0]]
    left, right = spare.get(kind, LEFT), spare.get(kind, RIGHT)
    second = right + CONSTANT[kind] + _is_nan(right, kind) + SELECT
    first = left + second + _is_nan(left, kind) + SELECT
    kept = spare.set(kind, RIGHT) + spare.tee(kind, LEFT) + right
    return kept + raw + _settled(spare, kind, first)


def _of_one(raw: bytes, spare: Locals) -> bytes:
    kind = SQUARE_ROOT[raw[0]]
    value = spare.get(kind, LEFT)
    own = value + CONSTANT[kind] + _is_nan(value, kind) + SELECT
    return spare.tee(kind, LEFT) + raw + _settled(spare, kind, own)


REWRITES: dict[int, Rewrite] = {
    **dict.fromkeys(OF_TWO, _of_two),
    **dict.fromkeys(SQUARE_ROOT, _of_one),
}
