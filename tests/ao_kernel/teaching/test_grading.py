from typing import Any

import pytest

from ao_kernel.teaching.grading import Grade, grade_of, grades_of, report, with_expectations


def a_cell(*outputs: dict[str, Any], points: float = 2, grade: bool = True) -> dict[str, Any]:
    told = {"grade": grade, "grade_id": "ping", "points": points}
    return {"source": "", "metadata": {"nbgrader": told}, "outputs": list(outputs)}


def failed(message: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": "CheckFailed", "evalue": message}


def returned(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"text/plain": text}}


@pytest.mark.parametrize(
    ("outputs", "reached"),
    [
        ((), 2),
        ((failed("boom"),), 0),
        ((failed("pong: 1.5 of 3 points"),), 1),
        ((failed("pong: 0 of 0 points"),), 0),
        ((returned("1.5"),), 1.5),
        ((returned("9"),), 2),
        ((returned("done"),), 2),
        ((returned("8"), failed("not as expected")), 0),
    ],
)
def test_a_graded_cell_has_the_points_that_its_outputs_tell(
    outputs: tuple[dict[str, Any], ...], reached: float
) -> None:
    assert grade_of(a_cell(*outputs)) == Grade("ping", reached, 2)


def test_only_what_is_marked_is_graded() -> None:
    cells = [{"source": "", "metadata": {}}, a_cell(grade=False), a_cell()]

    assert len(grades_of(cells)) == 1


def test_grades_are_reported_with_their_sum() -> None:
    grades = (Grade("ping", 2, 2), Grade("sums", 0.5, 1))

    assert report(grades) == "ping  2 of 2\nsums  0.5 of 1\nin all  2.5 of 3"


@pytest.mark.parametrize("asked", ["value: 42", ["value: 42"]])
def test_what_metadata_expects_stands_above_the_source(asked: object) -> None:
    cell = {"source": "6 * 7", "metadata": {"ao": {"expect": asked}}}

    assert with_expectations(cell) == "%%expect\nvalue: 42\n---\n6 * 7"


def test_a_cell_without_expectations_is_left_as_it_is() -> None:
    assert with_expectations({"source": "6 * 7", "metadata": {}}) == "6 * 7"
