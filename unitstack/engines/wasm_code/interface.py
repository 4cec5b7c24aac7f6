"""What a wasm module takes and gives: its import and export sections, read and written."""

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple, TypeVar

from unitstack.engines.wasm_code.sections import Reader, Section, SectionId, unsigned
from unitstack.errors import EngineError

T = TypeVar("T")


class Kind(IntEnum):
    """Kinds of imports and exports, by their numbers."""

    FUNCTION = 0
    TABLE = 1
    MEMORY = 2
    GLOBAL = 3
    TAG = 4


class Import(NamedTuple):
    """One import: where it comes from, its kind, and its type as bytes."""

    module: str
    name: str
    kind: Kind
    type: bytes


class Export(NamedTuple):
    """One export: its name, its kind, and its number among those of its kind."""

    name: str
    kind: Kind
    number: int


def imports_of(sections: Iterable[Section]) -> tuple[Import, ...]:
    """Every import, in order."""
    return tuple(_read_all(sections, SectionId.IMPORT, _import))


def exports_of(sections: Iterable[Section]) -> tuple[Export, ...]:
    """Every export, in order."""
    return tuple(_read_all(sections, SectionId.EXPORT, _export))


def import_section(imports: Iterable[Import]) -> Section:
    """The section of these imports."""
    entries = [_name(i.module) + _name(i.name) + bytes([i.kind]) + i.type for i in imports]
    return Section(SectionId.IMPORT, unsigned(len(entries)) + b"".join(entries))


def export_section(exports: Iterable[Export]) -> Section:
    """The section of these exports."""
    entries = [_name(e.name) + bytes([e.kind]) + unsigned(e.number) for e in exports]
    return Section(SectionId.EXPORT, unsigned(len(entries)) + b"".join(entries))


def imported(sections: Iterable[Section], kind: Kind) -> int:
    """How many of that kind are imported: the module's own are numbered after them."""
    return sum(entry.kind == kind for entry in imports_of(sections))


def _read_all(
    sections: Iterable[Section], id: SectionId, read: Callable[[Reader], T]
) -> Iterator[T]:
    for section in sections:
        if section.id == id:
            reader = Reader(section.body)
            for _ in range(reader.unsigned()):
                yield read(reader)


def _import(reader: Reader) -> Import:
    module, name, kind = reader.name(), reader.name(), _kind(reader)
    start = reader.at
    _skip_type(reader, kind)
    return Import(module, name, kind, reader.since(start))


def _export(reader: Reader) -> Export:
    return Export(reader.name(), _kind(reader), reader.unsigned())


def _kind(reader: Reader) -> Kind:
    number = reader.byte()
    try:
        return Kind(number)
    except ValueError as error:
        raise EngineError(f"the wasm module has an import or export of kind {number}") from error


def _skip_type(reader: Reader, kind: Kind) -> None:
    match kind:
        case Kind.FUNCTION:
            reader.unsigned()
        case Kind.GLOBAL:
            reader.take(2)
        case Kind.TAG:
            reader.byte()
            reader.unsigned()
        case Kind.TABLE | Kind.MEMORY:
            reader.take(int(kind == Kind.TABLE))
            for _ in range(1 + (reader.unsigned() & 1)):
                reader.unsigned()


def _name(text: str) -> bytes:
    raw = text.encode("utf-8")
    return unsigned(len(raw)) + raw
