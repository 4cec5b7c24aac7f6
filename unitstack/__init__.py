"""An ao network in one process: every unit of it, and a client. Knows nothing of Jupyter."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from unitstack.client.client import Client
from unitstack.client.process import Process
from unitstack.clock import VirtualClock
from unitstack.errors import AoError
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.wire.data_item import SignatureType
from unitstack.wire.keys import Wallet
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.seeds import Seed

if TYPE_CHECKING:
    from unitstack.engines.loading import LoadedModule, Options

__all__ = [
    "AoError",
    "Client",
    "EngineName",
    "Process",
    "Seed",
    "SignatureType",
    "Stack",
    "StackSettings",
    "VirtualClock",
    "Wallet",
    "load",
    "open_stack",
]


def load(
    module: bytes | Callable[[], bytes],
    *,
    format: str = ModuleFormat.WASM32,
    options: "Options | None" = None,
) -> "LoadedModule":
    """A wasm module as the reference loader gives it: `handle(memory, message, env)`. Raises EngineError."""
    # Importing wasmtime takes a tenth of a second, which whoever runs a stack on Lua alone should not wait for.
    from unitstack.engines import loading  # noqa: PLC0415

    return loading.load(module, format=format, options=options or loading.STANDARD)
