"""The Lua engine's promises: what a message gives, what it leaves, and what it leaves when it fails."""

import json
import threading
import weakref
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unitstack.engines.lua_processes import (
    a_bundle,
    a_lua_process,
    an_envelope,
)
from unitstack.engines import lua_memory
from unitstack.engines.lua import LuaEngine, read_bundle
from unitstack.engines.lua_memory import Entry, History
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.results import Written


def a_journal_keeper() -> LuaEngine:
    """To whose clock nothing takes any time: it never finds an image worth taking."""
    return LuaEngine(lambda: 0.0)


def an_image_taker() -> LuaEngine:
    """To whose clock everything takes a second: it takes an image every few messages."""
    ticks = count()
    return LuaEngine(lambda: float(next(ticks)))


@pytest.fixture(params=[a_journal_keeper, an_image_taker, LuaEngine])
def engine(request: pytest.FixtureRequest) -> LuaEngine:
    made: LuaEngine = request.param()
    return made


# What a program may do to its state, and what it sees of it afterwards.
CHANGES = {
    "a global": ("N = 1", "N = 2", "return N", 1),
    "a new global": ("", "New = 1", "return New == nil", True),
    "a table": (
        "T = { a = { 1 } }",
        "T.a[2] = 2 T.b = 1",
        "return { #T.a, T.b == nil }",
        [1, True],
    ),
    "an upvalue": (
        "local n = 0 function bump() n = n + 1 return n end function seen() return n end bump()",
        "bump()",
        "return { seen(), bump(), seen() }",
        [1, 2, 2],
    ),
    "a metatable": (
        "M = setmetatable({}, { __index = function() return 'old' end })",
        "getmetatable(M).__index = function() return 'new' end",
        "return M.x",
        "old",
    ),
    "the metatable of strings": (
        "string.shout = function(s) return s:upper() .. '!' end",
        "string.shout = nil getmetatable('').__index = nil",
        "return ('a'):shout()",
        "A!",
    ),
    "a library": ("", "math.floor = nil string.format = 1", "return math.floor(1.5)", 1),
    "a loaded module": (
        "package.loaded.mine = { v = 1 }",
        "require('mine').v = 2 package.loaded.mine = nil",
        "return require('mine').v",
        1,
    ),
    "a parked coroutine": (
        "local n = 0 Co = coroutine.wrap(function() while true do n = n + 1 coroutine.yield(n) end end) Co()",
        "Co() Co()",
        "return Co()",
        2,
    ),
    "a finished coroutine": (
        "Co = coroutine.create(function() end) coroutine.resume(Co)",
        "Co = 1",
        "return coroutine.status(Co)",
        "dead",
    ),
    "a generator": (
        "local s = 1 math.random = function() s = s * 16807 % 2147483647 return s end math.random()",
        "math.random() math.random()",
        "return math.random()",
        282475249,
    ),
    "the numbers of shown objects": (
        "A, B = {}, {} Shown = tostring(A)",
        "Shown = tostring({}) .. tostring(B)",
        "return { Shown == tostring(A), tostring(B) == 'table: 0x00000020' }",
        [True, True],
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("ending", ["error('undo')", "error({})", "return { print }"])
def test_a_message_that_fails_leaves_no_trace(
    engine: LuaEngine, change: tuple[str, str, str, object], ending: str
) -> None:
    before, then, look, expected = change
    process = a_lua_process(engine=engine)
    process.value(before)

    failed = process.run(f"{then} {ending}")

    assert failed.error is not None
    assert process.value(look) == expected


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_an_interrupted_message_leaves_no_trace(
    engine: LuaEngine, change: tuple[str, str, str, object]
) -> None:
    before, then, look, expected = change
    process = a_lua_process(engine=engine)
    process.value(before)

    error = process.stopped(f"{then} while true do end")

    assert isinstance(error, Interrupted)
    assert process.value(look) == expected


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_dry_run_leaves_no_trace(engine: LuaEngine, change: tuple[str, str, str, object]) -> None:
    before, then, look, expected = change
    process = a_lua_process(engine=engine)
    process.value(before)

    process.instance.dry_run(an_envelope(then))

    assert process.dry_value(look) == expected
    assert process.value(look) == expected


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_snapshot_holds_the_whole_state_and_not_what_came_after(
    engine: LuaEngine, change: tuple[str, str, str, object]
) -> None:
    before, then, look, expected = change
    process = a_lua_process(engine=engine)
    process.value(before)

    memory = process.instance.snapshot()
    process.run(then)

    other = a_lua_process(memory, engine=LuaEngine())
    assert other.value(look) == expected


def test_many_failures_among_successes_change_nothing(engine: LuaEngine) -> None:
    process = a_lua_process(engine=engine)
    process.value("N, Log = 0, {}")

    for at in range(40):
        process.run(f"N = N + 1 Log[#Log + 1] = {at} {'error(1)' if at % 3 == 0 else ''}")

    expected = [at for at in range(40) if at % 3]
    assert process.value("return { N, Log }") == [len(expected), expected]


def test_a_message_sees_what_a_dry_run_saw(engine: LuaEngine) -> None:
    process = a_lua_process(engine=engine)
    process.value(
        "N = 0 function f() N = N + 1 return { N, tostring({}), next({ [f] = 1 }) == f } end"
    )

    assert process.dry_value("return f()") == process.value("return f()")


# What a program may do next, and what it does to (a count, the values that coroutines will give, one value of a table).
Model = tuple[int, tuple[int, ...], int]
STEPS: dict[str, tuple[str, Callable[[Model], Model]]] = {
    "count": ("N = N + 1", lambda m: (m[0] + 1, m[1], m[2])),
    "park": (
        "local n = N Waiting[#Waiting + 1] = coroutine.wrap(function() coroutine.yield() return n end)"
        " Waiting[#Waiting]()",
        lambda m: (m[0], (*m[1], m[0]), m[2]),
    ),
    "wake": (
        "local first = table.remove(Waiting, 1) if first then T.v = first() end",
        lambda m: (m[0], m[1][1:], m[1][0] if m[1] else m[2]),
    ),
}
LOOK = "return { N, #Waiting, T.v }"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["count", "park", "wake"]),
            st.sampled_from(["keep", "keep", "fail", "dry run", "reopen"]),
        ),
        max_size=25,
    ),
    st.sampled_from([a_journal_keeper, an_image_taker, LuaEngine]),
)
def test_whatever_happens_in_whatever_order_only_what_ended_well_stays(
    steps: list[tuple[str, str]], make_engine: Callable[[], LuaEngine]
) -> None:
    engine = make_engine()
    process = a_lua_process(engine=engine)
    process.value("N, Waiting, T = 0, {}, { v = -1 }")
    model: Model = (0, (), -1)

    for name, ending in steps:
        source, change = STEPS[name]
        match ending:
            case "keep" | "reopen":
                process.value(source)
                model = change(model)
                if ending == "reopen":
                    process = a_lua_process(process.instance.snapshot(), engine=engine)
            case "fail":
                assert process.run(f"{source} error('undo')").error is not None
            case _:
                process.instance.dry_run(an_envelope(source))

    count, waiting, value = model
    assert process.value(LOOK) == [count, len(waiting), value]


