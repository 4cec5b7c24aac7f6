"""Pictures in SVG: a white card that reads on light and dark pages alike, and the few shapes that are drawn on it. All
text is escaped here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from ao_kernel.ansi import plain

CARD, EDGE = "#ffffff", "#cbd2d9"
INK, MUTED, FAINT = "#1f2933", "#52606d", "#9aa5b1"
HEAD, BLUE, RED, AMBER = "#eaf1fb", "#1d4ed8", "#b42318", "#8a5a00"
FONT = "-apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

TEXT = 8000
"""Characters of the longest text, which is the description."""

PLAIN_WEIGHT, BOLD = 400, 600

Attributes = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Look:
    """How a text is written. One with a halo can be read above lines."""

    size: float = 12
    fill: str = INK
    weight: int = PLAIN_WEIGHT
    anchor: str = "middle"
    halo: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the card."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: "Box") -> bool:
        """Whether the two have a place in common."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


def centred(x: float, y: float, width: float, height: float) -> Box:
    """The box of that size around a place."""
    return Box(x - width / 2, y - height / 2, width, height)


def element(name: str, attributes: Attributes, content: str = "") -> str:
    """An element. Its attributes are escaped; the content is SVG already."""
    written = "".join(f' {key}="{_shown(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value))


def write(x: float, y: float, text: str, look: Look = Look()) -> str:
    """A line of text whose baseline is at that height."""
    return write_all(x, y, ((text, look),), look.anchor)


def write_all(
    x: float, y: float, pieces: Iterable[tuple[str, Look]], anchor: str = "middle"
) -> str:
    """A line of texts that look different, as long as they are together."""
    written = "".join(_piece(text, look) for text, look in pieces)
    return element("text", {"x": float(x), "y": float(y), "text-anchor": anchor}, written)


def _piece(text: str, look: Look) -> str:
    attributes: dict[str, object] = {"fill": look.fill, "font-size": look.size}
    if look.weight != PLAIN_WEIGHT:
        attributes["font-weight"] = look.weight
    if look.halo:
        attributes |= {"paint-order": "stroke", "stroke": CARD, "stroke-width": 4}
        attributes |= {"stroke-linejoin": "round"}
    return element("tspan", attributes, _text(text))


def _text(text: str) -> str:
    return escape(plain(text[:TEXT]), quote=False)


def rule(start: tuple[float, float], end: tuple[float, float], attributes: Attributes) -> str:
    """A straight line."""
    places = {
        "x1": float(start[0]),
        "y1": float(start[1]),
        "x2": float(end[0]),
        "y2": float(end[1]),
    }
    return element("line", {**places, **attributes})


def rectangle(box: Box, attributes: Attributes) -> str:
    """A rectangle."""
    place = {
        "x": float(box.x),
        "y": float(box.y),
        "width": float(box.width),
        "height": float(box.height),
    }
    return element("rect", {**place, **attributes})


def path(steps: Iterable[object], attributes: Attributes) -> str:
    """A line through places, as SVG's own commands say."""
    return element("path", {"d": " ".join(map(_shown, steps)), "fill": "none", **attributes})


def head(tip: tuple[float, float], direction: tuple[float, float], colour: str) -> str:
    """The head of an arrow that ends there; the direction is one unit long."""
    (x, y), (dx, dy) = tip, direction
    back, side = (x - 9 * dx, y - 9 * dy), 4.0
    corners = (
        tip,
        (back[0] - side * dy, back[1] + side * dx),
        (back[0] + side * dy, back[1] - side * dx),
    )
    points = " ".join(f"{_shown(float(a))},{_shown(float(b))}" for a, b in corners)
    return element("polygon", {"points": points, "fill": colour})


def group(title: str, shapes: Iterable[str]) -> str:
    """Shapes that belong together, and what is told of them under the mouse."""
    return element("g", {}, element("title", {}, _text(title)) + "".join(shapes))


def cross(x: float, y: float, colour: str, size: float = 4) -> str:
    """A mark that does not need its colour to be told: something went wrong here."""
    steps = (
        "M",
        x - size,
        y - size,
        "L",
        x + size,
        y + size,
        "M",
        x - size,
        y + size,
        "L",
        x + size,
        y - size,
    )
    return path(steps, {"stroke": colour, "stroke-width": 2, "stroke-linecap": "round"})


def card(size: tuple[float, float], title: str, description: str, shapes: Iterable[str]) -> str:
    """The whole picture. Title and description are what a screen reader says."""
    width, height = float(round(size[0])), float(round(size[1]))
    told = element("title", {}, _text(title)) + element("desc", {}, _text(description))
    border = {"rx": 8, "fill": CARD, "stroke": EDGE}
    ground = rectangle(Box(0.5, 0.5, width - 1, height - 1), border)
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {_shown(width)} {_shown(height)}",
        "width": width,
        "height": height,
        "role": "img",
        "font-family": FONT,
        "style": "max-width:100%;height:auto",
    }
    return element("svg", attributes, told + ground + "".join(shapes))
