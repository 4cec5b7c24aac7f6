"""Going through a table is the same in every run."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unitstack.engines.lua_processes import a_lua_process
from unitstack.wire.results import Json

PROCESS = a_lua_process()
WALK = """
    local keys, by_pairs, by_next = (...).Keys, {}, {}
    local t = {}
    for at, key in ipairs(keys) do t[key] = at end
    for key, value in pairs(t) do by_pairs[#by_pairs + 1] = key assert(t[key] == value) end
    local key = next(t)
    while key ~= nil do by_next[#by_next + 1] = key key = next(t, key) end
    return { by_pairs, by_next }
"""
numbers = st.integers(-(2**60), 2**60)
texts = st.text(st.characters(codec="utf-8"), max_size=6)


@given(st.lists(numbers | texts, unique=True, max_size=40), st.randoms(use_true_random=False))
def test_numbers_come_ascending_and_then_strings_in_byte_order(
    keys: list[Json], random: object
) -> None:
    expected = [
        *sorted(key for key in keys if isinstance(key, int)),
        *sorted((key for key in keys if isinstance(key, str)), key=str.encode),
    ]

    assert PROCESS.value(WALK, Keys=keys) == [expected, expected]


@given(st.integers(0, 60))
def test_a_list_is_gone_through_as_it_is(size: int) -> None:
    keys: list[Json] = [*range(1, size + 1)]

    assert PROCESS.value(WALK, Keys=keys[::-1]) == [keys, keys]


def test_other_keys_come_last_by_what_can_be_said_of_them() -> None:
    source = """
        local function f() end
        local function g() end
        local a, b = { Action = "A" }, { Action = "B" }
        local names = { [f] = "f", [g] = "g", [a] = "a", [b] = "b", [true] = "t", [false] = "F", [1] = "1", x = "x" }
        local order = {}
        for _, name in pairs(names) do order[#order + 1] = name end
        return table.concat(order)
    """

    assert {a_lua_process().value(source) for _ in range(10)} == {"1xFtfgab"}


def test_keys_may_change_and_vanish_on_the_way() -> None:
    source = """
        local t, seen = { a = 1, b = 2, c = 3, d = 4 }, {}
        for k, v in pairs(t) do
          seen[#seen + 1] = k .. v
          t[k] = nil
          t.c = nil
          if t.d then t.d = 40 end
        end
        return { seen, next(t) == nil }
    """

    assert PROCESS.value(source) == [["a1", "b2", "d40"], True]


def test_next_goes_on_from_a_key_that_was_removed() -> None:
    source = """
        local t, seen = { a = 1, b = 2, c = 3 }, {}
        local k = next(t)
        while k do seen[#seen + 1] = k t[k] = nil k = next(t, k) end
        return seen
    """

    assert PROCESS.value(source) == ["a", "b", "c"]


def test_next_may_start_at_any_key() -> None:
    assert PROCESS.value("return { next({ b = 1, a = 2, c = 3 }, 'b') }") == ["c", 3]


def test_next_sees_what_was_added_since_it_last_began() -> None:
    source = """
        local t = { b = 1, c = 2 }
        next(t, "b")
        t.a = 0
        return { next(t), next(t, "a") }
    """

    assert PROCESS.value(source) == ["a", "b", 1]


def test_next_of_an_empty_table_is_nil() -> None:
    assert PROCESS.value("return next({}) == nil and next({ nil }) == nil") is True


def test_a_tables_own_way_of_being_gone_through_is_honoured() -> None:
    source = """
        local t = setmetatable({ 1, 2 }, { __pairs = function(t) return function(_, k) if not k then return "own", t end end, t end })
        local seen = {}
        for k in pairs(t) do seen[#seen + 1] = k end
        return seen
    """

    assert PROCESS.value(source) == ["own"]


def test_two_walks_through_one_table_do_not_disturb_each_other() -> None:
    source = """
        local t, seen = { a = 1, b = 2 }, {}
        for k in pairs(t) do for l in pairs(t) do seen[#seen + 1] = k .. l end end
        local k = next(t)
        while k do
          local l = next(t)
          while l do seen[#seen + 1] = k .. l l = next(t, l) end
          k = next(t, k)
        end
        return seen
    """

    assert PROCESS.value(source) == ["aa", "ab", "ba", "bb"] * 2


def test_fractions_stand_among_whole_numbers() -> None:
    source = "local r = {} for k in pairs({ [2] = 1, [1.5] = 1, [-1] = 1, [0] = 1, [1] = 1 }) do r[#r + 1] = k end return r"

    assert PROCESS.value(source) == [-1, 0, 1, 1.5, 2]
