"""Common mistakes in Lua and in ao, each with the sentence that helps: a table, read from top to bottom."""

import difflib
import re
from collections.abc import Iterable

SECOND_VALUE = "a second value at the end of a cell is taken as its error: keep the first alone with brackets, (f())"
NOTHING_CHANGED = "the process is as it was before this cell; nothing of it was kept"

IN_THE_MESSAGE: tuple[tuple[str, str], ...] = (
    (
        r"\(field 'reply'\)",
        "msg.reply exists on messages that a handler receives, not on what Send returns or on Inbox entries of your own making",
    ),
    (
        r"\(field 'receive'\)",
        "receive belongs to what Send returns: Send({...}).receive(), and to nothing else",
    ),
    (
        r"arithmetic on a string value",
        "tags are strings: turn them into numbers first, tonumber(msg.Tags.Quantity)",
    ),
    (
        r"compare (number with string|string with number)",
        "tags are strings: turn them into numbers first, tonumber(msg.Tags.Quantity)",
    ),
    (r"compare .*nil", "one side is nil: check it first, or give it a default as in (x or 0)"),
    (
        r"arithmetic on a nil value",
        "a nil has no number: check it first, or give it a default as in (x or 0)",
    ),
    (
        r"concatenate a (nil|table|boolean|function) value",
        "only strings and numbers join with ..: wrap the value, tostring(x)",
    ),
    (r"index a (number|boolean|function) value", "only tables, strings and messages have fields"),
    (
        r"call a (table|string|number|boolean) value",
        "only functions can be called; is an operator or a comma missing before the bracket?",
    ),
    (
        r"module '.*' not found",
        "`%load FILE.lua` brings a file with all that it requires; built in are json, .bint, .base64, .crypto and more",
    ),
    (
        r"Invalid arguments given",
        'Handlers.add("name", pattern, function (msg) ... end): a name, what it matches, what it does',
    ),
    (r"stack overflow", "a function calls itself without end"),
    (
        r"not enough memory|memory",
        "the process hit its memory limit: keep less, or spawn one with a higher Memory-Limit",
    ),
    (
        r"gas|compute limit|instructions",
        "the message used up its computing limit: do less in one message, or `%budget` for what a cell may set off",
    ),
    (
        r"initial value must be a number|limit must be a number|step must be a number",
        "a for loop counts in numbers: for i = 1, 10 do",
    ),
    (r"number has no integer representation", "an integer is wanted: math.floor(x) or x // 1"),
    (r"table index is nil|index is nil", "a table cannot have nil as a key: check the key first"),
    (
        r"bad argument #\d+ to 'for iterator'",
        "pairs and ipairs want a table: check that it is not nil",
    ),
    (r"bad argument #(\d+) to '(\w+)'", "`{2}?` tells what argument {1} must be"),
    (
        r"invalid escape sequence",
        "a backslash in a string is written twice, \\\\, or the string in [[ ]]",
    ),
    (
        r"unfinished string",
        "a string ends on the line that it began on; for several lines use [[ ]]",
    ),
    (r"unfinished long", "a [[ is not closed by ]]"),
    (
        r"'end' expected",
        "a block is not closed: count each function, if, for and while against an end",
    ),
    (
        r"'\)' expected|'}' expected",
        "a bracket is not closed, or a comma is missing before this place",
    ),
    (r"'then' expected", "if wants a then; and to compare is ==, a single = is to set"),
    (r"'do' expected", "for and while want a do"),
    (
        r"'=' expected|syntax error near",
        "a statement is a call or an assignment; a value alone can only be the whole cell",
    ),
    (r"<eof> expected|near 'end'", "there is one end too many, or something is missing before it"),
    (r"cannot use '\.\.\.'", "... is only known inside a function that takes it: function f(...)"),
    (
        r"no visible label",
        "Lua has no continue: goto a label that stands at the loop's end, ::continue::",
    ),
    (
        r"assertion failed",
        'an assert found its condition false: assert(condition, "why") says which',
    ),
    (r"standard input", "a process cannot ask a person: send it a message instead"),
    (
        r"unexpected symbol",
        "a name or a value is missing here, or a sign is one too many",
    ),
    (
        r"index a nil value",
        "what stands before the dot or bracket is nil: set it first, or check it",
    ),
    (
        r"call a nil value",
        "there is no function of that name there; is it spelt as where it was defined?",
    ),
)

IN_THE_LINE: tuple[tuple[str, str], ...] = (
    (r"^\s*%", "magics stand at the top of a cell, before any Lua"),
    (r"!=", "not equal is ~= in Lua"),
    (r"\+=|-=|\*=|/=", "Lua has no += and the like: x = x + 1"),
    (r"\+\+|--\s*$", "Lua has no ++: x = x + 1"),
    (r"&&|\|\|", "and and or are words in Lua"),
    (r"(^|\W)!\w", "not is a word in Lua"),
    (r"\b(elif|else if)\b", "it is elseif, one word"),
    (r"\b(const|let|var)\b", "variables are declared with local, or not at all"),
    (r"\b(null|None|undefined)\b", "nothing is nil in Lua"),
    (r"\b(True|False)\b", "it is true and false, in small letters"),
    (
        r"\bcontinue\b",
        "Lua has no continue: goto a label that stands at the loop's end, ::continue::",
    ),
    (r"=>|\bdef\b|\bfunc\b|\bfn\b", "a function is function (x) ... end"),
    (r"^\s*//|^\s*#\s", "a comment begins with --"),
    (r"\breturn\b.*\S", "return can only be the last statement of its block"),
    (r"\{\s*[\"']\w+[\"']\s*:", 'a table is written { name = "value" }'),
)

NIL_NAME = re.compile(r"(?:global|field|method|local|upvalue) '(\w+)'")
SYNTAX = re.compile(r"near |expected")


def hint_for(message: str, line: str, names: Iterable[str] = ()) -> str:
    """The sentence that helps with this error in this line; names are those that could have been meant."""
    return (
        _meant(message, names)
        or _from_line(message, line)
        or _from_message(message)
        or NOTHING_CHANGED
    )


def _meant(message: str, names: Iterable[str]) -> str | None:
    found = NIL_NAME.search(message)
    if found is None or "nil value" not in message:
        return None
    name = found[1]
    near = did_you_mean(name, names)
    if near is not None:
        return f"did you mean {near}?"
    if found[0].startswith("global"):
        return f"{name} is nil: nothing of that name is defined in this process (locals end with their cell)"
    return None


def _from_line(message: str, line: str) -> str | None:
    if not SYNTAX.search(message):
        return None
    return next((hint for pattern, hint in IN_THE_LINE if re.search(pattern, line)), None)


def _from_message(message: str) -> str | None:
    for pattern, hint in IN_THE_MESSAGE:
        found = re.search(pattern, message)
        if found is not None:
            return hint.replace("{1}", found[1]).replace("{2}", found[2]) if "{2}" in hint else hint
    return None


def did_you_mean(name: str, names: Iterable[str]) -> str | None:
    """The known name that is nearest to this one, if one is near."""
    known = set(names) - {name}
    same = [other for other in known if other.lower() == name.lower()]
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return next(iter(same or near), None)