def test_a_snapshot_of_a_snapshot_is_the_same_state(engine: LuaEngine) -> None:
    first = a_lua_process(engine=engine)
    first.value("N = 1")
    second = a_lua_process(first.instance.snapshot(), engine=engine)
    second.value("N = N + 1")

    third = a_lua_process(second.instance.snapshot(), engine=engine)

    assert third.value("return N") == 2


def test_a_snapshot_with_a_parked_coroutine_goes_on_where_it_waited(engine: LuaEngine) -> None:
    process = a_lua_process(engine=engine)
    process.value(
        "Co = coroutine.create(function(a) local b = coroutine.yield(a) return a + b end)"
    )
    process.value("coroutine.resume(Co, 40)")

    other = a_lua_process(process.instance.snapshot(), engine=engine)

    assert other.value("return select(2, coroutine.resume(Co, 2))") == 42
    assert other.value("return coroutine.status(Co)") == "dead"


def test_what_a_program_was_told_of_its_memory_is_the_same_in_a_replay() -> None:
    process = a_lua_process(engine=a_journal_keeper())
    told = process.value("Told = { collectgarbage('count'), collectgarbage('count') } return Told")

    process.run("error('undo')")

    assert process.value("return Told") == told


def test_values_of_weak_tables_go_with_the_message(engine: LuaEngine) -> None:
    process = a_lua_process(engine=engine)
    process.value("Kept = {} Weak = setmetatable({ Kept, {} }, { __mode = 'v' })")

    seen = process.value("return { Weak[1] == Kept, Weak[2] == nil }")
    process.run("error('undo')")

    assert seen == process.value("return { Weak[1] == Kept, Weak[2] == nil }") == [True, True]


