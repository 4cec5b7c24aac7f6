import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitstack.program.tokens import Kind, Token, code_of, depth_of, string_value, tokens_of


def kinds(source: str) -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in tokens_of(source)]


def test_names_keywords_numbers_strings_and_symbols_are_told_apart() -> None:
    found = kinds('local x = a.b:c(1.5e3, 0xFF, "s")')

    assert found == [
        ("keyword", "local"),
        ("name", "x"),
        ("symbol", "="),
        ("name", "a"),
        ("symbol", "."),
        ("name", "b"),
        ("symbol", ":"),
        ("name", "c"),
        ("symbol", "("),
        ("number", "1.5e3"),
        ("symbol", ","),
        ("number", "0xFF"),
        ("symbol", ","),
        ("string", '"s"'),
        ("symbol", ")"),
    ]


@pytest.mark.parametrize("text", ['"a\\"b"', "'it'", "[[long\ntext]]", "[==[ ]] ]==]"])
def test_a_string_of_any_form_is_one_closed_token(text: str) -> None:
    (token,) = tokens_of(text)

    assert (token.kind, token.text, token.is_open) == (Kind.STRING, text, False)


@pytest.mark.parametrize("text", ['"abc', "'", "[[ open", "[=[ ]]", "--[[ open", "-- to the end"])
def test_a_string_or_comment_that_has_not_ended_is_open(text: str) -> None:
    (token,) = tokens_of(text)

    assert token.is_open


def test_a_long_comment_that_has_ended_is_closed() -> None:
    (token,) = tokens_of("--[==[ a ]] ]==]")

    assert not token.is_open


def test_comments_mean_nothing_to_lua() -> None:
    assert [token.text for token in code_of("a -- b\n--[[ c ]] d")] == ["a", "d"]


@pytest.mark.parametrize(
    ("line", "depth"),
    [
        ("function f()", 1),
        ("if x then", 1),
        ("else", 1),
        ("elseif y then", 1),
        ("end", 0),
        ("end)", 0),
        ("for i = 1, 3 do", 1),
        ("f({", 2),
        ("local x = { 1 }", 0),
        ("repeat", 1),
        ("until x", 0),
    ],
)
def test_a_line_opens_as_many_blocks_as_it_leaves_open(line: str, depth: int) -> None:
    assert depth_of(code_of(line)) == depth


@pytest.mark.parametrize(
    ("text", "value"), [('"a"', "a"), ("[[b]]", "b"), ("[=[c]=]", "c"), ("'d", "d")]
)
def test_a_strings_value_is_without_its_quotes(text: str, value: str) -> None:
    (token,) = tokens_of(text)

    assert string_value(token) == value


@given(st.text())
def test_any_text_becomes_tokens_that_lie_where_they_say(source: str) -> None:
    tokens: list[Token] = list(tokens_of(source))

    assert all(source[token.start : token.end] == token.text for token in tokens)
    assert "".join("".join(token.text.split()) for token in tokens) == "".join(source.split())
