"""A state written down and made again is the same state."""

import pytest

from tests.unitstack.engines.lua_processes import a_started_machine, ask, copied

STATES = {
    "plain values": (
        "V = { true, false, 1, -2^63 // 1 | 0, 1.5, 1e300, 2.0, 'text', 'a\\0b\\xff' }",
        "return { V[1], V[2], V[3], V[4] == math.mininteger, V[5], V[6], math.type(V[7]), V[8], #V[9], V[9]:byte(4) }",
        [True, False, 1, True, 1.5, 1e300, "float", "text", 4, 255],
    ),
    "numbers without a value or an end": (
        "V = { 0 / 0, 1 / 0, -1 / 0 }",
        "return { V[1] ~= V[1], V[2] == math.huge, V[3] == -math.huge }",
        [True, True, True],
    ),
    "a list with holes": (
        "V = { 1, 2, 3, 4, 5, 6, 7 } V[3] = nil Size = #V",
        "return { #V == Size, V[3] == nil, V[7] }",
        [True, True, 7],
    ),
    "a table with keys of each kind": (
        "K = {} function F() end V = { [K] = 1, [F] = 2, [true] = 3, [1.5] = 4, [-1] = 5, x = 6, 7 }",
        "return { V[K], V[F], V[true], V[1.5], V[-1], V.x, V[1] }",
        [1, 2, 3, 4, 5, 6, 7],
    ),
    "a cycle": ("V = {} V.self = V", "return { V.self == V, V.self.self == V }", [True, True]),
    "one table in two places": ("A = {} V = { A, A }", "V[1].x = 1 return A.x", 1),
    "a function": ("function f(a, ...) return a + 1, ... end", "return { f(1, 2, 3) }", [2, 2, 3]),
    "a shared upvalue": (
        "do local n = 0 function inc() n = n + 1 end function get() return n end end inc()",
        "inc() inc() return get()",
        3,
    ),
    "an upvalue that is nil": (
        "do local n function set(v) n = v end function get() return n == nil end end",
        "local before = get() set(1) return { before, get() }",
        [True, False],
    ),
    "a function that is its own upvalue": (
        "local function fact(n) return n < 2 and 1 or n * fact(n - 1) end Fact = fact",
        "return Fact(10)",
        3628800,
    ),
    "a function with another environment": (
        "Env = { x = 5 } F = load('x = x + 1 return x', 'env', 't', Env)",
        "return { F(), Env.x, x == nil }",
        [6, 6, True],
    ),
    "a function of the library under another name": (
        "Upper = string.upper",
        "return Upper('a')",
        "A",
    ),
    "a function of the engine under another name": (
        "Pairs, Call = pairs, pcall",
        "return { Pairs == pairs, Call == pcall, (Call(error)) }",
        [True, True, False],
    ),
    "metatables": (
        "Mt = { __index = function(_, k) return k end, __add = function() return 'sum' end, __metatable = 'locked' }"
        " V = setmetatable({}, Mt)",
        "return { V.x, V + V, getmetatable(V) }",
        ["x", "sum", "locked"],
    ),
    "metatables of other types": (
        "debug.setmetatable(0, { __index = { twice = function(n) return 2 * n end } })"
        " debug.setmetatable(nil, { __index = function() return 'nothing' end })"
        " debug.setmetatable(print, { __index = { kind = 'f' } })",
        "local n, missing = 4, nil return { n:twice(), missing.x, print.kind }",
        [8, "nothing", "f"],
    ),
    "changes to the libraries": (
        "string.shout, math.pi, os = string.upper, 3, nil table.insert = 1",
        "return { ('a'):shout(), math.pi, os == nil, table.insert }",
        ["A", 3, True, 1],
    ),
    "changes to globals": (
        "print = nil _VERSION = 'mine'",
        "return { print == nil, _VERSION }",
        [True, "mine"],
    ),
    "loaded modules": (
        "package.loaded.mine = { v = 1 } package.preload.later = function() return 'late' end",
        "return { require('mine').v, require('later') }",
        [1, "late"],
    ),
    "an added searcher": (
        "table.insert(package.searchers, 2, function(n) if n == 'magic' then return function() return 'found' end end end)",
        "return { require('magic'), #package.searchers }",
        ["found", 5],
    ),
    "a finished coroutine": (
        "Co = coroutine.create(function() end) coroutine.resume(Co)",
        "return { coroutine.status(Co), (coroutine.resume(Co)) }",
        ["dead", False],
    ),
    "a finished wrap": (
        "W = coroutine.wrap(function() end) W()",
        "return select(2, pcall(W))",
        "cannot resume dead coroutine",
    ),
    "a walk half-way": (
        "Step = pairs({ a = 1, b = 2 }) Step()",
        "local k, v = Step() return { k, v }",
        ["b", 2],
    ),
    "a weak table": (
        "Key = {} V = setmetatable({ [Key] = 1 }, { __mode = 'k' })",
        "return { V[Key], getmetatable(V).__mode }",
        [1, "k"],
    ),
    "the numbers of shown objects": (
        "A, B = {}, {} Shown = tostring(B)",
        "return { tostring(B) == Shown, tostring(A) == 'table: 0x00000020' }",
        [True, True],
    ),
    "a long chain": (
        "V = nil for i = 1, 50000 do V = { next = V } end",
        "local n = 0 while V do n, V = n + 1, V.next end return n",
        50000,
    ),
    "where an error was": (
        "load('\\n\\nfunction fail() error(\"x\") end', 'file')()",
        "return select(2, pcall(fail))",
        '[string "file"]:3: x',
    ),
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_a_copy_has(state: tuple[str, str, object]) -> None:
    make, look, expected = state
    machine = a_started_machine()
    ask(machine, make)

    copy = copied(copied(machine))

    assert ask(copy, look) == expected


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_writing_a_state_down_does_not_change_it(state: tuple[str, str, object]) -> None:
    make, look, expected = state
    machine = a_started_machine()
    ask(machine, make)

    machine.save()

    assert ask(machine, look) == expected


def test_what_happens_in_a_copy_stays_there() -> None:
    machine = a_started_machine()
    ask(machine, "V = { 1 }")
    copy = copied(machine)

    ask(copy, "V[1] = 2")

    assert ask(machine, "return V[1]") == 1


def test_what_was_a_global_and_is_removed_stays_removed() -> None:
    machine = a_started_machine()
    ask(machine, "bit32 = nil string.rep = nil")

    assert ask(copied(machine), "return { bit32 == nil, string.rep == nil }") == [True, True]


@pytest.mark.parametrize(
    "source",
    [
        "V = coroutine.create(function() end)",
        "V = coroutine.wrap(function() coroutine.yield() end) V()",
        "V = string.gmatch('a b', '%a')",
        "V = { [coroutine.running()] = 1 }",
        "local function f() end V = debug.upvalueid(load('return x'), 1)",
    ],
)
def test_what_cannot_be_written_down_gives_no_image(source: str) -> None:
    machine = a_started_machine()
    ask(machine, source)

    assert machine.save() is None
    assert ask(machine, "V = nil collectgarbage() return 1") == 1
    assert machine.save() is not None
