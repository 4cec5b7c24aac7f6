"""Compiled modules, kept: by several processes in one folder at once, and told of where it takes long."""

import subprocess
import sys
import threading
from pathlib import Path

import wasmtime

from tests.unitstack.engines.small_modules import module, text
from unitstack.engines.compiled import CompiledModules, Shelf

MODULE = module(rest=text())
MANY = 16
WRITER = """
import sys
from pathlib import Path

import wasmtime

from unitstack.engines.compiled import CompiledModules, Shelf

told, found = [], []
modules = CompiledModules(Shelf(Path(sys.argv[1])), progress=told.append, patience=0)
codes = [path.read_bytes() for path in sorted(Path(sys.argv[2]).iterdir())]
print("ready", flush=True)
sys.stdin.readline()
for code in codes:
    module = modules.load(wasmtime.Engine(), code)
    found.append([each.name for each in module.exports])
print(sum("handle" in each for each in found), len(told))
"""


class Writer:
    """A process that loads all modules of a folder through one cache, once it is told to."""

    def __init__(self, cache: Path, codes: Path) -> None:
        command = [sys.executable, "-c", WRITER, str(cache), str(codes)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def begin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def loaded_and_compiled(self) -> tuple[int, int]:
        said, _ = self._process.communicate(timeout=60)
        assert self._process.returncode == 0
        loaded, compiled = said.split()[-2:]
        return int(loaded), int(compiled)


class Slow:
    """Makes compiling take until somebody was told of it."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._told = threading.Event()

    def __call__(self, module: bytes) -> bytes:
        assert self._told.wait(30), "nobody was told"
        return module

    def progress(self, text: str) -> None:
        self.told.append(text)
        self._told.set()


def write_modules(folder: Path) -> None:
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number:02}.wasm").write_bytes(module(rest=text(f"answer {number}")))


def test_processes_that_compile_the_same_at_once_leave_files_that_a_third_loads(
    tmp_path: Path,
) -> None:
    cache, codes = tmp_path / "cache", tmp_path / "codes"
    write_modules(codes)
    writers = [Writer(cache, codes) for _ in range(2)]
    for writer in writers:
        writer.wait_until_ready()
    for writer in writers:
        writer.begin()

    at_once = [writer.loaded_and_compiled() for writer in writers]

    assert [loaded for loaded, _ in at_once] == [MANY, MANY]
    assert sum(compiled for _, compiled in at_once) >= MANY
    third = Writer(cache, codes)
    third.begin()
    assert third.loaded_and_compiled() == (MANY, 0)
    assert [path.suffix for path in cache.iterdir()] == [".cwasm"] * MANY


def test_a_first_compile_that_takes_long_is_told_of_while_it_goes_on() -> None:
    slow = Slow()
    modules = CompiledModules(Shelf(), progress=slow.progress, patience=0.001)

    modules.load(wasmtime.Engine(), MODULE, slow)

    assert slow.told == [f"compiling a module of {len(MODULE):,} bytes (the first time only) …"]


def test_a_compile_that_is_done_in_time_is_not_told_of() -> None:
    told: list[str] = []
    modules = CompiledModules(Shelf(), progress=told.append, patience=3600)

    modules.load(wasmtime.Engine(), MODULE)

    assert told == []
