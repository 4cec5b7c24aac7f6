"""One Lua runtime with one process in it: made, asked, stopped, written down. It is not a security boundary against code
that attacks the interpreter itself, and a pattern that backtracks for long inside one `string.find` cannot be stopped."""

import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types

from unitstack.engines.lua_values import from_lua
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.results import Json

HOST = files(__package__) / "lua_host"
# Each file relies on those before it.
HOST_FILES = (
    "guard",
    "order",
    "sort",
    "json",
    "world",
    "package",
    "os",
    "io",
    "debug",
    "compat",
    "image",
    "process",
)

MAX_GAS = 2**62  # as far as Lua counts, with room to spare

# How many values of an image pass at a time: between two pieces other Python threads get their turn.
PIECE = 2000

Image = list[Any]
Counts = list[float]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may use: bytes and gas."""

    memory: int
    gas: int


class Ending(StrEnum):
    """What became of a message: what the process answered, why its answer is not JSON, or that its gas was used up."""

    RESULT = "result"
    ERROR = "error"
    UNREADABLE = "unreadable"
    GAS = "gas"


@dataclass(frozen=True, slots=True)
class Answer:
    """How one message ended, and what it left beside."""

    kind: Ending
    value: Json
    gas: int = 0
    written: tuple[tuple[str, str], ...] = ()
    counts: Counts = field(default_factory=list)


class Switch:
    """Stops a running message from another thread. It outlives machines, so that a replay can be stopped as well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = False
        self._thrown = False

    def __enter__(self) -> None:
        with self._lock:
            self._running, self._thrown = True, False

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._running = False

    def throw(self) -> None:
        with self._lock:
            self._thrown = self._running

    def thrown(self) -> bool:
        return self._thrown


def _refuse(_object: object, name: object, _setting: bool) -> str:
    raise AttributeError(f"{name!r} is not open to Lua")


def _runtime() -> Any:
    return lua53.LuaRuntime(
        encoding=None,
        register_eval=False,
        register_builtins=False,
        unpack_returned_tuples=True,
        attribute_filter=_refuse,
        max_memory=0,
    )


@cache
def _host_code() -> tuple[bytes, ...]:
    # Without line numbers and names: no place in the host's own code belongs in the text of a process's error.
    compile_stripped = _runtime().execute(
        b"local load, dump = load, string.dump return function(s) return dump(assert(load(s)), true) end"
    )
    return tuple(compile_stripped((HOST / f"{name}.lua").read_bytes()) for name in HOST_FILES)


class Machine:
    """A Lua runtime that holds one process's state."""

    def __init__(self, modules: Mapping[str, bytes], limits: Limits, switch: Switch) -> None:
        self.limits = limits
        self._switch = switch
        self._runtime = _runtime()
        load = self._runtime.execute(
            b"return function(code, ...) return load(code, '=?', 'b')(...) end"
        )
        host = self._runtime.table()
        self._connect(host, modules)
        for code in _host_code():
            load(code, host)
        self._runtime.execute(b"debug, python = nil, nil")
        self._host = host

    def _connect(self, host: Any, modules: Mapping[str, bytes]) -> None:
        # Lua keeps what it is given: by a strong reference this machine would keep itself alive.
        weak = weakref.WeakMethod(self._bound_memory)

        def bound_memory(enforced: bool) -> None:
            method = weak()
            if method is not None:
                method(enforced)

        host[b"bound_memory"] = bound_memory
        host[b"poll"] = self._switch.thrown
        host[b"sources"] = self._runtime.table_from(
            {name.encode(): source for name, source in modules.items()}
        )

    def _bound_memory(self, enforced: bool) -> None:
        # Outside of a program's run there is no bound: lupa would end the whole Python process at it.
        self._runtime.set_max_memory(self.limits.memory if enforced else 0)

    def start(self, entry: str) -> None:
        """Runs the module's entry chunk. Raises EngineError where it fails."""
        ending, problem = self._call(b"start", entry.encode())
        if ending == b"interrupt":
            raise Interrupted("the module's start was stopped")
        if ending == b"gas":
            raise EngineError("the module does not start: its entry chunk does not end")
        if ending != b"done":
            raise EngineError(f"the module does not start: {from_lua(problem)}")

    def ask(self, message: Any, env: Any, counts: Counts) -> Answer:
        """Has the process handle one message. Raises Interrupted; whatever the answer, the state may have changed."""
        table = self._runtime.table_from
        kind, text, gas, written, counted = self._call(
            b"handle_message",
            table(message, recursive=True),
            table(env, recursive=True),
            min(self.limits.gas, MAX_GAS),
            self.limits.memory,
            table(counts),
        )
        if kind == b"interrupt":
            raise Interrupted("the evaluation was stopped")
        value = None if text is None else from_lua(text)
        return Answer(Ending(kind.decode()), value, gas, _pieces(written), _numbers(counted))

    def save(self) -> Image | None:
        """The state as a flat list, or None where something in it cannot be written down."""
        size, _unsavable = self._call(b"save")
        if size is None:
            return None
        image: Image = []
        for at in range(1, size + 1, PIECE):
            piece = self._call(b"give", at, min(at + PIECE - 1, size))
            image += piece if isinstance(piece, tuple) else (piece,)
        return image

    def restore(self, image: Image) -> None:
        """Takes on a state that another machine of the same module has saved."""
        self._call(b"name_world")
        for at in range(0, len(image), PIECE):
            self._call(b"take", at + 1, *image[at : at + PIECE])
        self._call(b"restore")

    def _call(self, name: bytes, *arguments: Any) -> Any:
        try:
            return self._host[name](*arguments)
        except lua53.LuaError as error:
            self._bound_memory(False)
            raise EngineError(f"the Lua engine failed: {error}") from error


def _pieces(written: Any) -> tuple[tuple[str, str], ...]:
    if written is None:
        return ()
    items = [written[at] for at in range(1, len(written) + 1)]
    texts = [item.decode("utf-8", "replace") for item in items]
    return tuple(zip(texts[::2], texts[1::2], strict=True))


def _numbers(counted: Any) -> Counts:
    return [] if counted is None else [counted[at] for at in range(1, len(counted) + 1)]
