"""What a Lua program can and cannot reach."""

import json

import pytest

from tests.unitstack.engines.lua_processes import (
    a_bundle,
    a_lua_process,
    a_started_machine,
    ask,
    copied,
)
from unitstack.errors import EngineError

ESCAPES = {
    "python by name": "return python",
    "python as a loaded module": "return package.loaded.python",
    "python by require": "return select(2, pcall(require, 'python')).eval",
    "python in any table": """
        local seen, found = {}, nil
        local function search(t)
          if seen[t] then return end
          seen[t] = true
          for k, v in pairs(t) do
            if type(v) == "userdata" then found = k end
            if type(v) == "table" then search(v) end
          end
        end
        search(_G) search(debug.getregistry()) search(getmetatable(""))
        return found
    """,
    "a file": "return (io.open('/etc/passwd'))",
    "a file's lines": "return pcall(io.lines, '/etc/passwd') or nil",
    "a file as code": "return (loadfile('/etc/passwd'))",
    "a file run": "return pcall(dofile, '/dev/null') or nil",
    "a file as a module": "package.path = '/tmp/?.lua' return pcall(require, 'anything') or nil",
    "a file on the module path": "return (package.searchpath('hosts', '/etc/?'))",
    "a temporary file": "return (io.tmpfile())",
    "a name for one": "return pcall(os.tmpname) or nil",
    "a removal": "return (os.remove('/tmp/x'))",
    "a renaming": "return (os.rename('/tmp/x', '/tmp/y'))",
    "standard input": "return pcall(io.read) or pcall(io.lines) or nil",
    "a shell": "return (os.execute('true'))",
    "a pipe": "return pcall(io.popen, 'true') or nil",
    "the end of the host": "return pcall(os.exit, 0) or nil",
    "the host's environment": "return os.getenv('PATH')",
    "the host's locale": "return os.setlocale('de_DE.UTF-8')",
    "a library of machine code": "return (package.loadlib('libc.so.6', '*'))",
    "bytecode made": "return pcall(string.dump, function() end) or nil",
    "bytecode loaded": r"return (load('\27Lua'))",
    "bytecode asked for": r"return (load('\27Lua', 'x', 'b'))",
    "bytecode among text": r"return (load('\27Lua', 'x', 'bt'))",
    "bytecode in pieces": r"local p = { '\27', 'Lua' } return (load(function() return table.remove(p, 1) end))",
    "an upvalue of a guard": "return debug.getupvalue(pcall, 1) or debug.getupvalue(load, 1)",
    "a new upvalue of a guard": "return debug.setupvalue(pcall, 1, error)",
    "the upvalue of a guard's id": "return pcall(debug.upvalueid, pcall, 1) or nil",
    "an upvalue joined to a guard's": """
        local a = 1
        local function mine() return a end
        return pcall(debug.upvaluejoin, mine, 1, pcall, 1) or nil
    """,
    "a local of a guard": """
        local found
        pcall(function()
          for level = 1, 30 do
            local info = debug.getinfo(level, "S")
            if not info then break end
            if info.short_src ~= '[string "cell"]' and info.short_src ~= '[string "main"]' then
              for at = -5, 5 do found = found or debug.getlocal(level, at) end
            end
          end
        end)
        return found
    """,
    "a function of the host on the stack": """
        local found
        pcall(function()
          for level = 0, 30 do
            local info = debug.getinfo(level)
            if not info then break end
            if info.func and info.short_src:sub(1, 1) ~= "[" then found = info.short_src end
          end
        end)
        return found
    """,
    "a hook": "debug.sethook(function() Hooked = true end, '', 1) for i = 1, 1e5 do end return Hooked",
    "the guard's hook": "return (debug.gethook())",
    "the registry": "return next(debug.getregistry())",
    "a finalizer": """
        setmetatable({}, { __gc = function() Ran = true end }) collectgarbage() return Ran
    """,
    "a finalizer set late": """
        local meta = {} setmetatable({}, meta) meta.__gc = function() Ran = true end
        collectgarbage() return Ran
    """,
    "a finalizer by debug": """
        debug.setmetatable({}, { __gc = function() Ran = true end }) collectgarbage() return Ran
    """,
}


@pytest.mark.parametrize("source", ESCAPES.values(), ids=ESCAPES.keys())
def test_a_program_does_not_reach(source: str) -> None:
    result = a_lua_process().run(f"local function f() {source} end return f() == nil")

    assert result.error is None
    assert result.output.data is True


