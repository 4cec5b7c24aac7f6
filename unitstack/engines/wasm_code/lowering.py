"""Lowers a 64-bit memory to a 32-bit one at load, for speed: addresses stay 64 bits wide in the code, and are narrowed
where memory is touched. Only for a memory whose limit fits 4 GiB; an address beyond that, which would have trapped, is
taken modulo 4 GiB instead."""

from collections.abc import Iterator

from unitstack.engines.wasm_code.instructions import (
    I32_WRAP_I64,
    Function,
    Instruction,
    functions_of,
    instructions_of,
    with_functions,
)
from unitstack.engines.wasm_code.sections import (
    END,
    I32_CONST,
    I64_CONST,
    Reader,
    Section,
    SectionId,
    join,
    signed,
    split,
    unsigned,
)
from unitstack.errors import EngineError

WIDE = 0x04
MOST_PAGES = 65_536
LOCAL_GET, LOCAL_SET = 0x20, 0x21
EXTEND_SIGNED, EXTEND_UNSIGNED = 0xAC, 0xAD
MEMORY_SIZE, MEMORY_GROW, PREFIX = 0x3F, 0x40, 0xFC
MEMORY_COPY, MEMORY_FILL = 10, 11
LOADS = range(0x28, 0x36)
STORES = range(0x36, 0x3F)
I32, I64, F32, F64 = 0x7F, 0x7E, 0x7D, 0x7C
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


def is_wide(module: bytes) -> bool:
    """Whether the module's own memory has 64-bit addresses."""
    return any(s.id == SectionId.MEMORY and _flags(s.body) & WIDE for s in split(module))


def lower(module: bytes) -> bytes:
    """The same module on a 32-bit memory. Raises EngineError where its data does not fit one."""
    sections = split(module)
    types, functions = _parameter_counts(sections)
    return join(_lowered(section, types, functions) for section in sections)


def _flags(body: bytes) -> int:
    reader = Reader(body)
    reader.unsigned()
    return reader.unsigned()


def _parameter_counts(sections: tuple[Section, ...]) -> tuple[list[int], list[int]]:
    """How many parameters each type has, and the type of each function of the module's own."""
    types: list[int] = []
    functions: list[int] = []
    for section in sections:
        reader = Reader(section.body)
        if section.id == SectionId.TYPE:
            types = [_parameters(reader) for _ in range(reader.unsigned())]
        elif section.id == SectionId.FUNCTION:
            functions = [reader.unsigned() for _ in range(reader.unsigned())]
    return types, functions


def _parameters(reader: Reader) -> int:
    reader.byte()
    count = reader.unsigned()
    reader.take(count)
    reader.take(reader.unsigned())
    return count


def _lowered(section: Section, types: list[int], functions: list[int]) -> Section:
    match section.id:
        case SectionId.MEMORY:
            return Section(section.id, _memory(section.body))
        case SectionId.DATA:
            return Section(section.id, _data(section.body))
        case SectionId.CODE:
            counts = [types[number] for number in functions]
            return Section(section.id, _code(section.body, counts))
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


def _code(code: bytes, parameters: list[int]) -> bytes:
    pairs = zip(functions_of(code), parameters, strict=True)
    return with_functions([_Narrower(code, function, count).body() for function, count in pairs])


class _Narrower:
    """Rewrites one function. A value above an address waits in a local of its own while the address is narrowed."""

    def __init__(self, code: bytes, function: Function, parameters: int) -> None:
        self._code = code
        self._function = function
        self._groups, self._declared = _locals(code, function)
        self._first = parameters + self._declared
        self._spare: dict[tuple[int, int], int] = {}

    def body(self) -> bytes:
        instructions = b"".join(self._parts())
        added = [unsigned(1) + bytes([kind]) for kind, _ in self._spare]
        start = Reader(self._code, self._function.locals[0])
        start.unsigned()
        declared = self._code[start.at : self._function.locals[1]]
        return unsigned(self._groups + len(added)) + declared + b"".join(added) + instructions

    def _local(self, kind: int, number: int = 0) -> int:
        return self._first + self._spare.setdefault((kind, number), len(self._spare))

    def _parts(self) -> Iterator[bytes]:
        kept = self._function.instructions[0]
        for instruction in instructions_of(self._code, self._function):
            rewritten = self._rewritten(instruction)
            if rewritten is not None:
                yield self._code[kept : instruction.start]
                yield rewritten
                kept = instruction.end
        yield self._code[kept : self._function.instructions[1]]

    def _rewritten(self, instruction: Instruction) -> bytes | None:
        operation = instruction.operation
        raw = self._code[instruction.start : instruction.end]
        if operation in LOADS:
            return bytes([I32_WRAP_I64]) + _checked(raw)
        if operation in STORES:
            return self._under(self._local(STORED[operation])) + _checked(raw)
        if operation == MEMORY_SIZE:
            return raw + bytes([EXTEND_UNSIGNED])
        if operation == MEMORY_GROW:
            return bytes([I32_WRAP_I64]) + raw + bytes([EXTEND_SIGNED])
        if operation == PREFIX and raw[1] in (MEMORY_COPY, MEMORY_FILL):
            return self._bulk(raw)
        return None

    def _under(self, spare: int) -> bytes:
        put, get = bytes([LOCAL_SET]) + unsigned(spare), bytes([LOCAL_GET]) + unsigned(spare)
        return put + bytes([I32_WRAP_I64]) + get

    def _bulk(self, raw: bytes) -> bytes:
        """Three operands: address, then address or byte value, then size."""
        size, middle = self._local(I32, 1), self._local(I32, 2)
        second = bytes([I32_WRAP_I64]) if raw[1] == MEMORY_COPY else b""
        put = bytes([LOCAL_SET])
        get = bytes([LOCAL_GET])
        return b"".join(
            (
                bytes([I32_WRAP_I64]) + put + unsigned(size),
                second + put + unsigned(middle),
                bytes([I32_WRAP_I64]) + get + unsigned(middle) + get + unsigned(size),
                raw,
            )
        )


def _locals(code: bytes, function: Function) -> tuple[int, int]:
    """How many groups of locals the function declares, and how many locals."""
    reader = Reader(code, function.locals[0])
    groups = reader.unsigned()
    count = 0
    for _ in range(groups):
        count += reader.unsigned()
        reader.byte()
    return groups, count


def _checked(raw: bytes) -> bytes:
    reader = Reader(raw, 1)
    reader.unsigned()
    offset = reader.unsigned()
    if offset >= 1 << 32:
        raise EngineError(
            f"the module touches memory at an offset of {offset}, which does not fit 32 bits"
        )
    return raw
