"""One wasm module, instantiated on wasmtime with all that it imports, and the ways to call it and to look at its
memory. What its state means is the instance's business, not the machine's."""

import ctypes
import struct
import weakref
from collections.abc import Callable
from dataclasses import dataclass

import wasmtime
from wasmtime._instance import InstanceExports

from unitstack.engines.compiled import CompiledModules, Pass
from unitstack.engines.direct_call import DirectCall
from unitstack.engines.emscripten import Host
from unitstack.engines.linear_memory import Image, Span, live_spans
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
from unitstack.engines.wasm_code.lowering import is_wide, lower
from unitstack.errors import EngineError

PAGE = 65_536
LOWERED_LIMIT = 1 << 32
RESULT_LIMIT = 100_000_000
CHUNK = 65_536
STACK_ALIGNMENT = ~15
MOST_GAS = (1 << 63) - 1
STACK_COOKIES = struct.pack("<II", 0x02135467, 0x89BACDFE)
ZERO_COOKIE = struct.pack("<I", 1_668_509_029)
OVERGROWTH = 100_663_296
INVOKE, CALL = "invoke_", "dynCall_"
COPIERS = (
    "_emscripten_memcpy_js",
    "emscripten_memcpy_js",
    "emscripten_memcpy_big",
    "_emscripten_memcpy_big",
)
SAVERS = ("emscripten_stack_get_current", "stackSave")
RESTORERS = ("_emscripten_stack_restore", "stackRestore")
ALLOCATORS = ("_emscripten_stack_alloc", "stackAlloc")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of memory, and gas for each message."""

    memory: int
    gas: int


def new_engine() -> wasmtime.Engine:
    """An engine of its own for each machine: its epoch then stops that machine alone."""
    config = wasmtime.Config()
    config.wasm_memory64 = True
    config.wasm_exceptions = True
    config.epoch_interruption = True
    config.consume_fuel = True
    config.cranelift_nan_canonicalization = True
    return wasmtime.Engine(config)


def signature_of(shape: wasmtime.FuncType) -> Signature:
    return Signature(tuple(map(str, shape.params)), tuple(map(str, shape.results)))


class Machine:
    """A module at work. Raises EngineError where it imports what no host provides or exports too little."""

    def __init__(self, code: bytes, compiled: CompiledModules, limits: Limits) -> None:
        self.engine = new_engine()
        self.limits = limits
        self._module = compiled.load(self.engine, code, _pass_for(code, limits))
        self.wide = _is_wide(self._module)
        self.host = Host(wide=self.wide)
        self._store = wasmtime.Store(self.engine)
        self._store.set_limits(memory_size=limits.memory)
        self.rest()
        invokes = _invokes(self._module)
        springboard = self._instance(compiled, springboard_wat(self._pointer, invokes), [])
        self._exports = self._start(springboard)
        self._memory = self._export("memory", wasmtime.Memory)
        self._wire(springboard, compiled, invokes)
        self._cut_in_growth()
        self._begin()

    @property
    def _pointer(self) -> str:
        return "i64" if self.wide else "i32"

    @property
    def _address(self) -> str:
        return "i64" if self._memory.type(self._store).is_64 else "i32"

    def _instance(
        self, compiled: CompiledModules, wat: str, imports: list[wasmtime.Memory]
    ) -> InstanceExports:
        module = compiled.load(self.engine, wat)
        return wasmtime.Instance(self._store, module, imports).exports(self._store)

    def _start(self, springboard: InstanceExports) -> InstanceExports:
        imports = [self._import(springboard, entry) for entry in self._module.imports]
        try:
            return wasmtime.Instance(self._store, self._module, imports).exports(self._store)
        except wasmtime.WasmtimeError as error:
            raise EngineError(
                f"the module does not start within {self.limits.memory} bytes of memory: {error}"
            ) from error
        except wasmtime.Trap as error:
            raise EngineError(f"the module traps when it starts: {error.message}") from error

    def _import(self, springboard: InstanceExports, entry: wasmtime.ImportType) -> wasmtime.Func:
        name, shape = entry.name or "", entry.type
        if not isinstance(shape, wasmtime.FuncType):
            raise EngineError(f"the module imports {entry.module}.{name}, which is no function")
        native = (
            "throw" if name == "_emscripten_throw_longjmp" else "copy" if name in COPIERS else name
        )
        if native in ("throw", "copy") or name.startswith(INVOKE):
            found = springboard[native]
            assert isinstance(found, wasmtime.Func)
            return found
        function = self.host.functions().get(name)
        if function is None:
            raise EngineError(
                f"the module imports {entry.module}.{name}, which no host of ao's provides"
            )
        return wasmtime.Func(self._store, shape, _converted(function, shape))

    def _export(self, name: str, kind: type[wasmtime.Memory]) -> wasmtime.Memory:
        found = self._exports.get(name)
        if not isinstance(found, kind):
            raise EngineError(f"the module exports no {kind.__name__.lower()} {name}")
        return found

    def _function(self, *names: str) -> wasmtime.Func:
        for name in names:
            found = self._exports.get(name)
            if isinstance(found, wasmtime.Func):
                return found
        raise EngineError(f"the module exports no function {' or '.join(names)}")

    def _wire(
        self, springboard: InstanceExports, compiled: CompiledModules, invokes: tuple[Invoke, ...]
    ) -> None:
        """Fills the springboard's slots, now that what they jump to exists."""
        save, restore = self._function(*SAVERS), self._function(*RESTORERS)
        helper = self._instance(compiled, helper_wat(self._pointer, self._address), [self._memory])
        slots = springboard["slots"]
        assert isinstance(slots, wasmtime.Table)
        for slot, function in (
            (SAVE, save),
            (RESTORE, restore),
            (THREW, self._function("setThrew")),
        ):
            slots.set(self._store, slot, function)
        slots.set(self._store, COPY, helper["copy"])
        for number, invoke in enumerate(invokes):
            slots.set(
                self._store,
                FIRST_CALL + number,
                self._function(CALL + invoke.name.removeprefix(INVOKE)),
            )

    def _cut_in_growth(self) -> None:
        """The host grows the memory when asked; it must not keep this machine alive by that."""
        machine = weakref.ref(self)
        self.host.grow = lambda size: (alive := machine()) is not None and alive.grow(size)
        self._attach()

    def _attach(self) -> None:
        self.size = self._memory.data_len(self._store)
        self.address = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        self.host.attach(self.address, self.size)

    def grow(self, size: int) -> bool:
        """To at least that many bytes, by the steps that emscripten's glue takes."""
        if size <= self.size:
            return True
        for cut in (1, 2, 4):
            over = min(int(self.size * (1 + 0.2 / cut)), size + OVERGROWTH)
            pages = (max(size, over) + PAGE - 1) // PAGE - self.size // PAGE
            try:
                self._memory.grow(self._store, pages)
            except wasmtime.WasmtimeError:
                continue
            self._attach()
            return True
        return False

    def _begin(self) -> None:
        """What the loaders do once: the stack's edges, its cookies, and constructors."""
        self._function("emscripten_stack_init")(self._store)
        self.stack_end = self._function("emscripten_stack_get_end")(self._store)
        self.stack_base = self._function("emscripten_stack_get_base")(self._store)
        ctypes.memmove(self.address + max(self.stack_end, 4), STACK_COOKIES, len(STACK_COOKIES))
        ctypes.memmove(self.address, ZERO_COOKIE, len(ZERO_COOKIE))
        self._function("__wasm_call_ctors")(self._store)
        self._rest = self._direct(*SAVERS)()
        self._restore, self._allocate = self._direct(*RESTORERS), self._direct(*ALLOCATORS)
        self._handle, self._sbrk = self._direct("handle"), self._direct("sbrk")
        self._attach()

    def _direct(self, *names: str) -> DirectCall:
        return DirectCall(self._store, self._function(*names))

    def rest(self) -> None:
        """Between messages: what the host asks the module costs no message its gas."""
        self._store.set_fuel(MOST_GAS)
        self._store.set_epoch_deadline(1)

    def refuel(self) -> None:
        """As much gas as one message may use, and an epoch that `stop` ends."""
        self._store.set_fuel(self.limits.gas)
        self._store.set_epoch_deadline(1)

    def gas_used(self) -> int:
        return self.limits.gas - self._store.get_fuel()

    def stop(self) -> None:
        """Ends the running call with a trap; from any thread."""
        self.engine.increment_epoch()

    def call(self, message: bytes, env: bytes) -> bytes:
        """`handle(message, env)`: both as texts on the module's stack, as the loaders put them there."""
        room = self._rest - self.stack_end
        if len(message) + len(env) > room // 2:
            raise EngineError(
                f"a message of {len(message)} bytes does not fit a stack of {room} bytes"
            )
        first = (self._rest - len(message) - 1) & STACK_ALIGNMENT
        second = (first - len(env) - 1) & STACK_ALIGNMENT
        self._allocate(self._rest - second)
        self._put(first, message + b"\0")
        self._put(second, env + b"\0")
        answer = self._handle(first, second)
        self._restore(self._rest)
        # A module may grow its memory without asking the host, which then may lie elsewhere.
        self._attach()
        return self._text(answer)

    def _put(self, at: int, raw: bytes) -> None:
        ctypes.memmove(self.address + at, raw, len(raw))

    def _text(self, at: int) -> bytes:
        if not 0 < at < self.size:
            raise EngineError(
                f"the module's result is at address {at}, outside its memory of {self.size} bytes"
            )
        parts: list[bytes] = []
        while at < self.size and len(parts) * CHUNK < RESULT_LIMIT:
            chunk = ctypes.string_at(self.address + at, min(CHUNK, self.size - at))
            end = chunk.find(0)
            if end >= 0:
                return b"".join([*parts, chunk[:end]])
            parts.append(chunk)
            at += CHUNK
        raise EngineError(
            f"the module's result has no end within {min(RESULT_LIMIT, self.size)} bytes"
        )

    def heap_end(self) -> int:
        return self._sbrk(0)

    def spans(self) -> tuple[Span, ...]:
        """What of the memory is alive between two messages."""
        return live_spans(
            stack_end=self.stack_end + 16, stack_base=self.stack_base, heap_end=self.heap_end()
        )

    def load(self, image: Image) -> None:
        """Makes the memory what the image says."""
        if image.size > self.size and not self.grow(image.size):
            raise EngineError(
                f"a memory of {image.size} bytes exceeds the limit of {self.limits.memory}"
            )
        for start, raw in image.parts:
            ctypes.memmove(self.address + start, raw, len(raw))

    def close(self) -> None:
        self._store.close()


