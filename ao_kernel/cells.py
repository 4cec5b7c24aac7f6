"""A cell's text read as what it asks for: Lua to evaluate, magics to run; and whether the text is finished."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ao_kernel.language.commands import CELL_NAMES, DOT_NAMES
from unitstack.program.tokens import code_of, depth_of

INDENT = "  "
Check = Callable[[str], str | None]
"""Compiles Lua and answers with the compiler's message, or None where there is nothing to say."""

PROMPT = re.compile(r"^[ \t]*(?:[\w-]+@)?aos(?:-[\w.]+)?(?:\[Inbox:\d+\])?> ?", re.MULTILINE)
MAGIC = re.compile(r"(?P<mark>%%|%|\.)(?P<name>[A-Za-z][\w-]*)(?:[ \t]+(?P<argument>.*?))?[ \t]*$")
COMMENT = re.compile(r"\s*--(?!\[=*\[)")
HELP = re.compile(r"\?{0,2}(?P<before>[A-Za-z_%][\w.:%-]*)?\?{0,2}")


@dataclass(frozen=True, slots=True)
class LuaCell:
    """Lua for the current process; `line` is where it starts in the cell, counted from 1."""

    source: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class MagicCell:
    """A command to the kernel: `%name argument`, with the rest of the cell as its body if it began with `%%`. `typed` is
    how it stands in the cell."""

    name: str
    argument: str = ""
    body: str | None = None
    line: int = 1
    typed: str = field(default="", compare=False)

    @property
    def called(self) -> str:
        """The command's name as it was typed: `%load`, or the console's `.load`."""
        return self.typed.split(maxsplit=1)[0] if self.typed else f"%{self.name}"


Cell = LuaCell | MagicCell


class Completeness(StrEnum):
    """Whether pressing Enter should run a text."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"


def parse_cell(code: str) -> tuple[Cell, ...]:
    """What the cell asks for, in order: leading magics, then the Lua below them."""
    lines = without_prompts(code).split("\n")
    cells: list[Cell] = []
    for index, line in enumerate(lines):
        magic = _magic(line, index + 1)
        if magic is not None and magic.body is None:
            cells.append(magic)
        elif magic is not None:
            return (
                *cells,
                replace(magic, body=_rest(lines, index + 1)),
            )
        elif line.strip() and not COMMENT.match(line):
            return (*cells, *_lua(lines, index))
    return tuple(cells)


def _lua(lines: list[str], first: int) -> tuple[LuaCell, ...]:
    # Comments above the code belong to it, unless a magic stands between.
    while first > 0 and COMMENT.match(lines[first - 1]):
        first -= 1
    return (LuaCell(_rest(lines, first), first + 1),)


def _rest(lines: list[str], first: int) -> str:
    return "\n".join(lines[first:])


def _magic(line: str, number: int) -> MagicCell | None:
    asked = asked_name(line)
    if asked is not None:
        return MagicCell("help", asked, None, number, line.strip())
    typed = line.strip()
    found = MAGIC.match(typed)
    if found is None:
        return None
    names = CELL_NAMES if found["mark"] == "%%" else DOT_NAMES
    name = names.get(found["name"], found["name"])
    body = "" if found["mark"] == "%%" else None
    return MagicCell(name, found["argument"] or "", body, number, typed)


def asked_name(line: str) -> str | None:
    """The name that `Name?` or `?Name` asks about; empty for a lone `?`, None where nothing is asked."""
    text = line.strip()
    found = HELP.fullmatch(text)
    if found is None or "?" not in text:
        return None
    return found["before"] or ""


def without_prompts(code: str) -> str:
    """The text without the console's prompts, which come along when examples are copied."""
    return PROMPT.sub("", code) if PROMPT.match(code) else code


def completeness(code: str, check: Check) -> tuple[Completeness, str]:
    """Whether the cell is finished, and how deep the next line is indented if it is not."""
    cells = parse_cell(code)
    if not cells or not isinstance(cells[-1], LuaCell):
        return _magic_completeness(code, cells)
    source = cells[-1].source
    messages = [message for message in (check(f"return {source}"), check(source)) if message]
    if len(messages) < 2:
        return Completeness.COMPLETE, ""
    if any(_wants_more(message) for message in messages):
        return Completeness.INCOMPLETE, next_indent(source)
    return Completeness.INVALID, ""


def _magic_completeness(code: str, cells: tuple[Cell, ...]) -> tuple[Completeness, str]:
    # A `%%` cell's body has no end of its own: an empty line ends it, as in IPython.
    last = cells[-1] if cells else None
    if isinstance(last, MagicCell) and last.body is not None and not code.endswith("\n"):
        return Completeness.INCOMPLETE, ""
    return Completeness.COMPLETE, ""


def _wants_more(message: str) -> bool:
    return message.endswith(("near <eof>", "near '<eof>'")) and "unfinished string" not in message


def next_indent(source: str) -> str:
    """What the line after this source begins with."""
    last = source.rstrip().rsplit("\n", 1)[-1]
    current = last[: len(last) - len(last.lstrip())]
    return current + INDENT if depth_of(code_of(last)) > 0 else current
