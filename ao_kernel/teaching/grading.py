"""Points for a notebook that has been run, by the metadata that nbgrader reads as well; and expectations that stand in a
cell's metadata, where a reader does not see them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Cell = Mapping[str, Any]
"""A notebook's cell as nbformat has it."""

REACHED = re.compile(r": (?P<points>[\d.]+) of (?P<worth>[\d.]+) points?$")
NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Grade:
    """What a graded cell is worth, and what was reached."""

    name: str
    reached: float
    worth: float


def with_expectations(cell: Cell) -> str:
    """A cell's source with what its metadata expects of it: `{"ao": {"expect": ["value: 42"]}}`."""
    source = str(cell["source"])
    asked = cell["metadata"].get("ao", {}).get("expect", ())
    lines = [asked] if isinstance(asked, str) else list(asked)
    if not lines:
        return source
    return "\n".join(("%%expect", *lines, "---", source))


def grades_of(cells: Sequence[Cell]) -> tuple[Grade, ...]:
    """The grades of the cells that are graded, in their order."""
    graded = (cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade"))
    return tuple(grade_of(cell) for cell in graded)


def grade_of(cell: Cell) -> Grade:
    """Nothing for an error, but for a check that holds in part its share; a number that the cell returns; else all."""
    told = cell["metadata"]["nbgrader"]
    worth = float(told.get("points", 0))
    return Grade(str(told.get("grade_id", "")), min(worth, _reached(cell, worth)), worth)


def _reached(cell: Cell, worth: float) -> float:
    outputs = cell.get("outputs", ())
    errors = [str(each["evalue"]) for each in outputs if each["output_type"] == "error"]
    if errors:
        return _share(errors[0]) * worth
    results = [each["data"] for each in outputs if each["output_type"] == "execute_result"]
    text = str(results[-1].get("text/plain", "")) if results else ""
    return float(text) if NUMBER.fullmatch(text) else worth


def _share(message: str) -> float:
    found = REACHED.search(message)
    return (
        float(found["points"]) / float(found["worth"]) if found and float(found["worth"]) else 0.0
    )


def report(grades: Sequence[Grade]) -> str:
    """The grades in lines, and their sum."""
    width = max((len(grade.name) for grade in grades), default=0)
    lines = [f"{grade.name.ljust(width)}  {grade.reached:g} of {grade.worth:g}" for grade in grades]
    reached, worth = sum(g.reached for g in grades), sum(g.worth for g in grades)
    return "\n".join((*lines, f"{'in all'.ljust(width)}  {reached:g} of {worth:g}"))
