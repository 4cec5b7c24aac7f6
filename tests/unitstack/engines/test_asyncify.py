"""A module that waits leaves, is called again, and goes on with what was found."""

from tests.unitstack.engines.small_modules import ANSWER, module, text
from unitstack.engines.compiled import CompiledModules, Shelf
from unitstack.engines.machine import Machine
from unitstack.engines.plan import Limits, Plan

# What asyncify makes of `return weavedrive_open("/x")`, in short: unwound at the first call, rewound at the second.
IMPORT = '(import "env" "__asyncjs__weavedrive_open" (func $open (param i32 i32) (result i32)))'
STATES = """(global $state (mut i32) (i32.const 0))
  (func (export "free") (param i32))
  (func (export "asyncify_get_state") (result i32) (global.get $state))
  (func (export "asyncify_start_unwind") (param i32) (global.set $state (i32.const 1)))
  (func (export "asyncify_stop_unwind") (global.set $state (i32.const 0)))
  (func (export "asyncify_start_rewind") (param i32) (global.set $state (i32.const 2)))
  (func (export "asyncify_stop_rewind") (global.set $state (i32.const 0)))
  (data (i32.const 2048) "/data/x\\00")"""
HANDLE = """(local $file i32)
  (local.set $file (call $open (i32.const 2048) (i32.const 0)))
  (if (i32.eq (global.get $state) (i32.const 1)) (then (return (i32.const 0))))
  (i32.sub (local.get $file) (i32.const -1021))"""


def test_what_was_waited_for_comes_back_into_the_module() -> None:
    asked: list[str] = []
    code = module(
        HANDLE,
        before=IMPORT,
        rest=STATES + text(),
        memory='(memory (export "memory") 700)',
    )

    def drive(path: str) -> bytes:
        asked.append(path)
        return b"content"

    plan = Plan(code, CompiledModules(Shelf()), Limits(100 << 20, 1), drive=drive)

    answer = Machine(plan).call(b"{}", b"{}")

    assert answer == ANSWER.encode()
    assert asked == ["/data/x"]
