"""A wasm module joined with its host: the springboard before it, the helper behind it, and a host function for every other
import. What is then done with the module is the machine's business."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import CO_VARARGS
from types import MethodType
from typing import Any

import wasmtime
from wasmtime._instance import InstanceExports

from unitstack.engines.compiled import CompiledModules
from unitstack.engines.guest_time import HostFunction
from unitstack.engines.springboard import (
    COPY,
    FIRST_CALL,
    RESTORE,
    SAVE,
    THREW,
    Invoke,
    Signature,
    helper_wat,
    springboard_wat,
)
from unitstack.engines.wasm_code.own_globals import PREFIX
from unitstack.errors import EngineError

INVOKE, CALL = "invoke_", "dynCall_"
TABLE = "__indirect_function_table"
COPIERS = (
    "_emscripten_memcpy_js",
    "emscripten_memcpy_js",
    "emscripten_memcpy_big",
    "_emscripten_memcpy_big",
)
NATIVE = {"_emscripten_throw_longjmp": "throw", **dict.fromkeys(COPIERS, "copy")}
SAVERS = ("emscripten_stack_get_current", "stackSave")
RESTORERS = ("_emscripten_stack_restore", "stackRestore")


@dataclass(frozen=True, slots=True)
class Linker:
    """What instances are made with: a store, compiled code, the host's functions and what these raised, and how errors
    name the module."""

    store: wasmtime.Store
    compiled: CompiledModules
    setting: str
    functions: dict[str, HostFunction]
    raised: list[BaseException]
    limit: int

    def link(self, module: wasmtime.Module, *, wide: bool) -> "Exports":
        """Raises EngineError where the module imports what no host provides, exports too little, or does not start."""
        pointer = "i64" if wide else "i32"
        invokes = _invokes(module, pointer)
        springboard = self._instance(springboard_wat(pointer, invokes), [])
        exports = Exports(self.store, self._start(module, springboard))
        self._wire(springboard, exports, pointer, invokes)
        return exports

    def _instance(
        self, wat: str, imports: list[wasmtime.Memory | wasmtime.Table]
    ) -> InstanceExports:
        module = self.compiled.load(self.store.engine, wat, setting=self.setting)
        return wasmtime.Instance(self.store, module, imports).exports(self.store)

    def _start(self, module: wasmtime.Module, springboard: InstanceExports) -> InstanceExports:
        imports = [self._import(springboard, entry) for entry in module.imports]
        try:
            return wasmtime.Instance(self.store, module, imports).exports(self.store)
        except wasmtime.WasmtimeError as error:
            raise EngineError(
                f"the module does not start within {self.limit} bytes of memory: {reason(error)}"
            ) from error
        except wasmtime.Trap as error:
            raise EngineError(f"the module traps when it starts: {reason(error)}") from error

    def _import(self, springboard: InstanceExports, entry: wasmtime.ImportType) -> wasmtime.Func:
        name, shape = entry.name or "", entry.type
        if not isinstance(shape, wasmtime.FuncType):
            raise EngineError(f"the module imports {entry.module}.{name}, which is no function")
        native = springboard.get(NATIVE.get(name, name))
        if isinstance(native, wasmtime.Func):
            return self._fitting(native, shape, f"{entry.module}.{name}")
        function = self.functions.get(name)
        if function is None:
            raise EngineError(
                f"the module imports {entry.module}.{name}, which no host of ao's provides"
            )
        if not _takes(function, len(shape.params)):
            raise EngineError(
                f"the module imports {entry.module}.{name} as {signature_of(shape).wat()}, "
                "which is not how hosts of ao's have it"
            )
        return wasmtime.Func(self.store, shape, _converted(function, shape, self.raised))

    def _fitting(self, native: wasmtime.Func, shape: wasmtime.FuncType, name: str) -> wasmtime.Func:
        own = signature_of(native.type(self.store))
        if own != signature_of(shape):
            raise EngineError(
                f"the module imports {name} as {signature_of(shape).wat()}, it is {own.wat()}"
            )
        return native

    def _wire(
        self,
        springboard: InstanceExports,
        exports: "Exports",
        pointer: str,
        invokes: tuple[Invoke, ...],
    ) -> None:
        """Fills the springboard's slots, now that what they jump to exists."""
        memory = exports.memory()
        address = "i64" if memory.type(self.store).is_64 else "i32"
        behind: list[wasmtime.Memory | wasmtime.Table] = [memory]
        if any(invoke.by_table for invoke in invokes):
            behind.append(exports.table())
        helper = self._instance(helper_wat(pointer, address, invokes), behind)
        slots = springboard["slots"]
        assert isinstance(slots, wasmtime.Table)
        slots.set(self.store, COPY, helper["copy"])
        if not invokes:
            return
        for slot, names in ((SAVE, SAVERS), (RESTORE, RESTORERS), (THREW, ("setThrew",))):
            slots.set(self.store, slot, exports.function(*names))
        for number, invoke in enumerate(invokes):
            call = helper[f"call{number}"] if invoke.by_table else exports.function(_call(invoke))
            slots.set(self.store, FIRST_CALL + number, call)


