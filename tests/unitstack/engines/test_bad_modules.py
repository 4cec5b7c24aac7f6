"""Modules that are not what they should be, and modules that misbehave: each is told apart, and the unit goes on."""

import re

import pytest
import wasmtime

from tests.unitstack.engines.small_modules import ANSWER, MEMORY, module, text
from unitstack.engines.compiled import CompiledModules, Shelf
from unitstack.engines.envelope import Envelope
from unitstack.engines.linear_memory import read_image
from unitstack.engines.machine import Machine
from unitstack.engines.plan import Limits, Plan
from unitstack.engines.wasm import WasmEngine, WasmInstance
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat

MEGABYTE = 1 << 20
LIMIT = 200 * MEGABYTE
MESSAGE = Envelope({"Data": "hello"}, {})
NESTED = '{"ok":true,"response":{"a":' + "[" * 1400 + "]" * 1400 + "}}"


def started(
    code: bytes, *, format: ModuleFormat | None = None, memory_limit: int = LIMIT
) -> WasmInstance:
    engine = WasmEngine(format=format)
    return engine.instantiate(code, memory=None, memory_limit=memory_limit, compute_limit=1_000_000)


def test_a_small_module_that_takes_its_texts_on_the_heap_runs() -> None:
    assert started(module(rest=text())).handle(MESSAGE).output.data == "done"


def test_old_exceptions_are_caught_in_a_running_module() -> None:
    handle = "try (result i32) i32.const 1000 throw $e catch $e i32.const 24 i32.add end"
    code = module(handle, before="(tag $e (param i32))", rest=text())

    assert started(code).handle(MESSAGE).output.data == "done"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (b"", "not a wasm module"),
        (b"#!/bin/sh\n", "begins with '23212f62696e2f73'"),
        (module(rest=text())[:-20], "ends at byte"),
        (module(before='(import "env" "launch" (func))'), r"imports env\.launch, which no host"),
        (module(before='(import "env" "fd_write" (func))'), r"imports env\.fd_write as \(func  \)"),
        (
            module(before='(import "env" "emscripten_memcpy_js" (func (param i64)))'),
            r"imports env\.emscripten_memcpy_js as \(func \(param i64\) \)",
        ),
        (
            module(before='(import "env" "invoke_v" (func (param f64)))'),
            "invoke_v, which takes no function's number",
        ),
        (
            module(before='(import "env" "invoke_vi" (func (param i32 i32)))'),
            "exports no table __indirect_function_table",
        ),
        (module(before='(import "env" "g" (global i32))'), r"imports env\.g, which is no function"),
        (module(memory="(memory 2)"), "exports no memory"),
        (
            bytes(wasmtime.wat2wasm(f'(module {MEMORY} (func (export "handle")))')),
            "exports handle as",
        ),
        (bytes(wasmtime.wat2wasm(f"(module {MEMORY})")), "exports no function handle"),
        (
            bytes(
                wasmtime.wat2wasm(
                    f'(module {MEMORY} (func (export "handle") (param i32 i32) (result i32) i32.const 8))'
                )
            ),
            "exports no function malloc",
        ),
        (module(rest="(func $start unreachable) (start $start)"), "traps when it starts"),
        (
            module(
                rest='(func (export "__wasm_call_ctors") (drop (i32.div_u (i32.const 1) (i32.const 0))))'
            ),
            "traps when it starts: .*divide by zero",
        ),
        (
            module(
                before='(import "env" "exit" (func $exit (param i32)))',
                rest='(func (export "__wasm_call_ctors") (call $exit (i32.const 3)))',
            ),
            r"traps when it starts: the module called exit\(3\)",
        ),
        (module(memory='(memory (export "memory") 9999)'), f"does not start within {LIMIT} bytes"),
        (module("i32.const 1 drop"), "is not valid wasm"),
    ],
)
def test_an_unfit_module_is_refused_by_what_is_wrong_with_it(code: bytes, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        started(code)


def test_a_module_under_the_wrong_format_is_refused() -> None:
    with pytest.raises(
        EngineError, match=f"tagged {ModuleFormat.WASM64}, but its pointers have 32"
    ):
        started(module(rest=text()), format=ModuleFormat.WASM64)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (module("i32.const 0"), "result is at address 0"),
        (module("i32.const 2000000"), "result is at address 2000000, outside its memory of 131072"),
        (
            module("(memory.fill (i32.const 0) (i32.const 65) (i32.const 131072)) i32.const 64"),
            "result has no end within 131,008 bytes",
        ),
        (
            module(
                "(drop (memory.grow (i32.const 1700))) "
                "(memory.fill (i32.const 64) (i32.const 65) (i32.const 110000000)) i32.const 64"
            ),
            "result has no end within 100,000,000 bytes",
        ),
        (module(rest=text("no json")), "result of 7 bytes is not the JSON of a result"),
        (module(rest=text('{"ok":true}')), "is not the JSON of a result"),
        (module(rest=text(NESTED)), "result of 2829 bytes is nested too deeply"),
    ],
)
def test_a_module_that_answers_with_nonsense_is_told_so_and_goes_on(
    code: bytes, words: str
) -> None:
    instance = started(code)
    before = instance.snapshot()

    with pytest.raises(EngineError, match=words):
        instance.handle(MESSAGE)

    assert instance.snapshot() == before


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("", "the module gave no result: it did not say why"),
        ('{"ok":false,"response":""}', "the module failed without saying why"),
        ('{"ok":false,"response":"told"}', "told"),
        (
            '{"ok":true,"response":{"Output":' + "[" * 600 + "]" * 600 + "}}",
            "the result is nested more than 500 levels deep",
        ),
    ],
)
def test_a_module_that_gives_no_result_fails_its_message(answer: str, error: str) -> None:
    assert started(module(rest=text(answer))).handle(MESSAGE).error == error


