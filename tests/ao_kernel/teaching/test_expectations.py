import pytest

from ao_kernel.teaching.expectations import (
    Expectation,
    Pattern,
    Subject,
    Unclear,
    letter_of,
    message_of,
    parse,
)


def test_an_expectation_stands_on_the_magics_line_or_below_it() -> None:
    found = parse("value: 42", "stdout: hello\nnot error: /x/\n6 * 7", line=3)

    assert found.expectations == (
        Expectation(Subject.VALUE, "42", 3),
        Expectation(Subject.STDOUT, "hello", 4),
        Expectation(Subject.ERROR, "/x/", 5, is_denied=True),
    )
    assert (found.source, found.line) == ("6 * 7", 6)


def test_a_text_of_several_lines_is_indented_below_its_subject() -> None:
    (found,) = parse("", "stdout:\n  hello\n\n    world\n---\nprint(1)").expectations

    assert found.text == "hello\n\n  world"
    assert found.written == "stdout: hello⏎⏎  world"


def test_three_strokes_part_the_lua_from_what_is_above() -> None:
    found = parse("value: 1", "---\nvalue: method()", line=1)

    assert (len(found.expectations), found.source, found.line) == (1, "value: method()", 3)


def test_lua_that_looks_like_it_is_lua() -> None:
    assert parse("value: 1", "t:insert(1)").source == "t:insert(1)"


@pytest.mark.parametrize(
    ("argument", "body", "problem", "line"),
    [
        ("42", "", "'42' is no expectation", 1),
        ("", "valu: 3\n1", "valu is nothing to expect", 2),
        ("json: {a}", "", "what is expected as json is none", 1),
        ("value: /(/", "", "is no regular expression", 1),
        ("messages: Ping", "", "a message is written", 1),
        ("inbox: Ping", "", "a letter is written", 1),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(
    argument: str, body: str, problem: str, line: int
) -> None:
    with pytest.raises(Unclear, match=problem.replace("(", "\\(")) as refused:
        parse(argument, body)

    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("alice Ping -> bob", Pattern("alice", "Ping", "bob")),
        ("bob -> alice: pong", Pattern("bob", None, "alice", "pong")),
        ("* Ping -> *", Pattern(None, "Ping", None)),
        ("alice->bob: a: b", Pattern("alice", None, "bob", "a: b")),
    ],
)
def test_a_message_is_written_from_its_sender_to_its_receiver(text: str, pattern: Pattern) -> None:
    assert message_of(text) == pattern


def test_a_letter_is_written_by_its_action_and_its_sender() -> None:
    assert letter_of("Ping from bob: hello") == Pattern("bob", "Ping", None, "hello")
    assert letter_of("from bob") == Pattern("bob")
    assert letter_of("Ping") is None