def _pass_for(code: bytes, limits: Limits) -> Pass | None:
    return lower if limits.memory <= LOWERED_LIMIT and is_wide(code) else None


def _is_wide(module: wasmtime.Module) -> bool:
    """Whether pointers have 64 bits: what `handle` takes, since the memory itself may have been lowered."""
    for entry in module.exports:
        if entry.name == "handle" and isinstance(entry.type, wasmtime.FuncType):
            return "i64" in map(str, entry.type.params)
    raise EngineError("the module exports no function handle")


def _invokes(module: wasmtime.Module) -> tuple[Invoke, ...]:
    exports = {entry.name: entry.type for entry in module.exports}
    found = []
    for entry in module.imports:
        name, shape = entry.name or "", entry.type
        if name.startswith(INVOKE) and isinstance(shape, wasmtime.FuncType):
            call = exports.get(CALL + name.removeprefix(INVOKE))
            if not isinstance(call, wasmtime.FuncType):
                raise EngineError(
                    f"the module imports {name} and exports no {CALL}{name.removeprefix(INVOKE)}"
                )
            found.append(Invoke(name, signature_of(shape), signature_of(call)))
    return tuple(found)


def _converted(
    function: Callable[..., int | float | None], shape: wasmtime.FuncType
) -> Callable[..., object]:
    """The function, answering with the type that the module expects: nothing, a float, or an integer."""
    results = tuple(map(str, shape.results))
    if not results:
        return lambda *arguments: (function(*arguments), None)[1]
    if results[0].startswith("f"):
        return lambda *arguments: float(function(*arguments) or 0)
    return lambda *arguments: int(function(*arguments) or 0)
