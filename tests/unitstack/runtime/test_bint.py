"""The integers of `bint.lua` against Python's, at sizes where words are full, odd and many."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types

from tests.unitstack.runtime.lua_world import LuaWorld

SIZES = [(256, 32), (64, 32), (128, 16), (72, 24), (96, 12), (4096, 32)]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
FAST = settings(deadline=None, max_examples=60)

HARNESS = """
local bint = require(".bint")(...)
local show = function(value) return bint.isbint(value) and tostring(value) or value end
local function call(name, ...)
  local arguments = table.pack(...)
  for i = 1, arguments.n do
    local text = type(arguments[i]) == "string" and arguments[i]:match("^#(.*)$")
    arguments[i] = text and bint.fromstring(text) or arguments[i]
  end
  local first, second = bint[name](table.unpack(arguments, 1, arguments.n))
  return show(first), show(second)
end
return call
"""


@dataclass(frozen=True, slots=True)
class Bint:
    """A bint module: its functions by name, where Python's integers stand for bints."""

    bits: int
    function: Callable[..., Any]

    def signed(self, value: int) -> int:
        value %= 1 << self.bits
        return value - (1 << self.bits) if value >> (self.bits - 1) else value

    def unsigned(self, value: int) -> int:
        return value % (1 << self.bits)

    def text(self, name: str, *arguments: Any) -> Any:
        return self.function(name.encode(), *map(argument, arguments))

    def number(self, name: str, *arguments: Any) -> int:
        return int(self.text(name, *arguments)[0])

    def pair(self, name: str, *arguments: Any) -> tuple[int, int]:
        first, second = self.text(name, *arguments)
        return int(first), int(second)


