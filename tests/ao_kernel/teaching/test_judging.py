import pytest

from ao_kernel.teaching.expectations import parse
from ao_kernel.teaching.judging import Post, Seen, expects_error, fits, shortfalls

PING = Post("alice", "Ping", "bob", "")
PONG = Post("bob", "", "alice", "pong")
SENT = Seen(messages=(PING, PONG), inbox=(PONG,))


def wrong(written: str, seen: Seen) -> list[str]:
    expectations = parse("", written + "\n---\n").expectations
    return [each.expectation.written for each in shortfalls(expectations, seen)]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("value: 42", Seen(value="42")),
        ("value: 42", Seen(value="42.0")),
        ('value: "hi"', Seen(value="hi")),
        ("value: nil", Seen()),
        ("value: /^4/", Seen(value="42")),
        ("not value: 41", Seen(value="42")),
        ("stdout: hello", Seen(stdout="hello\n")),
        ("stdout: a ... c", Seen(stdout="a b b c")),
        ("stdout:\n  a\n  b", Seen(stdout="a\nb\n")),
        ("error: nil value", Seen(error="attempt to index a nil value")),
        ("error: /nil|x/", Seen(error="a nil")),
        ("error:", Seen(error="any")),
        ("not error:", Seen()),
        ('json: {"a": 1}', Seen(value="{ a = 1, b = 2 }")),
        ('json: [1, "x"]', Seen(stdout='[1,"x"]\n')),
        ("messages: none", Seen()),
        ("messages: 2", SENT),
        ("messages: alice Ping -> bob\nmessages: bob -> *: pong", SENT),
        ("messages: /Ping/", SENT),
        ("not messages: alice Pong -> bob", SENT),
        ("inbox: 1", SENT),
        ("inbox: from bob: po...", SENT),
    ],
)
def test_what_is_as_expected_holds(written: str, seen: Seen) -> None:
    assert wrong(written, seen) == []


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("value: 42", Seen(value="41")),
        ("value: 42", Seen()),
        ("not value: 42", Seen(value="42")),
        ("stdout: hello", Seen(stdout="hello world\n")),
        ("stdout: hello", Seen()),
        ("error: nil value", Seen()),
        ("error: nil value", Seen(error="boom")),
        ("not error:", Seen(error="boom")),
        ('json: {"a": 1}', Seen(value="{ a = 2 }")),
        ("messages: none", SENT),
        ("messages: 3", SENT),
        ("messages: alice Pong -> bob", SENT),
        ("messages: /Pang/", SENT),
        ("not messages: alice Ping -> bob", SENT),
        ("inbox: none", SENT),
        ("inbox: Ping from bob", SENT),
    ],
)
def test_what_is_not_as_expected_is_told(written: str, seen: Seen) -> None:
    assert wrong(written, seen) == [written]


def test_messages_must_have_come_in_the_order_in_which_they_are_expected() -> None:
    assert wrong("messages: bob -> alice\nmessages: alice -> bob", SENT) == [
        "messages: alice -> bob"
    ]


def test_each_expected_message_is_one_of_its_own() -> None:
    assert wrong("messages: * -> bob\nmessages: * -> bob", SENT) == ["messages: * -> bob"]


def test_what_there_was_instead_is_shown() -> None:
    (short,) = shortfalls(parse("", "messages: bob -> carol\n---").expectations, SENT)

    assert short.lines == (
        "expected  bob -> carol",
        "found     alice Ping -> bob",
        "          bob -> alice: pong",
    )


def test_texts_of_several_lines_are_told_apart_line_by_line() -> None:
    expectations = parse("", "stdout:\n  a\n  b\n---").expectations
    (short,) = shortfalls(expectations, Seen(stdout="a\nc\n"))

    assert short.lines == ("  a", "- b", "+ c")


def test_a_cell_that_is_expected_to_fail_may_fail() -> None:
    assert expects_error(parse("error: x", "").expectations)
    assert not expects_error(parse("value: x", "not error:\n").expectations)


def test_dots_stand_for_anything_also_over_lines() -> None:
    assert fits("a...z", "a\nb\nz")
    assert not fits("a.c", "abc")
