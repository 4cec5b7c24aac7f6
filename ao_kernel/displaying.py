"""What an eval displayed by itself, put among what it printed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ao_kernel.ansi import colours_only, plain
from ao_kernel.outputs import Bundle, CellOutput, Printed, Shown, Updated
from unitstack.wire.results import Display, Json, is_too_deep

TEXT, JSON = "text/plain", "application/json"
RICH = frozenset(
    (
        JSON,
        "image/svg+xml",
        "text/html",
        "text/latex",
        "text/markdown",
        TEXT,
    )
)
"""Forms that a process may show something in."""


def with_displays(prints: str | None, displays: Iterable[Display]) -> tuple[CellOutput, ...]:
    """The printed text, None where there is none, cut where something rich was shown. What was returned is not among
    it."""
    printed, done = (b"" if prints is None else f"{prints}\n".encode("utf-8", "replace")), 0
    outputs: list[CellOutput] = []
    for each in displays:
        if each.kind == "result":
            continue
        place = max(done, min(each.at, len(printed)))
        outputs += _printed(printed[done:place])
        outputs.append(_shown(each))
        done = place
    return (*outputs, *_printed(printed[done:]))


def result_of(displays: Iterable[Display]) -> Bundle | None:
    """What was returned, if it is rich."""
    return next((bundle_of(each.data) for each in displays if each.kind == "result"), None)


def as_text(displays: Iterable[Display]) -> tuple[Display, ...]:
    """What was shown, as far as it has the form of text."""
    return tuple(
        replace(each, data={TEXT: plain(each.data[TEXT])}) for each in displays if TEXT in each.data
    )


def bundle_of(data: Mapping[str, str]) -> Bundle:
    """The forms that are allowed; there is always text. JSON is given as the value that its text says, and as the text
    where it is none."""
    kept: dict[str, object] = {mime: text for mime, text in data.items() if mime in RICH}
    said = data.get(JSON)
    if said is not None:
        try:
            kept[JSON] = _value(said)
        except (ValueError, RecursionError):
            del kept[JSON]
            kept.setdefault(TEXT, said)
    return {TEXT: "", **kept}


def _value(text: str) -> Json:
    value: Json = json.loads(text, parse_constant=_refuse)
    if is_too_deep(value):
        raise ValueError("the value is nested too deeply to be shown")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _shown(display: Display) -> CellOutput:
    if display.kind == "update" and display.id is not None:
        return Updated(bundle_of(display.data), display.id)
    return Shown(bundle_of(display.data), display_id=display.id)


def _printed(text: bytes) -> tuple[Printed, ...]:
    return (Printed(colours_only(text.decode("utf-8", "replace"))),) if text else ()
