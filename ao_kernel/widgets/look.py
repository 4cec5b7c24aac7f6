"""How widgets look: HTML made of texts that nobody vouches for, and a style that follows the front end's theme."""

from collections.abc import Iterable
from html import escape

from ao_kernel.ansi import plain

NOTE = "ao-note"
LIST = "ao-list"

STYLE = """<style>
.ao-widget { color: var(--jp-ui-font-color1, inherit); padding: 4px; gap: 4px;
  border: 1px solid var(--jp-border-color2, #bdbdbd); border-radius: 3px; overflow: hidden }
.ao-widget .widget-html, .ao-widget .widget-html-content { height: auto; line-height: 1.4 }
.ao-widget .widget-hbox { align-items: center; flex-wrap: wrap }
.ao-widget .widget-toggle-buttons { width: auto }
.ao-widget .ao-heading { font-weight: 600; font-size: 14px }
.ao-widget .ao-list select, .ao-widget textarea { font-family: var(--jp-code-font-family, monospace);
  font-size: var(--jp-code-font-size, 13px) }
.ao-widget table { border-collapse: collapse; color: inherit }
.ao-widget th, .ao-widget td { text-align: left; padding: 2px 12px 2px 0; vertical-align: top;
  border-bottom: 1px solid var(--jp-border-color3, #e0e0e0) }
.ao-widget th { font-weight: 600 }
.ao-widget pre { margin: 4px 0; padding: 6px; white-space: pre-wrap; overflow-wrap: anywhere;
  max-height: 20em; overflow: auto; line-height: 1.3; color: var(--jp-content-font-color1, inherit);
  background: var(--jp-layout-color2, rgba(128, 128, 128, .12));
  font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px) }
.ao-widget .ao-note { color: var(--jp-ui-font-color2, inherit) }
.ao-widget :focus-visible { outline: 2px solid var(--jp-brand-color1, #2196f3); outline-offset: 1px }
</style>"""

MUCH = 20_000
"""Of one text, so many characters are shown."""

NAME = 2000
"""And so many of what stands among others, such as a name."""


def told(text: str, most: int = NAME) -> str:
    """Somebody's text as HTML: nothing in it is anything but text, and what is left out of a very long one is marked."""
    return escape(plain(text[:most])) + ("…" if len(text) > most else "")


def heading(text: str) -> str:
    """What stands above a widget."""
    return f'<div class="ao-heading" role="heading" aria-level="3">{told(text)}</div>'


def note(text: str) -> str:
    """A line that readers of the screen read out when it changes."""
    return f'<div role="status" aria-live="polite">{told(text)}</div>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values, one pair a line."""
    lines = "".join(
        f'<tr><th scope="row">{told(name)}</th><td>{told(value)}</td></tr>' for name, value in rows
    )
    return f"<table>{lines}</table>"


def block(text: str) -> str:
    """A text as it was written, with its lines; a very long one is cut."""
    left_out = len(text) - MUCH
    more = f"<em>and {left_out:,} characters more</em>" if left_out > 0 else ""
    return f'<pre tabindex="0">{told(text[:MUCH], MUCH)}</pre>{more}'


def columns(cells: Iterable[tuple[str, int]]) -> str:
    """Cells side by side in a list, which would take many spaces for one: each cut or filled to its width."""
    return "\u00a0\u00a0".join(_filled(one_line(text), width) for text, width in cells).rstrip(
        "\u00a0"
    )


def one_line(text: str) -> str:
    """The text without line breaks and what else a list does not show."""
    return " ".join("".join(c if c.isprintable() else " " for c in plain(text)).split())


def _filled(text: str, width: int) -> str:
    cut = text if len(text) <= width else text[: width - 1] + "…"
    return cut.ljust(width).replace(" ", "\u00a0")
