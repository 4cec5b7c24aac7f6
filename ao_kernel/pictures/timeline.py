"""Messages over time: a lane for each process, in it its messages by their nonces, from left to right in the order in which
they came; lines from causes to effects."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from ao_kernel.pictures.deliveries import Delivery, Kind, Party, and_more
from ao_kernel.pictures.labels import label, width_of
from ao_kernel.pictures.svg import (
    BLUE,
    BOLD,
    CARD,
    EDGE,
    FAINT,
    HEAD,
    INK,
    MUTED,
    RED,
    Look,
    card,
    centred,
    cross,
    element,
    group,
    path,
    rectangle,
    rule,
    write,
)
from ao_kernel.tables import Table

MOST, LANES = 40, 16
"""The last so many messages are shown, of no more processes than that."""

COLUMNS = 24
"""As plain text so many of them are shown."""

STEP, LANE = 24.0, 44.0
MARGIN, AXIS, NAME = 20.0, 34.0, 18
NAMES = Look(size=12, weight=BOLD, anchor="end", halo=False)
NONCE = Look(size=9, fill=INK, halo=False)
TIME = Look(size=10, fill=MUTED, halo=False)
LEGEND = Look(size=11, fill=MUTED, anchor="start", halo=False)
APART = 4
"""Columns at least between two times that are written."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of the processes that got the messages, and where the first message stands."""

    parties: tuple[Party, ...]
    left: float

    def y(self, party: Party) -> float:
        """The height of a process's lane."""
        return MARGIN + LANE * next(i for i, each in enumerate(self.parties) if each == party) + 22


def last_of(
    deliveries: tuple[Delivery, ...], most: int = MOST
) -> tuple[tuple[Delivery, ...], tuple[Party, ...], int]:
    """The last messages that can be shown, the processes that got them, and how many came before."""
    got = tuple(each for each in deliveries if each.nonce is not None)
    parties = tuple(dict.fromkeys(each.receiver for each in got[-most:]))[:LANES]
    shown = tuple(each for each in got[-most:] if each.receiver in parties)
    return shown, parties, len(got) - len(shown)


def svg(deliveries: tuple[Delivery, ...], title: str = "Timeline") -> str:
    """The timeline of these messages, which are in the order of their time."""
    shown, parties, earlier = last_of(deliveries)
    names = [width_of(label(party.name, NAME), NAMES.size) for party in parties]
    lanes = Lanes(parties, MARGIN + max(names, default=0.0) + 26)
    width = max(lanes.left + STEP * len(shown) + MARGIN, 480.0)
    foot = MARGIN + LANE * len(parties) + 6
    drawn = [
        *_lanes(lanes, width),
        *_causes(shown, lanes),
        *(group(each.told, _mark(each, lanes, index)) for index, each in enumerate(shown)),
        *_axis(shown, lanes, foot),
        write(MARGIN, foot + AXIS + 8, _legend(earlier), LEGEND),
    ]
    return card((width, foot + AXIS + 22), title, to_plain(deliveries).replace("\n", "; "), drawn)


def _legend(earlier: int) -> str:
    before = f"{earlier} earlier ones are left out · " if earlier else ""
    return f"{before}in each mark: the nonce · square: Eval · diamond: spawned · dashed: of a cron · ✕: failed"


def _lanes(lanes: Lanes, width: float) -> Iterator[str]:
    for party in lanes.parties:
        y = lanes.y(party)
        yield write(lanes.left - 16, y + 4, label(party.name, NAME), NAMES)
        yield rule((lanes.left - 6, y), (width - MARGIN, y), {"stroke": EDGE, "stroke-width": 2})


def _x(lanes: Lanes, index: int) -> float:
    return lanes.left + STEP * index + STEP / 2


def _causes(shown: tuple[Delivery, ...], lanes: Lanes) -> Iterator[str]:
    places = {each.message: (_x(lanes, i), lanes.y(each.receiver)) for i, each in enumerate(shown)}
    for index, each in enumerate(shown):
        start = places.get(each.cause)
        if start is None:
            continue
        end = (_x(lanes, index), lanes.y(each.receiver))
        middle = (start[0] + end[0]) / 2
        lift = -20 if start[1] == end[1] else 0
        steps = ("M", *start, "C", middle, start[1] + lift, middle, end[1] + lift, *end)
        yield path(steps, {"stroke": FAINT, "stroke-width": 1.4})


