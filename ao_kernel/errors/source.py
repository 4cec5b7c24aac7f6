"""The text that was evaluated, and how a person calls its places. What stands in it is for others to say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

CELL = "cell-"
"""How the name of a cell's text begins."""


def _nowhere(line: int) -> str:
    return f"{line:>3}"


@dataclass(frozen=True, slots=True)
class Source:
    """The text that was evaluated, how its lines are labelled, and the names that its author could have meant."""

    text: str
    label: Callable[[int], str] = _nowhere
    names: tuple[str, ...] = ()
    earlier: Mapping[str, "Source"] = field(default_factory=dict)
    """What was evaluated before, by chunk name: where the functions that this text calls were written."""

    title: str = ""
    """What the cell is called that the text stood in, such as `In[7]`."""

    @property
    def chunk(self) -> str:
        """The name that the text goes by in errors; the same text has the same name."""
        return f"{CELL}{sha256(self.text.encode('utf-8', 'replace')).hexdigest()[:10]}"

    def find(self, chunk: str) -> "Source | None":
        """The text that a chunk name in an error is of."""
        return self if chunk in ("aos", self.chunk) else self.earlier.get(chunk)

    def line(self, number: int) -> str:
        """A line of the text; the last one where there are not so many."""
        lines = self.text.split("\n")
        return lines[min(number, len(lines)) - 1]

    def place(self, number: int) -> str:
        """Where a line is, in words: `line 3`, or `bot.lua:3` where its label says so."""
        label = self.label(number).strip()
        return f"line {label}" if label.isdecimal() else label

    def full_place(self, number: int) -> str:
        """Where a line is for someone who looks at another text: `In[7], line 3`."""
        place = self.place(number)
        return f"{self.title or 'an earlier cell'}, {place}" if place.startswith("line ") else place


def cell_lines(first: int) -> Callable[[int], str]:
    """Labels for Lua that starts at that line of its cell."""
    return lambda line: f"{line + first - 1:>3}"
