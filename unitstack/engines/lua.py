"""A Lua process in microseconds, on lupa. It is for developing one's own code: it stops runaway programs and keeps them
from the host, but it is no wall against code that attacks the interpreter. One call into the C library cannot be stopped
half-way: neither a `string.rep` of a gigabyte nor a pattern that backtracks for hours. And as long as a coroutine is
suspended, no image of the state can be taken: a rollback replays what came since it began."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from time import perf_counter

from unitstack.engines import lua_memory
from unitstack.engines.envelope import Envelope, parse_result
from unitstack.engines.files import Drive
from unitstack.engines.lua_machine import MAX_GAS, Answer, Ending, Limits, Machine, Switch
from unitstack.engines.lua_memory import Entry, History
from unitstack.engines.lua_values import to_lua
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.results import EvalResult, Json, Memory, Written

BUNDLE_FORMAT = 1
# An image is taken once the messages since the last one took this many times as long as an image takes: what a rollback
# replays stays short, and images stay a small part of the work.
PATIENCE = 3.0
FIRST_IMAGE_SECONDS = 0.005

UNLIMITED = Limits(memory=0, gas=MAX_GAS)

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A Lua module: sources by name, and the name of the one that answers with `handle`."""

    digest: bytes
    entry: str
    sources: dict[str, bytes]


class LuaEngine:
    """Makes instances of Lua modules. The clock only decides when a state is worth writing down."""

    formats = frozenset({ModuleFormat.LUA})

    def __init__(self, clock: Clock = perf_counter) -> None:
        self._clock = clock

    def instantiate(
        self,
        module: bytes,
        *,
        memory: Memory | None,
        memory_limit: int,
        compute_limit: int,
        drive: Drive | None = None,
    ) -> "LuaInstance":
        """As `Engine` says; Lua modules find nothing outside. A memory's messages are replayed when the instance is first used."""
        bundle = read_bundle(module)
        limits = Limits(memory_limit, compute_limit)
        if memory is None:
            instance = LuaInstance(bundle, limits, History(), self._clock)
            instance.start()
            return instance
        return LuaInstance(bundle, limits, lua_memory.decode(memory, bundle.digest), self._clock)


class LuaInstance:
    """One process's state, alive in a machine. The machine is dropped when a message leaves it changed in ways that must
    not last; the next use makes another one from the history."""

    def __init__(self, bundle: Bundle, limits: Limits, history: History, clock: Clock) -> None:
        self._bundle = bundle
        self._limits = limits
        self._base = history.base
        self._journal = list(history.journal)
        self._clock = clock
        self._switch = Switch()
        self._machine: Machine | None = None
        self._since_image = 0.0
        self._image_seconds = FIRST_IMAGE_SECONDS
        self._retry_seconds = 0.0
        self._env: tuple[dict[str, Json], object] = ({}, {})

    def start(self) -> None:
        """Makes the machine now. Raises EngineError for a module that is unfit."""
        with self._switch:
            self._machine = self._made()

    def handle(self, envelope: Envelope) -> EvalResult:
        """As `Instance` says."""
        with self._switch:
            machine = self._machine or self._made()
            self._machine = None  # until the message has ended well
            began = self._clock()
            answer = self._ask(machine, envelope, [])
            result = self._result(answer)
            if result.error is None:
                self._machine = machine
                self._keep(Entry(envelope, answer.counts), self._clock() - began)
            return result

    def dry_run(self, envelope: Envelope) -> EvalResult:
        """As `Instance` says; runs on a machine of its own."""
        with self._switch:
            self._take_image(self._image_seconds)
            return self._result(self._ask(self._made(), envelope, []))

    def snapshot(self) -> Memory:
        """As `Instance` says."""
        self._take_image(self._image_seconds)
        return lua_memory.encode(History(self._base, tuple(self._journal)), self._bundle.digest)

    def interrupt(self) -> None:
        """As `Instance` says."""
        self._switch.throw()

    def close(self) -> None:
        """As `Instance` says."""
        self._machine = self._base = None
        self._journal.clear()

    def _made(self) -> Machine:
        """A machine in the state that the history says."""
        machine = Machine(self._bundle.sources, self._limits, self._switch)
        if self._base is None:
            machine.start(self._bundle.entry)
        else:
            machine.restore(self._base)
        if self._journal:
            began = self._clock()
            self._replay(machine)
            self._since_image = self._clock() - began
        return machine

    def _replay(self, machine: Machine) -> None:
        # What was within bounds then is not bounded again: how much memory a run takes varies a little.
        machine.limits = UNLIMITED
        for at, entry in enumerate(self._journal):
            answer = self._ask(machine, entry.envelope, entry.counts)
            if answer.kind is not Ending.RESULT:
                raise EngineError(f"message {at} since the last image ended otherwise than before")
        machine.limits = self._limits

    def _ask(self, machine: Machine, envelope: Envelope, counts: list[float]) -> Answer:
        try:
            message = to_lua(envelope.message)
        except ValueError as error:
            return Answer(Ending.ERROR, str(error))
        answer = machine.ask(message, self._lua_env(envelope.env), counts)
        if self._switch.thrown():
            # A call into the C library is not stopped, but what came after it must not count either.
            raise Interrupted("the evaluation was stopped")
        return answer

    def _lua_env(self, env: dict[str, Json]) -> object:
        seen, made = self._env
        if seen is not env:
            made = to_lua(env)
            self._env = env, made
        return made

    def _result(self, answer: Answer) -> EvalResult:
        written = tuple(Written(stream, text) for stream, text in answer.written)
        match answer.kind:
            case Ending.RESULT:
                result = parse_result(answer.value)
            case Ending.GAS:
                result = EvalResult(error=f"out of gas: a message may use {self._limits.gas}")
            case Ending.ERROR | Ending.UNREADABLE:
                result = EvalResult(error=answer.value or "the process failed without saying why")
        error = self._explained(result.error)
        return replace(result, error=error, gas_used=answer.gas, written=written)

    def _explained(self, error: Json) -> Json:
        if isinstance(error, str) and "not enough memory" in error:
            return f"{error} (this process may hold {self._limits.memory} bytes)"
        return error

    def _keep(self, entry: Entry, seconds: float) -> None:
        self._journal.append(entry)
        self._since_image += seconds
        self._take_image(PATIENCE * self._image_seconds)

    def _take_image(self, worth_seconds: float) -> None:
        """Replaces the journal by an image if replaying it would take longer than that, and if the state allows one."""
        worth_seconds = max(worth_seconds, self._retry_seconds)
        if self._machine is None or self._since_image <= worth_seconds:
            return
        began = self._clock()
        image = self._machine.save()
        self._image_seconds = self._clock() - began
        if image is None:
            # A suspended coroutine, mostly, which is gone by and by: look again when there is half as much more to save.
            self._retry_seconds = 1.5 * self._since_image
            return
        self._base = image
        self._journal.clear()
        self._since_image = self._retry_seconds = 0.0


@lru_cache(maxsize=8)
def read_bundle(module: bytes) -> Bundle:
    """Raises EngineError for bytes that are not a Lua module."""
    try:
        written = json.loads(module)
        version, entry = written["format"], written["entry"]
        sources = {name: source.encode() for name, source in written["modules"].items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise EngineError(f"the module is not a Lua bundle: {error}") from error
    if version != BUNDLE_FORMAT:
        raise EngineError(f"the Lua module has format {version!r}, {BUNDLE_FORMAT} is needed")
    if entry not in sources:
        raise EngineError(f"the Lua module has no {entry!r}, which it names as its entry")
    return Bundle(sha256(module).digest(), entry, sources)
