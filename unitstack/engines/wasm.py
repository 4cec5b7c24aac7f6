"""Wasm modules as processes: the same state for the same log on every machine, stopped from another thread within a
millisecond, with gas, a memory limit, and a rollback that copies only what is alive."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import wasmtime

from unitstack.engines.compiled import CompiledModules, Progress, silent
from unitstack.engines.dialects import DIALECTS
from unitstack.engines.emscripten import ProcessExit
from unitstack.engines.envelope import Envelope, parse_result
from unitstack.engines.linear_memory import Span, Twin, image_of, read_image
from unitstack.engines.linking import reason
from unitstack.engines.machine import Limits, Machine, Plan
from unitstack.engines.stopping import Stopping
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.results import EvalResult, Json, Memory, Written


class WasmEngine:
    """Makes instances of wasm modules of one format, or, without one, of any that is not metered, as the module itself
    shows. Compiled code is kept in the cache folder, if one is given."""

    def __init__(
        self,
        cache: Path | None = None,
        *,
        format: ModuleFormat | None = None,
        progress: Progress = silent,
    ) -> None:
        unmetered = (each for each, dialect in DIALECTS.items() if not dialect.metered)
        self.formats = frozenset((format,)) if format else frozenset(unmetered)
        self._format = format
        self._compiled = CompiledModules(cache, progress=progress)

    def instantiate(
        self, module: bytes, *, memory: Memory | None, memory_limit: int, compute_limit: int
    ) -> "WasmInstance":
        """Raises EngineError for a module or a memory that is unfit."""
        limits = Limits(memory_limit, compute_limit)
        return WasmInstance(Plan(module, self._compiled, limits, self._format), memory)


class WasmInstance:
    """One process's state in a live machine, and a twin of its memory as it was after the last message that counted."""

    def __init__(self, plan: Plan, memory: Memory | None) -> None:
        self._plan = plan
        self._machine = Machine(plan)
        self._twin = Twin()
        self._stopping = Stopping()
        self._env: tuple[object, bytes] = (None, b"")
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

    def spans(self) -> tuple[Span, ...]:
        """Where the memory is alive and was ever touched."""
        return self._machine.spans()

    def live(self) -> Span:
        """Where the memory is alive; all else says nothing about the process."""
        return self._machine.live()

    def digest(self, spans: tuple[Span, ...]) -> str:
        """SHA-256 of the memory there, to be compared with another's. Untouched pages stay so."""
        hashed = sha256()
        for span in spans:
            for part in self._machine.parts(span):
                hashed.update(part)
        return hashed.hexdigest()

    def interrupt(self) -> None:
        """Stops the running message."""
        self._stopping.stop()

    def close(self) -> None:
        self._machine.close()

    def _commit(self) -> None:
        machine = self._machine
        self._twin.keep(machine.address, machine.size, machine.spans())

    def _roll_back(self) -> None:
        if self._machine.size != self._twin.size:
            # Memory cannot shrink, and how much there is decides when it grows again.
            self._renew()
            return
        self._twin.put_back(self._machine.address, self._machine.spans())

    def _renew(self) -> None:
        """A trap leaves globals and stack as they were when it struck: a new machine, with the twin's memory."""
        self._machine.close()
        self._machine = Machine(self._plan)
        self._machine.load(self._twin.image())

    def _run(self, envelope: Envelope) -> EvalResult:
        machine = self._machine
        message, env = _text(envelope.message), self._env_text(envelope.env)
        machine.host.begin()
        self._stopping.begin(machine.stop, machine.refuel)
        try:
            answer = machine.call(message, env)
            gas, spent = machine.gas_used(), machine.out_of_gas()
            if spent:
                return EvalResult(error=self._out_of_gas(), gas_used=gas)
            return replace(_read(answer, machine.host.written()), gas_used=gas)
        except wasmtime.Trap as trap:
            return self._trapped(trap)
        except ProcessExit as error:
            self._renew()
            return EvalResult(error=str(error))
        except EngineError:
            self._renew()
            raise
        finally:
            self._stopping.end(self._machine.rest)

    def _env_text(self, env: dict[str, Json]) -> bytes:
        """For one process it is one object through its life: its text is made once."""
        if self._env[0] is not env:
            self._env = (env, _text(env))
        return self._env[1]

    def _out_of_gas(self) -> str:
        return f"out of gas: one message may use {self._plan.limits.gas:,} (the Compute-Limit)"

    def _trapped(self, trap: wasmtime.Trap) -> EvalResult:
        gas, spent = self._machine.gas_used(), self._machine.out_of_gas()
        self._renew()
        if spent:
            return EvalResult(error=self._out_of_gas(), gas_used=gas)
        match trap.trap_code:
            case wasmtime.TrapCode.INTERRUPT:
                raise Interrupted(
                    "the evaluation was interrupted; the process is as it was before the message"
                )
            case wasmtime.TrapCode.OUT_OF_FUEL:
                text = self._out_of_gas()
            case wasmtime.TrapCode.STACK_OVERFLOW:
                text = "stack overflow in the module"
            case _:
                text = f"the module trapped: {reason(trap)}"
        return EvalResult(error=text, gas_used=gas)


def _text(value: dict[str, Json]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _read(answer: bytes, said: tuple[tuple[str, str], ...]) -> EvalResult:
    """The module's JSON as a result. An empty one means that it could not write one; it then says why on stderr."""
    written = tuple(Written(stream, text) for stream, text in said)
    if not answer:
        why = "".join(each.text for each in written if each.stream == "stderr").strip()
        text = f"the module gave no result: {why or 'it did not say why'}"
        return EvalResult(error=text, written=written)
    try:
        given = json.loads(answer.decode("utf-8", "replace"))
        response, ok = given["response"], given["ok"]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(
            f"the module's result of {len(answer)} bytes is not the JSON of a result: {error}"
        ) from error
    if ok and isinstance(response, dict):
        return replace(parse_result(response), written=written)
    failed = response if response else "the module failed without saying why"
    return EvalResult(error=failed, written=written)