@pytest.mark.parametrize("gas", ["1e999", "-1e999", "NaN"])
def test_a_gas_that_is_no_number_is_none(gas: str) -> None:
    answer = f'{{"ok":true,"response":{{"Output":"done","GasUsed":{gas}}}}}'

    assert started(module(rest=text(answer))).handle(MESSAGE).output.data == "done"


def test_bytes_that_are_no_utf_8_are_shown_as_damaged() -> None:
    answer = text(ANSWER.replace("done", "d\\ffne"))

    assert started(module(rest=answer)).handle(MESSAGE).output.data == "d\ufffdne"


@pytest.mark.parametrize(
    ("handle", "words"),
    [
        ("unreachable", "the module trapped: .*unreachable"),
        ("(i32.load (i32.const -1))", "the module trapped: .*out of bounds"),
        ("(call $again)", "stack overflow in the module"),
        (
            "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable",
            "the module trapped",
        ),
    ],
)
def test_a_trap_is_an_error_of_its_message(handle: str, words: str) -> None:
    rest = text() + "(func $again (result i32) (i32.add (call $again) (i32.const 1)))"
    instance = started(module(handle, rest=rest))

    result = instance.handle(MESSAGE)

    assert isinstance(result.error, str)
    assert re.search(words, result.error)
    assert instance.digest((instance.live(),)) == started(module(handle, rest=rest)).digest(
        (instance.live(),)
    )


def test_memory_that_a_failed_message_took_is_given_back() -> None:
    handle = "(drop (memory.grow (i32.const 100))) (i32.load (i32.const -1))"
    instance = started(module(handle))

    instance.handle(MESSAGE)

    assert instance.live().size == 2 * 65_536


@pytest.mark.parametrize(
    "rest",
    [
        "(func $spin (loop br 0)) (start $spin)",
        '(func (export "__wasm_call_ctors") (loop br 0))',
        """(func (export "emscripten_stack_init") (loop br 0))
        (func (export "emscripten_stack_get_end") (result i32) (i32.const 8))
        (func (export "emscripten_stack_get_base") (result i32) (i32.const 8))""",
    ],
)
def test_a_module_that_never_starts_is_stopped(rest: str) -> None:
    limits = Limits(LIMIT, 1_000)
    plan = Plan(module(rest=rest + text()), CompiledModules(Shelf()), limits, start_seconds=0.01)

    with pytest.raises(EngineError, match=r"has not started after 0\.01 seconds"):
        Machine(plan)


def test_a_table_does_not_grow_without_end() -> None:
    handle = """(if (i32.ne (table.grow $t (ref.null func) (i32.const 2000000)) (i32.const -1))
        (then unreachable))
      i32.const 1024"""
    instance = started(module(handle, rest="(table $t 1 funcref)" + text()))

    assert instance.handle(MESSAGE).output.data == "done"


def test_an_exit_is_an_error_of_its_message() -> None:
    code = module(
        "(call $exit (i32.const 3)) i32.const 0",
        before='(import "env" "exit" (func $exit (param i32)))',
    )

    assert started(code).handle(MESSAGE).error == "the module called exit(3)"