def test_a_python_function_that_came_into_a_program_opens_nothing() -> None:
    machine = a_started_machine()
    machine._host[b"G"][b"callback"] = lambda: 7

    opened = ask(
        machine,
        """
        local names = { "__globals__", "__class__", "__call__", "__code__", "__self__" }
        local opened = { callback() }
        for _, name in ipairs(names) do
          local ok = pcall(function() return callback[name] end)
          opened[#opened + 1] = ok
        end
        opened[#opened + 1] = pcall(function() callback.x = 1 end)
        return opened
        """,
    )

    assert opened == [7, False, False, False, False, False, False]


def test_bytecode_in_a_module_is_refused() -> None:
    with pytest.raises(EngineError, match="attempt to load a binary chunk"):
        a_lua_process(bundle=a_bundle(main="\x1bLua"))


def test_a_finalizer_in_a_restored_state_never_runs() -> None:
    machine = a_started_machine()
    ask(machine, "Meta = {} X = setmetatable({}, Meta) Meta.__gc = function() Ran = true end")

    copy = copied(machine)
    ask(copy, "X = nil collectgarbage() collectgarbage()")

    assert ask(copy, "return Ran == nil") is True


def test_strict_globals_without_debug_do_not_end_the_host() -> None:
    process = a_lua_process()

    process.value(
        "debug = nil setmetatable(_G, { __index = function(_, n) error('no ' .. n) end })"
    )

    assert "no missing" in str(process.run("return missing").error)
    assert process.value("return 1") == 1


def test_a_program_that_breaks_the_libraries_breaks_its_own_only() -> None:
    process = a_lua_process()

    process.value(
        """
        getmetatable("").__index = nil
        for name in pairs(string) do string[name] = nil end
        for name in pairs(table) do table[name] = nil end
        rawget, rawset, type, tostring, next = nil, nil, nil, nil, nil
        """
    )

    assert (
        process.value("local r = 0 for k, v in pairs({ a = 1, b = 2 }) do r = r + v end return r")
        == 3
    )
    assert "expected, got nil" in str(process.run("setmetatable(nil, {})").error)
    assert process.instance.snapshot()
    assert process.run("error('x')").error == '[string "cell"]:1: x'
    assert process.value("return string.format == nil") is True


def test_code_that_is_loaded_sees_the_programs_globals() -> None:
    process = a_lua_process()

    process.value("load('X = 1')()")

    assert process.value(
        "return { X, load('return _G')() == _G, load('return _ENV', 'c', 't', { 5 })()[1] }"
    ) == [1, True, 5]
    assert process.value("return load('return x', 'c', 't', nil) ~= nil") is True


def test_every_name_of_the_field_exists() -> None:
    names = {
        "": "assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall print rawequal rawget"
        " rawlen rawset require select setmetatable tonumber tostring type xpcall",
        "os": "clock date difftime execute exit getenv remove rename setlocale time tmpname",
        "io": "close flush input lines open output popen read tmpfile type write",
        "math": "abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp ldexp log log10 max min modf pow rad random"
        " randomseed sin sinh sqrt tan tanh tointeger type ult",
        "string": "byte char dump find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper",
        "table": "concat insert move pack remove sort unpack",
        "debug": "debug gethook getinfo getlocal getmetatable getregistry getupvalue getuservalue sethook setlocal"
        " setmetatable setupvalue setuservalue traceback upvalueid upvaluejoin",
        "coroutine": "create isyieldable resume running status wrap yield",
        "utf8": "char codepoint codes len offset",
        "bit32": "arshift band bnot bor btest bxor extract lrotate lshift replace rrotate rshift",
        "package": "loadlib searchpath",
    }
    source = """
        local missing = {}
        for library, names in pairs((...).Names) do
          for name in names:gmatch("%S+") do
            local t = library == "" and _G or _G[library]
            if type(t[name]) ~= "function" then missing[#missing + 1] = library .. "." .. name end
          end
        end
        return missing
    """

    assert a_lua_process().value(source, Names=dict(names)) == []


def test_time_is_not_the_hosts() -> None:
    source = "return { os.time(), os.date(), os.date('%Y-%m-%d', 86400), os.clock() < 1 }"

    assert a_lua_process().value(source) == [10, "Thu Jan  1 00:00:10 1970", "1970-01-02", True]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": 1970, "month": 1, "day": 1}, 43200),
        ({"year": 2000, "month": 3, "day": 1, "hour": 0}, 951868800),
        ({"year": 2024, "month": 2, "day": 29, "hour": 23, "min": 59, "sec": 59}, 1709251199),
        ({"year": 2024, "month": 14, "day": -3, "hour": 0}, 1738022400),
        ({"year": 1969, "month": 12, "day": 31, "hour": 0}, -86400),
    ],
)
def test_a_date_has_its_seconds_in_universal_time(fields: dict[str, int], expected: int) -> None:
    assert a_lua_process().value("return os.time((...).Fields)", Fields=dict(fields)) == expected


