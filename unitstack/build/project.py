"""A project's folder as a module: which files belong to it, and the names by which `require` knows them."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path, PurePath

from unitstack import runtime
from unitstack.build import config
from unitstack.build.c_code import CCode, Tell, c_module, lua_with_libraries, unheard
from unitstack.build.config import Config, read_config
from unitstack.build.inject import inject
from unitstack.build.lua_module import program, template
from unitstack.build.syntax import problem
from unitstack.errors import Refused
from unitstack.wire.messages import ModuleFormat

OUTPUT = "process.wasm"
START = "process.lua"
LOADER = "loader"
DEPENDENCIES = "definition.yml"
FORMATS = {32: ModuleFormat.WASM32_4, 64: ModuleFormat.WASM64}
"""What a built module is tagged with."""

MAX_FILES = 2_000
MAX_SOURCE = 64 * 1024 * 1024

LIBRARIES = "libs"
_LUA, _C = ".lua", ".c"
_COMPILED = (".a", ".o")
_REFUSED = {
    **dict.fromkeys((".cpp", ".cc", ".cxx"), "C++, whose library does not exist for modules here"),
    ".rs": "Rust, which is not built here",
    **dict.fromkeys((".so", ".dylib"), "a shared library, which a module cannot open"),
}
_SHARED = (".so", ".dylib")
# The bundled json brings a file of its own, whose name a project may want.
_JSON_PARTS = ("compat", "switches")
_JSON_NAMES = 'local require = (function(find) return function(name) return find("json" .. name) end end)(require) '
_LUAROCKS = re.compile(r"modules/share/lua/\d+\.\d+/")


class Language(StrEnum):
    """What a process is written in."""

    LUA = "Lua"
    C = "C"


@dataclass(frozen=True, slots=True)
class Project:
    """What a folder holds: Lua sources by the names that `require` knows them by, C by its places, and how it is to be
    built. Notes are whole sentences for a person."""

    folder: Path
    sources: Mapping[str, str]
    config: Config
    c_files: tuple[PurePath, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def language(self) -> Language:
        return Language.LUA if self.sources else Language.C


def read_project(folder: Path) -> Project:
    """The project in the folder. Raises Refused for a folder that cannot be built."""
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder")
    found = tuple(_files(folder))
    if any(path.suffix == _LUA for path in found):
        return _lua_project(folder, found)
    return _c_project(folder, found)


def _lua_project(folder: Path, found: tuple[PurePath, ...]) -> Project:
    """Beside Lua, only what is under `libs` counts, as ao has it."""
    if not (folder / START).is_file():
        raise Refused(
            f"{folder} has Lua but no {START}, which is what answers messages; `ao init` makes one"
        )
    settings = _config(folder)
    sources = {module_name(path): _source(folder, path) for path in found if path.suffix == _LUA}
    if sum(map(len, sources.values())) > MAX_SOURCE:
        raise Refused(f"the sources in {folder} are longer than {MAX_SOURCE} characters")
    libraries = _compilable(path for path in found if path.parts[0] == LIBRARIES)
    notes = (
        *settings.notes,
        *_luarocks(folder),
        *_unused(settings, libraries),
        *_unreadable(sources),
        *_foreign(libraries),
    )
    return Project(folder, sources, settings, libraries, notes)


def _c_project(folder: Path, found: tuple[PurePath, ...]) -> Project:
    c_files = _compilable(
        path for path in found if path.suffix not in _SHARED or path.parts[0] == LIBRARIES
    )
    if not any(path.suffix == _C for path in c_files):
        raise Refused(
            f"{folder} has neither {START} nor a file of C; `ao init` makes a project that builds"
        )
    settings = _config(folder)
    return Project(folder, {}, settings, c_files, (*settings.notes, *_foreign(c_files)))


def build(project: Project, *, reference_lines: bool = False, tell: Tell = unheard) -> bytes:
    """The module: the same bytes for the same project, everywhere. With reference lines, errors name the lines that
    ao's own command makes of them: 2n - 1. What the compiler warns of is told. Raises Refused."""
    settings = project.config
    code = CCode(project.folder, project.c_files, settings.target, settings.flags)
    if project.language is Language.C:
        return inject(c_module(code, tell), b"", settings.sizes)
    lua = lua_with_libraries(code, tell) if code.files else template(settings.target)
    text = program(_bundled(project.sources, reference_lines=reference_lines), LOADER)
    return inject(lua, text.encode("utf-8"), settings.sizes)


