"""What a result looks like in a notebook: a rule from values to outputs. Nothing is published here."""

import json
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from ao_kernel.ansi import coloured, plain, to_html
from ao_kernel.hints import NOTHING_CHANGED, SECOND_VALUE, hint_for
from ao_kernel.outputs import Bundle, CellOutput, Failed, Printed, Shown
from unitstack.errors import AoError, Interrupted
from unitstack.wire.results import EvalResult, Json

ERROR_MARK = "\n\n\x1b[31merror:\n\x1b[0m"
RECEIPT = re.compile(r'^\{\n(?=.*\breceive = function).*?\boutput = "(?P<said>[^"\n]*)"', re.DOTALL)
"""What Send and Spawn return: its functions say nothing to a person, its sentence all."""

PLACE = re.compile(r'\[string "(?P<chunk>[^"\n]*)"\]:(?P<line>\d+): ')
OWN_CHUNK = re.compile(r'\[string "cell-[0-9a-f]{10}"\]')
AOS_CHUNK = '[string "aos"]'
RED = 31
HANDLER_UNDONE = "hint: that process is as it was before the message"
ELSEWHERE = "    in a function that was written before:"
HINTS = {
    "Interrupted": "the process is as it was before this cell; the next cell works",
    "NotFound": "`%ps` lists the processes that are known here",
    "UnitUnreachable": "is the unit running, and is the address right?",
    "EngineError": "the process is as it was before this cell; limits are set where it is spawned",
}


def _nowhere(line: int) -> str:
    return f"{line:>3}"


@dataclass(frozen=True, slots=True)
class Source:
    """The text that was evaluated, how its lines are labelled, and the names that its author could have meant."""

    text: str
    label: Callable[[int], str] = _nowhere
    names: tuple[str, ...] = ()
    earlier: Mapping[str, "Source"] = field(default_factory=dict)
    """What was evaluated before, by chunk name: where the functions that this text calls were written."""

    @property
    def chunk(self) -> str:
        """The name that the text goes by in errors; the same text has the same name."""
        return f"cell-{sha256(self.text.encode()).hexdigest()[:10]}"

    def find(self, chunk: str) -> "Source | None":
        """The text that a chunk name in an error is of."""
        return self if chunk in ("aos", self.chunk) else self.earlier.get(chunk)


def cell_lines(first: int) -> Callable[[int], str]:
    """Labels for Lua that starts at that line of its cell."""
    return lambda line: f"{line + first - 1:>3}"


def text_of(value: Json) -> str:
    """A JSON value as a person reads it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def render(
    result: EvalResult, source: Source, is_expression: Callable[[str], bool]
) -> tuple[CellOutput, ...]:
    """What an eval's result shows, in order: what it printed, then what it returned or how it failed."""
    written = tuple(Printed(each.text, each.stream) for each in result.written)
    if result.error is not None:
        return (*written, *render_error(result.error, source))
    prints, value = divided(result, source.text, is_expression)
    outputs: list[CellOutput] = [*written]
    if prints is not None:
        outputs.append(Printed(as_aos(prints) + "\n"))
    if value is not None:
        outputs.append(Shown(value_bundle(value), is_result=True))
    return tuple(outputs)


def divided(
    result: EvalResult, source: str, is_expression: Callable[[str], bool]
) -> tuple[str | None, str | None]:
    """The printed text and the returned text of an eval; None where there is none of the kind."""
    output = result.output
    data = text_of(output.data)
    if output.values is None:
        return _guessed(data, source, is_expression)
    value = "\n".join(output.values) if output.values else None
    if value is None or not data.endswith(value):
        return data or None, value
    prints = data[: len(data) - len(value)]
    return prints.removesuffix("\n") if prints else None, value


def _guessed(
    data: str, source: str, is_expression: Callable[[str], bool]
) -> tuple[str | None, str | None]:
    # A module that does not tell its value from its prints: an expression that is no `print` is taken as the value.
    if data and is_expression(source) and not source.lstrip().startswith("print"):
        return None, data
    return data or None, None


def value_bundle(value: str) -> Bundle:
    """A value in colour where a front end has colour, and clean where it has not."""
    value = as_aos(value)
    text = plain(value)
    receipt = RECEIPT.search(text)
    if receipt is not None:
        return {"text/plain": receipt["said"]}
    return (
        {"text/plain": text} if text == value else {"text/plain": text, "text/html": to_html(value)}
    )


