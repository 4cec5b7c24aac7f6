"""A project's folder as a module: which files belong to it, and the names by which `require` knows them."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePath

from unitstack import runtime
from unitstack.build import config
from unitstack.build.config import Config, read_config
from unitstack.build.lua_module import lua_module
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

_COMPILED = {
    ".c": "C",
    ".h": "C",
    ".cpp": "C++",
    ".cc": "C++",
    ".hpp": "C++",
    ".rs": "Rust",
    ".a": "compiled code",
    ".o": "compiled code",
    ".so": "compiled code",
}
# The bundled json brings a file of its own, whose name a project may want.
_JSON_PARTS = ("compat", "switches")
_JSON_NAMES = 'local require = (function(find) return function(name) return find("json" .. name) end end)(require) '
_LUAROCKS = re.compile(r"modules/share/lua/\d+\.\d+/")


@dataclass(frozen=True, slots=True)
class Project:
    """What a folder holds: sources by the names that `require` knows them by, and how they are to be built. Notes are
    whole sentences for a person."""

    sources: Mapping[str, str]
    config: Config
    notes: tuple[str, ...] = ()


def read_project(folder: Path) -> Project:
    """The project in the folder. Raises Refused for a folder that cannot be built."""
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder")
    found = tuple(_files(folder))
    _check_languages(found)
    if not (folder / START).is_file():
        raise Refused(f"{folder} has no {START}, which every module of Lua begins with")
    settings = _config(folder)
    sources = {module_name(path): _source(folder, path) for path in found if path.suffix == ".lua"}
    if sum(map(len, sources.values())) > MAX_SOURCE:
        raise Refused(f"the sources in {folder} are longer than {MAX_SOURCE} characters")
    notes = (*settings.notes, *_luarocks(folder), *_unreadable(sources))
    return Project(sources, settings, notes)


def build(project: Project, *, reference_lines: bool = False) -> bytes:
    """The module: the same bytes for the same project, everywhere. With reference lines, errors name the lines that
    ao's own command makes of them: 2n - 1."""
    own = project.sources
    if reference_lines:
        own = {name: source.replace("\n", "\n\n") for name, source in own.items()}
    loader = files(__package__).joinpath("loader.lua").read_text(encoding="utf-8")
    sources = {**own, **_json(), LOADER: loader}
    settings = project.config
    return lua_module(sources, LOADER, target=settings.target, sizes=settings.sizes)


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
            if not name.startswith(".") and PurePath(name).suffix in (".lua", *_COMPILED):
                number += 1
                if number > MAX_FILES:
                    raise Refused(f"{folder} has more than {MAX_FILES} sources: it is no project")
                yield PurePath(where, name).relative_to(folder)


def _check_languages(found: tuple[PurePath, ...]) -> None:
    """Raises Refused for what needs a compiler. Beside Lua, only what is under `libs` counts."""
    is_lua = any(path.suffix == ".lua" for path in found)
    for path in found:
        language = _COMPILED.get(path.suffix)
        if language is None or (is_lua and path.parts[0] != "libs"):
            continue
        raise Refused(
            f"{path} is {language}, which needs a compiler: this command builds Lua alone so far"
        )


def _config(folder: Path) -> Config:
    file = folder / config.FILE
    return read_config(_text(file, config.FILE)) if file.is_file() else Config()


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


def _unreadable(sources: Mapping[str, str]) -> Iterator[str]:
    """Raises Refused where the first file is no Lua; another may never be required."""
    for name, source in sources.items():
        told = problem(source, name)
        if told and name == module_name(PurePath(START)):
            raise Refused(f"{START} is no Lua: {told}")
        if told:
            yield f"{name} is no Lua, and whoever requires it fails: {told}"
