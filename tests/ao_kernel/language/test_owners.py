import pytest

from ao_kernel.language.owners import expecting, owner_before
from unitstack.program.tokens import code_of


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Inbox[1]", "msg"),
        ("Inbox[#Inbox]", "msg"),
        ("Balances[1]", ""),
        ("msg", "msg"),
        ("msg.Tags", "tags"),
        ("other.Tags", ""),
        ("Receive({ Action = 'x' })", "msg"),
        ("Send({ Target = b }).receive()", "msg"),
        ("Send({ Target = b })", "sent"),
        ("ao.send({})", "sent"),
        ("Spawn({})", "spawned"),
        ('"abc"', "string"),
        ("tostring(x)", "string"),
        ('require("json")', "json"),
        ('require(".bint")(256)', "bint"),
        ('local j = require("json")\nj', "json"),
        ('local crypto = require(".crypto")\ncrypto', "crypto"),
        ("local s = 'a'\ns", "string"),
        ("local s = tostring(x) .. y\ns", ""),
        ("local m = Inbox[2]\nprint(1)\nm", "msg"),
        ("local sent = Send({ Target = b })\nsent", "sent"),
        ("Handlers.add('a', 'A', function (m) m", "msg"),
        ("Handlers.once({ Action = 'A' }, function (m)\n  m", "msg"),
        ("sent.onReply(function (answer) answer", "msg"),
        ("map(function (m) m", ""),
        ("for i, m in ipairs(Inbox) do m", "msg"),
        ("for i, m in ipairs(list) do m", ""),
        ("x", ""),
        ("local a = b\nlocal b = a\na", ""),
        ("", ""),
        (")", ""),
    ],
)
def test_what_stands_before_a_dot_is_told_by_the_text(text: str, owner: str) -> None:
    assert owner_before(text) == owner


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Send({ ", "message"),
        ("Send({ Target = 'bob', ", "message"),
        ("ao.send({ Data = f({1}), ", "message"),
        ("msg.reply({", "message"),
        ("Send{ ", "message"),
        ("Receive({ ", "pattern"),
        ("local t = { ", ""),
        ("Send(", ""),
        ("Send({}) ", ""),
    ],
)
def test_whose_table_is_written_is_told_by_what_takes_it(text: str, whose: str) -> None:
    assert expecting(code_of(text)) == whose
