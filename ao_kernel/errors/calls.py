"""The calls that led to an error, read from what Lua says of its stack."""

import re
from dataclasses import dataclass

LISTED = re.compile(
    r'^\t\[string "(?P<chunk>[^"\n]*)"\]:(?P<line>\d+): in (?P<what>.*)$', re.MULTILINE
)
NAMED = re.compile(r"(?:function|local|upvalue|field|method|global) '(?:.*\.)?(?P<name>\w+)'")
EVALUATOR = ".eval"


@dataclass(frozen=True, slots=True)
class Call:
    """A line that was being run, and the function that it stands in; a text's own level has no name."""

    chunk: str
    line: int
    function: str = ""


def calls_of(trace: str) -> tuple[Call, ...]:
    """The calls that a traceback lists, the innermost first."""
    found = list(LISTED.finditer(trace))
    behind = [*(each["chunk"] for each in found[1:]), ""][: len(found)]
    return tuple(
        # What the evaluator calls is the text itself, by whatever name it has for it.
        Call(
            each["chunk"], int(each["line"]), "" if next_chunk == EVALUATOR else _name(each["what"])
        )
        for each, next_chunk in zip(found, behind, strict=True)
    )


def _name(what: str) -> str:
    named = NAMED.match(what)
    return named["name"] if named else ""


def without_repeats(calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """Calls of which none is like the one before it: a function that calls itself is told once."""
    return tuple(call for index, call in enumerate(calls) if index == 0 or call != calls[index - 1])
