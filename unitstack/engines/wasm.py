"""Wasm modules as processes: the same state for the same log on every machine, stopped from another thread within a
millisecond, with gas, a memory limit, and a rollback that copies only what is alive."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from unitstack.engines.compiled import PATIENCE, CompiledModules, Progress, Shelf, silent
from unitstack.engines.dialects import DIALECTS
from unitstack.engines.envelope import Envelope, decoded, encoded, parse_result
from unitstack.engines.files import Drive, no_drive
from unitstack.engines.journal import Journal, Told
from unitstack.engines.linear_memory import Span, Twin, image_of, read_image
from unitstack.engines.machine import Machine
from unitstack.engines.plan import Limits, Plan
from unitstack.engines.running import Ended, run
from unitstack.engines.stopping import Stopping
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.results import EvalResult, Memory, Written

Clock = Callable[[], float]


class WasmEngine:
    """Makes instances of wasm modules of one format, or, without one, of any that is not metered, as the module itself
    shows. Compiled code is kept on the shelf or in the folder, if one is given, and progress is told what takes
    longer than patience lasts. The clock only decides when a memory is worth
    copying."""

    def __init__(
        self,
        cache: Shelf | Path | None = None,
        *,
        format: ModuleFormat | None = None,
        progress: Progress = silent,
        patience: float = PATIENCE,
        clock: Clock = perf_counter,
    ) -> None:
        unmetered = (each for each, dialect in DIALECTS.items() if not dialect.metered)
        self.formats = frozenset((format,)) if format else frozenset(unmetered)
        self._format = format
        shelf = cache if isinstance(cache, Shelf) else Shelf(cache)
        self._compiled = CompiledModules(shelf, progress=progress, patience=patience)
        self._clock = clock

    def instantiate(
        self,
        module: bytes,
        *,
        memory: Memory | None,
        memory_limit: int,
        compute_limit: int,
        drive: Drive | None = None,
    ) -> "WasmInstance":
        """Raises EngineError for a module or a memory that is unfit."""
        limits = Limits(memory_limit, compute_limit)
        plan = Plan(module, self._compiled, limits, self._format, drive or no_drive)
        return WasmInstance(plan, memory, self._clock)


class WasmInstance:
    """One process's state in a live machine; a twin of its memory as it was not long ago, and what it was told since."""

    def __init__(self, plan: Plan, memory: Memory | None, clock: Clock) -> None:
        self._plan = plan
        self._clock = clock
        self._machine = Machine(plan)
        self._twin = Twin()
        self._journal = Journal()
        self._stopping = Stopping()
        self._env: tuple[object, bytes] = (None, b"")
        if memory is not None:
            self._machine.load(read_image(memory))
        self._commit()

    def handle(self, envelope: Envelope) -> EvalResult:
        """One message; where it fails, the memory is as it was before."""
        began = self._clock()
        told, fetched = self._told(envelope), self._machine.host.files.fetched
        result, broken = self._run(told)
        if result.error is None:
            self._journal.add(told, self._clock() - began)
            # What came from outside is not asked for twice: it might not be there any more.
            if self._journal.is_due or self._machine.host.files.fetched != fetched:
                self._commit()
        else:
            self._undo(broken=broken)
        return result

    def dry_run(self, envelope: Envelope) -> EvalResult:
        """One message, and back to where the memory was."""
        if self._journal.entries:
            self._commit()
        result, broken = self._run(self._told(envelope))
        self._undo(broken=broken)
        return result

    def snapshot(self) -> Memory:
        """The live memory, compressed: under a megabyte for a fresh process."""
        machine = self._machine
        return image_of(machine.address, machine.spans(), machine.frame())

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
        self._twin.keep(machine.address, machine.spans(), machine.frame())
        self._journal.clear()

    def _undo(self, *, broken: bool) -> None:
        """Back to before the last message. A trap leaves globals and stack as they were when it struck, and memory cannot
        shrink, though how much there is decides when it grows again: then it is another machine's turn."""
        if broken or self._machine.size != self._twin.frame.size:
            self._machine.close()
            self._machine = Machine(self._plan)
            self._machine.load(self._twin.image())
        else:
            self._twin.put_back(self._machine.address, self._machine.spans())
            self._machine.put_back(self._twin.frame)
        self._repeat()

    def _repeat(self) -> None:
        """What was told since the twin was made; where that was anything, another failure is thought likely."""
        if not self._journal.entries:
            return
        self._journal.distrust()
        for told in self._journal.entries:
            run(self._machine, Stopping(), told)
        self._commit()

    def _run(self, told: Told) -> tuple[EvalResult, bool]:
        """The result, and whether the machine broke over it."""
        machine = self._machine
        try:
            answer, gas = run(machine, self._stopping, told)
            return replace(_read(answer, machine.host.written()), gas_used=gas), False
        except Ended as error:
            return EvalResult(error=str(error), gas_used=error.gas), True
        except (EngineError, Interrupted):
            self._undo(broken=True)
            raise

    def _told(self, envelope: Envelope) -> Told:
        """For one process the environment is one object through its life: its text is made once."""
        if self._env[0] is not envelope.env:
            self._env = (envelope.env, encoded(envelope.env))
        return Told(encoded(envelope.message), self._env[1])


def _read(answer: bytes, said: tuple[tuple[str, str], ...]) -> EvalResult:
    """The module's JSON as a result. An empty one means that it could not write one; it then says why on stderr."""
    written = tuple(Written(stream, text) for stream, text in said)
    if not answer:
        why = "".join(each.text for each in written if each.stream == "stderr").strip()
        text = f"the module gave no result: {why or 'it did not say why'}"
        return EvalResult(error=text, written=written)
    ok, response = decoded(answer)
    if ok and isinstance(response, dict):
        return replace(parse_result(response), written=written)
    failed = response if response else "the module failed without saying why"
    return EvalResult(error=failed, written=written)
