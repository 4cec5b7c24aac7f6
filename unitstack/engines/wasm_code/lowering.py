"""Lowers a 64-bit memory to a 32-bit one at load, for speed: addresses stay 64 bits wide in the code, and are narrowed
where memory is touched. Only for a memory whose limit fits 4 GiB; an address beyond that, which would have trapped, is
taken modulo 4 GiB instead."""

from collections.abc import Sequence

from unitstack.engines.wasm_code.instructions import (
    I32_WRAP_I64,
    VECTOR_LANES,
    VECTOR_MEMORY,
)
from unitstack.engines.wasm_code.rewriting import F32, F64, I32, I64, Locals, Rewrite
from unitstack.engines.wasm_code.sections import (
    END,
    I32_CONST,
    I64_CONST,
    Reader,
    Section,
    SectionId,
    signed,
    unsigned,
)
from unitstack.errors import EngineError

WIDE = 0x04
MOST_PAGES = 65_536
EXTEND_SIGNED, EXTEND_UNSIGNED = 0xAC, 0xAD
MEMORY_SIZE, MEMORY_GROW, PREFIX = 0x3F, 0x40, 0xFC
MEMORY_COPY, MEMORY_FILL = 10, 11
VECTOR_PREFIX, VECTOR_STORE, V128 = 0xFD, 0x0B, 0x7B
WRAP = bytes([I32_WRAP_I64])
LOADS = range(0x28, 0x36)
STORED = {
    0x36: I32,
    0x37: I64,
    0x38: F32,
    0x39: F64,
    0x3A: I32,
    0x3B: I32,
    0x3C: I64,
    0x3D: I64,
    0x3E: I64,
}


def has_wide_memory(sections: Sequence[Section]) -> bool:
    """Whether the module's own memory has 64-bit addresses."""
    return any(s.id == SectionId.MEMORY and _flags(s.body) & WIDE for s in sections)


def lowered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Memory and data as they are on 32 bits. Raises EngineError where they do not fit; the code is rewritten by
    `REWRITES`."""
    return tuple(_lowered(section) for section in sections)


def _flags(body: bytes) -> int:
    reader = Reader(body)
    reader.unsigned()
    return reader.unsigned()


def _lowered(section: Section) -> Section:
    match section.id:
        case SectionId.MEMORY:
            return Section(section.id, _memory(section.body))
        case SectionId.DATA:
            return Section(section.id, _data(section.body))
        case _:
            return section


def _memory(body: bytes) -> bytes:
    reader = Reader(body)
    reader.unsigned()
    flags, initial = reader.unsigned(), reader.unsigned()
    maximum = min(reader.unsigned(), MOST_PAGES) if flags & 1 else MOST_PAGES
    if initial > MOST_PAGES:
        raise EngineError(
            f"the module starts with {initial} pages of memory, {MOST_PAGES} fit 32 bits"
        )
    return b"\x01\x01" + unsigned(initial) + unsigned(maximum)


def _data(body: bytes) -> bytes:
    reader = Reader(body)
    parts = [unsigned(count := reader.unsigned())]
    for _ in range(count):
        kind = reader.unsigned()
        parts.append(unsigned(kind))
        if kind == 0:
            code, offset = reader.byte(), reader.signed()
            reader.byte()
            parts.append(
                bytes([I32_CONST if code == I64_CONST else code]) + signed(offset) + bytes([END])
            )
        start, size = reader.at, reader.unsigned()
        reader.take(size)
        parts.append(body[start : reader.at])
    return b"".join(parts)


def _load(raw: bytes, _: Locals) -> bytes:
    return WRAP + _checked(raw)


def _store(raw: bytes, spare: Locals) -> bytes:
    """The value, which lies above the address, waits in a local while the address is narrowed."""
    kind = STORED[raw[0]]
    return spare.set(kind) + WRAP + spare.get(kind) + _checked(raw)


def _size(raw: bytes, _: Locals) -> bytes:
    return raw + bytes([EXTEND_UNSIGNED])


def _grow(raw: bytes, _: Locals) -> bytes:
    return WRAP + raw + bytes([EXTEND_SIGNED])


def _bulk(raw: bytes, spare: Locals) -> bytes | None:
    """Three operands: address, then address or byte value, then size."""
    if raw[1] not in (MEMORY_COPY, MEMORY_FILL):
        return None
    second = WRAP if raw[1] == MEMORY_COPY else b""
    down = WRAP + spare.set(I32, 1) + second + spare.set(I32, 2)
    return down + WRAP + spare.get(I32, 2) + spare.get(I32, 1) + raw


def _vector(raw: bytes, spare: Locals) -> bytes | None:
    """A vector lies above the address when it is stored, or when one of its lanes is loaded."""
    operation = Reader(raw, 1).unsigned()
    if operation not in VECTOR_MEMORY:
        return None
    if operation == VECTOR_STORE or operation in VECTOR_LANES:
        return spare.set(V128) + WRAP + spare.get(V128) + raw
    return WRAP + raw


def _checked(raw: bytes) -> bytes:
    reader = Reader(raw, 1)
    reader.unsigned()
    offset = reader.unsigned()
    if offset >= 1 << 32:
        raise EngineError(
            f"the module touches memory at an offset of {offset}, which does not fit 32 bits"
        )
    return raw


REWRITES: dict[int, Rewrite] = {
    **dict.fromkeys(LOADS, _load),
    **dict.fromkeys(STORED, _store),
    MEMORY_SIZE: _size,
    MEMORY_GROW: _grow,
    PREFIX: _bulk,
    VECTOR_PREFIX: _vector,
}
