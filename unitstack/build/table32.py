"""Narrows the function table of a 64-bit module to 32 bits: compilers now make it as wide as memory, while node's loader
and the field's modules have the narrow one."""

from unitstack.engines.wasm_code.instructions import (
    CALL_INDIRECT,
    I32_WRAP_I64,
    Function,
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

WIDE = 0x04


def narrow_table(module: bytes) -> bytes:
    """The same module with a 32-bit table; a module whose table is narrow already comes back as it is."""
    sections = split(module)
    if not any(s.id == SectionId.TABLE and _is_wide(s.body) for s in sections):
        return module
    return join(_narrowed(section) for section in sections)


def _is_wide(body: bytes) -> bool:
    reader = Reader(body)
    reader.unsigned()
    reader.byte()
    return bool(reader.byte() & WIDE)


def _narrowed(section: Section) -> Section:
    match section.id:
        case SectionId.TABLE:
            return Section(section.id, _table(section.body))
        case SectionId.ELEMENT:
            return Section(section.id, _elements(section.body))
        case SectionId.CODE:
            return Section(section.id, _code(section.body))
        case _:
            return section


def _table(body: bytes) -> bytes:
    reader = Reader(body)
    count, kind = reader.unsigned(), reader.byte()
    flags = reader.byte()
    return unsigned(count) + bytes([kind, flags & ~WIDE]) + body[reader.at :]


def _elements(body: bytes) -> bytes:
    """Active segments of function indexes, which is all that linkers write here."""
    reader = Reader(body)
    parts = [unsigned(count := reader.unsigned())]
    for _ in range(count):
        flags, code = reader.unsigned(), reader.byte()
        offset = reader.signed()
        reader.byte()
        start = reader.at
        for _ in range(reader.unsigned()):
            reader.unsigned()
        narrow = I32_CONST if code == I64_CONST else code
        parts.append(
            unsigned(flags)
            + bytes([narrow])
            + signed(offset)
            + bytes([END])
            + body[start : reader.at]
        )
    return b"".join(parts)


def _code(code: bytes) -> bytes:
    return with_functions([_function(code, function) for function in functions_of(code)])


def _function(code: bytes, function: Function) -> bytes:
    parts, kept = [], function.locals[0]
    for instruction in instructions_of(code, function):
        if instruction.operation == CALL_INDIRECT:
            parts += [code[kept : instruction.start], bytes([I32_WRAP_I64])]
            kept = instruction.start
    return b"".join([*parts, code[kept : function.instructions[1]]])
