"""A sequence diagram in SVG: a lane for each party, an arrow for each message, from top to bottom in their order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ao_kernel.pictures import plain
from ao_kernel.pictures.deliveries import (
    Delivery,
    Kind,
    Party,
    and_more,
    folded,
    with_few_parties,
)
from ao_kernel.pictures.labels import fitting, label, width_of
from ao_kernel.pictures.svg import (
    AMBER,
    BLUE,
    BOLD,
    FAINT,
    HEAD,
    MUTED,
    RED,
    Box,
    Look,
    card,
    centred,
    cross,
    group,
    head,
    path,
    rectangle,
    rule,
    write,
    write_all,
)

MOST = 40
"""Of more messages than these the first are drawn."""

WIDTH = 960
"""What a notebook's page is wide; labels are cut where the picture would be wider."""

BUDGETS = (34, 26, 20, 16, 13, 10, 8)
ROOM = 32.0
MARGIN, GUTTER = 20.0, 30.0
HEAD_HEIGHT, NAME = 30.0, 18
ROW, NOTE, LOOP = 38.0, 14.0, 14.0
LOOP_WIDTH = 38.0
NOTED, NOTES_WIDTH = 11, 720.0
BADGE = 18.0

HEADS = Look(size=13, weight=BOLD, halo=False)
ACTION = Look(size=12, weight=BOLD)
DATA = Look(size=12, fill=MUTED)
NUMBER = Look(size=10, fill=MUTED, anchor="end", halo=False)
NONCE = Look(size=10, halo=False)
MORE = Look(size=12, fill=MUTED)

DASHES: Mapping[Kind, str] = {Kind.SPAWN: "6 4", Kind.ASSIGNMENT: "2 4"}


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its lanes and what is written on it."""

    delivery: Delivery
    start: int
    end: int
    said: str
    data: str

    @property
    def is_loop(self) -> bool:
        return self.start == self.end

    @property
    def height(self) -> float:
        note = NOTE if self.delivery.note else 0.0
        return ROW + note + (LOOP if self.is_loop else 0.0)

    @property
    def note(self) -> str:
        """What stands below it, if anything is to be said."""
        mark = "✕" if self.delivery.has_failed else "…"
        return label(f"{mark} {self.delivery.note}", 90) if self.delivery.note else ""

    @property
    def width(self) -> float:
        """What its label takes."""
        gap = 6 if self.data else 0
        return width_of(self.said, ACTION.size) + gap + width_of(self.data, DATA.size)


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where each party's lane is, and how wide the whole is."""

    parties: tuple[Party, ...]
    places: tuple[float, ...]
    width: float


def svg(deliveries: tuple[Delivery, ...], title: str = "Messages") -> str:
    """The diagram of these messages."""
    shown, more = folded(deliveries, MOST)
    few, parties = with_few_parties(shown)
    rows, lanes = _fitted(few, parties)
    bottom = MARGIN + HEAD_HEIGHT + 14 + sum(row.height for row in rows)
    foot = bottom + 10 + (22 if more else 0)
    shapes = [
        *_lifelines(lanes, foot),
        *_heads(lanes, MARGIN),
        *_messages(rows, lanes),
        *((write(lanes.width / 2, bottom + 16, and_more(more), MORE),) if more else ()),
        *(_heads(lanes, foot) if len(rows) > 10 else ()),
    ]
    height = foot + (HEAD_HEIGHT if len(rows) > 10 else 0) + MARGIN
    return card((lanes.width, height), title, plain.sentences(deliveries), shapes)


def _fitted(
    deliveries: tuple[Delivery, ...], parties: tuple[Party, ...]
) -> tuple[tuple[Row, ...], Lanes]:
    """The rows with the longest labels that keep the whole within a page, or the shortest if none do."""
    for budget in BUDGETS:
        rows = _rows(deliveries, parties, budget)
        lanes = _lanes(rows, parties, max(8, min(NAME, budget)))
        if lanes.width <= WIDTH:
            break
    return rows, lanes


def _rows(
    deliveries: tuple[Delivery, ...], parties: tuple[Party, ...], budget: int
) -> tuple[Row, ...]:
    lane = {party.id: index for index, party in enumerate(parties)}
    return tuple(
        Row(each, lane[each.sender.id], lane[each.receiver.id], *_said(each, budget))
        for each in deliveries
    )


def _said(delivery: Delivery, budget: int) -> tuple[str, str]:
    said = label(delivery.said, budget)
    room = budget - len(said) - 1
    return said, label(delivery.text, room) if room >= 4 else ""


def _lanes(rows: tuple[Row, ...], parties: tuple[Party, ...], most: int) -> Lanes:
    """The narrowest places for the lanes at which no name and no label touches another."""
    names = tuple(Party(party.id, label(party.name, most), party.is_process) for party in parties)
    places = [MARGIN + GUTTER + _head_width(names[0]) / 2] if names else []
    for right in range(1, len(names)):
        beside = (_head_width(names[right - 1]) + _head_width(names[right])) / 2 + 10
        wanted = [places[right - 1] + beside]
        wanted += [places[left] + room for left, room in _rooms(rows, right)]
        places.append(max(wanted))
    last = places[-1] if places else 0.0
    loops = [
        row.width + LOOP_WIDTH + 12 for row in rows if row.is_loop and row.end == len(names) - 1
    ]
    edge = max([_head_width(names[-1]) / 2 if names else 0.0, *loops])
    notes = [width_of(row.note, NOTED) + 2 * MARGIN + GUTTER for row in rows]
    room = min(max(notes, default=0.0), NOTES_WIDTH)
    return Lanes(names, tuple(places), max(last + edge + MARGIN, room, 240.0))


