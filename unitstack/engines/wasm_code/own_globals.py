"""A module's own globals, exported: they are as much of its state as its memory is."""

from collections.abc import Sequence

from unitstack.engines.wasm_code.interface import Export, Kind, export_section, exports_of, imported
from unitstack.engines.wasm_code.sections import Reader, Section, SectionId

PREFIX = "ao:global:"


def count(sections: Sequence[Section]) -> int:
    """How many globals the module has of its own."""
    return sum(Reader(each.body).unsigned() for each in sections if each.id == SectionId.GLOBAL)


def shown(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The module with all of them exported, by their numbers."""
    first = imported(sections, Kind.GLOBAL)
    numbers = range(first, first + count(sections))
    added = [Export(f"{PREFIX}{number}", Kind.GLOBAL, number) for number in numbers]
    changed = export_section((*exports_of(sections), *added))
    return tuple(changed if each.id == SectionId.EXPORT else each for each in sections)
