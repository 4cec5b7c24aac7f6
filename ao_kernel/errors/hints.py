"""Common mistakes in Lua and in ao, each with the sentence that helps: a table, read from top to bottom."""

import difflib
import re
from collections.abc import Iterable

SECOND_VALUE = "a second value at the end of a cell is taken as its error: keep the first alone with brackets, (f())"
NOTHING_CHANGED = "the process is as it was before this cell; nothing of it was kept"

FOREIGN = {
    **dict.fromkeys(("null", "None", "undefined", "NULL"), "nothing is nil in Lua"),
    **dict.fromkeys(("True", "False"), "it is true and false, in small letters"),
    **dict.fromkeys(
        ("this", "self"), "self is known in functions that are written t:name(), and nowhere else"
    ),
    **dict.fromkeys(("console", "printf", "log", "puts"), "print(value) shows a value"),
    **dict.fromkeys(("len", "length", "count"), "#x is how long a list or a string is"),
    **dict.fromkeys(("str", "String"), "tostring(x) makes a string of a value"),
    **dict.fromkeys(("int", "float", "Number", "parseInt"), "tonumber(x) makes a number of a text"),
    "msg": 'msg is what a handler is given: Handlers.add("ping", "Ping", function (msg) ... end)',
    "unpack": "it is table.unpack in Lua 5.3",
    "loadstring": "it is load in Lua 5.3",
    "json": 'json is a module: local json = require("json")',
    "bint": 'bint is a module: local bint = require(".bint")(256)',
    "crypto": 'crypto is a module: local crypto = require(".crypto")',
    "sleep": "a process does not wait: Receive(pattern) goes on when a message comes",
}
"""Names that people bring along, and what is meant by them here."""

MODULES = (
    "json",
    ".ao",
    ".base64",
    ".bint",
    ".chance",
    ".crypto",
    ".dump",
    ".handlers",
    ".handlers-utils",
    ".pretty",
    ".stringify",
    ".utils",
)
"""What `require` finds in every process."""

IN_TABLE = ("insert", "remove", "concat", "sort", "unpack", "move")

