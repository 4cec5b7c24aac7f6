"""Compiled wasm modules, kept: compiling takes tenths of a second, loading what was compiled takes less than one
thousandth. The key is the code itself, wasmtime's version and the processor; a file is written whole or not at all."""

import hashlib
import importlib.metadata
import os
import platform
import tempfile
import threading
from collections.abc import Callable
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Protocol

import wasmtime

from unitstack.errors import EngineError

Progress = Callable[[str], None]
"""Is told, in the thread that waits, or another, what takes so long."""

# Compiling takes tenths of a second for most modules: nobody has to be told.
PATIENCE = 1.0


class Rewriting(Protocol):
    """Changes a module before it is compiled; as text, it tells what it does and in which version."""

    def __call__(self, module: bytes) -> bytes: ...

    def __str__(self) -> str: ...


def silent(_: str) -> None:
    """Shows nothing."""


class Shelf:
    """What was compiled, by key: in this process, and for all where a folder is given."""

    def __init__(self, folder: Path | None = None) -> None:
        self.lock = threading.Lock()
        self.known: dict[str, bytes] = {}
        self._folder = folder

    def find(self, key: str) -> bytes | None:
        """The file's content if it is whole: its own hash stands before it, since loading a damaged one is unsafe."""
        if found := self.known.get(key):
            return found
        path = self._path(key)
        if path is None or not path.is_file():
            return None
        raw = path.read_bytes()
        digest, compiled = raw[:32], raw[32:]
        return compiled if hashlib.sha256(compiled).digest() == digest else None

    def keep(self, key: str, compiled: bytes) -> None:
        self.known[key] = compiled
        path = self._path(key)
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(compiled).digest() + compiled)
        Path(name).replace(path)

    def _path(self, key: str) -> Path | None:
        return self._folder / f"{key}.cwasm" if self._folder else None


class CompiledModules:
    """Compiles each module once for a shelf. Safe from several threads and from other processes on the same folder: a
    corrupt or foreign file is compiled anew. Progress is told of what takes longer than patience lasts, in seconds."""

    def __init__(
        self, shelf: Shelf, *, progress: Progress = silent, patience: float = PATIENCE
    ) -> None:
        self._shelf = shelf
        self._progress = progress
        self._patience = patience

    def load(
        self,
        engine: wasmtime.Engine,
        code: bytes | str,
        rewrite: Rewriting | None = None,
        setting: str = "",
    ) -> wasmtime.Module:
        """The module of wasm bytes, rewritten first if that is asked for, or of WAT text. The setting says how the engine
        is set up, as far as engines differ. Raises EngineError for what is not a valid module."""
        raw = code.encode() if isinstance(code, str) else code
        key = _key(raw, f"{rewrite or 'as it is'} {setting}")
        with self._shelf.lock:
            compiled = self._shelf.find(key)
            module = self._deserialized(engine, compiled) if compiled else None
            if module is None:
                module = self._compiled(engine, code, partial(rewrite, raw) if rewrite else None)
                self._shelf.keep(key, bytes(module.serialize()))
            elif compiled:
                self._shelf.known[key] = compiled
            return module

    def _compiled(
        self, engine: wasmtime.Engine, code: bytes | str, rewritten: Callable[[], bytes] | None
    ) -> wasmtime.Module:
        said = f"compiling a module of {len(code):,} bytes (the first time only) …"
        waiting = _after(self._patience, lambda: self._progress(said))
        try:
            return wasmtime.Module(engine, rewritten() if rewritten else code)
        except wasmtime.WasmtimeError as error:
            raise EngineError(
                f"the module of {len(code)} bytes is not valid wasm: {_first_line(error)}"
            ) from error
        finally:
            waiting()

    def _deserialized(self, engine: wasmtime.Engine, compiled: bytes) -> wasmtime.Module | None:
        try:
            return wasmtime.Module.deserialize(engine, compiled)
        except wasmtime.WasmtimeError:
            return None


def _after(seconds: float, act: Callable[[], None]) -> Callable[[], None]:
    """Acts once that time has passed, unless what this gives is called before."""
    if not seconds:
        act()
        return lambda: None
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    return timer.cancel


@lru_cache(maxsize=32)
def _key(module: bytes, how: str) -> str:
    return hashlib.sha256(f"{_runs_on()} {how}\n".encode() + module).hexdigest()


@cache
def _runs_on() -> str:
    """What compiled code depends on besides the module and what is done to it."""
    version = importlib.metadata.version("wasmtime")
    return f"{version} {platform.machine()} {platform.processor()}"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