def test_the_clock_shows_work() -> None:
    assert a_lua_process().value("for i = 1, 1e5 do end return os.clock() > 0") is True


def test_random_numbers_before_the_runtime_seeds_them_are_the_loaders_constant() -> None:
    assert a_lua_process().value(
        "math.randomseed(1) return { math.random(), math.random(10) }"
    ) == [0.5, 0.5]


def test_objects_are_shown_by_numbers_that_every_run_gives_alike() -> None:
    source = "local t, f = {}, print return { tostring(t), tostring(f), tostring(t), tostring(coroutine.create(f)) }"

    first, second = a_lua_process().value(source), a_lua_process().value(source)

    assert first == second
    assert first == [
        "table: 0x00000010",
        "function: 0x00000020",
        "table: 0x00000010",
        "thread: 0x00000030",
    ]


def test_a_values_own_text_and_type_name_are_shown() -> None:
    source = """
        return { tostring(setmetatable({}, { __tostring = function() return "me" end })),
                 tostring(setmetatable({}, { __name = "Mine" })), tostring(io.stdout), io.type(io.stdout) }
    """

    assert a_lua_process().value(source) == ["me", "Mine: 0x00000010", "file (stdout)", "file"]


def test_the_harmless_part_of_debug_works() -> None:
    source = """
        local outer = 5
        local function f(a) local b = a + outer return debug.getinfo(1, "l").currentline, debug.getlocal(1, 2) end
        local line, name, value = f(1)
        local up, held = debug.getupvalue(f, 1)
        debug.setupvalue(f, 1, 7)
        local other = 100
        local function g() return other end
        debug.upvaluejoin(g, 1, f, 1)
        return { line, name, value, up, held, outer, g(), debug.upvalueid(f, 1) == debug.upvalueid(g, 1),
                 debug.getinfo(f).func == f, debug.getinfo(f, "S").what, (debug.getlocal(f, 1)),
                 debug.traceback("here"):sub(1, 22) }
    """

    assert a_lua_process().value(source) == [
        3,
        "b",
        6,
        "outer",
        5,
        7,
        7,
        True,
        True,
        "Lua",
        "a",
        "here\nstack traceback:\n",
    ]


def test_a_traceback_as_handler_is_the_stock_one() -> None:
    text = a_lua_process().value("return select(2, xpcall(error, debug.traceback, 'x'))")

    assert str(text).startswith("x\nstack traceback:\n\t[C]: in function 'error'\n")


COMPLAINTS = {
    "for k in pairs(nil) do end": "bad argument #1 to 'for iterator' (table expected, got nil)",
    "next(1)": "bad argument #1 to 'next' (table expected, got number)",
    "next({}, 'x')": "invalid key to 'next'",
    "setmetatable(1, {})": "bad argument #1 to 'setmetatable' (table expected, got number)",
    "setmetatable({}, 1)": "bad argument #2 to 'setmetatable' (nil or table expected)",
    "setmetatable(setmetatable({}, { __metatable = 1 }), {})": "cannot change a protected metatable",
    "coroutine.create(1)": "bad argument #1 to 'create' (function expected, got number)",
    "coroutine.resume(1)": "bad argument #1 to 'resume' (coroutine expected)",
    "coroutine.wrap(function() error('x', 0) end)()": "x",
    "xpcall(print, nil)": "bad argument #2 to 'xpcall' (function expected, got nil)",
    "collectgarbage('x')": "bad argument #1 to 'collectgarbage' (invalid option 'x')",
    "string.dump(print)": "unable to dump given function",
    "os.time({})": "field 'day' missing in date table",
    "os.time({ year = 1, month = 1, day = 'x' })": "field 'day' is not an integer",
    "io.write({})": "bad argument #1 to 'write' (string expected, got table)",
    "io.popen('ls')": "'popen' not supported",
    "bit32.band('x')": "bad argument #1 to 'band' (number expected, got string)",
}


@pytest.mark.parametrize(("source", "text"), COMPLAINTS.items())
def test_a_complaint_reads_as_in_stock_lua_at_the_callers_line(source: str, text: str) -> None:
    assert a_lua_process().run(f"\n{source}").error == f'[string "cell"]:2: {text}'