def test_a_message_is_handed_over_as_lua_values() -> None:
    process = a_lua_process()
    fields = {
        "Text": "é\0",
        "Whole": 2**53 + 1,
        "Part": 1.5,
        "Yes": True,
        "No": None,
        "L": [1, [2]],
    }

    answered = process.value(
        "local m = ... return { m.Text, m.Whole, m.Part, m.Yes, m.No == nil, m.L[2][1], #m.L }",
        **fields,  # type: ignore[arg-type]  # mypy takes the values' join for object
    )

    assert answered == ["é\0", 2**53 + 1, 1.5, True, True, 2, 2]


def test_each_message_has_a_fresh_environment() -> None:
    process = a_lua_process()

    process.value("local _, env = ... env.Process.Id = 'changed' env.Process.Tags = nil")

    assert process.value("local _, env = ... return { env.Process.Id, #env.Process.Tags }") == [
        "P",
        0,
    ]


def test_bytes_that_are_not_utf_8_leave_as_replacement_characters() -> None:
    assert a_lua_process().value(r"return 'a\xff\xc3'") == "a��"


def test_ten_megabytes_come_and_go() -> None:
    text = "é" * (5 << 20)

    assert a_lua_process().value("local m = ... return m.Text", Text=text) == text


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("nil", ""),
        ("true", True),
        ("7", 7),
        ("7.0", 7),
        ("0.1 + 0.2", 0.3),
        ("math.maxinteger", 2**63 - 1),
        ("1e100", 1e100),
        ("-0.0", 0),
        (r"'\"\\\n\0\127'", '"\\\n\0\x7f'),
        ("{}", []),
        ("{ 1, 'a', { b = 2 } }", [1, "a", {"b": 2}]),
        ("{ a = {}, f = print }", {"a": []}),
        ("{ [2] = 1 } == nil", False),
    ],
)
def test_a_result_is_read_as_json(returned: str, expected: object) -> None:
    assert a_lua_process().value(f"return {returned}") == expected


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        ("0 / 0", "the number"),
        ("1 / 0", "the number inf"),
        ("function() end", ""),
        ("{ print }", "a function"),
        ("{ 1, nil, 3 }", "a list with holes"),
        ("{ 1, a = 2 }", "both a list part and named keys"),
        ("{ a = 1, [true] = 2 }", "a boolean among its named keys"),
        ("Cycle", "contains itself"),
        ("Deep", "nested more than 400 deep"),
        ("coroutine.create(print)", "a thread"),
    ],
)
def test_a_result_that_json_has_no_word_for_is_an_error_and_undone(
    returned: str, reason: str
) -> None:
    process = a_lua_process()
    process.value("Cycle, Deep = {}, {} Cycle.c = Cycle for _ = 1, 500 do Deep = { Deep } end")

    result = process.run(f"N = 1 return {returned}")

    if reason:
        assert f"the result cannot be read: {reason}" in str(result.error) or reason in str(
            result.error
        )
        assert process.value("return N == nil") is True
    else:
        assert result.output.data == ""  # a method is no data: its field counts as absent


def test_an_error_of_any_kind_is_an_error() -> None:
    process = a_lua_process()
    raised = [
        "error({ code = 1 })",
        "error(5)",
        "error(nil)",
        "error(print)",
        "error(setmetatable({}, {__tostring = error}))",
    ]

    errors = [process.run(f"N = 1 {source}", Raw=True).error for source in raised]

    assert errors[0] == {"code": 1}
    assert errors[1] == 5
    assert all(error is not None for error in errors)
    assert process.value("return N == nil") is True


def test_a_message_nested_too_deeply_is_an_error() -> None:
    process = a_lua_process()
    nested: list[object] = []
    for _ in range(1000):
        nested = [nested]

    result = process.run("return 1", Deep=nested)  # type: ignore[arg-type]  # a list of lists is Json

    assert result.error == "the message is nested more than 150 deep"
    assert process.value("return 1") == 1


def test_what_is_written_to_standard_streams_is_kept_apart_in_order() -> None:
    process = a_lua_process()

    result = process.run("io.write('a', 1) io.stderr:write('err\\n') print('b', nil) error('x')")

    assert result.written == (
        Written("stdout", "a"),
        Written("stdout", "1"),
        Written("stderr", "err\n"),
        Written("stdout", "b\tnil\n"),
    )
    assert process.run("return 1").written == ()


