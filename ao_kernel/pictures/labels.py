"""Text from processes as a label: on one line, no longer than it may be, and measured before there is a screen."""

import re
import unicodedata

from ao_kernel.ansi import plain
from ao_kernel.tables import shortened

NARROW, WIDE = frozenset("iIjl.,:;'|!()[]{}ft "), frozenset("mwMW@%—…")
ENDING = re.compile(r"\bend\b", re.IGNORECASE)
HARMLESS = re.compile(r"[^\w .,!?/+*=()\[\]'-]")
"""What mermaid might read as its own syntax: all but these characters."""


def label(text: str, most: int) -> str:
    """The text on one line, with nothing in it that cannot be seen."""
    return shortened(plain(text[: most * 8 + 8]), most)


def width_of(text: str, size: float) -> float:
    """About how wide a text is in a font of that size; rather too wide than too narrow."""
    return sum(_width(character) for character in text) * size


def _width(character: str) -> float:
    if character in NARROW:
        return 0.36
    if character in WIDE:
        return 0.98
    if character.isascii():
        return 0.7 if character.isupper() else 0.6
    if unicodedata.combining(character):
        return 0.0
    return 1.1 if unicodedata.east_asian_width(character) in "WF" else 0.75


def fitting(text: str, width: float, size: float) -> str:
    """The text, cut to what fits into that width."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


def mermaid_label(text: str, most: int) -> str:
    """The text as mermaid shows it and does not read it."""
    coded = HARMLESS.sub(lambda found: f"#{ord(found.group())};", label(text, most))
    # Mermaid takes the word for the end of a block, wherever it stands.
    return ENDING.sub(lambda found: f"#{ord(found.group()[0])};{found.group()[1:]}", coded)
