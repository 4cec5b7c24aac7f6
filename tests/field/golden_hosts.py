"""Engines as the golden replay needs them: processes that take and give JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.field.golden_cases import Record
from unitstack.build.lua_module import PRESETS, lua_module
from unitstack.engines.compiled import CompiledModules, Shelf
from unitstack.engines.engine import Instance
from unitstack.engines.envelope import Envelope
from unitstack.engines.loading import LoadedModule, ModuleFailed
from unitstack.engines.lua import read_bundle
from unitstack.engines.lua_machine import Limits, Machine, Switch
from unitstack.engines.lua_values import to_lua
from unitstack.engines.plan import Limits as WasmLimits
from unitstack.engines.plan import Plan
from unitstack.engines.wasm import WasmEngine
from unitstack.runtime import bundle, sources
from unitstack.runtime.sources import ENTRY
from unitstack.wire.results import from_json, to_json

REFERENCE = "reference"
MEMORY_LIMIT = 256 * 1024 * 1024
GAS_LIMIT = 1_000_000_000_000
WASM_LIMITS = WasmLimits(MEMORY_LIMIT, GAS_LIMIT)
# What the field's loader says where a process could not write its result down.
NO_ANSWER = "Unexpected end of JSON input"
NO_RESULT = "the module gave no result"


class Host(Protocol):
    """A process alive: gives the result, or `{"throw": text}` where the call as a whole failed."""

    def handle(self, message: Record, env: Record) -> Record: ...


class Hosts(Protocol):
    """Makes processes of one module, and says what a recorded result looks like in their answers."""

    def start(self, *, undoing: bool) -> Host: ...

    def expected(self, recorded: Record) -> Record: ...


class LuaHosts:
    """Our runtime on lupa, below the engine's face: the very JSON that the process answered."""

    def start(self, *, undoing: bool) -> Host:
        return Undoing(LuaHost) if undoing else LuaHost()

    def expected(self, recorded: Record) -> Record:
        return recorded


class LuaHost:
    """One process on lupa. What an error leaves behind, stays."""

    def __init__(self) -> None:
        read = read_bundle(bundle(REFERENCE))
        limits = Limits(memory=MEMORY_LIMIT, gas=GAS_LIMIT)
        self._machine = Machine(read.sources, limits, Switch())
        self._machine.start(read.entry)

    def handle(self, message: Record, env: Record) -> Record:
        answer = self._machine.ask(to_lua(message), to_lua(env), [])
        if answer.kind == "result" and isinstance(answer.value, dict):
            return answer.value
        return {"throw": NO_ANSWER if answer.kind == "unreadable" else answer.value}


class WasmHosts:
    """A wasm module on wasmtime: the one given, or our runtime put into our own template. The engine gives an `Error` where
    the call failed, and has no state in which an error stays; for the cases where one does, there is the loader."""

    def __init__(self, module: Path | None = None) -> None:
        ours = lua_module(sources(REFERENCE), ENTRY, target=32, sizes=PRESETS["xs"])
        self._module = module.read_bytes() if module else ours
        self._engine = WasmEngine()
        self._compiled = CompiledModules(Shelf())

    def start(self, *, undoing: bool) -> Host:
        if not undoing:
            plan = Plan(self._module, self._compiled, WASM_LIMITS)
            return LoadedHost(LoadedModule(plan, keep_memory=True))
        return InstanceHost(
            self._engine.instantiate(
                self._module, memory=None, memory_limit=MEMORY_LIMIT, compute_limit=GAS_LIMIT
            )
        )

    def expected(self, recorded: Record) -> Record:
        if "throw" in recorded:
            return {"Error": recorded["throw"]}
        return recorded if "Error" in recorded else dict(to_json(from_json(recorded)))


class InstanceHost:
    """One process behind the face that every engine has."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def handle(self, message: Record, env: Record) -> Record:
        result = self._instance.handle(Envelope(message, env))
        if result.error is None:
            return dict(to_json(result))
        if isinstance(result.error, str) and result.error.startswith(NO_RESULT):
            return {"Error": NO_ANSWER}
        return {"Error": result.error}


class LoadedHost:
    """One process in the loader, where what an error leaves behind, stays."""

    def __init__(self, loaded: LoadedModule) -> None:
        self._loaded = loaded

    def handle(self, message: Record, env: Record) -> Record:
        try:
            result = self._loaded(None, message, env)
        except ModuleFailed as failed:
            return {"Error": failed.response}
        answer: Record = {**result, "Memory": None}
        return dict(to_json(from_json(answer)))


class Undoing:
    """A process for which a message that ends in an error has not happened."""

    def __init__(self, start: Callable[[], Host]) -> None:
        self._start = start
        self._host = start()
        self._kept: list[tuple[str, str]] = []

    def handle(self, message: Record, env: Record) -> Record:
        given = json.dumps(message), json.dumps(env)
        answer = self._host.handle(message, env)
        if "Error" not in answer and "throw" not in answer:
            self._kept.append(given)
            return answer
        self._host = self._start()
        for kept_message, kept_env in self._kept:
            self._host.handle(json.loads(kept_message), json.loads(kept_env))
        return answer
