"""The code of a wasm function as a sequence of instructions, as far as rewriting needs: where each begins and ends."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from unitstack.engines.wasm_code.sections import Reader, unsigned
from unitstack.errors import EngineError

CALL_INDIRECT = 0x11
I32_WRAP_I64 = 0xA7
# Vector operations that touch memory, and those that name a lane.
VECTOR_MEMORY = frozenset((*range(0x0C), *range(0x54, 0x5E)))
VECTOR_LANES = frozenset((*range(0x15, 0x23), *range(0x54, 0x5C)))
Skip = Callable[[Reader], None]


class Instruction(NamedTuple):
    """An operation, and its bytes from start to end within the code section's body."""

    operation: int
    start: int
    end: int


class Function(NamedTuple):
    """One function's body: the declared locals, and its instructions, as spans of the code section."""

    locals: tuple[int, int]
    instructions: tuple[int, int]


def functions_of(code: bytes) -> Iterator[Function]:
    """Every function of a code section, in order."""
    reader = Reader(code)
    for _ in range(reader.unsigned()):
        size = reader.unsigned()
        start, end = reader.at, reader.at + size
        for _ in range(reader.unsigned()):
            reader.unsigned()
            reader.byte()
        yield Function((start, reader.at), (reader.at, end))
        reader.at = end


def instructions_of(code: bytes, function: Function) -> Iterator[Instruction]:
    """Every instruction of a function. Raises EngineError for one that ao's modules do not use."""
    reader = Reader(code, function.instructions[0])
    end = function.instructions[1]
    while reader.at < end:
        start = reader.at
        operation = reader.byte()
        skip = _IMMEDIATES.get(operation)
        if skip is None and not _is_plain(operation):
            raise EngineError(
                f"the wasm module has operation 0x{operation:02x}, which is not supported"
            )
        if skip:
            skip(reader)
        yield Instruction(operation, start, reader.at)


def with_functions(bodies: list[bytes]) -> bytes:
    """A code section's body of these function bodies."""
    return unsigned(len(bodies)) + b"".join(unsigned(len(body)) + body for body in bodies)


def _is_plain(operation: int) -> bool:
    return (
        operation in (0x00, 0x01, 0x05, 0x0A, 0x0B, 0x0F, 0x19, 0x1A, 0x1B, 0xD1)
        or 0x45 <= operation <= 0xC4
    )


def _one(reader: Reader) -> None:
    reader.unsigned()


def _signed(reader: Reader) -> None:
    reader.signed()


def _two(reader: Reader) -> None:
    reader.unsigned()
    reader.unsigned()


def _branch_table(reader: Reader) -> None:
    for _ in range(reader.unsigned() + 1):
        reader.unsigned()


def _try_table(reader: Reader) -> None:
    reader.signed()
    for _ in range(reader.unsigned()):
        if reader.byte() < 2:
            reader.unsigned()
        reader.unsigned()


def _select_types(reader: Reader) -> None:
    reader.take(reader.unsigned())


def _f32(reader: Reader) -> None:
    reader.take(4)


def _f64(reader: Reader) -> None:
    reader.take(8)


def _prefixed(reader: Reader) -> None:
    """Saturating conversions (0-7) have no immediates, bulk memory operations one or two."""
    operation = reader.unsigned()
    if operation > 17:
        raise EngineError(f"the wasm module has operation 0xfc {operation}, which is not supported")
    for _ in range({8: 2, 10: 2, 12: 2, 14: 2}.get(operation, int(operation > 7))):
        reader.unsigned()


def _vector(reader: Reader) -> None:
    operation = reader.unsigned()
    if operation in VECTOR_MEMORY:
        _two(reader)
    if operation in VECTOR_LANES:
        reader.byte()
    elif operation in (0x0C, 0x0D):  # a constant, a shuffle
        reader.take(16)


_IMMEDIATES: dict[int, Skip] = {
    **dict.fromkeys((0x02, 0x03, 0x04, 0x06), _signed),  # block, loop, if, try
    **dict.fromkeys((0x07, 0x08, 0x09, 0x18), _one),  # catch, throw, rethrow, delegate
    **dict.fromkeys((0x0C, 0x0D, 0x10, 0x12), _one),  # br, br_if, call, return_call
    0x0E: _branch_table,
    CALL_INDIRECT: _two,
    0x13: _two,
    0x1C: _select_types,
    0x1F: _try_table,
    **dict.fromkeys(range(0x20, 0x27), _one),  # locals, globals, tables
    **dict.fromkeys(range(0x28, 0x3F), _two),  # loads and stores: alignment, offset
    **dict.fromkeys((0x3F, 0x40), _one),  # memory.size, memory.grow
    **dict.fromkeys((0x41, 0x42), _signed),
    0x43: _f32,
    0x44: _f64,
    0xD0: _signed,
    0xD2: _one,
    0xFC: _prefixed,
    0xFD: _vector,
}
