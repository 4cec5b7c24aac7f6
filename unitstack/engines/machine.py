"""One wasm module at work on wasmtime, and the ways to call it and to look at its memory. What its state means is the
instance's business, not the machine's."""

import ctypes
import struct
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

import wasmtime

from unitstack.engines import held
from unitstack.engines.asyncify import Asyncify
from unitstack.engines.direct_call import DirectCall
from unitstack.engines.emscripten import Host, ProcessExit
from unitstack.engines.gas import Counter, Fuel, Gas, Unmetered
from unitstack.engines.handing_over import OnHeap, OnStack
from unitstack.engines.linear_memory import Frame, Image, Span
from unitstack.engines.linking import RESTORERS, SAVERS, Exports, Linker, reason
from unitstack.engines.plan import Plan, counts_by_fuel, loaded, new_engine, setting
from unitstack.engines.touched_pages import TouchedPages
from unitstack.engines.wasm_code.metering import GAS
from unitstack.errors import EngineError

PAGE = 65_536
RESULT_LIMIT = 100_000_000
# Tables lie outside of the memory that a module is allowed.
MOST_FUNCTIONS = 1_000_000
MOST_GAS = (1 << 63) - 1
NEVER = 1 << 62
STACK_COOKIES = struct.pack("<II", 0x02135467, 0x89BACDFE)
ZEROS = bytes(PAGE)
ZERO_COOKIE = struct.pack("<I", 1_668_509_029)
OVERGROWTH = 100_663_296
ALLOCATORS = ("_emscripten_stack_alloc", "stackAlloc")


