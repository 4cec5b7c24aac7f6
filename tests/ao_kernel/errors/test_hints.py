import pytest

from ao_kernel.errors.hints import (
    FOREIGN,
    IN_THE_LINE,
    IN_THE_MESSAGE,
    MODULES,
    NOTHING_CHANGED,
    did_you_mean,
    hint_for,
    unaddressed,
)
from ao_kernel.language.syntax import check
from unitstack.runtime.sources import sources

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
        ("attempt to concatenate a table value (field 'Data')", "tostring"),
        ("attempt to call a table value", "only functions"),
        ("module 'lib.x' not found:", "%load"),
        ("a handler wants a name, a pattern and a function", "Handlers.add("),
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


def test_a_hint_speaks_of_the_value_by_the_name_that_it_has_in_the_line() -> None:
    line = "total = total - msg.Tags.Quantity"
    message = "attempt to perform arithmetic on a nil value (field 'Quantity')"

    assert hint_for(message, line).endswith("(msg.Tags.Quantity or 0)")
    assert "(Stock[fruit] or 0)" in hint_for(
        "attempt to perform arithmetic on a nil value (field '?')", "x = Stock[fruit] - 1"
    )


def test_a_librarys_function_is_asked_about_by_its_full_name() -> None:
    message = "bad argument #2 to 'rep' (number expected, got no value)"

    assert "`string.rep?`" in hint_for(message, 'x = string.rep("a")')


def test_a_field_that_its_owner_has_under_a_near_name_is_named() -> None:
    message = "attempt to call a nil value (field 'ad')"

    assert hint_for(message, "Handlers.ad()", ("Handlers.add",)) == "did you mean Handlers.add?"


def test_a_field_that_is_written_otherwise_elsewhere_is_doubted() -> None:
    message = "attempt to perform arithmetic on a nil value (field 'amount')"

    assert "amout is written elsewhere" in hint_for(message, "each.amount", ("amout",))


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_a_name_from_elsewhere_is_answered_with_what_is_meant_here(name: str) -> None:
    message = f"attempt to index a nil value (global '{name}')"

    assert hint_for(message, name, ("Send",)) == FOREIGN[name]


def test_a_module_that_is_not_there_is_answered_with_those_that_are() -> None:
    assert hint_for("module 'crypt' not found", "") == 'did you mean require(".crypto")?'
    assert all(name in hint_for("module 'quux.z' not found", "") for name in MODULES)


def test_the_modules_that_are_named_exist() -> None:
    known = sources()

    assert [m for m in MODULES if m not in known and f"{m}.init" not in known] == []


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("Send({ Target = bob })", 'bob is a process, and no variable: write Target = "bob"'),
        ('Send({ Target = "bbo" })', 'did you mean Target = "bob"?'),
        ('Send({ target = "bob" })', "Target is written with a capital T"),
        ("Send({})", "a message wants a Target"),
    ],
)
def test_a_message_to_nobody_is_answered_with_whom_it_could_be_for(source: str, hint: str) -> None:
    assert unaddressed(source, ("alice", "bob")).startswith(hint)


def test_nothing_near_is_nothing_meant() -> None:
    assert did_you_mean("zzz", NAMES) is None
    assert did_you_mean("print", ("print",)) is None
