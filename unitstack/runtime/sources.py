"""The runtime's Lua as values: its files by module name, its blueprints, and the one module made of all its files.

The bytes of a module in format `lua53-aos` are a JSON object in UTF-8:

    {"entry": ".main", "format": 1, "modules": {".ao": "<Lua source>", …}}

A host loads each source as a chunk named after its module (`[string ".ao"]` in errors), lets `require` find them by
these names (and by a name without its `.init`), requires the entry, and calls what that returns once for each message:
`handle(message, env)` answers `true, result` or `false, error`. Messages and results are plain tables: a JSON list is
a table with positions from 1, null is nil. In a result, a table without position 1 is an object, but an empty one a
list; a field that holds a function counts as absent. Programs put into a result what they like: the host makes an error
of what JSON cannot hold.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from unitstack.errors import NotFound

FORMAT = 1
ENTRY = ".main"
BLUEPRINTS = "blueprints"
SWITCHES = ".switches"
UNDOTTED = frozenset({"json"})


def _lua() -> Traversable:
    return files(__package__) / "lua"


def _walk(folder: Traversable, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != BLUEPRINTS:
            found |= _walk(entry, f"{prefix}{entry.name}.")
        elif entry.name.endswith(".lua"):
            found[prefix + entry.name.removesuffix(".lua")] = entry.read_text(encoding="utf-8")
    return found


@cache
def sources(compat: str = "") -> Mapping[str, str]:
    """Each file of the runtime by the name that `require` knows it by: `.process`, `.crypto.digest.sha1`, `json`. The
    words set switches of `.compat`: `live_walk,-title_case` turns one on and one off, `reference` turns on all."""
    found = _walk(_lua(), "")
    names = {path: path if path in UNDOTTED else f".{path}" for path in sorted(found)}
    modules = {name: found[path] for path, name in names.items()}
    if compat:
        modules[SWITCHES] = f"return {json.dumps(compat)}\n"
    return MappingProxyType(modules)


def bundle(compat: str = "") -> bytes:
    """The runtime as one module's bytes, always the same for the same words."""
    module = {"format": FORMAT, "entry": ENTRY, "modules": dict(sources(compat))}
    return json.dumps(module, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@cache
def blueprints() -> tuple[str, ...]:
    """The names of the blueprints, sorted."""
    entries = (_lua() / BLUEPRINTS).iterdir()
    return tuple(
        sorted(entry.name.removesuffix(".lua") for entry in entries if entry.name.endswith(".lua"))
    )


def blueprint(name: str) -> str:
    """A blueprint's Lua source. Raises NotFound."""
    if name not in blueprints():
        raise NotFound("blueprint", name)
    return (_lua() / BLUEPRINTS / f"{name}.lua").read_text(encoding="utf-8")
