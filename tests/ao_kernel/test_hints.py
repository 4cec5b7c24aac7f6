import pytest

from ao_kernel.hints import IN_THE_LINE, IN_THE_MESSAGE, NOTHING_CHANGED, did_you_mean, hint_for
from ao_kernel.syntax import check

NAMES = ("print", "Handlers", "Send", "Receive", "tostring", "balance")


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("attempt to call a nil value (global 'pritn')", "print"),
        ("attempt to index a nil value (global 'handlers')", "Handlers"),
        ("attempt to call a nil value (global 'send')", "Send"),
        ("attempt to perform arithmetic on a nil value (global 'balnce')", "balance"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_one_that_was_meant(message: str, meant: str) -> None:
    assert hint_for(message, "", NAMES) == f"did you mean {meant}?"


def test_a_name_that_is_near_nothing_is_said_to_be_nil() -> None:
    assert "xyzzy is nil" in hint_for("attempt to call a nil value (global 'xyzzy')", "", NAMES)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("x != 1", "~="),
        ("x += 1", "+="),
        ("x++", "++"),
        ("if a && b then end", "and"),
        ("if !a then end", "not is a word"),
        ("else if x then", "elseif"),
        ("let x = 1", "local"),
        ("x = null y", "nil"),
        ("x = True y", "true"),
        ("continue", "continue"),
        ("f = (x) => x", "function (x)"),
        ("// note", "--"),
        ("# note", "--"),
        ("%ps", "top of a cell"),
        ('x = { "a": 1 }', "name ="),
        ("return 1 x = 2", "last statement"),
    ],
)
def test_a_habit_of_another_language_is_answered_with_luas_way(line: str, word: str) -> None:
    message = check(line) or "syntax error near 'x'"

    assert word in hint_for(message, line)


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("attempt to call a nil value (field 'reply')", "msg.reply"),
        ("attempt to perform arithmetic on a string value (field 'Quantity')", "tonumber"),
        ("attempt to compare number with string", "tonumber"),
        ("attempt to compare number with nil", "default"),
        ("attempt to concatenate a nil value (field 'Data')", "tostring"),
        ("attempt to call a table value", "only functions"),
        ("module 'lib.x' not found:", "%load"),
        ("Invalid arguments given. Expected: \n\tname : string", "Handlers.add("),
        ("stack overflow (message handler)", "itself"),
        ("not enough memory", "Memory-Limit"),
        ("'end' expected near <eof>", "not closed"),
        ("'then' expected near '='", "=="),
        (
            "bad argument #1 to 'insert' (table expected, got nil)",
            "`insert?` tells what argument 1",
        ),
        ("unexpected symbol near '='", "missing here"),
        ("attempt to index a nil value (field 'b')", "before the dot"),
        ("attempt to call a nil value (method 'foo')", "no function of that name"),
        ("assertion failed!", "assert"),
    ],
)
def test_a_common_mistake_has_its_own_hint(message: str, word: str) -> None:
    assert word in hint_for(message, "")


def test_an_error_of_the_program_itself_says_that_nothing_was_kept() -> None:
    assert hint_for("boom", 'error("boom")') == NOTHING_CHANGED


def test_every_hint_is_a_sentence_of_its_own() -> None:
    hints = [hint for _, hint in (*IN_THE_MESSAGE, *IN_THE_LINE)]

    assert all(hint and not hint.endswith(".") for hint in hints)


def test_nothing_near_is_nothing_meant() -> None:
    assert did_you_mean("zzz", NAMES) is None
    assert did_you_mean("print", ("print",)) is None
