"""A table in the two forms that every front end can show: aligned text and HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

HEAD = 'style="text-align:left"'


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "nothing"

    def to_plain(self) -> str:
        if not self.rows:
            return self.empty
        lines = [self.headings, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.headings))]
        return "\n".join(_aligned(line, widths) for line in lines)

    def to_html(self) -> str:
        if not self.rows:
            return f"<em>{escape(self.empty)}</em>"
        head = "".join(f"<th {HEAD}>{escape(heading)}</th>" for heading in self.headings)
        body = "".join(_row(row) for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td {HEAD}>{escape(cell)}</td>" for cell in cells) + "</tr>"


def shortened(text: str, width: int = 60) -> str:
    """The text on one line, cut where it is longer than the width."""
    # What is a megabyte long need not be split into its words to find the first of them.
    line = " ".join(text[: width * 50].split())
    return line if len(line) <= width else line[: width - 1] + "…"