@dataclass(frozen=True, slots=True)
class Exports:
    """What a module at work exports."""

    store: wasmtime.Store
    all: InstanceExports

    def find(self, *names: str) -> wasmtime.Func | None:
        """The first function of these names that there is."""
        for name in names:
            found = self.all.get(name)
            if isinstance(found, wasmtime.Func):
                return found
        return None

    def function(self, *names: str) -> wasmtime.Func:
        found = self.find(*names)
        if found is None:
            raise EngineError(f"the module exports no function {' or '.join(names)}")
        return found

    def memory(self) -> wasmtime.Memory:
        found = self.all.get("memory")
        if not isinstance(found, wasmtime.Memory):
            raise EngineError("the module exports no memory")
        return found

    def table(self) -> wasmtime.Table:
        found = self.all.get(TABLE)
        if not isinstance(found, wasmtime.Table):
            raise EngineError(f"the module exports no table {TABLE}")
        return found

    def globals(self) -> tuple[wasmtime.Global, ...]:
        """Those of numbers that the module may change."""
        found = (self.all[name] for name in self.all if name.startswith(PREFIX))
        return tuple(
            each
            for each in found
            if isinstance(each, wasmtime.Global) and _is_variable(each.type(self.store))
        )

    def counter(self, name: str) -> wasmtime.Global:
        found = self.all.get(name)
        assert isinstance(found, wasmtime.Global)
        return found


def signature_of(shape: wasmtime.FuncType) -> Signature:
    """The types of a function, by name."""
    return Signature(tuple(map(str, shape.params)), tuple(map(str, shape.results)))


def reason(error: Exception) -> str:
    """The error without the trace that wasmtime puts around it."""
    lines = str(error).strip().splitlines()
    traps = (line.partition("wasm trap: ")[2] for line in lines)
    return next(filter(None, traps), lines[0])


def _call(invoke: Invoke) -> str:
    return CALL + invoke.name.removeprefix(INVOKE)


def _invokes(module: wasmtime.Module, pointer: str) -> tuple[Invoke, ...]:
    exports = {entry.name: entry.type for entry in module.exports}
    found = []
    for entry in module.imports:
        name, shape = entry.name or "", entry.type
        if not name.startswith(INVOKE) or not isinstance(shape, wasmtime.FuncType):
            continue
        own = signature_of(shape)
        if own.parameters[:1] != (pointer,):
            raise EngineError(f"the module imports {name}, which takes no function's number first")
        call = exports.get(CALL + name.removeprefix(INVOKE))
        if isinstance(call, wasmtime.FuncType):
            found.append(Invoke(name, own, signature_of(call)))
        else:
            through = Signature(("i32", *own.parameters[1:]), own.results)
            found.append(Invoke(name, own, through, by_table=True))
    return tuple(found)


def _is_variable(shape: wasmtime.GlobalType) -> bool:
    return shape.mutable and str(shape.content) in ("i32", "i64", "f32", "f64")


def _takes(function: HostFunction, count: int) -> bool:
    """Whether it can be called with so many numbers. `inspect` would tell, a hundred times as slowly."""
    target: Any = getattr(function, "__wrapped__", function)
    code, defaults = target.__code__, target.__defaults__ or ()
    most = code.co_argcount - isinstance(target, MethodType)
    return count >= most - len(defaults) and (count <= most or bool(code.co_flags & CO_VARARGS))


def _converted(
    function: HostFunction, shape: wasmtime.FuncType, raised: list[BaseException]
) -> Callable[..., object]:
    """The function, answering with the type that the module expects: nothing, a float, or an integer. What it raises ends
    the call as a trap, and is remembered."""
    results = tuple(map(str, shape.results))
    kind = (float if results[0].startswith("f") else int) if results else None

    def converted(*arguments: int) -> object:
        try:
            answer = function(*arguments)
        except BaseException as error:
            raised.append(error)
            raise
        return None if kind is None else kind(answer or 0)

    return converted
