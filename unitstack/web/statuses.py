"""What each error is over HTTP: its status where it leaves a unit, and the error that a status is where it comes in."""

import re

from unitstack.errors import (
    AoError,
    Duplicate,
    EngineError,
    Interrupted,
    InvalidItem,
    NotFound,
    Refused,
    UnitUnreachable,
)

# The first that fits counts, in both directions. 499 is what servers of the field say where the asker gave up.
_STATUSES: tuple[tuple[type[AoError], tuple[int, ...]], ...] = (
    (InvalidItem, (400, 413)),
    (Duplicate, (409,)),
    (Refused, (403, 401)),
    (NotFound, (404,)),
    (EngineError, (422,)),
    (Interrupted, (499,)),
    (UnitUnreachable, (502, 408, 425, 429, 500, 503, 504)),
)
_OTHER = 500
_NOT_FOUND = re.compile(r"(.+) (\S+) is not known here")
_SHOWN = 500


def status_of(error: AoError) -> int:
    """The status that a unit answers with."""
    return next((each[0] for kind, each in _STATUSES if isinstance(error, kind)), _OTHER)


def error_of(status: int, text: str, url: str) -> AoError:
    """The error that a unit elsewhere means; units of the field mean many things with 500, mostly that it may go better
    another time."""
    kind = next((kind for kind, each in _STATUSES if status in each), None)
    shown = text[:_SHOWN]
    if kind is NotFound:
        told = _NOT_FOUND.fullmatch(shown)
        return NotFound(told[1], told[2]) if told else NotFound("page", url)
    if kind is UnitUnreachable:
        return UnitUnreachable(url, f"it answered {status}, {shown or 'without a reason'}")
    if kind is None:
        return Refused(f"{url} answered {status}, {shown or 'without a reason'}")
    return kind(shown or f"{url} answered {status} without a reason")
