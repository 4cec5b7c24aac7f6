"""Wasm modules as processes: the same state for the same log on every machine, stopped from another thread within a
millisecond, with gas, a memory limit, and a rollback that copies only what is alive."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import wasmtime

from unitstack.engines.compiled import CompiledModules, Progress, silent
from unitstack.engines.emscripten import ProcessExit
from unitstack.engines.envelope import Envelope
from unitstack.engines.linear_memory import Twin, image_of, read_image
from unitstack.engines.machine import Limits, Machine
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.results import EvalResult, Json, Memory, Written, from_json

FORMATS = frozenset({ModuleFormat.WASM32_3, ModuleFormat.WASM32_4, ModuleFormat.WASM64})


class WasmEngine:
    """Makes instances of wasm modules; compiled code is kept in the cache folder, if one is given."""

    formats = FORMATS

    def __init__(self, cache: Path | None = None, *, progress: Progress = silent) -> None:
        self._compiled = CompiledModules(cache, progress=progress)

    def instantiate(
        self, module: bytes, *, memory: Memory | None, memory_limit: int, compute_limit: int
    ) -> "WasmInstance":
        """Raises EngineError for a module or a memory that is unfit."""
        build = _Build(module, self._compiled, Limits(memory_limit, compute_limit))
        return WasmInstance(build, memory)


@dataclass(frozen=True, slots=True)
class _Build:
    """All that a machine is made of, so that a spoilt one can be made again."""

    code: bytes
    compiled: CompiledModules
    limits: Limits

    def machine(self) -> Machine:
        return Machine(self.code, self.compiled, self.limits)


class WasmInstance:
    """One process's state in a live machine, and a twin of its memory as it was after the last message that counted."""

    def __init__(self, build: _Build, memory: Memory | None) -> None:
        self._build = build
        self._machine = build.machine()
        self._twin = Twin()
        self._stopped = False
        if memory is not None:
            self._machine.load(read_image(memory))
        self._commit()

    def handle(self, envelope: Envelope) -> EvalResult:
        """One message; where it fails, the memory is as it was before."""
        result = self._run(envelope)
        if result.error is None:
            self._commit()
        else:
            self._roll_back()
        return result

    def dry_run(self, envelope: Envelope) -> EvalResult:
        """One message, and back to where the memory was."""
        result = self._run(envelope)
        self._roll_back()
        return result

    def snapshot(self) -> Memory:
        """The live memory, compressed: under a megabyte for a fresh process."""
        machine = self._machine
        return image_of(machine.address, machine.size, machine.spans())

    def interrupt(self) -> None:
        """Stops the running message."""
        self._stopped = True
        self._machine.stop()

    def close(self) -> None:
        self._machine.close()

    def _commit(self) -> None:
        self._twin.keep(self._machine.address, self._machine.spans())

    def _roll_back(self) -> None:
        self._twin.put_back(self._machine.address, self._machine.heap_end())

    def _renew(self) -> None:
        """A trap leaves globals and stack as they were when it struck: a new machine, with the twin's memory."""
        self._machine.close()
        self._machine = self._build.machine()
        self._machine.load(self._twin.image())

    def _run(self, envelope: Envelope) -> EvalResult:
        machine = self._machine
        machine.refuel()
        machine.host.begin()
        self._stopped = False
        try:
            answer = machine.call(_text(envelope.message), _text(envelope.env))
        except wasmtime.Trap as trap:
            return self._trapped(trap)
        except ProcessExit as error:
            self._renew()
            return EvalResult(error=str(error))
        written = tuple(Written(stream, text) for stream, text in machine.host.written())
        gas = machine.gas_used()
        machine.rest()
        return replace(_read(answer, written), gas_used=gas, written=written)

    def _trapped(self, trap: wasmtime.Trap) -> EvalResult:
        gas = self._machine.gas_used()
        self._renew()
        match trap.trap_code:
            case wasmtime.TrapCode.INTERRUPT:
                raise Interrupted(
                    "the evaluation was interrupted; the process is as it was before the message"
                )
            case wasmtime.TrapCode.OUT_OF_FUEL:
                text = f"out of gas: one message may use {self._build.limits.gas:,} (the Compute-Limit)"
            case wasmtime.TrapCode.STACK_OVERFLOW:
                text = "stack overflow in the module"
            case _:
                text = f"the module trapped: {trap.message.splitlines()[0]}"
        return EvalResult(error=text, gas_used=gas)


def _text(value: dict[str, Json]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _read(answer: bytes, written: tuple[Written, ...]) -> EvalResult:
    """The module's JSON as a result. An empty one means that it could not write one; it then says why on stderr."""
    if not answer:
        why = "".join(each.text for each in written if each.stream == "stderr").strip()
        return EvalResult(error=f"the module gave no result: {why or 'it did not say why'}")
    try:
        said = json.loads(answer.decode("utf-8", "replace"))
        response, ok = said["response"], said["ok"]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(
            f"the module's result of {len(answer)} bytes is not the JSON of a result: {error}"
        ) from error
    if ok and isinstance(response, dict):
        return from_json(response)
    return EvalResult(error=response if response else "the module failed without saying why")