def _rooms(rows: tuple[Row, ...], right: int) -> Iterator[tuple[int, float]]:
    """How far from which lane on its left a lane must be for the labels between them."""
    for row in rows:
        left, end = sorted((row.start, row.end))
        if row.is_loop and row.start == right - 1:
            yield row.start, LOOP_WIDTH + row.width + 24
        elif end == right and left != right:
            yield left, row.width + ROOM


def _head_width(party: Party) -> float:
    return max(48.0, width_of(party.name, HEADS.size) + 16)


def _lifelines(lanes: Lanes, foot: float) -> Iterator[str]:
    look = {"stroke": FAINT, "stroke-width": 1, "stroke-dasharray": "3 4"}
    for x in lanes.places:
        yield rule((x, MARGIN + HEAD_HEIGHT), (x, foot), look)


def _heads(lanes: Lanes, top: float) -> Iterator[str]:
    for party, x in zip(lanes.parties, lanes.places, strict=True):
        box = Box(x - _head_width(party) / 2, top, _head_width(party), HEAD_HEIGHT)
        yield rectangle(box, head_look(party, HEAD_HEIGHT))
        yield write(x, top + 19.5, party.name, HEADS)


def head_look(party: Party, height: float) -> dict[str, object]:
    """A process has corners; whoever is none, such as you, is round."""
    if party.is_process:
        return {"rx": 4, "fill": HEAD, "stroke": MUTED}
    return {"rx": height / 2, "fill": "#fff7e0", "stroke": MUTED}


def _messages(rows: Iterable[Row], lanes: Lanes) -> Iterator[str]:
    top = MARGIN + HEAD_HEIGHT + 14
    for number, row in enumerate(rows, 1):
        yield write(MARGIN + 8, top + 25, str(number), NUMBER)
        drawn = _loop(row, lanes, top) if row.is_loop else _arrow(row, lanes, top)
        yield group(row.delivery.told, drawn)
        top += row.height


def _arrow(row: Row, lanes: Lanes, top: float) -> Iterator[str]:
    start, end, y = lanes.places[row.start], lanes.places[row.end], top + 24
    way = 1 if end > start else -1
    tip = end - way * (BADGE / 2 + 2) if row.delivery.nonce is not None else end - way * 8
    colour = RED if row.delivery.has_failed else BLUE
    yield rule((start + way * 2, y), (tip - way * 6, y), _stroke(row.delivery, colour))
    yield head((tip, y), (way, 0), colour)
    yield _label(row, (start + end) / 2, y - 7)
    yield from _badge(row.delivery, end, y, colour)
    yield from _note(row, (tip - way * 4, y + 15), "end" if way > 0 else "start", lanes)


def _loop(row: Row, lanes: Lanes, top: float) -> Iterator[str]:
    """A message to oneself."""
    x, y, low = lanes.places[row.start], top + 18, top + 18 + LOOP
    colour = RED if row.delivery.has_failed else BLUE
    tip, right = x + BADGE / 2 + 2, x + LOOP_WIDTH
    steps = (
        "M",
        x + 2,
        y,
        "H",
        right - 6,
        "Q",
        right,
        y,
        right,
        y + 7,
        "Q",
        right,
        low,
        right - 6,
        low,
        "H",
        tip + 6,
    )
    yield path(steps, _stroke(row.delivery, colour))
    yield head((tip, low), (-1, 0), colour)
    yield _label(row, right + 8 + row.width / 2, top + 29)
    yield from _badge(row.delivery, x, low, colour)
    yield from _note(row, (tip, low + 18), "start", lanes)


def _stroke(delivery: Delivery, colour: str) -> dict[str, object]:
    dashes = DASHES.get(delivery.kind)
    dashed = {"stroke-dasharray": dashes} if dashes else {}
    return {"stroke": colour, "stroke-width": 1.5, **dashed}


def _label(row: Row, x: float, y: float) -> str:
    pieces = [(row.said, ACTION), *([(f" {row.data}", DATA)] if row.data else [])]
    return write_all(x, y, pieces)


def _badge(delivery: Delivery, x: float, y: float, colour: str) -> Iterator[str]:
    """The nonce that the message has in its receiver's log, on the receiver's lane."""
    if delivery.nonce is None:
        yield cross(x, y, colour)
        return
    text = str(delivery.nonce)
    box = centred(x, y, max(BADGE, width_of(text, NONCE.size) + 8), 16)
    width = {"stroke-width": 2} if delivery.has_failed else {}
    yield rectangle(box, {"rx": 4, "fill": "#ffffff", "stroke": colour, **width})
    yield write(x, y + 3.5, text, NONCE)


def _note(row: Row, place: tuple[float, float], anchor: str, lanes: Lanes) -> Iterator[str]:
    note = row.note
    if not note:
        return
    x, y = place
    left, right = MARGIN + GUTTER, lanes.width - MARGIN
    width = width_of(note, NOTED)
    if anchor == "end" and x - width < left:
        x, anchor = left, "start"
    elif anchor == "start" and x + width > right:
        x, anchor = right, "end"
    colour = RED if row.delivery.has_failed else AMBER
    yield write(x, y, fitting(note, right - left, NOTED), Look(NOTED, colour, anchor=anchor))
