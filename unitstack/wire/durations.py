"""Spans of time and moments as people type them (`+2h30m`, `2030-01-01`), in milliseconds."""

import re
from datetime import UTC, datetime

from unitstack.errors import Refused

UNITS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[wdhms])", re.ASCII)
_SHOWN = 60
# The last moment that a calendar of four-digit years can show.
LAST = 253_402_300_799_999


def parse_span(text: str) -> int:
    """Milliseconds of a span such as `1d`, `90s` or `2h30m`; a plus before it is allowed. Raises Refused."""
    wanted = text.strip().lower().removeprefix("+").replace(" ", "")
    parts = _PART.findall(wanted)
    if not parts or "".join(number + unit for number, unit in parts) != wanted:
        raise Refused(f"{text[:_SHOWN]!r} is no span of time: 1d, 90s and 2h30m are")
    return round(sum(float(number) * UNITS[unit] for number, unit in parts))


def parse_moment(text: str) -> int:
    """Milliseconds since 1970 of a day or a time such as `2030-01-01` or `2030-01-01T12:00`, in UTC where it does not say.
    Raises Refused."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(
            f"{text[:_SHOWN]!r} is no moment: 2030-01-01 and 2030-01-01T12:00 are"
        ) from error
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


def span_text(span: int) -> str:
    """A span as people read it: its two largest units, `1d`, `2h 30m`, `350ms`. One of seconds is told to the second."""
    left, parts = abs(span), []
    if left >= UNITS["s"]:
        left = round(left / UNITS["s"]) * UNITS["s"]
    for unit, size in UNITS.items():
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    sign = "-" if span < 0 else ""
    return sign + (" ".join(parts[:2]) or "0s")


def moment_text(moment: int) -> str:
    """A moment as people read it, in UTC, to the second."""
    if not 0 <= moment <= LAST:
        return f"{moment} ms"
    read = datetime.fromtimestamp(moment / 1000, UTC)
    return f"{read:%Y-%m-%d %H:%M:%S} UTC"
