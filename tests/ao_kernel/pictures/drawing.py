"""Reads SVG back, for tests that look at what was drawn."""

from itertools import combinations
from xml.etree import ElementTree

from ao_kernel.pictures.svg import Box

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ElementTree.Element:
    """The picture; fails where it is not well formed."""
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    """What is written, line by line."""
    return ["".join(text.itertext()) for text in drawn(svg).iter(f"{SVG}text")]


def boxes(svg: str) -> list[Box]:
    """The rectangles but for the card itself."""
    found = [
        Box(*(float(rect.attrib[name]) for name in ("x", "y", "width", "height")))
        for rect in drawn(svg).iter(f"{SVG}rect")
    ]
    return found[1:]


def size(svg: str) -> tuple[float, float]:
    root = drawn(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def overlapping(found: list[Box]) -> list[tuple[Box, Box]]:
    return [(one, other) for one, other in combinations(found, 2) if one.overlaps(other)]


def outside(svg: str) -> list[Box]:
    """The rectangles that do not stand on the card."""
    width, height = size(svg)
    return [
        box
        for box in boxes(svg)
        if box.x < 0 or box.y < 0 or box.x + box.width > width or box.y + box.height > height
    ]


def elements(svg: str) -> set[str]:
    """The names of all elements."""
    return {element.tag.removeprefix(SVG) for element in drawn(svg).iter()}


def attributes(svg: str) -> set[str]:
    """The names of all attributes."""
    return {name for element in drawn(svg).iter() for name in element.attrib}
