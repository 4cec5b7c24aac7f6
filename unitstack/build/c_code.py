"""A project's C: compiled, and linked to a module of its own or into the Lua that has it as libraries."""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from unitstack.build.linked_symbols import defined_functions
from unitstack.build.lua_module import Target
from unitstack.build.table32 import narrow_table
from unitstack.build.toolchain import FLAGS, LINK, Failed, Job, Zig, zig
from unitstack.engines.wasm_code.interface import imports_of
from unitstack.engines.wasm_code.sections import split
from unitstack.errors import EngineError, Refused

ENTRY = "process_handle"
OPEN = "luaopen_"
KIT = "c.zip"
# All that the loaders of these formats can give; the two ways to call back differ by width.
IMPORTS = frozenset(
    {
        "invoke_vii",
        "invoke_vjj",
        "_emscripten_throw_longjmp",
        "emscripten_resize_heap",
        "emscripten_date_now",
        "fd_write",
    }
)
_ALWAYS = ("dyncall.o", "stack.o", "stackpointer.o")
_TABLE = """#include "lauxlib.h"
{declared}
const luaL_Reg ao_libraries[] = {{ {listed} {{ 0, 0 }} }};
"""

Tell = Callable[[str], None]


def unheard(_: str) -> None:
    """For who has no use for warnings."""


@dataclass(frozen=True, slots=True)
class CCode:
    """Sources in C, and what was compiled of them elsewhere, by their places in the project's folder."""

    folder: Path
    files: tuple[PurePath, ...]
    target: Target
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where one build works: the kit unpacked, and room for objects."""

    code: CCode
    compiler: Zig
    place: Path

    @property
    def kit(self) -> Path:
        return self.place / f"wasm{self.code.target}"

    def compile(self, sources: Sequence[PurePath], tell: Tell) -> tuple[Path, ...]:
        """The objects, in the order of their sources. What the compiler warns of is told."""
        jobs = [
            Job(Path(source), self.place / f"{number}_{source.stem}.o", self.code.flags)
            for number, source in enumerate(sources)
        ]
        flags = (
            "-isystem",
            str(self.place / "include"),
            *FLAGS,
            f"-ffile-prefix-map={self.place}=.",
        )
        try:
            said = self.compiler.compile(jobs, flags)
        except Failed as error:
            raise Refused(f"the C does not compile:\n{error}") from error
        if said.strip():
            tell(said.strip())
        return tuple(job.object for job in jobs)

    def objects(self, tell: Tell) -> tuple[Path, ...]:
        """Of all that the project has."""
        sources = [each for each in self.code.files if each.suffix == ".c"]
        made = self.compile(sources, tell)
        return (
            *made,
            *(self.code.folder / each for each in self.code.files if each.suffix != ".c"),
        )

    def link(self, objects: Sequence[Path], *flags: str) -> bytes:
        parts = (*objects, *(self.kit / name for name in _ALWAYS))
        try:
            linked = self.compiler.link(parts, (*LINK, *flags), self.place / "linked.wasm")
        except Failed as error:
            raise Refused(_explained(str(error), self.place)) from error
        return narrow_table(_checked(linked))


def c_module(code: CCode, tell: Tell) -> bytes:
    """A template whose `handle` is the project's. Raises Refused for what does not compile or link."""
    with _bench(code) as bench:
        parts = (*bench.objects(tell), bench.kit / "c_main.o", bench.kit / "libc.a")
        return bench.link(parts, "--export=handle")


def lua_with_libraries(code: CCode, tell: Tell) -> bytes:
    """A template of Lua in which `require` finds what the project's C opens. Raises Refused as above."""
    with _bench(code) as bench:
        objects = bench.objects(tell)
        opened = sorted(name for each in objects for name in _opened(each))
        (bench.place / "libraries.c").write_text(_table(opened))
        table = bench.compile([bench.place / "libraries.c"], tell)
        kit = (bench.kit / name for name in ("lua_host.o", "liblua.a", "libc.a"))
        return bench.link((*objects, *table, *kit))


@contextmanager
def _bench(code: CCode) -> Iterator[_Bench]:
    compiler = zig(code.target, code.folder)
    with TemporaryDirectory() as name, as_file(files(__package__) / "templates" / KIT) as kit:
        with zipfile.ZipFile(kit) as packed:
            packed.extractall(name)
        yield _Bench(code, compiler, Path(name).resolve())


def _opened(path: Path) -> Iterator[str]:
    try:
        names = defined_functions(path.read_bytes())
    except EngineError as error:
        raise Refused(f"{path.name} cannot be linked: {error}") from error
    return (name for name in names if name.startswith(OPEN))


def _table(opened: Sequence[str]) -> str:
    """`luaopen_a_b` opens what `require("a.b")` gives, as Lua has it."""
    listed = (f'{{ "{name.removeprefix(OPEN).replace("_", ".")}", {name} }},' for name in opened)
    declared = (f"int {name}(lua_State *);" for name in opened)
    return _TABLE.format(declared="\n".join(declared), listed=" ".join(listed))


def _checked(module: bytes) -> bytes:
    foreign = sorted(each.name for each in imports_of(split(module)) if each.name not in IMPORTS)
    if not foreign:
        return module
    if all(name.startswith("invoke_") for name in foreign):
        raise Refused(
            "a function that calls setjmp calls others, too, and ao's loaders know how to do that for "
            f"void f(void *, void *) alone; these need {', '.join(foreign)}"
        )
    raise Refused(f"the C imports {', '.join(foreign)}, which no loader of ao's has")


def _explained(said: str, place: Path) -> str:
    missing = sorted(set(re.findall(r"undefined symbol: (\S+)", said)))
    if ENTRY in missing:
        return (
            f"no file in C defines `const char *{ENTRY}(const char *message, const char *env)`, "
            "which answers messages"
        )
    if missing:
        return f"{', '.join(missing)}: neither the project nor the library of C here has it"
    return f"the C does not link:\n{said.replace(f'{place}/', '')}"
