"""Virtual machines that run processes' modules; each behind the same two Protocols."""

from functools import cache

from unitstack.engines.engine import Engine
from unitstack.engines.lua import LuaEngine
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat


def engine_for(format: ModuleFormat) -> Engine:
    """The engine that runs modules of a format. Raises EngineError where there is none."""
    engine = _lua() if format in LuaEngine.formats else _wasm()
    if format not in engine.formats:
        raise EngineError(f"no engine here runs modules of format {format}")
    return engine


@cache
def _lua() -> Engine:
    return LuaEngine()


@cache
def _wasm() -> Engine:
    # Importing wasmtime takes a tenth of a second, which whoever runs Lua alone should not wait for.
    from unitstack.engines.wasm import WasmEngine  # noqa: PLC0415

    return WasmEngine()


__all__ = ["engine_for"]