def test_what_is_written_has_a_bound() -> None:
    result = a_lua_process().run("for i = 1, 100 do io.write(('x'):rep(100000)) end")

    assert sum(len(each.text) for each in result.written) == 1_000_000


def test_a_process_may_be_handled_by_one_thread_after_another() -> None:
    process = a_lua_process()
    process.value("N = 0")

    for _ in range(5):
        thread = threading.Thread(target=process.value, args=("N = N + 1",))
        thread.start()
        thread.join()

    assert process.value("return N") == 5


def test_two_processes_run_side_by_side() -> None:
    first, second = a_lua_process(), a_lua_process()
    begun = threading.Event()
    errors: list[BaseException | None] = []

    def run() -> None:
        begun.set()
        errors.append(first.stopped("while true do end"))

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    assert second.value("return 1") == 1
    thread.join()

    assert isinstance(errors[0], Interrupted)


def test_modules_of_the_bundle_are_required_by_name_and_by_their_folders_name() -> None:
    process = a_lua_process(bundle=a_bundle(_one="return { v = 1 }", two_init="return { v = ... }"))

    assert process.value("return { require('.one').v, require('two').v }") == [1, "two"]


def test_a_module_that_is_not_there_is_missed_as_in_aos() -> None:
    error = a_lua_process().run("require('nope')").error

    assert str(error).startswith(
        "[string \"cell\"]:1: module 'nope' not found:\n"
        "\tno field package.preload['nope']module nope not found\n"
        "\tno file '/usr/local/share/lua/5.3/nope.lua'\n"
    )


def test_errors_name_their_chunk_and_line() -> None:
    process = a_lua_process(bundle=a_bundle(_one="return function()\n error('x')\n end"))

    assert process.run("require('.one')()").error == '[string ".one"]:2: x'
    assert process.run("\n\nerror('y')").error == '[string "cell"]:3: y'


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (b"\0asm", "not a Lua bundle"),
        (b"[]", "not a Lua bundle"),
        (json.dumps({"format": 2, "modules": {}, "entry": "x"}).encode(), "has format 2"),
        (json.dumps({"format": 1, "modules": {}, "entry": "x"}).encode(), "has no 'x'"),
        (a_bundle(main="syntax error"), "does not start: .*syntax error"),
        (a_bundle(main="error('boo')"), "does not start: .*boo"),
        (a_bundle(main="error({})"), "does not start: an error that is a table"),
        (a_bundle(main="return 1"), "the entry gave a number"),
        (a_bundle(main="while true do end"), "its entry chunk does not end"),
    ],
)
def test_an_unfit_module_is_refused_with_the_reason(module: bytes, reason: str) -> None:
    with pytest.raises(EngineError, match=reason):
        a_lua_process(bundle=module)


def test_a_memory_of_another_module_or_damaged_is_refused() -> None:
    memory = a_lua_process().instance.snapshot()

    with pytest.raises(EngineError, match="of a process with another module"):
        a_lua_process(memory, bundle=a_bundle(other="return 1"))
    with pytest.raises(EngineError, match="damaged"):
        a_lua_process(memory[:-5])  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="not one that this Lua engine wrote"):
        a_lua_process(b"else")  # type: ignore[arg-type]


def test_an_instance_is_freed_with_its_last_reference() -> None:
    process = a_lua_process()
    process.value("N = 1")
    held = weakref.ref(process.instance), weakref.ref(process.instance._machine)  # type: ignore[attr-defined]  # a LuaInstance

    del process

    assert [each() for each in held] == [None, None]


def test_a_journal_that_does_not_replay_is_not_taken_for_a_state() -> None:
    failing = Entry(an_envelope("error('x')", Raw=True), [])
    memory = lua_memory.encode(History(None, (failing,)), read_bundle(a_bundle()).digest)
    process = a_lua_process(memory)

    with pytest.raises(EngineError, match="message 0 since the last image ended otherwise"):
        process.run("return 1")


def test_an_image_of_another_engine_is_not_taken_for_a_state() -> None:
    image = [0, 2, b"named", b"other", 0, 0, 0, 0, False]
    memory = lua_memory.encode(History(image), read_bundle(a_bundle()).digest)
    process = a_lua_process(memory)

    with pytest.raises(EngineError, match="this engine has no other"):
        process.run("return 1")


def test_a_closed_instance_holds_nothing() -> None:
    process = a_lua_process()
    process.value("N = 1")

    process.instance.close()

    assert process.value("return N == nil") is True
