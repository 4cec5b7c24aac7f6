"""An error's words: shortened where many of them say one thing, and found again in the line that they speak of."""

import re

SHORT: tuple[tuple[str, str], ...] = (
    (r"(module '[^']*') not found:.*", r"\1 not found"),
    (r"Invalid arguments given\. Expected:.*", "a handler wants a name, a pattern and a function"),
    (
        r"bad argument #1 to 'for iterator' \(table expected, got (\w+)\)",
        r"there is nothing to go through: a table is expected, got \1",
    ),
    (r"stack overflow.*", "stack overflow"),
)
"""What Lua and aos say at length, and what of it helps."""

QUOTED = re.compile(r"'([^']+)'")
SIGNS: tuple[tuple[str, str], ...] = (
    (r"concatenate", r"(?<!\.)\.\.(?!\.)"),
    (r"compare", r"[<>]=?"),
    (r"arithmetic|bitwise|divide by zero|'n//0'|'n%%0'", r"//|[-+*/%^]"),
    (r"to go through", r"\bi?pairs\b"),
)
"""The sign that an error without a name speaks of; it is shown where the line has it once."""


def in_short(said: str) -> str:
    """What an error says, in one line where it says one thing."""
    for pattern, text in SHORT:
        found = re.search(pattern, said, re.DOTALL)
        if found is not None:
            return said[: found.start()] + found.expand(text)
    return said


def word_in(line: str, message: str) -> tuple[int, int] | None:
    """Where the line has what the message speaks of: a name, an index, a sign; None where it has it nowhere."""
    for name in reversed(QUOTED.findall(message)):
        found = _name_in(line, name)
        if found is not None:
            return found
    signs = next((sign for kind, sign in SIGNS if re.search(kind, message)), None)
    found_signs = list(re.finditer(signs, _without_texts(line))) if signs else []
    if len(found_signs) == 1:
        return found_signs[0].start(), len(found_signs[0].group())
    return None


def _name_in(line: str, name: str) -> tuple[int, int] | None:
    pattern = r"\[[^][]+\]" if name == "?" else rf"(?<!\w){re.escape(name)}(?!\w)"
    found = re.search(pattern, line)
    return (found.start(), len(found.group())) if found else None


def _without_texts(line: str) -> str:
    """The line with its strings and comments blanked out, so that signs in them are none."""
    blank = re.sub(
        r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", lambda text: " " * len(text.group()), line
    )
    return re.sub(r"--.*", lambda text: " " * len(text.group()), blank)