def test_a_host_function_given_a_bad_address_says_so() -> None:
    code = module(
        "(call $write (i32.const 1) (i32.const 2000000) (i32.const 1) (i32.const 0))",
        before='(import "env" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))',
    )

    with pytest.raises(EngineError, match="gave its host the address 2000000"):
        started(code).handle(MESSAGE)


def test_gas_of_a_metered_format_ends_a_loop() -> None:
    code = module("(loop br 0) i32.const 0")
    instance = started(code, format=ModuleFormat.WASM32_METERING)

    result = instance.handle(MESSAGE)

    assert result.error == "out of gas: one message may use 1,000,000 (the Compute-Limit)"
    assert result.gas_used > 1_000_000


def test_one_process_that_breaks_does_not_disturb_another() -> None:
    engine = WasmEngine()
    good, bad = (
        engine.instantiate(
            module(handle, rest=text()), memory=None, memory_limit=LIMIT, compute_limit=1
        )
        for handle in ("i32.const 1024", "unreachable")
    )

    bad.handle(MESSAGE)

    assert good.handle(MESSAGE).output.data == "done"


APPENDING = (
    "(local $file i32)"
    "(local.set $file (call $open (i32.const -100) (i32.const 2048) (i32.const 1089) (i32.const 0)))"
    "(drop (call $write (local.get $file) (i32.const 2064) (i32.const 1) (i32.const 2080)))"
    "(drop (call $close (local.get $file)))"
)
FILE_IMPORTS = (
    '(import "env" "__syscall_openat" (func $open (param i32 i32 i32 i32) (result i32)))'
    '(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))'
    '(import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))'
)
FILE_NAME = '(data (i32.const 2048) "/tmp/log\\00") (data (i32.const 2064) "\\00\\08\\00\\00\\04\\00\\00\\00")'


def content_of(instance: WasmInstance) -> bytes | None:
    files = read_image(instance.snapshot()).frame.files
    number = files.paths.get("/tmp/log")
    return None if number is None else files.nodes[number].content


def test_files_are_part_of_the_state() -> None:
    code = module(APPENDING + "i32.const 1024", before=FILE_IMPORTS, rest=text() + FILE_NAME)
    instance = started(code)
    instance.handle(MESSAGE)
    instance.handle(MESSAGE)
    kept = instance.snapshot()

    instance.dry_run(MESSAGE)
    other = WasmEngine().instantiate(code, memory=kept, memory_limit=LIMIT, compute_limit=1)
    other.handle(MESSAGE)

    assert content_of(instance) == b"/tmp/tmp"
    assert content_of(other) == b"/tmp/tmp/tmp"


def test_files_of_a_message_that_fails_are_gone() -> None:
    code = module(APPENDING + "unreachable", before=FILE_IMPORTS, rest=text() + FILE_NAME)
    instance = started(code)

    result = instance.handle(MESSAGE)

    assert "unreachable" in str(result.error)
    assert content_of(instance) is None


def counting(field: str) -> bytes:
    """A module that counts in a global of its own, and answers with that."""
    answer = ANSWER.replace("Output", field).replace("done", "0")
    at = 1024 + answer.index('"0"') + 1
    handle = f"""(global.set $count (i32.add (global.get $count) (i32.const 1)))
      (i32.store8 (i32.const {at}) (i32.add (i32.const 48) (global.get $count)))
      i32.const 1024"""
    return module(handle, rest="(global $count (mut i32) (i32.const 0))" + text(answer))


def test_globals_are_part_of_the_state() -> None:
    code = counting("Output")
    instance = started(code)
    instance.handle(MESSAGE)
    kept = instance.snapshot()

    dry = instance.dry_run(MESSAGE)
    live = instance.handle(MESSAGE)
    other = WasmEngine().instantiate(code, memory=kept, memory_limit=LIMIT, compute_limit=1)

    assert [each.output.data for each in (dry, live, other.handle(MESSAGE))] == ["2", "2", "2"]


def test_globals_of_a_message_that_fails_go_back() -> None:
    instance = started(counting("Error"))

    errors = [instance.handle(MESSAGE).error for _ in range(3)]

    assert errors == ["1", "1", "1"]


def test_a_memory_of_a_module_with_other_globals_is_refused() -> None:
    instance = started(counting("Output"))
    instance.handle(MESSAGE)

    with pytest.raises(EngineError, match="the memory names 2 globals, there are 1"):
        WasmEngine().instantiate(
            module(rest=text()), memory=instance.snapshot(), memory_limit=LIMIT, compute_limit=1
        )
