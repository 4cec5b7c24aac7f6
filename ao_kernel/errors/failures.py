"""An error as its author can use it: what went wrong, the line that it was written in, who called it, and a hint."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ao_kernel.ansi import coloured, plain
from ao_kernel.errors.calls import Call, calls_of, without_repeats
from ao_kernel.errors.hints import NOTHING_CHANGED, hint_for
from ao_kernel.errors.source import Source
from ao_kernel.errors.wording import in_short, word_in
from ao_kernel.outputs import Failed
from unitstack.wire.results import EvalResult, Json

ERROR_MARK = "\n\n\x1b[31merror:\n\x1b[0m"
PLACE = re.compile(r'\[string "(?P<chunk>[^"\n]*)"\]:(?P<line>\d+): ')
RED = 31
SYNTAX_ERROR = "LuaSyntaxError"
HANDLER_UNDONE = "hint: that process is as it was before the message"
CALLERS = 3
CODE = 60

OPENED = re.compile(
    r"\((?:to close '(?P<word>[^']+)'|starting) at line (?P<line>\d+)\) near '?<eof>"
)
"""What the end of the text lacks is told where it was begun."""

OTHER_LINE = re.compile(r"\bat line (\d+)\b")
"""The compiler speaks of lines of the text, a person counts those of the cell or file."""

GONE_TO = re.compile(r"<\w+> at line (?P<line>\d+)")


@dataclass(frozen=True, slots=True)
class Raised:
    """What an evaluation failed with: its error, the calls that led to it, and the handler that it failed in."""

    error: Json
    trace: str = ""
    handler: str = ""

    @property
    def divided(self) -> tuple[str | None, str]:
        """What was printed before, None where nothing was raised; and what was raised."""
        prints, mark, cause = text_of(self.error).rpartition(ERROR_MARK)
        return (prints, cause) if mark else (None, cause)

    @property
    def chunks(self) -> frozenset[str]:
        """The names of the texts that it happened in."""
        places = (place["chunk"] for place in PLACE.finditer(self.divided[1]))
        return frozenset((*places, *(call.chunk for call in calls_of(self.trace))))


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of a text."""

    source: Source
    line: int
    column: tuple[int, int]
    """Where in the line, and how wide."""

    @property
    def code(self) -> str:
        return self.source.line(self.line)

    @property
    def quoted(self) -> tuple[str, str]:
        """The line with its label, and a caret below it."""
        label = f"{self.source.label(self.line)} | "
        start, width = self.column
        return label + self.code, " " * (len(label) + start) + "^" * width


def raised(result: EvalResult) -> Raised:
    """What a result says of its error."""
    return Raised(result.error, result.output.trace, result.output.handler)


def text_of(value: Json) -> str:
    """A JSON value as a person reads it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def message_of(error: str) -> str:
    """What an error says, without colours and the places in chunks that say nothing to a person."""
    said = plain(PLACE.sub("", error.rpartition(ERROR_MARK)[2])).strip()
    return in_short(said) or "an error without a message"


def failed(
    name: str, found: Raised, source: Source, hint: str | None = None, within: str = ""
) -> Failed:
    """An error in at least three lines: what went wrong, where, who called that, and a hint. `within` says what the error
    happened in, if that was not the cell itself."""
    cause = found.divided[1]
    said = message_of(cause)
    calls = tuple(call for call in calls_of(found.trace) if source.find(call.chunk))
    spot = spot_of(cause, said, source, calls)
    message = _with_own_lines(said, spot.source) if name == SYNTAX_ERROR else said
    helpful = hint or hint_for(message, spot.code, (*source.names, *words_of(source)))
    return Failed(
        name,
        message,
        (
            f"{coloured(name, RED)}: {message}",
            *map(plain, _heading(spot, source, calls, within)),
            *spot.quoted,
            *_callers(spot, source, calls),
            f"hint: {helpful}",
        ),
    )


def _with_own_lines(said: str, source: Source) -> str:
    return OTHER_LINE.sub(lambda line: f"at {source.place(int(line[1]))}", said)


def failure_of(found: Raised, source: Source, message: str = "") -> str:
    """How a message failed that a cell set off: what it printed, the handler and its line, and a hint."""
    prints, _ = found.divided
    within = _within(found.handler, message)
    failure = failed("error", found, source, within=within)
    hint = f"hint: {NOTHING_CHANGED}"
    lines = [HANDLER_UNDONE if line == hint else line for line in failure.traceback]
    # Where no text is known that it happened in, there is no line to show.
    is_known = any(source.find(chunk) for chunk in found.chunks)
    where = [f"    {within}"] if within else []
    shown = lines if is_known else [lines[0], *where, lines[-1]]
    told = _told(prints or "")
    return "\n".join((*((told,) if told else ()), *shown))


def _told(prints: str) -> str:
    """What the handler printed itself: the runtime adds three texts of its own, which say the same again."""
    return plain(prints.partition("\x1b[31mError\x1b[90m handling message")[0]).strip("\n")


def _within(handler: str, message: str) -> str:
    """The handler that failed, and what it was given. Names with a stroke are the runtime's own."""
    if not handler or handler.startswith("_"):
        return ""
    given = f", given {message}" if message else ""
    return plain(f"in handler {handler}{given}")


