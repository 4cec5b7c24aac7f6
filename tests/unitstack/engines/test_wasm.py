"""The wasm engine's promises, on our own template with a small Lua program inside."""

import threading
from pathlib import Path

import pytest

from unitstack.build.inject import Sizes
from unitstack.build.lua_module import MEGABYTE, lua_module
from unitstack.engines.envelope import Envelope
from unitstack.engines.wasm import WasmEngine, WasmInstance
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.results import EvalResult, Memory

SIZES = Sizes(2 * MEGABYTE, 8 * MEGABYTE, 64 * MEGABYTE)
PROGRAM = r"""
local function escaped(text) return (tostring(text):gsub('[\\"%c]', function(c) return ("\\u%04x"):format(c:byte()) end)) end
function handle(message)
  local source = message:match('"Data":"(.*)"}$'):gsub("\\n", "\n"):gsub('\\"', '"')
  local chunk, problem = load(source, "cell", "t")
  local ok, value = pcall(chunk or error, problem)
  local field = ok and '"Output":"' .. escaped(value) .. '"' or '"Error":"' .. escaped(value) .. '"'
  return '{"ok":true,"response":{' .. field .. ',"Messages":[],"Spawns":[],"Assignments":[]}}'
end
"""
MODULE = {
    target: lua_module({".main": PROGRAM}, ".main", target=target, sizes=SIZES)
    for target in (32, 64)
}
ENGINE = WasmEngine()
# For this one no time passes: it never finds that a copy is due.
HASTY = WasmEngine(clock=lambda: 0.0)
EXHAUSTING = "left = true while true do t[#t + 1] = {} end"


def an_instance(
    *,
    target: int = 32,
    memory_limit: int = 64 * MEGABYTE,
    compute_limit: int = 10**12,
    engine: WasmEngine = ENGINE,
) -> WasmInstance:
    return engine.instantiate(
        MODULE[target], memory=None, memory_limit=memory_limit, compute_limit=compute_limit
    )


def evaluate(instance: WasmInstance, source: str) -> EvalResult:
    return instance.handle(Envelope({"Data": source}, {}))


def value_of(instance: WasmInstance, expression: str) -> object:
    return instance.dry_run(Envelope({"Data": f"return {expression}"}, {})).output.data


@pytest.mark.parametrize("target", [32, 64])
def test_state_lasts_from_message_to_message(target: int) -> None:
    instance = an_instance(target=target)

    evaluate(instance, "count = 1")
    evaluate(instance, "count = count + 41")

    assert value_of(instance, "count") == "42"


def test_a_message_that_fails_leaves_nothing_behind() -> None:
    instance = an_instance()
    evaluate(
        instance,
        "parked = coroutine.create(function() step = 1 coroutine.yield() step = 2 end) step = 0",
    )

    result = evaluate(instance, "coroutine.resume(parked) left = true error('boom')")

    assert "boom" in str(result.error)
    assert (
        value_of(instance, "tostring(left) .. step .. coroutine.status(parked)") == "nil0suspended"
    )


@pytest.mark.parametrize(
    "source", ["left = true error('boom')", "left = ('x'):rep(9000000) error('boom')", EXHAUSTING]
)
def test_a_failure_leaves_what_came_before_it_though_no_copy_was_made_since(source: str) -> None:
    ours, other = (an_instance(engine=HASTY, compute_limit=10**9) for _ in range(2))
    for number in range(120):
        for instance in (ours, other):
            evaluate(instance, f"t = t or {{}} t[{number}] = tostring({{}})")

    result = evaluate(ours, source)

    assert result.error
    assert ours.snapshot() == other.snapshot()
    assert value_of(ours, "#t .. tostring(left)") == "119nil"


def test_a_dry_run_leaves_nothing_behind() -> None:
    instance = an_instance()
    before = instance.snapshot()

    instance.dry_run(Envelope({"Data": "x = ('y'):rep(100000) return #x"}, {}))

    assert value_of(instance, "tostring(x)") == "nil"
    assert instance.snapshot() == before


def test_a_dry_run_after_messages_of_which_no_copy_was_made_leaves_them_alone() -> None:
    instance = an_instance(engine=HASTY)
    evaluate(instance, "count = 1")
    before = instance.snapshot()

    found = value_of(instance, "count")

    assert (found, instance.snapshot() == before) == ("1", True)


@pytest.mark.parametrize(
    "source",
    [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "coroutine.wrap(function() while true do end end)()",
        "return string.find(('a'):rep(40), ('a-'):rep(40) .. 'b')",
        "setmetatable({}, {__gc = function() while true do end end}) collectgarbage()",
    ],
)
def test_an_interrupt_stops_anything_and_the_state_is_kept(source: str) -> None:
    instance = an_instance()
    evaluate(instance, "kept = 7")
    timer = threading.Timer(0.05, instance.interrupt)
    timer.start()

    with pytest.raises(Interrupted):
        evaluate(instance, f"kept = 8 {source}")

    timer.join()
    assert value_of(instance, "kept") == "7"


