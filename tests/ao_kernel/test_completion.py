from dataclasses import replace

import pytest

from ao_kernel.completion import (
    NAMES_SOURCE,
    Known,
    Place,
    Wanted,
    completions,
    name_at,
    parse_names,
    wanted_at,
)
from ao_kernel.language.syntax import check

KNOWN = Known(
    names={
        "Handlers": "table",
        "Handlers.add": "function",
        "Handlers.append": "function",
        "Handlers.list": "table",
        "Send": "function",
        "string": "table",
        "string.gsub": "function",
        "string.rep": "function",
        "table": "table",
        "table.insert": "function",
        "title": "string",
        "counter": "table",
        "counter.step": "function",
        "counter.value": "number",
    },
    handlers=("ping", "pong"),
    processes=("alice", "bob"),
    magics=("spawn", "summary", "ps"),
    arguments={"use": ("alice", "bob")},
)


def offered(code: str) -> list[str]:
    wanted = wanted_at(code, len(code))
    rest = code[: len(code) - len(wanted.prefix)]
    return [completion.text for completion in completions(wanted, KNOWN, rest)]


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("Handlers.a", ["add", "append"]),
        ("Handlers.", ["add", "append", "list"]),
        ("tab", ["table"]),
        ("Sen", ["Send"]),
        ("sen", ["Send"]),
        ("title:g", ["gsub"]),
        ('("x")\n"a":r', ["rep"]),
        ("counter:", ["step"]),
        ("counter.", ["step", "value"]),
        ("msg.rep", ["reply"]),
        ("msg:f", ["forward"]),
        ("print(tab", ["table"]),
        ("x = 1\ntab", ["table"]),
        ('Handlers.remove("p', ["ping", "pong"]),
        ("Handlers.after('po", ["pong"]),
        ('Send({ Target = "', ["alice", "bob"]),
        ("%s", ["spawn", "summary"]),
        ("%%s", ["spawn", "summary"]),
        (".sp", ["spawn"]),
        ("%ps\n%su", ["summary"]),
        ("%use b", ["bob"]),
        ("whi", ["while"]),
        ("local mine = 1; mi", ["mine"]),
        ("Handlers . ad", ["add"]),
        ("\U0001f600 = 1; tab", ["table"]),
    ],
)
def test_what_fits_is_offered(code: str, texts: list[str]) -> None:
    assert offered(code) == texts


@pytest.mark.parametrize(
    "code", ["-- tab", "--[[ tab", 'x = "tab', "[[ Handlers.a", "f().x", "(a).b", "unknown.x"]
)
def test_nothing_is_offered_where_nothing_can_be_known(code: str) -> None:
    assert offered(code) == []


def test_names_below_the_cursor_are_offered_as_well() -> None:
    code = "ball\nballoon = 1"

    assert [c.text for c in completions(wanted_at(code, 4), KNOWN, code[4:])] == ["balloon"]


def test_a_closed_string_is_behind_the_cursor() -> None:
    assert wanted_at('x = "a" tab', 11) == Wanted(Place.NAME, "tab")


def test_a_percent_sign_in_lua_is_no_magic() -> None:
    assert wanted_at("x = 10\n%s", 9).place is Place.NAME


def test_names_that_a_process_told_are_read() -> None:
    names, handlers = parse_names('a\ttable\na.b\tfunction\n"ping\thandler')

    assert names == {"a": "table", "a.b": "function"}
    assert handlers == ("ping",)


def test_the_question_to_a_process_is_lua() -> None:
    assert check(NAMES_SOURCE) is None


@pytest.mark.parametrize(
    ("code", "cursor", "name"),
    [
        ("Handlers.add", 12, "Handlers.add"),
        ("Handlers.add(x)", 3, "Handlers"),
        ("Handlers.add(x)", 9, "Handlers.add"),
        ("s:gsub(x)", 6, "s.gsub"),
        ("print(", 6, "print"),
        ("print('a', ", 11, "print"),
        ("Send({ Target = ", 16, "Send"),
        ("f(g(1), ", 8, "f"),
        ("%spawn", 6, "%spawn"),
        ("x = \U0001f600; print", 12, "print"),
        ("1 + 1", 5, ""),
        ("", 0, ""),
    ],
)
def test_the_name_at_the_cursor_is_the_one_that_help_is_wanted_on(
    code: str, cursor: int, name: str
) -> None:
    assert name_at(code, cursor) == name


@pytest.mark.parametrize(
    ("code", "some"),
    [
        ("Inbox[1].", {"Action", "From", "reply"}),
        ("Handlers.add('a', 'A', function (m)\n  m.", {"Tags", "reply"}),
        ("local answer = Send({ Target = b }).receive()\nanswer.Da", {"Data"}),
        ("Send({ Target = b }).", {"receive", "onReply"}),
        ("local s = 'a'\ns:g", {"gsub"}),
        ("whatever:r", {"rep"}),
        ('local crypto = require(".crypto")\ncrypto.', {"digest"}),
        ('require("json").', {"decode"}),
        ("Send({ Ta", {"Target", "Tags"}),
        ("Receive({ Fr", {"From"}),
        ("msg.Tags.", {"Quantity"}),
        ('Send({ Target = "bob", Action = "T', {"Transfer"}),
        ('Receive({ From = "', {"alice", "bob"}),
    ],
)
def test_what_the_text_tells_of_a_value_is_offered(code: str, some: set[str]) -> None:
    names = {**KNOWN.names, "crypto.digest": "table", "json.decode": "function"}
    known = replace(KNOWN, names=names, tags=("Quantity", "X-Reference"), actions=("Transfer",))
    wanted = wanted_at(code, len(code))

    assert some <= {each.text for each in completions(wanted, known)}


@pytest.mark.parametrize(
    "code", ["-- Inbox[1].", 'x = "Inbox[1].', "--[[ Send({ T", "print('msg.Tags.", "f()."]
)
def test_in_comments_and_texts_and_behind_what_is_unknown_nothing_is_offered(code: str) -> None:
    assert offered(code) == []


def test_of_several_arguments_the_last_is_completed() -> None:
    assert wanted_at("%timeline alice b", 17) == Wanted(Place.ARGUMENT, "b", "timeline")


def test_a_cell_magic_that_is_another_command_has_its_arguments() -> None:
    assert wanted_at("%%time x", 8).owner == "timing"