def render_error(error: Json, source: Source) -> tuple[CellOutput, ...]:
    """What was printed before the error, and the error with its line and a hint."""
    prints, mark, cause = text_of(error).rpartition(ERROR_MARK)
    printed = (Printed(as_aos(prints) + "\n"),) if mark and prints else ()
    if mark:
        return (*printed, failed("LuaError", cause, source))
    # Without the mark of an error that was raised: the compiler's, which names what it met; or a second value.
    if isinstance(error, str) and PLACE.match(cause) and " near " in cause:
        return (*printed, failed("LuaSyntaxError", cause, source))
    is_returned = not isinstance(error, str) or PLACE.match(cause) is not None
    return (*printed, failed("LuaError", cause, source, SECOND_VALUE if is_returned else None))


def message_of(error: str) -> str:
    """What an error says, without colours and the places in chunks that say nothing to a person."""
    return (
        plain(PLACE.sub("", error.rpartition(ERROR_MARK)[2])).strip()
        or "an error without a message"
    )


def failed(name: str, cause: str, source: Source, hint: str | None = None) -> Failed:
    """An error in at least three lines: what went wrong, where in the cell, and a hint."""
    message = message_of(cause)
    written, number = _place_of(PLACE.finditer(cause), source)
    line = _line(written.text, number)
    helpful = hint or hint_for(message, line, source.names)
    headline = f"{coloured(name, RED)}: {message}"
    where = () if written is source else (ELSEWHERE,)
    quoted = _quoted(line, number, message, written)
    return Failed(name, message, (headline, *where, *quoted, f"hint: {helpful}"))


def failure_of(error: Json, source: Source) -> str:
    """How a message failed that a cell set off: what it printed, the line of the handler, and a hint."""
    prints, mark, cause = text_of(error).rpartition(ERROR_MARK)
    failure = failed("error", cause, source)
    hint = f"hint: {NOTHING_CHANGED}"
    lines = [HANDLER_UNDONE if line == hint else line for line in failure.traceback]
    is_known = any(source.find(place["chunk"]) for place in PLACE.finditer(cause))
    shown = lines if is_known else lines[:1]
    return "\n".join((*((_told(prints),) if mark and _told(prints) else ()), *shown))


def _told(prints: str) -> str:
    """What the handler printed itself: the runtime adds three texts of its own, which say the same again."""
    return plain(prints.partition("\x1b[31mError\x1b[90m handling message")[0]).strip("\n")


def as_aos(text: str) -> str:
    """Text that a program made of an error's place, as the aos console shows it."""
    return OWN_CHUNK.sub(AOS_CHUNK, text)


def explained(error: BaseException, code: str) -> Failed:
    """An exception as a cell's error: ours by its message, anything else with its traceback, as it is a bug here."""
    name = "Interrupted" if isinstance(error, Interrupted) else type(error).__name__
    if isinstance(error, AoError):
        first = next((line for line in code.split("\n") if line.strip()), "")
        hint = HINTS.get(name, "nothing was changed")
        lines = (f"{coloured(name, RED)}: {error}", f"    {first}", f"hint: {hint}")
        return Failed(name, str(error), lines)
    trace = "".join(traceback.format_exception(error)).rstrip().split("\n")
    bug = "hint: this is a bug in ao kernel; please report it with these lines"
    return Failed(name, str(error), (*trace, bug))


def _place_of(places: Iterable[re.Match[str]], source: Source) -> tuple[Source, int | None]:
    """The text and line that an error points at: of several places the last, which is where it was raised."""
    known = [(source.find(place["chunk"]), int(place["line"])) for place in places]
    found = [(text, line) for text, line in known if text is not None]
    return found[-1] if found else (source, None)


def _line(text: str, number: int | None) -> str:
    lines = text.split("\n")
    if number is None:
        return lines[0] if len(lines) == 1 else next((line for line in lines if line.strip()), "")
    return lines[number - 1] if number <= len(lines) else lines[-1]


def _quoted(line: str, number: int | None, message: str, source: Source) -> tuple[str, ...]:
    label = f"{source.label(number or 1)} | "
    start, width = caret(line, message)
    return (label + line, " " * (len(label) + start) + "^" * width)


def caret(line: str, message: str) -> tuple[int, int]:
    """Where the message's own word stands in the line, and how wide it is; else the line's text as a whole."""
    for name in reversed(re.findall(r"'([^']+)'", message)):
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line)
        if found is not None:
            return found.start(), len(name)
    text = line.strip()
    return len(line) - len(line.lstrip()), max(1, len(text))
