"""A module that waits leaves, is called again, and goes on with what was found."""

from tests.unitstack.engines.small_modules import ANSWER, module, text
from unitstack.engines.compiled import CompiledModules
from unitstack.engines.machine import Limits, Machine, Plan

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
  (i32.sub (local.get $file) (i32.const 41))"""


class Drive:
    """Knows one file, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def open(self, path: str) -> int:
        self.asked.append(path)
        return 1065

    def read(self, file: int, size: int) -> bytes:
        return b""

    def close(self, file: int) -> None:
        return None


def test_what_was_waited_for_comes_back_into_the_module() -> None:
    drive = Drive()
    code = module(
        HANDLE,
        before=IMPORT,
        rest=STATES + text(),
        memory='(memory (export "memory") 700)',
    )
    plan = Plan(code, CompiledModules(None), Limits(100 << 20, 1), drive=drive)

    answer = Machine(plan).call(b"{}", b"{}")

    assert answer == ANSWER.encode()
    assert drive.asked == ["/data/x"]
