"""The oldest format's modules have one-letter names, which its loader gave them. Here they get their own names back, so that
nothing else has to know."""

from collections.abc import Sequence

from unitstack.engines.wasm_code.interface import (
    export_section,
    exports_of,
    import_section,
    imports_of,
)
from unitstack.engines.wasm_code.sections import Section, SectionId
from unitstack.errors import EngineError

MODULE = "a"
IMPORTS = {
    "a": "_emscripten_date_now",
    "b": "setTempRet0",
    "c": "fd_close",
    "d": "__syscall_fcntl64",
    "e": "__syscall_unlinkat",
    "f": "fd_write",
    "g": "__syscall_openat",
    "h": "getTempRet0",
    "i": "_mktime_js",
    "j": "_tzset_js",
    "k": "emscripten_memcpy_big",
    "l": "exit",
    "m": "system",
    "n": "strftime",
    "o": "fd_seek",
    "p": "_emscripten_throw_longjmp",
    "q": "emscripten_resize_heap",
    "r": "__syscall_lstat64",
    "s": "__syscall_renameat",
    "t": "__syscall_rmdir",
    "u": "environ_get",
    "v": "environ_sizes_get",
    "w": "__syscall_dup3",
    "x": "invoke_vii",
    "y": "fd_read",
    "z": "__syscall_ioctl",
    "A": "_emscripten_get_now_is_monotonic",
    "B": "_gmtime_js",
    "C": "_localtime_js",
    "D": "abort",
}
EXPORTS = {
    "E": "memory",
    "F": "__wasm_call_ctors",
    "G": "handle",
    "H": "main",
    "I": "__indirect_function_table",
    "J": "malloc",
    "K": "__errno_location",
    "L": "setThrew",
    "M": "stackSave",
    "N": "stackRestore",
    "O": "stackAlloc",
}


def is_minified(sections: Sequence[Section]) -> bool:
    """Whether the module has the oldest loader's names."""
    return any(entry.module == MODULE for entry in imports_of(sections))


def spelled_out(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The same module by full names. Raises EngineError for a name that the oldest loader does not know."""
    return tuple(_spelled_out(section) for section in sections)


def _spelled_out(section: Section) -> Section:
    match section.id:
        case SectionId.IMPORT:
            imports = imports_of((section,))
            return import_section(
                entry._replace(module="env", name=_import(entry.module, entry.name))
                for entry in imports
            )
        case SectionId.EXPORT:
            exports = exports_of((section,))
            return export_section(
                entry._replace(name=EXPORTS.get(entry.name, entry.name)) for entry in exports
            )
        case _:
            return section


def _import(module: str, name: str) -> str:
    if module != MODULE or name not in IMPORTS:
        raise EngineError(f"the module imports {module}.{name}, which no host of ao's provides")
    return IMPORTS[name]
