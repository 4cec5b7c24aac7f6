"""Virtual machines that run processes' modules; each behind the same two Protocols."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from unitstack.engines.engine import Engine
from unitstack.engines.lua import LuaEngine
from unitstack.wire.messages import ModuleFormat


def engine_for(format: ModuleFormat) -> Engine:
    """The engine that runs modules of a format."""
    return engines()(format)


def engines(compiled: Path | None = None) -> Callable[[ModuleFormat], Engine]:
    """Finds the engine for a format; wasm modules that it compiles are kept in a folder, if one is given."""

    def engine(format: ModuleFormat) -> Engine:
        return _lua() if format in LuaEngine.formats else _wasm(format, compiled)

    return engine


@cache
def _lua() -> Engine:
    return LuaEngine()


@cache
def _wasm(format: ModuleFormat, compiled: Path | None) -> Engine:
    # Importing wasmtime takes a tenth of a second, which whoever runs Lua alone should not wait for.
    from unitstack.engines.wasm import WasmEngine  # noqa: PLC0415

    return WasmEngine(compiled, format=format)


__all__ = ["engine_for", "engines"]