class Machine:
    """A module at work. Raises EngineError where it imports what no host provides or exports too little."""

    def __init__(self, plan: Plan) -> None:
        self.limits = plan.limits
        own = counts_by_fuel(plan)
        self.engine = new_engine(fuel=own)
        self.dialect, self._module = loaded(self.engine, plan, fuel=own)
        self.host = Host(self.dialect, plan.drive)
        self._store = wasmtime.Store(self.engine)
        self._store.set_limits(memory_size=plan.limits.memory, table_elements=MOST_FUNCTIONS)
        self._gas: Gas = Fuel(self._store) if own else Unmetered()
        self._gas.fill(MOST_GAS)
        with self._stopped_after(plan.start_seconds):
            self._exports = self._linked(plan, setting(fuel=own))
            self._memory = self._exports.memory()
            self._pages = TouchedPages()
            self._globals = self._exports.globals()
            self._cut_in()
            self._guarded(self._begin)
        self._first = tuple(held.value_of(self._store, each) for each in self._globals)

    @contextmanager
    def _stopped_after(self, seconds: float) -> Iterator[None]:
        """Nobody can stop a machine that is not there yet."""
        held.set_deadline(self._store, 1)
        timer = Timer(seconds, self.engine.increment_epoch)
        timer.daemon = True
        timer.start()
        try:
            yield
        except EngineError as error:
            trap = error.__cause__
            if isinstance(trap, wasmtime.Trap) and trap.trap_code is wasmtime.TrapCode.INTERRUPT:
                raise EngineError(
                    f"the module has not started after {seconds:g} seconds"
                ) from error
            raise
        finally:
            timer.cancel()
        self.rest()

    def _linked(self, plan: Plan, set_up: str) -> Exports:
        functions, raised = self.host.functions(), self.host.raised
        linker = Linker(self._store, plan.compiled, set_up, functions, raised, plan.limits.memory)
        exports = linker.link(self._module, wide=self.dialect.wide)
        if self.dialect.metered:
            self._gas = Counter(self._store, exports.counter(GAS))
            self._gas.fill(MOST_GAS)
        return exports

    def _cut_in(self) -> None:
        """The host grows the memory when asked; it must not keep this machine alive by that."""
        machine = weakref.ref(self)
        self.host.grow = lambda size: (alive := machine()) is not None and alive.grow(size)
        self.host.gas_used = lambda: alive.gas_used() if (alive := machine()) else 0
        self._attach()

    def _attach(self) -> None:
        self.address, self.size = held.place(self._store, self._memory)
        self.host.memory.attach(self.address, self.size)

    def grow(self, size: int) -> bool:
        """To at least that many bytes, by the steps that emscripten's glue takes."""
        most = self.dialect.most_memory
        if size <= self.size or size > most:
            return size <= self.size
        for cut in (1, 2, 4):
            over = min(int(self.size * (1 + 0.2 / cut)), size + OVERGROWTH)
            wanted = min(most, (max(size, over) + PAGE - 1) // PAGE * PAGE)
            try:
                self._memory.grow(self._store, (wanted - self.size) // PAGE)
            except wasmtime.WasmtimeError:
                continue
            self._attach()
            return True
        return False

    def _have(self, size: int) -> None:
        """At least that much memory, and no more than is needed for it."""
        if size <= self.size:
            return
        try:
            self._memory.grow(self._store, (size - self.size + PAGE - 1) // PAGE)
        except wasmtime.WasmtimeError as error:
            raise EngineError(
                f"a memory of {size} bytes exceeds the limit of {self.limits.memory}"
            ) from error
        self._attach()

    def _begin(self) -> None:
        """What the loaders do once: the stack's edges, its cookies, constructors, and in the older ones `main`."""
        self.stack = self._stack()
        if ctors := self._exports.find("__wasm_call_ctors"):
            ctors(self._store)
        self._asyncify = self._waiting() if "asyncify_get_state" in self._exports.all else None
        if self.dialect.main is not None and self._exports.find("main"):
            self._run_main(self.dialect.main)
        self._handle = self._direct("handle")
        self._hand_over = self._handing_over()
        self._sbrk = self._direct("sbrk") if self._exports.find("sbrk") else None
        self._attach()

    def _run_main(self, arguments: tuple[str, ...]) -> None:
        """What the arguments take of the stack stays taken."""
        memory, main = self.host.memory, self._direct("main")
        table, place = 0, self._direct(*ALLOCATORS) if arguments else None
        if place:
            table = place(memory.pointer_size * (len(arguments) + 1))
            for number, text in enumerate(arguments):
                at = place(len(text) + 1)
                memory.put(at, text.encode() + b"\0")
                memory.put_pointer(table + number * memory.pointer_size, at)
            memory.put_pointer(table + len(arguments) * memory.pointer_size, 0)
        main(len(arguments), table)

    def _stack(self) -> Span:
        """Where the stack lies; empty where the module does not tell."""
        init, end, base = (
            self._exports.find(f"emscripten_stack_{which}")
            for which in ("init", "get_end", "get_base")
        )
        if not (init and end and base):
            return Span(0, 0)
        init(self._store)
        found = Span(end(self._store), base(self._store))
        self.host.memory.put(max(found.start, 4), STACK_COOKIES)
        self.host.memory.put(0, ZERO_COOKIE)
        return found

    def _guarded(self, start: Callable[[], object]) -> None:
        try:
            start()
        except (wasmtime.Trap, wasmtime.WasmtimeError, ProcessExit) as error:
            why = self.host.take_raised() or reason(error)
            raise EngineError(f"the module traps when it starts: {why}") from error

    def _direct(self, *names: str) -> DirectCall:
        return DirectCall(self._store, self._exports.function(*names))

    def _waiting(self) -> Asyncify:
        waiting = Asyncify(self._direct, self.host.memory.put, wide=self.dialect.wide)
        self.host.wait = waiting.wait
        return waiting

    def _handing_over(self) -> OnStack | OnHeap:
        """How texts reach the module: on its stack, as emscripten's loaders put them, or on its heap, as HyperBEAM does."""
        if self._exports.find(*ALLOCATORS) and self._exports.find(*SAVERS):
            calls = (self._direct(*SAVERS), self._direct(*ALLOCATORS), self._direct(*RESTORERS))
            return OnStack(*calls, self.stack.start, roomy=self.dialect.roomy_texts)
        free = self._direct("free") if self._exports.find("free") else None
        return OnHeap(self._direct("malloc"), free)

    def rest(self) -> None:
        """Between messages: what the host asks the module costs no message its gas, and is not stopped."""
        self._gas.fill(MOST_GAS)
        held.set_deadline(self._store, NEVER)

    def refuel(self) -> None:
        """As much gas as one message may use, and an epoch that `stop` ends."""
        self._gas.fill(self.limits.gas)
        held.set_deadline(self._store, 1)

    def gas_used(self) -> int:
        return self.limits.gas - self._gas.left()

    def out_of_gas(self) -> bool:
        return self._gas.left() < 0

    def stop(self) -> None:
        """Ends the running call with a trap; from any thread."""
        self.engine.increment_epoch()

    def call(self, message: bytes, env: bytes) -> bytes:
        """`handle(message, env)`: the text that it answers with."""
        first, second = self._hand_over.give(self.host.memory, message, env)
        answer = self._handle(first, second)
        if self._asyncify:
            answer = self._asyncify.finish(answer, lambda: self._handle(0, 0))
        # A module may grow its memory without asking the host, which then may lie elsewhere.
        self._attach()
        text = self.host.memory.text(answer, RESULT_LIMIT, "result")
        self._hand_over.done()
        return text

    def live(self) -> Span:
        """What of the memory says something about the process. The stack, though empty between two messages, belongs to
        it: what a message left there, the next may copy into a structure's padding."""
        if self._pages.known or not self._sbrk:
            return Span(0, self.size)
        return Span(0, self._sbrk(0))

    def spans(self) -> tuple[Span, ...]:
        """What of that was ever touched."""
        return self.touched(self.live())

    def touched(self, span: Span) -> tuple[Span, ...]:
        """What of it was ever touched: all else is zero."""
        return self._pages.within(self.address, span)

    def parts(self, span: Span) -> Iterator[bytes]:
        """The memory there, in order, without touching what was not touched."""
        at = span.start
        for part in (*self.touched(span), Span(span.end, span.end)):
            yield bytes(part.start - at)
            yield self.host.memory.get(part.start, part.size)
            at = part.end

    def take(self, raw: memoryview) -> None:
        """Makes the memory these bytes, as the loaders do: what it has beyond them stays."""
        if len(raw) > self.size and not self.grow(len(raw)):
            raise EngineError(
                f"a memory of {len(raw)} bytes exceeds the limit of {self.limits.memory}"
            )
        for at in range(0, len(raw), PAGE):
            chunk = raw[at : at + PAGE].tobytes()
            if chunk != ZEROS[: len(chunk)] or self.touched(Span(at, at + len(chunk))):
                self.host.memory.put(at, chunk)

    def load(self, image: Image) -> None:
        """Makes the memory what the image says, all else zero."""
        self._have(image.frame.size)
        for span in self.touched(Span(0, self.size)):
            ctypes.memset(self.address + span.start, 0, span.size)
        for start, raw in image.parts:
            self.host.memory.put(start, raw)
        self.put_back(image.frame)

    def frame(self) -> Frame:
        """What belongs to the memory. Globals that are as the module began with them need no mention."""
        values = tuple(held.value_of(self._store, each) for each in self._globals)
        return Frame(
            self.size, () if values == self._first else values, self.host.files.tree.keep()
        )

    def put_back(self, frame: Frame) -> None:
        """Globals and files as they were then."""
        values = frame.globals or self._first
        if len(values) != len(self._globals):
            raise EngineError(
                f"the memory names {len(values)} globals, there are {len(self._globals)}"
            )
        for each, value in zip(self._globals, values, strict=True):
            each.set_value(self._store, value)
        self.host.files.tree.put_back(frame.files)

    def close(self) -> None:
        self._pages.close()
        self._store.close()
