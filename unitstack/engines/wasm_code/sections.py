"""A wasm binary as its sections, as far as reading and rewriting one needs (WebAssembly core, §5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from unitstack.errors import EngineError

MAGIC = b"\0asm\x01\0\0\0"
GLOBAL_EXPORT = 3
I32_CONST, I64_CONST, END = 0x41, 0x42, 0x0B


class SectionId(IntEnum):
    """The sections of a module, by their numbers."""

    CUSTOM = 0
    TYPE = 1
    IMPORT = 2
    FUNCTION = 3
    TABLE = 4
    MEMORY = 5
    GLOBAL = 6
    EXPORT = 7
    START = 8
    ELEMENT = 9
    CODE = 10
    DATA = 11
    DATA_COUNT = 12
    TAG = 13


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its number and its bytes."""

    id: SectionId
    body: bytes


def unsigned(value: int) -> bytes:
    """LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def signed(value: int) -> bytes:
    """Signed LEB128."""
    out = bytearray()
    while not -64 <= value < 64:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value & 0x7F])


class Reader:
    """Reads a section's bytes in order."""

    def __init__(self, raw: bytes, at: int = 0) -> None:
        self._raw = raw
        self.at = at

    def byte(self) -> int:
        return self.take(1)[0]

    def take(self, size: int) -> bytes:
        if self.at + size > len(self._raw):
            raise EngineError(
                f"the wasm module ends at byte {len(self._raw)}, inside a field of {size} bytes"
            )
        self.at += size
        return self._raw[self.at - size : self.at]

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << shift) if byte & 0x40 else value

    def name(self) -> str:
        raw = self.take(self.unsigned())
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise EngineError(f"the wasm module has a name that is not UTF-8: {raw!r}") from error

    def since(self, start: int) -> bytes:
        """What was read from there on."""
        return self._raw[start : self.at]

    @property
    def done(self) -> bool:
        return self.at >= len(self._raw)


def split(module: bytes) -> tuple[Section, ...]:
    """The module's sections, in order. Raises EngineError for bytes that are no wasm module."""
    if not module.startswith(MAGIC):
        raise EngineError(f"not a wasm module: it begins with {module[:8].hex()!r}")
    return tuple(_sections(Reader(module, len(MAGIC))))


def _sections(reader: Reader) -> Iterator[Section]:
    while not reader.done:
        number = reader.byte()
        if number > SectionId.TAG:
            raise EngineError(
                f"the wasm module has a section of number {number}, which is not known"
            )
        yield Section(SectionId(number), reader.take(reader.unsigned()))


def join(sections: Iterable[Section]) -> bytes:
    """The module of these sections."""
    return MAGIC + b"".join(bytes([s.id]) + unsigned(len(s.body)) + s.body for s in sections)


def body_of(sections: Iterable[Section], id: SectionId) -> bytes:
    """The body of the only section with that number."""
    for section in sections:
        if section.id == id:
            return section.body
    raise EngineError(f"the wasm module has no {id.name.lower()} section")


def globals_of(body: bytes) -> tuple[tuple[int, bool, int], ...]:
    """Each global's type, whether it changes, and the constant that it starts with."""
    reader = Reader(body)
    found = []
    for _ in range(reader.unsigned()):
        kind, mutable = reader.byte(), reader.byte() == 1
        if reader.byte() not in (I32_CONST, I64_CONST):
            raise EngineError("a global does not start with a constant")
        found.append((kind, mutable, reader.signed()))
        reader.byte()
    return tuple(found)


def exported_global(body: bytes, name: str) -> int:
    """The index of the global that is exported by that name."""
    reader = Reader(body)
    for _ in range(reader.unsigned()):
        export, kind, index = reader.name(), reader.byte(), reader.unsigned()
        if export == name and kind == GLOBAL_EXPORT:
            return index
    raise EngineError(f"the wasm module exports no global {name}")
