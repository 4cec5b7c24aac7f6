"""Modules in the formats that no registry has: our own template with our runtime, its imports and exports called what each
format's loader calls them."""

from collections.abc import Iterable

from unitstack.build.lua_module import PRESETS, Target, lua_module
from unitstack.engines.wasm_code import minified
from unitstack.engines.wasm_code.interface import (
    Export,
    Import,
    export_section,
    exports_of,
    import_section,
    imports_of,
)
from unitstack.engines.wasm_code.sections import SectionId, join, split
from unitstack.runtime import sources
from unitstack.runtime.sources import ENTRY
from unitstack.wire.messages import ModuleFormat

OLDER_STACK = {
    "emscripten_stack_get_current": "stackSave",
    "_emscripten_stack_restore": "stackRestore",
    "_emscripten_stack_alloc": "stackAlloc",
}
OLDER_CLOCK = {"emscripten_date_now": "_emscripten_date_now"}


def own_module(target: Target) -> bytes:
    """The reference's runtime, rebuilt, in our template."""
    return lua_module(sources("reference"), ENTRY, target=target, sizes=PRESETS["xs"])


def in_format(format: ModuleFormat) -> bytes:
    """Our own module as a module of that format."""
    wide = format in (ModuleFormat.WASM64, ModuleFormat.WASM64_METERING)
    module = own_module(64 if wide else 32)
    match format:
        case ModuleFormat.WASM32_3:
            return renamed(module, OLDER_STACK, {})
        case ModuleFormat.WASM32_2:
            return renamed(module, OLDER_STACK, OLDER_CLOCK)
        case ModuleFormat.WASM32:
            return in_letters(renamed(module, OLDER_STACK, OLDER_CLOCK))
        case _:
            return module


def renamed(module: bytes, exported: dict[str, str], imported: dict[str, str]) -> bytes:
    """With these exports under a second name as well, these imports under another, and no `dynCall_*`."""
    sections = split(module)
    exports = [each for each in exports_of(sections) if not each.name.startswith("dynCall_")]
    second = [e._replace(name=exported[e.name]) for e in exports if e.name in exported]
    imports = [i._replace(name=imported.get(i.name, i.name)) for i in imports_of(sections)]
    return _with(module, imports, [*exports, *second])


def in_letters(module: bytes) -> bytes:
    """By the one-letter names of the oldest format."""
    sections = split(module)
    imports = {name: letter for letter, name in minified.IMPORTS.items()}
    exports = {name: letter for letter, name in minified.EXPORTS.items()}
    return _with(
        module,
        [i._replace(module=minified.MODULE, name=imports[i.name]) for i in imports_of(sections)],
        [e._replace(name=exports[e.name]) for e in exports_of(sections) if e.name in exports],
    )


def _with(module: bytes, imports: Iterable[Import], exports: Iterable[Export]) -> bytes:
    changed = {
        SectionId.IMPORT: import_section(imports),
        SectionId.EXPORT: export_section(exports),
    }
    return join(changed.get(section.id, section) for section in split(module))
