"""Which functions an object file or an archive of them gives to whoever links it (WebAssembly's tool conventions)."""

from collections.abc import Iterator

from unitstack.engines.wasm_code.sections import MAGIC, Reader, SectionId, split
from unitstack.errors import EngineError

ARCHIVE = b"!<arch>\n"
LINKING, SYMBOL_TABLE = "linking", 8
FUNCTION, DATA, SECTION = 0, 1, 3
LOCAL, UNDEFINED, NAMED = 0x02, 0x10, 0x40


def defined_functions(raw: bytes) -> tuple[str, ...]:
    """By their names. Raises EngineError for what is neither."""
    if raw.startswith(ARCHIVE):
        return tuple(
            name
            for member in _members(raw)
            if member.startswith(MAGIC)
            for name in _defined(member)
        )
    return tuple(_defined(raw))


def _members(raw: bytes) -> Iterator[bytes]:
    """Each follows a header of sixty bytes, and begins at an even place."""
    at = len(ARCHIVE)
    while at + 60 <= len(raw):
        field = raw[at + 48 : at + 58].strip()
        if not field.isdigit():
            raise EngineError(f"the archive has a member without a size at byte {at}")
        size = int(field)
        yield raw[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def _defined(raw: bytes) -> Iterator[str]:
    for section in split(raw):
        reader = Reader(section.body)
        if section.id != SectionId.CUSTOM or reader.name() != LINKING:
            continue
        reader.unsigned()
        while not reader.done:
            kind, size = reader.byte(), reader.unsigned()
            part = Reader(reader.take(size))
            if kind == SYMBOL_TABLE:
                yield from _functions(part)


def _functions(reader: Reader) -> Iterator[str]:
    for _ in range(reader.unsigned()):
        kind, flags = reader.byte(), reader.unsigned()
        if kind == SECTION:
            reader.unsigned()
            continue
        name = _data(reader, flags) if kind == DATA else _numbered(reader, flags)
        if kind == FUNCTION and not flags & (LOCAL | UNDEFINED):
            yield name


def _numbered(reader: Reader, flags: int) -> str:
    reader.unsigned()
    return "" if flags & UNDEFINED and not flags & NAMED else reader.name()


def _data(reader: Reader, flags: int) -> str:
    name = reader.name()
    if not flags & UNDEFINED:
        for _ in range(3):
            reader.unsigned()
    return name
