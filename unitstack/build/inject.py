"""Puts a Lua program into a prebuilt template: one data segment more, and the sizes of memory and stack. Pure and fast:
the same program gives the same bytes everywhere."""

import struct
from dataclasses import dataclass

from unitstack.engines.wasm_code.sections import (
    END,
    I32_CONST,
    I64_CONST,
    Reader,
    Section,
    SectionId,
    body_of,
    exported_global,
    globals_of,
    join,
    signed,
    split,
    unsigned,
)
from unitstack.errors import EngineError

PAGE = 65_536
MARK = "ao_program"
I32_TYPE = 0x7F
LEAST_STACK = 2 * 1024 * 1024
FIRST_HEAP = 2 * 1024 * 1024
WASM32_PAGES = 65_536


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of stack, of memory at first, and of memory at most."""

    stack: int
    initial: int
    maximum: int


@dataclass(frozen=True, slots=True)
class _Template:
    sections: tuple[Section, ...]
    wide: bool
    mark: int
    stack_low: int


def inject(template: bytes, program: bytes, sizes: Sizes) -> bytes:
    """The module that runs the program. Raises EngineError where the sizes cannot hold it."""
    read = _read(template)
    stack = _aligned(max(sizes.stack, LEAST_STACK))
    source = read.stack_low + stack
    room = source + len(program) + FIRST_HEAP
    initial, maximum = _pages(max(sizes.initial, room)), _limit(sizes.maximum, wide=read.wide)
    if initial > maximum:
        raise EngineError(
            f"the program and its stack need {room} bytes of memory, {maximum * PAGE} are allowed"
        )
    form = "<QQQ" if read.wide else "<III"
    segments = ((read.mark, struct.pack(form, source, len(program), stack)), (source, program))
    return join(_patched(section, read, segments, (initial, maximum)) for section in read.sections)


def _read(template: bytes) -> _Template:
    sections = split(template)
    values = globals_of(body_of(sections, SectionId.GLOBAL))
    mark = values[exported_global(body_of(sections, SectionId.EXPORT), MARK)]
    low = values[exported_global(body_of(sections, SectionId.EXPORT), "__stack_low")]
    return _Template(sections, mark[0] != I32_TYPE, mark[2], low[2])


def _aligned(size: int) -> int:
    return (size + 15) & ~15


def _pages(size: int) -> int:
    return (size + PAGE - 1) // PAGE


def _limit(maximum: int, *, wide: bool) -> int:
    return _pages(maximum) if wide else min(_pages(maximum), WASM32_PAGES)


def _patched(
    section: Section,
    read: _Template,
    segments: tuple[tuple[int, bytes], ...],
    pages: tuple[int, int],
) -> Section:
    match section.id:
        case SectionId.MEMORY:
            flags = 0x05 if read.wide else 0x01
            return Section(
                section.id, b"\x01" + bytes([flags]) + unsigned(pages[0]) + unsigned(pages[1])
            )
        case SectionId.GLOBAL:
            top = segments[1][0]
            return Section(section.id, _with_stack_pointer(section.body, top))
        case SectionId.DATA:
            return Section(section.id, _with_segments(section.body, segments, wide=read.wide))
        case SectionId.DATA_COUNT:
            return Section(section.id, unsigned(Reader(section.body).unsigned() + len(segments)))
        case _:
            return section


def _with_stack_pointer(body: bytes, top: int) -> bytes:
    """The stack pointer is the first global, the only one that changes: it starts at the stack's top."""
    parts = []
    for number, (kind, mutable, value) in enumerate(globals_of(body)):
        code = I32_CONST if kind == I32_TYPE else I64_CONST
        start = top if number == 0 and mutable else value
        parts.append(bytes([kind, mutable, code]) + signed(start) + bytes([END]))
    return unsigned(len(parts)) + b"".join(parts)


def _with_segments(body: bytes, segments: tuple[tuple[int, bytes], ...], *, wide: bool) -> bytes:
    reader = Reader(body)
    count = reader.unsigned()
    code = bytes([I64_CONST if wide else I32_CONST])
    added = [
        b"\0" + code + signed(at) + bytes([END]) + unsigned(len(raw)) + raw for at, raw in segments
    ]
    return unsigned(count + len(segments)) + body[reader.at :] + b"".join(added)
