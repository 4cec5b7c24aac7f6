"""Text with terminal colours: without them, and as HTML."""

import re
from html import escape

COLOUR = re.compile(r"\x1b\[([0-9;]*)m")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Characters that steer a terminal, turn text around, or that no document may hold."""

CLASSES = {
    "31": "red",
    "32": "green",
    "33": "yellow",
    "34": "blue",
    "35": "magenta",
    "36": "cyan",
    "90": "black-intense",
}
"""Colour codes, and the name that Jupyter's own style sheets have for each."""


def plain(text: str) -> str:
    """The text without colours, and with all that would not be seen written out."""
    shown = CONTROL.sub("", text).replace("\r\n", "\n")
    return UNSEEN.sub(lambda found: ascii(found.group())[1:-1], shown)


def colours_only(text: str) -> str:
    """The text for a terminal: it may have colours, and they end with it; all else is as in plain text."""
    parts = COLOUR.split(text)
    parts[0::2] = map(plain, parts[0::2])
    codes = parts[1::2]
    parts[1::2] = [f"\x1b[{code}m" for code in codes]
    return "".join(parts) + ("" if not codes or codes[-1] in ("", "0") else "\x1b[0m")


def to_html(text: str) -> str:
    """The text as HTML with Jupyter's colour classes, so that it follows the theme."""
    parts = COLOUR.split(text)
    shown = [escape(plain(parts[0]), quote=False)]
    for code, piece in zip(parts[1::2], parts[2::2], strict=True):
        shown.append(_span(code, escape(plain(piece), quote=False)))
    return f'<pre style="margin:0">{"".join(shown)}</pre>'


def _span(code: str, escaped: str) -> str:
    name = CLASSES.get(code)
    return (
        escaped if name is None or not escaped else f'<span class="ansi-{name}-fg">{escaped}</span>'
    )


def coloured(text: str, code: int) -> str:
    """The text in one colour."""
    return f"\x1b[{code}m{text}\x1b[0m"
