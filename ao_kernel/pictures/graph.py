"""A graph in SVG: processes as cards on an ellipse, who wrote to whom as arrows between them. The same values give the same
picture."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, hypot, pi, sin

from ao_kernel.pictures.deliveries import and_more
from ao_kernel.pictures.labels import label, width_of
from ao_kernel.pictures.sequence import head_look
from ao_kernel.pictures.svg import (
    AMBER,
    BLUE,
    BOLD,
    MUTED,
    RED,
    Box,
    Look,
    card,
    centred,
    head,
    path,
    rectangle,
    write,
)
from ao_kernel.pictures.topology import Edge, Node, Topology

MOST = 16
"""Of more parties than these the busiest are drawn."""

WORDS = 8
"""Of no more arrows than these it is written what they carry, of more how many messages."""

WIDEST = 440.0
NAME, SAID = 22, 26
NAMED = Look(size=13, weight=BOLD, halo=False)
DETAIL = Look(size=11, fill=MUTED, halo=False)
COUNT = Look(size=11, fill=BLUE, weight=BOLD)
LEGEND = Look(size=11, fill=MUTED, anchor="start", halo=False)
LINE, PAD = 15.0, 12.0
MARGIN, FOOT = 24.0, 30.0
BEND, BENT = 0.16, 46.0
"""How far arrows bend: a part of their length, and at least so much."""

WRITES = {"stroke": BLUE, "stroke-width": 1.5}
BORN = {"stroke": MUTED, "stroke-width": 1.2, "stroke-dasharray": "6 4"}
TRUSTS = {"stroke": AMBER, "stroke-width": 1.2, "stroke-dasharray": "2 4"}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A node with its place."""

    node: Node
    box: Box


def svg(topology: Topology, title: str = "Processes") -> str:
    """The picture of these processes, and of who wrote to whom."""
    few, more = topology.busiest(MOST)
    placed, (width, height) = _placed(few)
    boxes = {each.node.party.id: each.box for each in placed}
    drawn = [
        *_ties(few.ties, boxes),
        *_edges(few.edges, boxes, width, with_words=len(few.edges) <= WORDS),
        *(shape for each in placed for shape in _card(each)),
        write(MARGIN, height - 12, _legend(few, more), LEGEND),
    ]
    return card((width, height), title, topology.in_words(), drawn)


def _legend(topology: Topology, more: int) -> str:
    parts = ["on the arrows: messages"]
    if any(tie.kind == "spawned" for tie in topology.ties):
        parts.append("dashed: spawned")
    if any(tie.kind == "trusts" for tie in topology.ties):
        parts.append("dotted: trusts")
    return " · ".join((*parts, *((f"{and_more(more)} that wrote less",) if more else ())))


def _size(node: Node) -> tuple[float, float]:
    name = width_of(label(node.party.name, NAME), NAMED.size)
    details = [width_of(line, DETAIL.size) for line in node.lines]
    return max(72.0, name, *details, 0.0) + 2 * PAD, 32.0 + LINE * len(node.lines)


def _placed(topology: Topology) -> tuple[tuple[Placed, ...], tuple[float, float]]:
    """Where each node stands: on an ellipse that is wide enough for its neighbours, in an order in which arrows are
    short."""
    nodes = _ordered(topology)
    sizes = tuple(_size(node) for node in nodes)
    widest = max((width for width, _ in sizes), default=0.0)
    tallest = max((height for _, height in sizes), default=0.0)
    across, down = _radii(len(nodes), widest, tallest)
    boxes = _ellipse(sizes, across, down)
    while _are_crowded(boxes):
        down *= 1.1
        boxes = _ellipse(sizes, across, down)
    size = (2 * (MARGIN + across) + widest, 2 * (MARGIN + down) + tallest + FOOT)
    left, top = size[0] / 2, (size[1] - FOOT) / 2
    placed = tuple(
        Placed(node, Box(box.x + left, box.y + top, box.width, box.height))
        for node, box in zip(nodes, boxes, strict=True)
    )
    return placed, (max(size[0], 260.0), size[1])


def _ellipse(sizes: Sequence[Point], across: float, down: float) -> tuple[Box, ...]:
    """Boxes of these sizes around nought, the first at the left."""
    angles = (pi + 2 * pi * index / len(sizes) for index in range(len(sizes)))
    return tuple(
        centred(across * cos(angle), down * sin(angle), width, height)
        for angle, (width, height) in zip(angles, sizes, strict=True)
    )


def _are_crowded(boxes: Sequence[Box]) -> bool:
    """Whether two stand closer than an arrow needs."""
    wide = [Box(box.x - 9, box.y - 14, box.width + 18, box.height + 28) for box in boxes]
    return any(one.overlaps(other) for one, other in combinations(wide, 2))


def _radii(count: int, width: float, height: float) -> tuple[float, float]:
    if count < 2:
        return 0.0, 0.0
    if count == 2:
        return (width + 180) / 2, 0.0
    apart = sin(2 * pi / count) if count > 4 else 1.0
    return min(WIDEST, max(260.0, (width + 24) / apart)), max(height + 40, (height + 28) / apart)


def _ordered(topology: Topology) -> tuple[Node, ...]:
    """The nodes in the order in which the sum of the ways between those that wrote to each other is small."""
    nodes = topology.nodes
    if len(nodes) <= 3:
        return nodes
    weights = {
        (a.party.id, b.party.id): topology.between(a.party.id, b.party.id)
        for a in nodes
        for b in nodes
    }
    best = list(nodes)
    for _ in range(3):
        best = _improved(best, weights)
    return tuple(best)


