import pytest

from ao_kernel.errors.wording import in_short, word_in


@pytest.mark.parametrize(
    ("said", "short"),
    [
        (
            "module 'x' not found:\n\tno field package.preload['x']\n\tno file",
            "module 'x' not found",
        ),
        (
            "Invalid arguments given. Expected: \n\tname",
            "a handler wants a name, a pattern and a function",
        ),
        ("boom", "boom"),
        ("stack overflow (message ...)", "stack overflow"),
    ],
)
def test_what_is_said_at_length_is_said_in_one_line(said: str, short: str) -> None:
    assert in_short(said) == short


@pytest.mark.parametrize(
    ("line", "message", "found"),
    [
        ("y = foo.bar", "attempt to index a nil value (global 'foo')", "foo"),
        ("x = t[i].y", "attempt to index a nil value (field '?')", "[i]"),
        ("x = 'a' .. b", "attempt to concatenate a nil value", ".."),
        ("if a <= b then", "attempt to compare nil with number", "<="),
        ("x = '1-2' * t", "attempt to perform arithmetic on a table value", "*"),
        ("x = a // b", "attempt to perform 'n//0'", "//"),
    ],
)
def test_the_word_or_sign_that_an_error_speaks_of_is_found(
    line: str, message: str, found: str
) -> None:
    place = word_in(line, message)

    assert place is not None
    assert line[place[0] : sum(place)] == found


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x = a + b - c", "attempt to perform arithmetic on a table value"),
        ("error('x')", "x is wrong"),
        ("y = 1 -- a < b", "attempt to compare nil with number"),
    ],
)
def test_where_it_could_be_more_than_one_none_is_pointed_at(line: str, message: str) -> None:
    assert word_in(line, message) is None