IN_THE_MESSAGE: tuple[tuple[str, str], ...] = (
    (
        r"\(field 'reply'\)",
        "msg.reply is there on a message that a handler is given, not on what Send returns",
    ),
    (
        r"\(field 'receive'\)",
        "receive belongs to what Send returns: Send({...}).receive(), and to nothing else",
    ),
    (
        r"arithmetic on a string value",
        "a text is no number: tonumber(x) makes one; tags and Data are always texts",
    ),
    (
        r"compare (number with string|string with number)",
        "a text is no number: tonumber(x) makes one; tags and Data are always texts",
    ),
    (r"compare .*nil", "one side is nil: check it first, or give it a default as in (x or 0)"),
    (
        r"arithmetic on a nil value",
        "a nil has no number: check it first, or give it a default as in (x or 0)",
    ),
    (
        r"concatenate a nil value",
        'a nil is no text: check it first, or give it a default as in (x or "")',
    ),
    (
        r"concatenate a (table|boolean|function) value",
        "only strings and numbers join with ..: wrap the value, tostring(x)",
    ),
    (r"'n//0'|'n%%0'|divide by zero", "nothing can be divided by zero: check the divisor first"),
    (r"get length of a nil value", "a nil has no length: check it first, or #(x or {})"),
    (
        r"Pattern result is not valid",
        "a pattern answers true, false or a number; the function that handles comes last, after the pattern",
    ),
    (r"index a (number|boolean|function) value", "only tables, strings and messages have fields"),
    (
        r"call a (table|string|number|boolean) value",
        "only functions can be called; is an operator or a comma missing before the bracket?",
    ),
    (
        r"a handler wants a name|generateResolver",
        'write it as Handlers.add("ping", "Ping", function (msg) ... end)',
    ),
    (
        r"msg should be a table|attempt to index a string value \(local 'msg'\)",
        'a message is a table: { Target = "bob", Action = "Ping", Data = "hello" }',
    ),
    (
        r"at line \d+ col \d+$",
        "that text is no JSON; pcall(json.decode, text) answers false where it is none",
    ),
    (
        r"cannot be represented by a bint",
        'a bint is made of a whole number or of its digits: bint("100"), not bint("1.5") or bint(nil)',
    ),
    (
        r"between bint|(compare|arithmetic on).*bint",
        "both sides must be bints: bint(x) makes one, and bint.eq(a, b) compares one with a number",
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
        r"nothing to go through.*got nil",
        "pairs and ipairs want a table: (x or {}) is an empty one where x is nil",
    ),
    (
        r"to go through",
        "a handler is a function (or a table of them), given last: is the order right?",
    ),
    (r"bad argument #(\d+) to '(\w+)'", "`{2}?` tells what argument {1} must be"),
    (
        r"<break> at line",
        "break ends a loop, and stands inside one",
    ),
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

OF_LINE_AND_MESSAGE: tuple[tuple[str, str, str], ...] = (
    (
        r"field '\?'",
        r"\[0\]",
        "lists begin at 1: the first of x is x[1], the last is x[#x]",
    ),
    (
        r"bad argument #1 to '(\w+)' \(string expected, got no value\)",
        r"(?<![\w.])(?!string\.)(\w+)\.(\w+)\(\)",
        "a colon hands the value over: {1}:{2}()",
    ),
)
"""Mistakes that only message and line together show; the hint's numbers are groups of the line's pattern."""

NIL_NAME = re.compile(r"(global|field|method|local|upvalue) '(\w+|\?)'")
SYNTAX = re.compile(r"near |expected|unfinished")
MODULE = re.compile(r"module '([^']*)' not found")


def hint_for(message: str, line: str, names: Iterable[str] = ()) -> str:
    """The sentence that helps with this error in this line; names are those that could have been meant."""
    return (
        _of_module(message)
        or _from_both(message, line)
        or _meant(message, line, tuple(names))
        or _from_line(message, line)
        or _from_message(message, line)
        or NOTHING_CHANGED
    )


def _of_module(message: str) -> str | None:
    found = MODULE.search(message)
    if found is None:
        return None
    near = did_you_mean(found[1], MODULES) or did_you_mean(f".{found[1]}", MODULES)
    if near:
        return f'did you mean require("{near}")?'
    return f"`%load FILE.lua` brings a file's modules along; built in are {', '.join(MODULES)}"


def _from_both(message: str, line: str) -> str | None:
    for said, written, hint in OF_LINE_AND_MESSAGE:
        found = re.search(written, line)
        if found is not None and re.search(said, message):
            return _filled(hint, found)
    return None


def _meant(message: str, line: str, names: tuple[str, ...]) -> str | None:
    found = NIL_NAME.search(message)
    if found is None or "nil value" not in message:
        return None
    kind, name = found.groups()
    if kind == "global":
        return _meant_global(name, names)
    if kind in ("field", "method"):
        return _meant_field(name, line, names)
    return None


def _meant_global(name: str, names: tuple[str, ...]) -> str:
    if name in FOREIGN:
        return FOREIGN[name]
    near = did_you_mean(name, names)
    if near is not None:
        return f"did you mean {near}?"
    return f"{name} is nil: nothing of that name is defined in this process (locals end with their cell)"


def _meant_field(name: str, line: str, names: tuple[str, ...]) -> str | None:
    owner = owner_of(name, line)
    inside = {path[len(owner) + 1 :] for path in names if owner and path.startswith(f"{owner}.")}
    near = did_you_mean(name, inside)
    if near is not None:
        return f"did you mean {owner}.{near}?"
    if name in IN_TABLE and f"{owner}:{name}" in line:
        return f"a table has no methods of its own: table.{name}({owner}, ...)"
    other = did_you_mean(name, (word for word in names if "." not in word))
    if other is not None and not inside:
        return f"{name} is nil there, and {other} is written elsewhere: is one of them misspelt?"
    return None


def owner_of(name: str, line: str) -> str:
    """What the line has before the dot or colon of a field; empty where it is no name."""
    found = re.search(rf"([A-Za-z_][\w.]*)[.:]{re.escape(name)}(?!\w)", line)
    return found[1] if found else ""


def _from_line(message: str, line: str) -> str | None:
    if not SYNTAX.search(message):
        return None
    return next((hint for pattern, hint in IN_THE_LINE if re.search(pattern, line)), None)


def _from_message(message: str, line: str) -> str | None:
    for pattern, hint in IN_THE_MESSAGE:
        found = re.search(pattern, message)
        if found is not None:
            return _named(_filled(hint, found), message, line)
    return None


def _filled(hint: str, found: re.Match[str]) -> str:
    return re.sub(r"\{(\d)\}", lambda number: found[int(number[1])], hint)


def _named(hint: str, message: str, line: str) -> str:
    """A hint that speaks of x, with the name that the error is about; of a library's function, with its full name."""
    found = NIL_NAME.search(message)
    if found is not None and "(x" in hint:
        name = _written(found[1], found[2], line)
        return re.sub(r"\(x\b", lambda _: f"({name}", hint)
    short = re.match(r"`(\w+)\?`", hint)
    full = re.search(rf"([A-Za-z_]\w*)\.{short[1]}\b", line) if short else None
    return hint.replace("`", f"`{full[1]}.", 1) if full else hint


def _written(kind: str, name: str, line: str) -> str:
    """How the line has it, what an error calls by its last name."""
    if name == "?":
        indexed = re.search(r"[A-Za-z_][\w.]*\[[^][]+\]", line)
        return indexed.group() if indexed else "x"
    owner = owner_of(name, line) if kind == "field" else ""
    return f"{owner}.{name}" if owner else name


def unaddressed(source: str, processes: Iterable[str]) -> str:
    """What helps where a message went to nobody: its Target is missing, no process, or a name that lacks its quotes."""
    known = tuple(processes)
    for written in re.finditer(
        r"\bTarget\s*=\s*(?:[\"'](?P<text>[^\"']*)[\"']|(?P<name>[A-Za-z_]\w*))", source
    ):
        name = written["name"] or written["text"] or ""
        if written["name"] and name in known:
            return f'{name} is a process, and no variable: write Target = "{name}"'
        near = did_you_mean(name, known) if name not in known else None
        if near is not None:
            return f'did you mean Target = "{near}"?'
    if re.search(r"\btarget\s*=", source):
        return "Target is written with a capital T"
    return 'a message wants a Target, a process\'s name or id: Send({ Target = "bob", Action = "Ping" })'


def did_you_mean(name: str, names: Iterable[str]) -> str | None:
    """The known name that is nearest to this one, if one is near."""
    known = set(names) - {name}
    same = [other for other in known if other.lower() == name.lower()]
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.65)
    return next(iter(same or near), None)