def _bundled(own: Mapping[str, str], *, reference_lines: bool) -> dict[str, str]:
    if reference_lines:
        own = {name: source.replace("\n", "\n\n") for name, source in own.items()}
    loader = files(__package__).joinpath("loader.lua").read_text(encoding="utf-8")
    return {**own, **_json(), LOADER: loader}


def module_name(path: PurePath) -> str:
    """The name for `require` of a file by its place in the project: `lib/a.lua` is `.lib.a`. What luarocks put there has
    the name that luarocks gives it."""
    name = path.with_suffix("").as_posix()
    installed = _LUAROCKS.match(name)
    if installed:
        return name[installed.end() :].replace("/", ".")
    return "." + name.replace("/", ".")


def _files(folder: Path) -> Iterator[PurePath]:
    """By their places in the folder, in one order everywhere. What is hidden, or node's, is not the project's."""
    number = 0
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each != "node_modules"
        )
        for name in sorted(names):
            if not name.startswith(".") and _is_source(PurePath(name)):
                number += 1
                if number > MAX_FILES:
                    raise Refused(f"{folder} has more than {MAX_FILES} sources: it is no project")
                yield PurePath(where, name).relative_to(folder)


def _is_source(path: PurePath) -> bool:
    return path.suffix in (_LUA, _C, *_COMPILED, *_REFUSED)


def _compilable(found: Iterator[PurePath]) -> tuple[PurePath, ...]:
    """Sources in C, and what was made of them. Raises Refused for what could not be honoured."""
    kept = []
    for path in found:
        if path.suffix in _REFUSED:
            raise Refused(f"{path} is {_REFUSED[path.suffix]}")
        if path.suffix != _LUA:
            kept.append(path)
    return tuple(kept)


def _config(folder: Path) -> Config:
    file = folder / config.FILE
    return read_config(_text(file, config.FILE)) if file.exists() else Config()


def _source(folder: Path, path: PurePath) -> str:
    """Without what is not Lua in its first line, which stays as a line, so that the others keep their numbers."""
    text = _text(folder / path, path.as_posix())
    return re.sub(r"\A#[^\n]*", "", text)


def _text(file: Path, name: str) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused(
            f"{name} is not UTF-8: byte {error.start} is {error.object[error.start]:#04x}"
        ) from error
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}") from error


def _json() -> dict[str, str]:
    known = runtime.sources()
    parts = {f"json.{name}": known[f".{name}"] for name in _JSON_PARTS}
    return {name: _JSON_NAMES + text for name, text in ({"json": known["json"]} | parts).items()}


def _luarocks(folder: Path) -> Iterator[str]:
    if (folder / DEPENDENCIES).is_file():
        yield f"{DEPENDENCIES}: modules of luarocks are not fetched; those under modules/ are taken"


def _unused(settings: Config, libraries: tuple[PurePath, ...]) -> Iterator[str]:
    if settings.flags and not libraries:
        yield f"{config.FILE}: of extra_compile_args only sizes have an effect, as Lua is not compiled"


def _foreign(compiled: tuple[PurePath, ...]) -> Iterator[str]:
    for path in compiled:
        if path.suffix in _COMPILED:
            yield f"{path} was compiled elsewhere, and is linked as it is"


def _unreadable(sources: Mapping[str, str]) -> Iterator[str]:
    """Raises Refused where the first file is no Lua; another may never be required."""
    for name, source in sources.items():
        told = problem(source, name)
        if told and name == module_name(PurePath(START)):
            raise Refused(f"{START} is no Lua: {told}")
        if told:
            yield f"{name} is no Lua, and whoever requires it fails: {told}"
