import pytest

from ao_kernel.teaching.exercises import (
    Exercise,
    Lessons,
    Verdict,
    headline,
    read_exercise,
    score,
    told,
)
from ao_kernel.teaching.expectations import Unclear
from ao_kernel.teaching.judging import Seen, shortfalls

BODY = """\
points: 3
hint: first
hint: second
-- a remark
### BEGIN HIDDEN TESTS
--- it adds
value: 3
1 + 2
--- it asserts
assert(true)
"""


@pytest.fixture
def exercise() -> Exercise:
    return read_exercise("sums", BODY, 1)


def test_an_exercise_has_points_hints_and_parts_with_their_lines(exercise: Exercise) -> None:
    assert (exercise.points, exercise.hints) == (3.0, ("first", "second"))
    assert [part.title for part in exercise.parts] == ["it adds", "it asserts"]
    assert [part.expected.line for part in exercise.parts] == [9, 11]


def test_points_are_reached_part_by_part(exercise: Exercise) -> None:
    adds, asserts = exercise.parts
    verdicts = (
        Verdict(adds, shortfalls(adds.expected.expectations, Seen(value="4"))),
        Verdict(asserts),
    )

    assert score(exercise, verdicts) == 1.5
    assert headline(exercise, verdicts) == "sums: 1.5 of 3 points"
    assert told(exercise, verdicts, 1) == (
        "  ✗ it adds",
        "      value: 3",
        "      expected  3",
        "      found     4",
        "  ✓ it asserts",
        "hint 1 of 2: first",
    )


def test_an_error_in_a_part_is_told(exercise: Exercise) -> None:
    verdicts = tuple(Verdict(part, error="boom") for part in exercise.parts)

    assert "      boom" in told(exercise, verdicts, 0)


def test_each_attempt_gives_a_hint_more_and_the_last_stays(exercise: Exercise) -> None:
    hints = [told(exercise, (), attempt)[-1] for attempt in (1, 2, 3)]

    assert hints == ["hint 1 of 2: first", "hint 2 of 2: second", "hint 2 of 2: second"]


def test_attempts_are_counted_until_one_is_right(exercise: Exercise) -> None:
    lessons = Lessons()

    counts = [lessons.note(exercise, is_right=right) for right in (False, False, True, False)]

    assert counts == [1, 2, 0, 1]


@pytest.mark.parametrize(
    ("name", "body", "problem", "line"),
    [
        ("two words", "---\n1", "a check has a name", 1),
        ("a", "1 + 1", "a check has parts", 1),
        ("a", "points: many\n---\n1", "points are a number", 2),
        ("a", "x = 1\n---\n1", "above the parts stand", 2),
        ("a", "--- t\nvalue: 1", "a part has Lua", 2),
        ("a", "--- t\nvalu: 1\n1", "valu is nothing to expect", 3),
    ],
)
def test_a_check_that_cannot_be_read_is_refused_with_its_line(
    name: str, body: str, problem: str, line: int
) -> None:
    with pytest.raises(Unclear, match=problem) as refused:
        read_exercise(name, body)

    assert refused.value.line == line