def test_pcall_and_coroutines_pass_everything_through() -> None:
    source = """
        local r = {}
        local function add(...) for i = 1, select("#", ...) do r[#r + 1] = tostring((select(i, ...))) end end
        add(pcall(function(...) return ..., nil end, 1, nil))
        add(pcall(error))
        add(xpcall(function(a) error({ a }) end, function(e) return e[1] end, 9))
        local co = coroutine.wrap(function(a) local b, c = coroutine.yield(a, nil) return b, c end)
        add(co(1)) add(co(2, nil))
        local inner = coroutine.create(function() return pcall(coroutine.yield, 5) end)
        add(coroutine.resume(inner)) add(coroutine.resume(inner, 6)) add(coroutine.resume(inner))
        return r
    """

    assert a_lua_process().value(source) == [
        "true", "1", "nil",
        "false", "nil",
        "false", "9",
        "1", "nil", "2", "nil",
        "true", "5", "true", "true", "6", "false", "cannot resume dead coroutine",
    ]  # fmt: skip


def test_bit32_is_that_of_lua_5_2() -> None:
    source = """
        local b = bit32
        return { b.band(), b.band(0xFF, 0x0F), b.bor(1, 2, 4), b.bxor(7, 2), b.bnot(0), b.btest(6, 2), b.btest(1, 2),
                 b.lshift(1, 31), b.lshift(1, 32), b.lshift(8, -2), b.rshift(-1, 28), b.rshift(1, -3),
                 b.arshift(-8, 1), b.arshift(0x80000000, 40), b.arshift(4, -1), b.lrotate(0x80000001, 1), b.rrotate(1, 1),
                 b.extract(0xABCD, 4, 8), b.extract(5, 0), b.replace(0, 0xFF, 4, 4), b.band(-1), b.band(2^40 + 3),
                 b.band("12") }
    """

    assert a_lua_process().value(source) == [
        0xFFFFFFFF, 0x0F, 7, 5, 0xFFFFFFFF, True, False,
        0x80000000, 0, 2, 0xF, 8,
        0xFFFFFFFC, 0xFFFFFFFF, 8, 3, 0x80000000,
        0xBC, 1, 0xF0, 0xFFFFFFFF, 3,
        12,
    ]  # fmt: skip


def test_the_functions_that_math_has_lost_are_there() -> None:
    source = """
        local m, e = math.frexp(10)
        local function near(a, b) return math.abs(a - b) < 1e-12 end
        return { math.pow(2, 10) == 1024, math.ldexp(m, e) == 10, m, e, near(math.cosh(1), 1.5430806348152437),
                 near(math.sinh(1), 1.1752011936438014), near(math.tanh(1), 0.7615941559557649), math.log10(1000) == 3,
                 math.tanh(1e3), math.tanh(-1e3), (math.frexp(0)), (math.frexp(-3)), math.frexp(1 / 0) == 1 / 0 }
    """

    expected = [True, True, 0.625, 4, True, True, True, True, 1, -1, 0, -0.75, True]
    assert a_lua_process().value(source) == expected


def test_sorting_a_long_list_comes_out_the_same_each_time() -> None:
    source = """
        local t = {}
        for i = 1, 3000 do t[i] = { (i * 7919) % 10, i } end
        table.sort(t, function(a, b) return a[1] < b[1] end)
        local r = {}
        for i = 1, #t do r[i] = t[i][1] .. ":" .. t[i][2] end
        return r
    """

    first, second = a_lua_process().value(source), a_lua_process().value(source)

    assert first == second
    assert isinstance(first, list)
    assert [str(each)[0] for each in first] == sorted(str(each)[0] for each in first)


def test_sorting_by_a_metamethod_and_without_an_order_works_on_long_lists() -> None:
    source = """
        local meta, t, n = { __lt = function(a, b) return a.n < b.n end }, {}, {}
        for i = 1, 500 do t[i] = setmetatable({ n = (i * 37) % 501 }, meta) n[i] = (i * 37) % 501 end
        table.sort(t) table.sort(n)
        for i = 1, 500 do if t[i].n ~= n[i] then return i end end
        return "same"
    """

    assert a_lua_process().value(source) == "same"


def test_an_order_that_contradicts_itself_is_an_error() -> None:
    source = """
        local t = {}
        for i = 1, 500 do t[i] = i end
        table.sort(t, function() return true end)
    """

    assert "invalid order function for sorting" in str(a_lua_process().run(source).error)


def test_a_bundle_in_which_a_module_has_a_syntax_error_says_where() -> None:
    process = a_lua_process(bundle=a_bundle(_bad="x = = 1"))

    assert '[string ".bad"]:1:' in str(process.run("require('.bad')").error)


def test_json_of_a_bundle_may_hold_any_text() -> None:
    bundle = json.loads(a_bundle())
    bundle["modules"][".text"] = "return '\\u{e9}é'"

    process = a_lua_process(bundle=json.dumps(bundle, ensure_ascii=False).encode())

    assert process.value("return require('.text')") == "éé"
