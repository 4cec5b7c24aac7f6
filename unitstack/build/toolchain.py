"""The compiler that the extra `build` brings, and the flags that make of C what ao's loaders run."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from unitstack.build.lua_module import Target
from unitstack.errors import Refused

CACHE = user_cache_path("ao-jupyter", appauthor=False) / "zig"
SERIES = "0.17"
INSTALL = "pip install 'ao-jupyter[build]'"

# Nothing beyond what every loader's engine knows; no calls of the compiler's own run time, which differ in shape there.
FLAGS = (
    "-mcpu=mvp+mutable_globals+sign_ext",
    "-O3",
    "-nostdinc",
    "-fno-sanitize=all",
    "-ffunction-sections",
    "-fdata-sections",
    "-g0",
    "-fno-strict-aliasing",
    "-Xclang",
    "-mlong-double-64",
    "-mllvm",
    "-enable-emscripten-sjlj",
)
LINK = (
    "--no-entry",
    "--gc-sections",
    "--strip-debug",
    "-O2",
    "--compress-relocations",
    "-z",
    "stack-size=2097152",
    "--no-stack-first",
    "--export-table",
    "--export=malloc",
    "--export=free",
    "--export=setThrew",
    "--export=sbrk",
    "--export=fflush",
    "--export=__wasm_call_ctors",
    "--export=ao_program",
    "--export=__stack_low",
)


class Failed(Exception):
    """The compiler or the linker said no; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to compile."""

    source: Path
    object: Path
    flags: Sequence[str]


@dataclass(frozen=True, slots=True)
class Zig:
    """The compiler for one width of pointers, run in a folder, so that what it says names files by their places there."""

    target: Target
    folder: Path

    def compile(self, jobs: Sequence[Job], flags: Sequence[str]) -> str:
        """Several at a time; what was said of those that compiled. Raises Failed."""

        def compile_one(job: Job) -> str:
            machine = ("-target", f"wasm{self.target}-freestanding")
            return self.run("cc", *machine, *flags, *job.flags, "-c", job.source, "-o", job.object)

        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            return "".join(pool.map(compile_one, jobs))

    def link(self, objects: Iterable[Path], flags: Iterable[str], made: Path) -> bytes:
        self.run("wasm-ld", "-m", f"wasm{self.target}", *flags, *objects, "-o", made)
        return made.read_bytes()

    def run(self, *arguments: str | Path) -> str:
        command = [sys.executable, "-m", "ziglang", *map(str, arguments)]
        # A place that is there also where no home is told, as under a scheduler of jobs.
        environment = {"ZIG_GLOBAL_CACHE_DIR": str(CACHE), **os.environ}
        ended = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise Failed(ended.stderr.strip() or f"it ended with {ended.returncode}")
        return ended.stderr


def zig(target: Target, folder: Path) -> Zig:
    """The compiler. Raises Refused where the extra is not installed, or another series of it is."""
    if told := lacking():
        raise Refused(told)
    return Zig(target, folder)


def lacking() -> str | None:
    """What is to be done before C can be built; None where it can be."""
    there = importlib.util.find_spec("ziglang") is not None
    told = unfit(version("ziglang") if there else None)
    return f"{told}; {INSTALL} brings it" if told else None


def unfit(installed: str | None) -> str | None:
    """Why C cannot be built with that version of the compiler; None where it can."""
    if installed is None:
        return "C needs a compiler, which is not installed here"
    if not installed.startswith(f"{SERIES}."):
        return f"C is built by ziglang {SERIES}, so that it is the same everywhere; here is {installed}"
    return None