def _mark(delivery: Delivery, lanes: Lanes, index: int) -> Iterator[str]:
    x, y = _x(lanes, index), lanes.y(delivery.receiver)
    colour = RED if delivery.has_failed else BLUE
    look = {"fill": CARD, "stroke": colour, "stroke-width": 2 if delivery.has_failed else 1.5}
    if delivery.kind is Kind.CRON:
        look["stroke-dasharray"] = "3 2"
    nonce = str(delivery.nonce)
    if delivery.kind is Kind.SPAWN:
        points = f"{x - 11},{y} {x},{y - 11} {x + 11},{y} {x},{y + 11}"
        yield element("polygon", {"points": points, **look, "fill": HEAD})
    else:
        corner = 3 if delivery.action == "Eval" else 9
        width = max(18.0, width_of(nonce, NONCE.size) + 6)
        yield rectangle(centred(x, y, width, 18), {**look, "rx": corner})
    yield write(x, y + 3.2, nonce, NONCE)
    if delivery.has_failed:
        yield cross(x, y - 16, RED, 3.5)


def _axis(shown: tuple[Delivery, ...], lanes: Lanes, foot: float) -> Iterator[str]:
    """Times after the first message, as often as they have room."""
    yield rule(
        (lanes.left - 6, foot), (_x(lanes, len(shown)), foot), {"stroke": FAINT, "stroke-width": 1}
    )
    latest = list(accumulate((each.time for each in shown), max))
    for index in range(0, len(shown), APART):
        x = _x(lanes, index)
        yield rule((x, foot), (x, foot + 5), {"stroke": FAINT, "stroke-width": 1})
        yield write(x, foot + 18, after(latest[index] - latest[0]), TIME)


def after(milliseconds: int) -> str:
    """A length of time, as short as it can be said."""
    if milliseconds < 1000:
        return f"+{milliseconds} ms"
    seconds = milliseconds / 1000
    if seconds < 120:
        return f"+{seconds:.1f} s"
    minutes = seconds / 60
    if minutes < 120:
        return f"+{minutes:.0f} min"
    hours = minutes / 60
    return f"+{hours:.0f} h" if hours < 72 else f"+{hours / 24:.0f} d"


def to_plain(deliveries: tuple[Delivery, ...]) -> str:
    """A line for each process, a column for each message, in it the nonce. It holds no times."""
    shown, parties, earlier = last_of(deliveries, COLUMNS)
    if not shown:
        return "no messages"
    name = max(len(label(party.name, NAME)) for party in parties)
    cells = [f"{each.nonce}{'!' if each.has_failed else ''}" for each in shown]
    lines = [
        f"{label(party.name, NAME).ljust(name)}  " + " ".join(_cells(shown, cells, party)).rstrip()
        for party in parties
    ]
    notes = ["! failed"] if any(each.has_failed for each in shown) else []
    notes += [f"{earlier} earlier messages are left out"] if earlier else []
    return "\n".join((*(line.rstrip() for line in lines), *notes))


def _cells(shown: tuple[Delivery, ...], cells: list[str], party: Party) -> Iterator[str]:
    for each, cell in zip(shown, cells, strict=True):
        yield cell if each.receiver == party else "." * len(cell)


def to_table(deliveries: tuple[Delivery, ...]) -> Table:
    """The same message by message, with its time after the first."""
    shown, _, earlier = last_of(deliveries)
    rows = [
        (
            after(each.time - shown[0].time),
            label(each.receiver.name, NAME),
            str(each.nonce),
            label(each.sender.name, NAME),
            label(each.action, 30),
            label(each.data, 40),
            label(each.outcome, 60),
        )
        for each in shown
    ]
    if earlier:
        rows.insert(0, (f"{and_more(earlier)} before", "", "", "", "", "", ""))
    headings = ("time", "process", "nonce", "from", "action", "data", "outcome")
    return Table(headings, tuple(rows), "no messages")
