"""Virtual machines that run processes' modules; each behind the same two Protocols."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from unitstack.engines.engine import Engine
from unitstack.engines.lua import LuaEngine
from unitstack.wire.messages import ModuleFormat

if TYPE_CHECKING:
    from unitstack.engines.compiled import Shelf


def engine_for(format: ModuleFormat) -> Engine:
    """The engine that runs modules of a format."""
    return _engines()(format)


def engines(
    compiled: Path | None = None, progress: Callable[[str], None] | None = None
) -> Callable[[ModuleFormat], Engine]:
    """Finds the engine for a format. Wasm modules that it compiles are kept in a folder, if one is given; progress is told,
    in any thread, when that takes long."""

    @cache
    def engine(format: ModuleFormat) -> Engine:
        return _lua() if format in LuaEngine.formats else _wasm(format, compiled, progress)

    return engine


@cache
def _engines() -> Callable[[ModuleFormat], Engine]:
    return engines()


@cache
def _lua() -> Engine:
    return LuaEngine()


def _wasm(
    format: ModuleFormat, compiled: Path | None, progress: Callable[[str], None] | None
) -> Engine:
    # Importing wasmtime takes a tenth of a second, which whoever runs Lua alone should not wait for.
    from unitstack.engines.compiled import silent  # noqa: PLC0415
    from unitstack.engines.wasm import WasmEngine  # noqa: PLC0415

    return WasmEngine(_shelf(compiled), format=format, progress=progress or silent)


@cache
def _shelf(compiled: Path | None) -> "Shelf":
    from unitstack.engines.compiled import Shelf  # noqa: PLC0415 - as above

    return Shelf(compiled)


__all__ = ["engine_for", "engines"]
