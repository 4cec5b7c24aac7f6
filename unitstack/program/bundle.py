"""A Lua file with all that it requires, as one text: each module becomes a function that registers what it returns. Where a
line came from is kept, so that an error is shown in its own file."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from unitstack.program.tokens import Kind, Token, code_of, string_value

Read = Callable[[str], str | None]
"""The text of a file by its path below the main file's folder; None where there is none."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a bundle that come from one file: the first bundle line, and how many there are."""

    file: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """One text to evaluate, and where its lines come from."""

    source: str
    parts: tuple[Part, ...]

    def place(self, line: int) -> tuple[str, int]:
        """The file and its line that a line of the bundle came from; the nearest part where it came from none."""
        inside = next(
            (part for part in self.parts if part.first <= line < part.first + part.count),
            self.parts[-1],
        )
        return inside.file, min(max(1, line - inside.first + 1), inside.count)


@dataclass(frozen=True, slots=True)
class _Module:
    name: str
    file: str
    source: str


def bundle(main: str, read: Read) -> Bundle:
    """Bundles the main file with its modules, dependencies first, each file once under every name that it is required by.
    A module that is not among the files is left to the process."""
    source = read(main)
    if source is None:
        raise FileNotFoundError(main)
    modules: dict[str, _Module] = {}
    _collect(source, read, modules, frozenset((main,)))
    return _joined(list(modules.values()), _Module("", main, source))


def _collect(
    source: str, read: Read, modules: dict[str, _Module], open_files: frozenset[str]
) -> None:
    for name in required_names(source):
        file = file_of(name)
        text = None if name in modules else read(file)
        # A file that is being collected already requires itself in a circle: whoever comes first is registered first.
        if text is None or file in open_files:
            continue
        _collect(text, read, modules, open_files | {file})
        modules[name] = _Module(name, file, text)


def required_names(source: str) -> list[str]:
    """The names in the source's `require` calls, in order; what stands in comments and strings is none."""
    tokens = code_of(source)
    return [
        string_value(token)
        for index, token in enumerate(tokens)
        if _is_required(tokens, index, token)
    ]


def _is_required(tokens: tuple[Token, ...], index: int, token: Token) -> bool:
    if token.kind is not Kind.STRING or token.is_open:
        return False
    before = [t.text for t in tokens[max(0, index - 3) : index]]
    called = before[-1:] == ["require"] or before[-2:] == ["require", "("]
    owner = before[:-2] if before[-1:] == ["("] else before[:-1]
    return called and owner[-1:] not in ([":"], ["."])


def file_of(name: str) -> str:
    """Where a module is, below the main file's folder; a leading dot makes no difference."""
    return name.removeprefix(".").replace(".", "/") + ".lua"


def _joined(modules: list[_Module], main: _Module) -> Bundle:
    files: dict[str, str] = {}
    text, parts = "", []
    for module in modules:
        function = files.get(module.file)
        if function is None:
            function = files[module.file] = f"_loaded_mod_{mangled(module.name)}"
            text += f'\n\n-- module: "{module.name}"\nlocal function {function}(...)\n'
            parts.append(_part(module, text))
            text += f"{module.source}\nend\n"
            text += f'\n_G.package.loaded["{module.name}"] = {function}("{module.name}")'
        else:
            first = next(other.name for other in modules if other.file == module.file)
            text += f'\n_G.package.loaded["{module.name}"] = _G.package.loaded["{first}"]'
    text += "\n\n" if modules else ""
    parts.append(_part(main, text))
    return Bundle(text + main.source, tuple(parts))


def _part(module: _Module, above: str) -> Part:
    return Part(module.file, above.count("\n") + 1, module.source.count("\n") + 1)


def mangled(name: str) -> str:
    """A module's name as part of a Lua name."""
    return re.sub(r"\W", "_", name).removeprefix("_")