def _improved(nodes: list[Node], weights: dict[tuple[str, str], int]) -> list[Node]:
    """The order after exchanging pairs wherever that makes ways shorter; the first stays where it is."""
    for left, right in combinations(range(1, len(nodes)), 2):
        other = list(nodes)
        other[left], other[right] = other[right], other[left]
        if _length(other, weights) < _length(nodes, weights):
            nodes = other
    return nodes


def _length(nodes: Sequence[Node], weights: dict[tuple[str, str], int]) -> int:
    count = len(nodes)
    return sum(
        weights[a.party.id, b.party.id] * min(j - i, count - j + i)
        for i, a in enumerate(nodes)
        for j, b in enumerate(nodes)
        if i < j
    )


def _card(placed: Placed) -> Iterator[str]:
    node, box = placed.node, placed.box
    x = box.middle[0]
    look = head_look(node.party, 40)
    yield rectangle(box, {**look, "stroke": RED, "stroke-width": 2} if node.has_errors else look)
    yield write(x, box.y + 20, label(node.party.name, NAME), NAMED)
    for number, line in enumerate(node.lines, 1):
        yield write(x, box.y + 20 + LINE * number, line, DETAIL)


def _ties(ties: Iterable[Edge], boxes: dict[str, Box]) -> Iterator[str]:
    for tie in ties:
        way = _curve(boxes[tie.sender.id], boxes[tie.receiver.id], 0.0)
        look, colour = (BORN, MUTED) if tie.kind == "spawned" else (TRUSTS, AMBER)
        yield _arc(way, look)
        yield head(way[2], _direction(way[1], way[2]), colour)


def _edges(
    edges: Iterable[Edge], boxes: dict[str, Box], room: float, *, with_words: bool
) -> Iterator[str]:
    written = [(edge, label(edge.said, SAID) if with_words else str(edge.count)) for edge in edges]
    loops = [_beside_loop(boxes[e.sender.id], said) for e, said in written if e.is_loop]
    taken = [*boxes.values(), *loops]
    for edge, said in written:
        start, end = boxes[edge.sender.id], boxes[edge.receiver.id]
        if edge.is_loop:
            yield from _loop(start, said)
            continue
        colour = BLUE if edge.sender.is_process else MUTED
        way = _curve(start, end, BEND)
        yield _arc(way, {"stroke": colour, "stroke-width": 1.2 + min(2.5, edge.count / 40)})
        yield head(way[2], _direction(way[1], way[2]), colour)
        place = _free(way, said, taken, room)
        taken.append(place)
        yield write(place.middle[0], place.middle[1] + 4, said, Look(COUNT.size, colour, BOLD))


def _beside_loop(box: Box, said: str) -> Box:
    return Box(box.x + box.width - 4, box.y + box.height + 3, width_of(said, COUNT.size) + 4, 16.0)


def _loop(box: Box, said: str) -> Iterator[str]:
    """What a process wrote to itself: an arrow from its foot and back to it."""
    x, y = box.x + box.width - 30, box.y + box.height
    steps = ("M", x, y, "C", x - 4, y + 24, x + 26, y + 24, x + 20, y + 3)
    yield path(steps, WRITES)
    yield head((x + 20, y), (-0.2, -0.98), BLUE)
    place = _beside_loop(box, said)
    yield write(place.x + 2, place.y + 12, said, Look(COUNT.size, BLUE, BOLD, "start"))


Way = tuple[Point, Point, Point]
"""A bent arrow: its start, the place that it bends towards, its tip."""


def _curve(start: Box, end: Box, bend: float) -> Way:
    (x1, y1), (x2, y2) = start.middle, end.middle
    length = hypot(x2 - x1, y2 - y1) or 1.0
    aside = max(bend, BENT / length) if bend else 0.0
    over = (x1 + x2) / 2 - aside * (y2 - y1), (y1 + y2) / 2 + aside * (x2 - x1)
    return _border(start, over), over, _border(end, over)


def _border(box: Box, towards: Point) -> Point:
    """Where the way from a box's middle to that place leaves the box."""
    x, y = box.middle
    dx, dy = towards[0] - x, towards[1] - y
    across = (box.width / 2 + 2) / abs(dx) if dx else float("inf")
    down = (box.height / 2 + 2) / abs(dy) if dy else float("inf")
    part = min(across, down)
    return (x, y) if part == float("inf") else (x + dx * part, y + dy * part)


def _direction(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy) or 1.0
    return dx / length, dy / length


def _arc(way: Way, look: dict[str, object]) -> str:
    (x1, y1), (cx, cy), (x2, y2) = way
    dx, dy = _direction(way[1], way[2])
    # The line ends within the head, so that its own end cannot be seen beside the tip.
    return path(("M", x1, y1, "Q", cx, cy, x2 - 7 * dx, y2 - 7 * dy), look)


def _free(way: Way, text: str, taken: Sequence[Box], room: float) -> Box:
    """A place beside the arrow at which its label covers nothing; on the outer side of its bend."""
    width = width_of(text, COUNT.size) + 4
    (x1, _), over, (x2, _) = way
    outwards = over[0] - (x1 + x2) / 2
    aside = outwards / (hypot(outwards, over[1] - (way[0][1] + way[2][1]) / 2) or 1.0)
    places = []
    for part in (9, 7, 11, 6, 13, 5, 14, 4, 16, 3, 17):
        x, y = _at(way, part / 20)
        middle = min(max(x + aside * width / 2, width / 2 + 4), room - width / 2 - 4)
        places.append(centred(middle, y, width, 16.0))
    free = (place for place in places if not any(place.overlaps(other) for other in taken))
    return next(free, places[0])


def _at(way: Way, part: float) -> Point:
    (x1, y1), (cx, cy), (x2, y2) = way
    rest = 1 - part
    return (
        rest * rest * x1 + 2 * rest * part * cx + part * part * x2,
        rest * rest * y1 + 2 * rest * part * cy + part * part * y2,
    )