def words_of(source: Source) -> set[str]:
    """The names that a text itself uses: what it misspells once it may spell rightly elsewhere."""
    return set(re.findall(r"[A-Za-z_]\w*", source.text))


def spot_of(cause: str, message: str, source: Source, calls: tuple[Call, ...]) -> Spot:
    """The line that an error points at: of several places the last, which is where it was raised; or else the innermost
    of the calls whose text is known."""
    opened = OPENED.search(message)
    if opened is not None:
        return _opening(source, int(opened["line"]), opened["word"] or "[")
    gone = GONE_TO.search(message)
    places = [(place["chunk"], int(place["line"])) for place in PLACE.finditer(cause)]
    known = [(text, line) for chunk, line in places if (text := source.find(chunk)) is not None]
    if gone is not None and known:
        known = [(known[-1][0], int(gone["line"]))]
    called = [(text, call.line) for call in calls if (text := source.find(call.chunk)) is not None]
    text, line = (known[-1:] or called[:1] or [(source, _first(source.text))])[0]
    number = _last_written(text, line) if "<eof>" in message else line
    return Spot(text, number, caret(text.line(number), message))


def _opening(source: Source, line: int, word: str) -> Spot:
    found = re.search(rf"(?<!\w){re.escape(word)}", source.line(line))
    column = (found.start(), len(word)) if found else whole(source.line(line))
    return Spot(source, line, column)


def _first(text: str) -> int:
    return next((number for number, line in enumerate(text.split("\n"), 1) if line.strip()), 1)


def _last_written(source: Source, line: int) -> int:
    while line > 1 and not source.line(line).strip():
        line -= 1
    return line


def _heading(spot: Spot, source: Source, calls: tuple[Call, ...], within: str) -> tuple[str, ...]:
    """Where the line stands, if it is not simply the cell that was run."""
    if spot.source is source:
        return (f"    {source.place(spot.line)}, {within}:",) if within else ()
    name = next((call.function for call in calls if _is_at(call, spot)), "")
    inside = [f"in {name}"] if name else []
    parts = (spot.source.full_place(spot.line), *inside, *([within] if within else []))
    return (f"    {', '.join(parts)}:",)


def _is_at(call: Call, spot: Spot) -> bool:
    return spot.source.find(call.chunk) is spot.source and call.line == spot.line


def _callers(spot: Spot, source: Source, calls: tuple[Call, ...]) -> Iterable[str]:
    """The calls that led to the line, the nearest first."""
    here = next((index for index, call in enumerate(calls) if _is_at(call, spot)), -1)
    above = [call for call in without_repeats(calls[here + 1 :]) if not _is_at(call, spot)]
    for call in above[:CALLERS]:
        text = source.find(call.chunk)
        assert text is not None, "only calls whose text is known are told"
        place = text.place(call.line) if text is source else text.full_place(call.line)
        code = text.line(call.line).strip()
        yield f"called from {place}: {code if len(code) <= CODE else code[: CODE - 1] + '…'}"
    if len(above) > CALLERS:
        yield f"and {len(above) - CALLERS} calls more"


def caret(line: str, message: str) -> tuple[int, int]:
    """Where the message's own word or sign stands in the line, and how wide it is; else the line's text as a whole."""
    return word_in(line, message) or whole(line)


def whole(line: str) -> tuple[int, int]:
    """All of a line but the space around it."""
    return len(line) - len(line.lstrip()), max(1, len(line.strip()))
