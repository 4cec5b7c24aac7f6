"""Virtual machines that run processes' modules; each behind the same two Protocols."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from unitstack.engines.engine import Engine
from unitstack.engines.lua import LuaEngine
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat


def engine_for(format: ModuleFormat) -> Engine:
    """The engine that runs modules of a format. Raises EngineError where there is none."""
    return engines()(format)


def engines(compiled: Path | None = None) -> Callable[[ModuleFormat], Engine]:
    """Finds the engine for a format; wasm modules that it compiles are kept in a folder, if one is given."""

    def engine(format: ModuleFormat) -> Engine:
        found = _lua() if format in LuaEngine.formats else _wasm(compiled)
        if format not in found.formats:
            raise EngineError(f"no engine here runs modules of format {format}")
        return found

    return engine


@cache
def _lua() -> Engine:
    return LuaEngine()


@cache
def _wasm(compiled: Path | None) -> Engine:
    # Importing wasmtime takes a tenth of a second, which whoever runs Lua alone should not wait for.
    from unitstack.engines.wasm import WasmEngine  # noqa: PLC0415

    return WasmEngine(compiled)


__all__ = ["engine_for", "engines"]