def test_an_interrupt_with_nothing_running_does_nothing() -> None:
    instance = an_instance()

    instance.interrupt()

    assert evaluate(instance, "return 1").output.data == "1"


def test_gas_is_the_same_for_the_same_work_and_its_limit_is_an_error_of_the_message() -> None:
    first, second = an_instance(), an_instance()
    work = "local n = 0 for i = 1, 1000 do n = n + i end return n"
    assert evaluate(first, work).gas_used == evaluate(second, work).gas_used > 0
    small = an_instance(compute_limit=20_000_000)

    result = evaluate(small, "spent = true while true do end")

    assert "out of gas" in str(result.error)
    assert "20,000,000" in str(result.error)
    assert value_of(small, "tostring(spent)") == "nil"


def test_memory_that_grows_without_end_is_luas_own_error_and_the_process_goes_on() -> None:
    instance = an_instance(memory_limit=16 * MEGABYTE)

    result = evaluate(
        instance, "local t = {} while true do t[#t + 1] = ('x'):rep(100000) .. #t end"
    )

    assert "not enough memory" in str(result.error)
    assert value_of(instance, "1 + 1") == "2"


def test_a_snapshot_starts_another_instance_where_this_one_was() -> None:
    instance = an_instance()
    evaluate(
        instance, "t = {a = 1} co = coroutine.wrap(function() coroutine.yield(1) return 2 end) co()"
    )

    other = ENGINE.instantiate(
        MODULE[32], memory=instance.snapshot(), memory_limit=64 * MEGABYTE, compute_limit=10**12
    )

    assert value_of(other, "t.a .. co()") == "12"
    assert other.snapshot() == instance.snapshot()


def test_a_snapshot_of_a_fresh_process_is_small() -> None:
    assert len(an_instance().snapshot()) < 1_000_000


def test_the_same_log_gives_the_same_memory() -> None:
    instances = [an_instance(), an_instance()]
    for instance in instances:
        for number in range(20):
            evaluate(instance, f"t = t or {{}} t['k' .. {number}] = tostring({{}}) .. os.time()")

    assert instances[0].snapshot() == instances[1].snapshot()


def test_what_a_program_writes_to_its_streams_comes_with_the_result() -> None:
    result = evaluate(an_instance(), "io.write('out') io.stderr:write('err')")

    assert [(one.stream, one.text) for one in result.written] == [
        ("stdout", "out"),
        ("stderr", "err"),
    ]


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (b"not wasm at all", "not a wasm module"),
        (MODULE[32][:5000], "ends at byte 5000"),
        (b"\0asm\x01\0\0\0", "no function handle"),
        (MODULE[32].replace(b"emscripten_date_now", b"emscripten_date_bad"), "emscripten_date_bad"),
        (MODULE[32].replace(b"\x06handle\x00", b"\x06handla\x00"), "no function handle"),
    ],
)
def test_an_unfit_module_is_refused_by_name_and_figure(module: bytes, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        ENGINE.instantiate(module, memory=None, memory_limit=64 * MEGABYTE, compute_limit=10**9)


def test_a_module_that_needs_more_memory_than_allowed_is_refused() -> None:
    with pytest.raises(EngineError, match="1048576 bytes of memory"):
        an_instance(memory_limit=MEGABYTE)


def test_bytes_that_are_no_memory_image_are_refused() -> None:
    with pytest.raises(EngineError, match="no memory image"):
        ENGINE.instantiate(
            MODULE[32], memory=Memory(b"junk"), memory_limit=64 * MEGABYTE, compute_limit=1
        )


def test_a_message_too_large_for_the_stack_is_refused_and_the_process_goes_on() -> None:
    instance = an_instance()

    with pytest.raises(EngineError, match="does not fit"):
        evaluate(instance, "x" * 3 * MEGABYTE)

    assert value_of(instance, "1") == "1"


def test_compiled_code_is_kept_on_disk_and_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    told: list[str] = []
    WasmEngine(tmp_path).instantiate(
        MODULE[32], memory=None, memory_limit=64 * MEGABYTE, compute_limit=1
    )
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-1])

    engine = WasmEngine(tmp_path, progress=told.append, patience=0)
    engine.instantiate(MODULE[32], memory=None, memory_limit=64 * MEGABYTE, compute_limit=1)
    again = len(told)
    WasmEngine(tmp_path, progress=told.append, patience=0).instantiate(
        MODULE[32], memory=None, memory_limit=64 * MEGABYTE, compute_limit=1
    )

    assert again == 3
    assert all("the first time only" in text for text in told)
    assert len(told) == again
