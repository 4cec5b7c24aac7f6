"""What a result looks like in a notebook: a rule from values to outputs. Nothing is published here."""

import re
import traceback
from collections.abc import Callable

from ao_kernel.ansi import coloured, colours_only, plain, to_html
from ao_kernel.displaying import result_of, with_displays
from ao_kernel.errors.failures import (
    ERROR_MARK,
    PLACE,
    RED,
    SYNTAX_ERROR,
    Raised,
    failed,
    message_of,
    raised,
    text_of,
)
from ao_kernel.errors.hints import SECOND_VALUE
from ao_kernel.errors.source import Source, cell_lines
from ao_kernel.outputs import Bundle, CellOutput, Failed, Printed, Shown
from unitstack.errors import AoError, Interrupted
from unitstack.wire.results import EvalResult

__all__ = [
    "ERROR_MARK",
    "Source",
    "as_aos",
    "cell_lines",
    "divided",
    "explained",
    "message_of",
    "render",
    "text_of",
    "value_bundle",
]

RECEIPT = re.compile(r'^\{\n(?=.*\breceive = function).*?\boutput = "(?P<said>[^"\n]*)"', re.DOTALL)
"""What Send and Spawn return: its functions say nothing to a person, its sentence all."""

OWN_CHUNK = re.compile(r'\[string "cell-[0-9a-f]{10}"\]')
AOS_CHUNK = '[string "aos"]'
NOT_COMPILED = re.compile(
    r" near |no visible label|<break> at line|jumps into the scope|already defined on line"
)
HINTS = {
    "Interrupted": "the process is as it was before this cell; the next cell works",
    "NotFound": "`%ps` lists the processes that are known here",
    "UnitUnreachable": "is the unit running, and is the address right?",
    "EngineError": "the process is as it was before this cell; limits are set where it is spawned",
}


def render(
    result: EvalResult, source: Source, is_expression: Callable[[str], bool]
) -> tuple[CellOutput, ...]:
    """What an eval's result shows, in order: what it printed, then what it returned or how it failed."""
    written = tuple(Printed(colours_only(each.text), each.stream) for each in result.written)
    if result.error is not None:
        return (*written, *render_error(raised(result), source))
    prints, value = divided(result, source.text, is_expression)
    prompt = plain(result.output.prompt).strip()
    rich = result_of(result.output.displays)
    bundle = rich if rich is not None or value is None else value_bundle(value)
    shown = with_displays(None if prints is None else as_aos(prints), result.output.displays)
    returned = () if bundle is None else (Shown(bundle, is_result=True, prompt=prompt),)
    return (*written, *shown, *returned)


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


def render_error(found: Raised, source: Source) -> tuple[CellOutput, ...]:
    """What was printed before the error, and the error with its line and a hint."""
    prints, cause = found.divided
    printed = (Printed(colours_only(as_aos(prints)) + "\n"),) if prints else ()
    if prints is not None:
        return (*printed, failed("LuaError", found, source))
    # Without the mark of an error that was raised: the compiler's, which names what it met; or a second value.
    place = PLACE.match(cause) if isinstance(found.error, str) else None
    if place and source.find(place["chunk"]) is source and NOT_COMPILED.search(cause):
        return (failed(SYNTAX_ERROR, found, source),)
    is_returned = not isinstance(found.error, str) or place is not None
    return (failed("LuaError", found, source, SECOND_VALUE if is_returned else None),)


def as_aos(text: str) -> str:
    """Text that a program made of an error's place, as the aos console shows it."""
    return OWN_CHUNK.sub(AOS_CHUNK, text)


def explained(error: BaseException, code: str) -> Failed:
    """An exception as a cell's error: ours by its message, anything else with its traceback, as it is a bug here."""
    name = "Interrupted" if isinstance(error, Interrupted) else type(error).__name__
    if isinstance(error, AoError):
        first = next((line for line in code.split("\n") if line.strip()), "")
        hint = HINTS.get(name, "nothing was changed")
        said = plain(str(error))
        lines = (f"{coloured(name, RED)}: {said}", f"    {first}", f"hint: {hint}")
        return Failed(name, said, lines)
    trace = "".join(traceback.format_exception(error)).rstrip().split("\n")
    bug = "hint: this is a bug in ao kernel; please report it with these lines"
    return Failed(name, str(error), (*trace, bug))
