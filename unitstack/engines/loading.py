"""A module as a function, for whoever has no units: `handle = load(module, format=…)`, then `handle(memory, message, env)`,
as the reference's loader offers it. Memory goes in and out as raw bytes, which the two may exchange for the same module."""

import ctypes
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

from unitstack.engines.compiled import CompiledModules, Progress, Shelf, silent
from unitstack.engines.envelope import decoded, encoded
from unitstack.engines.files import Drive, no_drive
from unitstack.engines.journal import Told
from unitstack.engines.linear_memory import Span
from unitstack.engines.machine import Machine
from unitstack.engines.plan import Limits, Plan
from unitstack.engines.running import run
from unitstack.engines.stopping import Stopping
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.messages import ModuleFormat, memory_bytes
from unitstack.wire.results import Json

Raw = bytes | bytearray | memoryview
DEFAULT_FORMAT = ModuleFormat.WASM32
DEFAULT_MEMORY = 1 << 32
DEFAULT_GAS = 9 * 10**15
JSON_1 = "JSON-1"
EXTENSIONS = ("WeaveDrive",)


class ModuleFailed(EngineError):
    """The module answered that it could not handle the message (`ok: false`)."""

    def __init__(self, response: Json) -> None:
        super().__init__(response if isinstance(response, str) else json.dumps(response))
        self.response = response


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen when a module is loaded. A memory limit is bytes, or as tags say it (`500-mb`). With
    `keep_memory` the memory stays inside, and results have none. The drive is what the WeaveDrive extension reads; what it
    shows is for whoever gives it to decide. What was compiled is kept in the cache, a folder."""

    memory_limit: int | str = DEFAULT_MEMORY
    compute_limit: int = DEFAULT_GAS
    drive: Drive = no_drive
    cache: Path | None = None
    keep_memory: bool = False
    progress: Progress = silent
    input_encoding: str = JSON_1
    output_encoding: str = JSON_1
    extensions: tuple[str, ...] = ()


STANDARD = Options()


def load(
    module: bytes | Callable[[], bytes],
    *,
    format: str = DEFAULT_FORMAT,
    options: Options = STANDARD,
) -> "LoadedModule":
    """The module, or what a function gives as one, ready to handle messages. Raises EngineError for a format or another
    choice that is not known, or an unfit module."""
    _check(options)
    try:
        known = ModuleFormat(format)
    except ValueError as error:
        names = ", ".join(each for each in ModuleFormat if each.startswith("wasm"))
        raise EngineError(f"{format!r} is no format of modules; known are {names}") from error
    limit = options.memory_limit
    limits = Limits(memory_bytes(limit) if isinstance(limit, str) else limit, options.compute_limit)
    plan = Plan(
        module() if callable(module) else module,
        CompiledModules(Shelf(options.cache), progress=options.progress),
        limits,
        known,
        options.drive,
    )
    return LoadedModule(plan, keep_memory=options.keep_memory)


def _check(options: Options) -> None:
    for encoding in (options.input_encoding, options.output_encoding):
        if encoding != JSON_1:
            raise EngineError(f"{encoding!r} is no encoding of messages; {JSON_1} is known")
    for extension in options.extensions:
        if extension not in EXTENSIONS:
            known = ", ".join(EXTENSIONS)
            raise EngineError(f"{extension!r} is no extension of this loader; known is {known}")


class LoadedModule:
    """One instance. After a failure it begins anew with the next memory that it is given."""

    def __init__(self, plan: Plan, *, keep_memory: bool) -> None:
        self._plan = plan
        self._keep = keep_memory
        self._machine = Machine(plan)
        self._stopping = Stopping()
        self._given_out: memoryview | None = None

    def __call__(
        self, memory: Raw | None, message: Mapping[str, Json], env: Mapping[str, Json]
    ) -> dict[str, object]:
        """Handles one message on that memory; without one, on what the instance has. Raises ModuleFailed, OutOfGas,
        Interrupted, or another EngineError where the module broke."""
        if memory is not None and memory is not self._given_out:
            self._take(memory)
        answer, gas = self._run(message, env)
        return self._result(answer, gas)

    def interrupt(self) -> None:
        """Stops the running message; from any thread."""
        self._stopping.stop()

    def close(self) -> None:
        self._machine.close()

    def _run(self, message: Mapping[str, Json], env: Mapping[str, Json]) -> tuple[bytes, int]:
        self._given_out = None
        try:
            return run(self._machine, self._stopping, Told(encoded(message), encoded(env)))
        except (EngineError, Interrupted):
            self._machine.close()
            self._machine = Machine(self._plan)
            raise

    def _result(self, answer: bytes, gas: int) -> dict[str, object]:
        ok, response = decoded(answer)
        if not ok or not isinstance(response, dict):
            raise ModuleFailed(response)
        names = ("Error", "Output", "Messages", "Spawns", "Assignments")
        return {
            "Memory": self._give(),
            **{name: response.get(name) for name in names},
            "Patches": response.get("Patches") or [],
            "GasUsed": gas,
        }

    def _take(self, memory: Raw) -> None:
        self._machine.take(memoryview(memory).cast("B"))

    def _give(self) -> memoryview | None:
        """The whole memory, read only; what was never touched costs nothing."""
        if self._keep:
            return None
        machine = self._machine
        copy = mmap(-1, machine.size)
        start = ctypes.addressof(ctypes.c_char.from_buffer(copy))
        for span in machine.touched(Span(0, machine.size)):
            ctypes.memmove(start + span.start, machine.address + span.start, span.size)
        self._given_out = memoryview(copy).toreadonly()
        return self._given_out
