"""What bounds a Lua program: interrupts, gas, memory."""

import pytest

from tests.unitstack.engines.lua_processes import ENTRY, MEGABYTE, a_bundle, a_lua_process
from unitstack.errors import Interrupted

LOOPS = {
    "a loop": "while true do end",
    "a loop that catches errors": "while true do pcall(function() while true do end end) end",
    "a loop that catches errors with a handler": "while true do xpcall(error, function() end) end",
    "a handler that loops": "xpcall(error, function() while true do end end)",
    "a handler that loops when the stop arrives": """
        while true do xpcall(function() while true do end end, function() while true do end end) end
    """,
    "a coroutine that loops": "coroutine.wrap(function() while true do end end)()",
    "a coroutine resumed again and again": """
        while true do coroutine.resume(coroutine.create(function() while true do end end)) end
    """,
    "coroutines too short to be counted": """
        local function branch() coroutine.wrap(branch)() coroutine.wrap(branch)() end
        while true do pcall(branch) end
    """,
    "a source that never ends": "while true do load(function() while true do end end) end",
    "an order that never ends": """
        local t = {} for i = 1, 500 do t[i] = i end
        while true do pcall(table.sort, t, function(a, b) while true do end end) end
    """,
    "a replacement that loops": 'string.gsub("aaa", "a", function() while true do end end)',
    "a metamethod that loops": """
        return setmetatable({}, { __index = function() while true do end end }).x
    """,
    "a value that shows itself for ever": """
        return tostring(setmetatable({}, { __tostring = function() while true do end end }))
    """,
    "a module that loops": """
        package.preload.endless = function() while true do end end
        while true do pcall(require, "endless") end
    """,
}


@pytest.mark.parametrize("source", LOOPS.values(), ids=LOOPS.keys())
def test_an_interrupt_stops_every_kind_of_loop_and_undoes_the_message(source: str) -> None:
    process = a_lua_process()
    process.value("Kept = 7")

    error = process.stopped(f"Kept = 8 {source}")

    assert isinstance(error, Interrupted)
    assert process.value("return Kept") == 7


def test_showing_the_error_of_a_failed_message_is_bounded_as_well() -> None:
    process = a_lua_process(compute_limit=300_000)
    endless = "setmetatable({ print }, { __tostring = function() while true do end end })"

    result = process.run(f"error({endless})", Raw=True)

    assert result.error == "out of gas: a message may use 300000"


def test_an_interrupt_with_nothing_running_does_nothing() -> None:
    process = a_lua_process()

    process.instance.interrupt()

    assert process.value("return 1") == 1


def test_an_interrupt_stops_the_replay_that_a_rollback_needs() -> None:
    process = a_lua_process()
    process.value("Parked = coroutine.wrap(function() coroutine.yield() end) Parked()")
    process.value("for i = 1, 2e6 do Count = i end")
    process.run("error('undone')")

    error = process.stopped("return 1")

    assert isinstance(error, Interrupted)
    assert process.value("return Count") == 2_000_000


def test_what_ends_only_after_an_interrupt_does_not_count() -> None:
    process = a_lua_process()
    in_the_library = "('a'):rep(400):find(('a-'):rep(2) .. 'b')"

    error = process.stopped(f"N = 1 return {in_the_library}")

    assert isinstance(error, Interrupted)
    assert process.value("return N == nil") is True


def test_an_interrupt_stops_the_start_that_a_rollback_needs() -> None:
    process = a_lua_process(bundle=a_bundle(main=f"for i = 1, 2e7 do end {ENTRY}"))
    process.run("error('undone')")

    error = process.stopped("return 1")

    assert isinstance(error, Interrupted)
    assert process.value("return 1") == 1


@pytest.mark.parametrize("source", LOOPS.values(), ids=LOOPS.keys())
def test_gas_ends_every_kind_of_loop_and_the_error_names_the_limit(source: str) -> None:
    process = a_lua_process(compute_limit=300_000)
    process.value("Kept = 7")

    result = process.run(f"Kept = 8 {source}")

    assert result.error == "out of gas: a message may use 300000"
    assert process.value("return Kept") == 7


def test_the_same_work_takes_the_same_gas() -> None:
    work = "local n = 0 for i = 1, 12345 do n = n + #tostring(i) end return n"

    first, second = a_lua_process().run(work), a_lua_process().run(work)

    assert first.gas_used == second.gas_used > 12_345


def test_each_message_has_the_whole_gas() -> None:
    process = a_lua_process(compute_limit=200_000)

    results = [process.run("for i = 1, 40000 do end return 1") for _ in range(10)]

    assert [result.error for result in results] == [None] * 10


BOMBS = {
    "a string": 'return #string.rep("x", 2^33)',
    "a table": "local t = {} for i = 1, 1e9 do t[i] = {} end",
    "a concatenation": 'local s = "x" while true do s = s .. s end',
    "a buffer": 'local t = {} for i = 1, 1e4 do t[i] = ("x"):rep(1e5) end return table.concat(t)',
    "a coroutine in a coroutine": """
        local all = {} for i = 1, 1e9 do all[i] = coroutine.create(function() end) end
    """,
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS.keys())
def test_a_memory_bomb_is_an_error_of_its_message_and_the_process_goes_on(source: str) -> None:
    process = a_lua_process(memory_limit=16 * MEGABYTE)
    process.value("Kept = 7")

    result = process.run(f"Kept = 8 {source}")

    assert result.error is not None
    assert process.value("return Kept") == 7


def test_the_error_of_a_memory_bomb_names_the_limit() -> None:
    process = a_lua_process(memory_limit=16 * MEGABYTE)

    result = process.run("local t = {} for i = 1, 1e9 do t[i] = {} end")

    assert result.error == "not enough memory (this process may hold 16777216 bytes)"


def test_a_program_that_catches_its_memory_bomb_goes_on() -> None:
    process = a_lua_process(memory_limit=16 * MEGABYTE)

    caught = process.value(
        "return { pcall(function() local t = {} for i = 1, 1e9 do t[i] = {} end end) }"
    )
    after = process.value("return #string.rep('x', 1e6)")

    assert caught == [False, "not enough memory"]
    assert after == 1_000_000


def test_a_message_larger_than_the_memory_is_an_error_and_not_the_end() -> None:
    process = a_lua_process(memory_limit=2 * MEGABYTE)

    result = process.run("return #Big", Data=f"return #'{'x' * 4 * MEGABYTE}'")

    assert "not enough memory" in str(result.error)
    assert process.value("return 1") == 1


def test_a_state_that_fills_its_memory_fails_message_by_message_until_it_is_emptied() -> None:
    process = a_lua_process(memory_limit=8 * MEGABYTE)
    grow = "All[#All + 1] = ('x'):rep(1000) .. #All"
    room = "for _ = 1, 50 do All[#All] = nil end"
    process.value(f"All = {{}} while pcall(function() {grow} end) do end {room}")

    full = process.run("return ('y'):rep(1e6)")
    process.value("All = nil")

    assert "not enough memory" in str(full.error)
    assert process.value("return #('y'):rep(1e6)") == 1_000_000


def test_a_stack_overflow_can_be_caught() -> None:
    process = a_lua_process(memory_limit=256 * MEGABYTE)

    text = process.value("local function f() return 1 + f() end return select(2, pcall(f))")

    assert "stack overflow" in str(text)
