"""An exercise as a teacher writes it: its points and hints, and the parts of its check, each with what is expected."""

import re
from dataclasses import dataclass, field

from ao_kernel.teaching.expectations import DIVISION, Expected, Unclear, parse
from ao_kernel.teaching.judging import Shortfall

HEADER = re.compile(r"(?P<name>points|hint):[ \t]*(?P<text>.*?)[ \t]*")
REMARK = re.compile(r"\s*(?:--(?!-).*|#.*)?")
"""Comments, and the marks that nbgrader puts around what it hides."""

DONE, OPEN = "✓", "✗"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a check looks at."""

    title: str
    expected: Expected


@dataclass(frozen=True, slots=True)
class Exercise:
    """A check by its name, with what it is worth."""

    name: str
    parts: tuple[Part, ...]
    points: float = 1.0
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one part went: what did not hold, or how its Lua failed."""

    part: Part
    shortfalls: tuple[Shortfall, ...] = ()
    error: str = ""

    @property
    def holds(self) -> bool:
        return not self.shortfalls and not self.error


@dataclass(slots=True)
class Lessons:
    """The exercises of a session: those that were given, and how often each was not right yet."""

    given: dict[str, Exercise] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)

    def note(self, exercise: Exercise, *, is_right: bool) -> int:
        """Counts an attempt; answers with how often it was not right in a row."""
        count = 0 if is_right else self.attempts.get(exercise.name, 0) + 1
        self.attempts[exercise.name] = count
        return count


def read_exercise(name: str, body: str, line: int = 1) -> Exercise:
    """Reads a check whose cell begins at that line. Raises Unclear."""
    if not re.fullmatch(r"[\w-]+", name):
        raise Unclear(f"a check has a name such as ping-pong, not {name!r}", line)
    lines = body.split("\n")
    starts = [index for index, text in enumerate(lines) if DIVISION.fullmatch(text)]
    if not starts:
        raise Unclear("a check has parts, each below a line that begins with ---", line)
    points, hints = _header(lines[: starts[0]], line)
    ends = [*starts[1:], len(lines)]
    parts = tuple(
        _part(lines[start:end], line + start + 1) for start, end in zip(starts, ends, strict=True)
    )
    return Exercise(name, parts, points, hints)


def _header(lines: list[str], line: int) -> tuple[float, tuple[str, ...]]:
    points, hints = 1.0, []
    for number, text in enumerate(lines, line + 1):
        found = HEADER.fullmatch(text)
        if found is None and not REMARK.fullmatch(text):
            raise Unclear(f"above the parts stand points: and hint:, not {text.strip()!r}", number)
        if found is not None and found["name"] == "hint":
            hints.append(found["text"])
        elif found is not None:
            points = _points(found["text"], number)
    return points, tuple(hints)


def _points(text: str, line: int) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise Unclear(f"points are a number, not {text!r}", line)
    return float(text)


def _part(lines: list[str], line: int) -> Part:
    head = DIVISION.fullmatch(lines[0])
    assert head is not None, "a part begins with its division"
    expected = parse("", "\n".join(lines[1:]), line)
    if not expected.source.strip():
        raise Unclear("a part has Lua, which is run in the reader's process", line)
    return Part(head["title"] or "it works", expected)


def told(exercise: Exercise, verdicts: tuple[Verdict, ...], attempt: int) -> tuple[str, ...]:
    """How a check went, line by line: each part, what was wrong with it, and one hint more at each attempt."""
    lines: list[str] = []
    for verdict in verdicts:
        lines.append(f"  {DONE if verdict.holds else OPEN} {verdict.part.title}")
        lines += _wrong(verdict)
    number = min(attempt, len(exercise.hints))
    if number:
        lines.append(f"hint {number} of {len(exercise.hints)}: {exercise.hints[number - 1]}")
    return tuple(lines)


def _wrong(verdict: Verdict) -> list[str]:
    lines = [
        f"      {line}"
        for each in verdict.shortfalls
        for line in (each.expectation.written, *each.lines)
    ]
    return [f"      {verdict.error}", *lines] if verdict.error else lines


def score(exercise: Exercise, verdicts: tuple[Verdict, ...]) -> float:
    """The points that were reached: of each part alike."""
    right = sum(verdict.holds for verdict in verdicts)
    return exercise.points * right / len(exercise.parts)


def headline(exercise: Exercise, verdicts: tuple[Verdict, ...]) -> str:
    """The check in one line."""
    reached = score(exercise, verdicts)
    return f"{exercise.name}: {reached:g} of {exercise.points:g} {'point' if exercise.points == 1 else 'points'}"