def argument(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return f"#{value}".encode()


MODULES = {size: Bint(size[0], LuaWorld().run(HARNESS, *size)) for size in SIZES}
BINTS = st.sampled_from(list(MODULES.values()))


@st.composite
def bint_and_values(draw: st.DrawFn, count: int = 2) -> tuple[Bint, list[int]]:
    """Values of any magnitude, and often next to a power of two, where words overflow."""
    bint = draw(BINTS)
    half = 1 << (bint.bits - 1)
    near_a_power = st.builds(
        lambda power, offset, sign: bint.signed(sign * ((1 << power) + offset)),
        st.integers(0, bint.bits),
        st.integers(-2, 2),
        st.sampled_from([1, -1]),
    )
    of_a_length = st.integers(1, bint.bits - 1).flatmap(
        lambda n: st.integers(-(1 << n), (1 << n) - 1)
    )
    values = st.one_of(near_a_power, of_a_length, st.integers(-half, half - 1), st.integers(-3, 3))
    return bint, draw(st.lists(values, min_size=count, max_size=count))


OPERATORS: dict[str, Callable[[int, int], int]] = {
    "__add": lambda x, y: x + y,
    "__sub": lambda x, y: x - y,
    "__mul": lambda x, y: x * y,
    "__band": lambda x, y: x & y,
    "__bor": lambda x, y: x | y,
    "__bxor": lambda x, y: x ^ y,
    "max": max,
    "min": min,
}


@pytest.mark.parametrize("name", OPERATORS)
@FAST
@given(given_values=bint_and_values())
def test_operators_are_pythons_wrapped_to_the_size(
    name: str, given_values: tuple[Bint, list[int]]
) -> None:
    bint, (x, y) = given_values

    assert bint.number(name, x, y) == bint.signed(OPERATORS[name](x, y))


UNARY: dict[str, Callable[[int], int]] = {
    "__unm": lambda x: -x,
    "__bnot": lambda x: ~x,
    "abs": abs,
    "inc": lambda x: x + 1,
    "dec": lambda x: x - 1,
    "floor": lambda x: x,
    "ceil": lambda x: x,
    "trunc": lambda x: x,
    "_unm": lambda x: -x,
    "_abs": abs,
    "_inc": lambda x: x + 1,
    "_dec": lambda x: x - 1,
    "_shlone": lambda x: x << 1,
}


@pytest.mark.parametrize("name", UNARY)
@FAST
@given(given_values=bint_and_values(count=1))
def test_functions_of_one_value_are_pythons(
    name: str, given_values: tuple[Bint, list[int]]
) -> None:
    bint, (x,) = given_values

    assert bint.number(name, x) == bint.signed(UNARY[name](x))


@FAST
@given(given_values=bint_and_values())
def test_division_floors_as_python_does(given_values: tuple[Bint, list[int]]) -> None:
    bint, (x, y) = given_values
    assume(y != 0)

    assert bint.pair("idivmod", x, y) == (bint.signed(x // y), bint.signed(x % y))
    assert bint.number("__idiv", x, y) == bint.signed(x // y)
    assert bint.number("__mod", x, y) == bint.signed(x % y)


@FAST
@given(given_values=bint_and_values())
def test_truncated_division_goes_towards_zero(given_values: tuple[Bint, list[int]]) -> None:
    bint, (x, y) = given_values
    assume(y != 0 and not (x == -(1 << (bint.bits - 1)) and y == -1))
    quotient = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)

    assert bint.pair("tdivmod", x, y) == (quotient, x - quotient * y)


@FAST
@given(given_values=bint_and_values())
def test_unsigned_division_takes_the_bits_as_they_are(given_values: tuple[Bint, list[int]]) -> None:
    bint, (x, y) = given_values
    assume(y != 0)
    quotient, rest = divmod(bint.unsigned(x), bint.unsigned(y))

    assert bint.pair("udivmod", x, y) == (bint.signed(quotient), bint.signed(rest))


@pytest.mark.parametrize("name", ["udivmod", "tdivmod", "idivmod", "__idiv", "__mod", "umod"])
@FAST
@given(given_values=bint_and_values(count=1))
def test_division_by_zero_fails(name: str, given_values: tuple[Bint, list[int]]) -> None:
    bint, (x,) = given_values

    with pytest.raises(lua53.LuaError, match="attempt to divide by zero"):
        bint.text(name, x, 0)


@pytest.mark.parametrize("bint", MODULES.values(), ids=map(str, MODULES))
def test_the_lowest_value_by_minus_one_overflows(bint: Bint) -> None:
    lowest = -(1 << (bint.bits - 1))

    with pytest.raises(lua53.LuaError, match="division overflow"):
        bint.text("tdivmod", lowest, -1)
    assert bint.number("__idiv", lowest, -1) == lowest


@FAST
@given(given_values=bint_and_values(count=1), count=st.integers(-5000, 5000))
def test_shifts_move_zeros_in(given_values: tuple[Bint, list[int]], count: int) -> None:
    bint, (x,) = given_values
    bits = bint.unsigned(x)
    left = bits << count if count >= 0 else bits >> -count
    right = bits >> count if count >= 0 else bits << -count

    assert bint.number("__shl", x, count) == bint.signed(left)
    assert bint.number("__shr", x, count) == bint.signed(right)


@FAST
@given(given_values=bint_and_values(count=1), count=st.integers(-9000, 9000))
def test_rotations_lose_nothing(given_values: tuple[Bint, list[int]], count: int) -> None:
    bint, (x,) = given_values
    bits, turn = bint.unsigned(x), count % bint.bits
    turned = bint.signed(bits << turn | bits >> (bint.bits - turn))

    assert bint.number("brol", x, count) == turned
    assert bint.number("bror", x, -count) == turned


@FAST
@given(given_values=bint_and_values(count=1), count=st.integers(-3, 5000))
def test_bwrap_keeps_the_lowest_bits(given_values: tuple[Bint, list[int]], count: int) -> None:
    bint, (x,) = given_values
    kept = x if count >= bint.bits else bint.unsigned(x) % (1 << max(count, 0))

    assert bint.number("bwrap", x, count) == bint.signed(kept)


@FAST
@given(given_values=bint_and_values())
def test_order_is_pythons(given_values: tuple[Bint, list[int]]) -> None:
    bint, (x, y) = given_values
    u, v = bint.unsigned(x), bint.unsigned(y)
    expected = {
        "__lt": x < y,
        "__le": x <= y,
        "eq": x == y,
        "__eq": x == y,
        "ult": u < v,
        "ule": u <= v,
    }

    assert {name: bint.text(name, x, y)[0] for name in expected} == expected


@FAST
@given(given_values=bint_and_values(count=1))
def test_questions_about_a_value_are_answered(given_values: tuple[Bint, list[int]]) -> None:
    bint, (x,) = given_values
    expected = {
        "iszero": x == 0, "isone": x == 1, "isminusone": x == -1, "isneg": x < 0, "ispos": x > 0,
        "iseven": x % 2 == 0, "isodd": x % 2 == 1, "isbint": True, "isintegral": True, "isnumeric": True,
    }  # fmt: skip

    assert {name: bint.text(name, x)[0] for name in expected} == expected


def in_base(value: int, base: int) -> str:
    digits = ""
    magnitude = abs(value)
    while magnitude or not digits:
        magnitude, digit = divmod(magnitude, base)
        digits = DIGITS[digit] + digits
    return "-" * (value < 0) + digits


@FAST
@given(given_values=bint_and_values(count=1), base=st.integers(2, 36))
def test_text_in_a_base_reads_back(given_values: tuple[Bint, list[int]], base: int) -> None:
    bint, (x,) = given_values
    unsigned = in_base(bint.unsigned(x), base).encode()
    with_sign = in_base(x, base).encode()

    assert bint.text("tobase", x, base_number(base), True)[0] == unsigned
    assert bint.text("tobase", x, base_number(base), False)[0] == with_sign
    assert bint.number("frombase", with_sign, base_number(base)) == x
    assert bint.number("frombase", unsigned.upper(), base_number(base)) == x


def base_number(base: int) -> float:
    """A number that the harness does not take for a bint."""
    return float(base)


@FAST
@given(given_values=bint_and_values(count=1))
def test_literals_are_read_in_three_bases(given_values: tuple[Bint, list[int]]) -> None:
    bint, (x,) = given_values
    for text in (str(x), hex(x), hex(x).upper(), bin(x), f"{x:+d}"):
        assert bint.number("fromstring", text.encode()) == x


@FAST
@given(bint=BINTS, text=st.text(st.sampled_from("0123456789abxXB+-. e"), max_size=12))
def test_what_is_no_literal_is_no_value(bint: Bint, text: str) -> None:
    digits = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    literal = digits.isdecimal()
    for prefix, base in (("0x", 16), ("0b", 2)):
        rest = digits.lower().removeprefix(prefix)
        literal |= (
            digits.lower().startswith(prefix) and rest != "" and set(rest) <= set(DIGITS[:base])
        )

    assert (bint.text("fromstring", text.encode())[0] is not None) == literal


@FAST
@given(bint=BINTS, value=st.integers(-(1 << 9000), 1 << 9000))
def test_text_too_long_for_the_size_wraps(bint: Bint, value: int) -> None:
    assert bint.number("fromstring", str(value).encode()) == bint.signed(value)


@FAST
@given(given_values=bint_and_values(count=1))
def test_bytes_read_back_in_both_orders(given_values: tuple[Bint, list[int]]) -> None:
    bint, (x,) = given_values
    data = bint.unsigned(x).to_bytes(bint.bits // 8, "little")
    trimmed = data.rstrip(b"\0") or b"\0"

    assert bint.text("tole", x)[0] == data
    assert bint.text("tobe", x)[0] == data[::-1]
    assert bint.text("tole", x, True)[0] == trimmed
    assert bint.text("tobe", x, True)[0] == trimmed[::-1]
    assert bint.number("fromle", data) == bint.number("frombe", data[::-1]) == x
    assert bint.number("fromle", trimmed) == bint.number("frombe", trimmed[::-1]) == x


@FAST
@given(given_values=bint_and_values(count=1))
def test_lua_numbers_are_integers_where_they_fit_and_floats_beyond(
    given_values: tuple[Bint, list[int]],
) -> None:
    bint, (x,) = given_values
    number = bint.text("tonumber", x)[0]
    low = bint.unsigned(x) % (1 << 64)

    assert type(number) is (int if -(1 << 63) <= x < 1 << 63 else float)
    assert number == (x if isinstance(number, int) else nearest_float(x))
    assert bint.text("tointeger", x)[0] == (low - (1 << 64) if low >> 63 else low)


def nearest_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


@FAST
@given(bint=BINTS, value=st.integers(-(1 << 63), (1 << 63) - 1))
def test_lua_integers_become_values_with_and_without_sign(bint: Bint, value: int) -> None:
    run = LUA.run("local b, v = require('.bint')(...), select(3, ...) return tostring(b.frominteger(v)), "
                  "tostring(b.fromuinteger(v))", *size_of(bint), value)  # fmt: skip

    assert int(run[0]) == value
    assert int(run[1]) == bint.signed(value % (1 << 64))


LUA = LuaWorld()


def size_of(bint: Bint) -> tuple[int, int]:
    return next(size for size, module in MODULES.items() if module is bint)


@FAST
@given(given_values=bint_and_values(count=1), exponent=st.integers(0, 300))
def test_powers_wrap_to_the_size(given_values: tuple[Bint, list[int]], exponent: int) -> None:
    bint, (x,) = given_values

    assert bint.number("ipow", x, exponent) == bint.signed(pow(x, exponent, 1 << bint.bits))


@FAST
@given(bint=BINTS, data=st.data())
def test_powers_modulo_a_number_of_half_the_size_are_pythons(
    bint: Bint, data: st.DataObject
) -> None:
    half = st.integers(0, (1 << (bint.bits // 2 - 1)) - 1)
    x, y, m = data.draw(half), data.draw(st.integers(0, 500)), data.draw(half.filter(bool))

    assert bint.number("upowmod", x, y, m) == pow(x, y, m)
