"""Two small native modules that carry a module's hottest imports, written as WAT: no Python stands on those paths.

The springboard is instantiated first and exports `invoke_*`, `_emscripten_throw_longjmp`, the second halves of 64-bit
results and the copying of memory; it jumps through a table that is filled once the module itself exists. Lua's errors are
longjmps, so a failing pcall costs microseconds here where a callback into Python would cost hundreds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SAVE, RESTORE, THREW, COPY, FIRST_CALL = 0, 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Signature:
    """The types of a function: `i32`, `i64`, `f32` or `f64` each."""

    parameters: tuple[str, ...]
    results: tuple[str, ...]

    def wat(self) -> str:
        parameters = f"(param {' '.join(self.parameters)})" if self.parameters else ""
        results = f"(result {' '.join(self.results)})" if self.results else ""
        return f"(func {parameters} {results})"


@dataclass(frozen=True, slots=True)
class Invoke:
    """An `invoke_*` import and what it goes to: a `dynCall_*` export (their index types may differ), or, where there is
    none, the module's table."""

    name: str
    signature: Signature
    call: Signature
    by_table: bool = False


def springboard_wat(pointer: str, invokes: Sequence[Invoke]) -> str:
    """The module that stands before the main one."""
    types = "\n".join(f"(type $call{n} {invoke.call.wat()})" for n, invoke in enumerate(invokes))
    functions = "\n".join(_invoke(pointer, n, invoke) for n, invoke in enumerate(invokes))
    return f"""(module
(type $save (func (result {pointer})))
(type $restore (func (param {pointer})))
(type $threw (func (param {pointer} i32)))
(type $copy (func (param {pointer} {pointer} {pointer})))
{types}
(tag $longjmp)
(global $high (mut i32) (i32.const 0))
(table $slots (export "slots") {FIRST_CALL + len(invokes)} funcref)
(func (export "throw") (throw $longjmp))
(func (export "getTempRet0") (result i32) (global.get $high))
(func (export "setTempRet0") (param i32) (global.set $high (local.get 0)))
(func (export "copy") (param {pointer} {pointer} {pointer})
  (call_indirect $slots (type $copy) (local.get 0) (local.get 1) (local.get 2) (i32.const {COPY})))
{functions})"""


def _invoke(pointer: str, number: int, invoke: Invoke) -> str:
    count = len(invoke.signature.parameters)
    names = [f"(param $p{n} {kind})" for n, kind in enumerate(invoke.signature.parameters)]
    results = f"(result {' '.join(invoke.signature.results)})" if invoke.signature.results else ""
    wrap = invoke.signature.parameters[0] == "i64" and invoke.call.parameters[0] == "i32"
    index = "(i32.wrap_i64 (local.get $p0))" if wrap else "(local.get $p0)"
    rest = " ".join(f"(local.get $p{n})" for n in range(1, count))
    zeros = " ".join(f"({kind}.const 0)" for kind in invoke.signature.results)
    return f"""(func (export "{invoke.name}") {" ".join(names)} {results} (local $stack {pointer})
  (local.set $stack (call_indirect $slots (type $save) (i32.const {SAVE})))
  (block $caught
    (try_table {results} (catch $longjmp $caught)
      (call_indirect $slots (type $call{number}) {index} {rest} (i32.const {FIRST_CALL + number})))
    (return))
  (call_indirect $slots (type $restore) (local.get $stack) (i32.const {RESTORE}))
  (call_indirect $slots (type $threw) ({pointer}.const 1) (i32.const 0) (i32.const {THREW}))
  {zeros})"""


def helper_wat(pointer: str, memory: str, invokes: Sequence[Invoke]) -> str:
    """The module that stands behind the main one: it copies within that one's memory, clamped as JavaScript does, and
    calls into its table. Where a 64-bit memory was lowered, pointers are wider than the memory's addresses."""
    wide = "i64 " if memory == "i64" else ""
    narrow = "i32.wrap_i64" if (pointer, memory) == ("i64", "i32") else ""
    pages = "(i64.extend_i32_u (memory.size))" if narrow else "(memory.size)"
    calls = [(n, invoke) for n, invoke in enumerate(invokes) if invoke.by_table]
    table = '(import "main" "table" (table $main 0 funcref))' if calls else ""
    functions = "\n".join(_call(number, invoke) for number, invoke in calls)

    def address(name: str) -> str:
        return f"({narrow} (local.get {name}))" if narrow else f"(local.get {name})"

    return f"""(module
(import "main" "memory" (memory {wide}0))
{table}
(func $least (param {pointer} {pointer}) (result {pointer})
  (select (local.get 0) (local.get 1) ({pointer}.lt_u (local.get 0) (local.get 1))))
(func (export "copy") (param $to {pointer}) (param $from {pointer}) (param $size {pointer}) (local $all {pointer})
  (local.set $all ({pointer}.mul {pages} ({pointer}.const 65536)))
  (local.set $to (call $least (local.get $to) (local.get $all)))
  (local.set $from (call $least (local.get $from) (local.get $all)))
  (local.set $size (call $least (local.get $size) ({pointer}.sub (local.get $all) (local.get $to))))
  (local.set $size (call $least (local.get $size) ({pointer}.sub (local.get $all) (local.get $from))))
  (memory.copy {address("$to")} {address("$from")} {address("$size")}))
{functions})"""


def _call(number: int, invoke: Invoke) -> str:
    kinds = invoke.call.parameters
    called = Signature(kinds[1:], invoke.call.results).wat().removeprefix("(func ")
    names = " ".join(f"(param {kind})" for kind in kinds)
    results = f"(result {' '.join(invoke.call.results)})" if invoke.call.results else ""
    rest = " ".join(f"(local.get {n})" for n in range(1, len(kinds)))
    return f"""(func (export "call{number}") {names} {results}
  (call_indirect $main {called.removesuffix(")")} {rest} (local.get 0)))"""
