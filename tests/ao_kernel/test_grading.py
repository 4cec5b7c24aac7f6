import json
from pathlib import Path
from typing import Any

import pytest

from ao_kernel.__main__ import main

SPEC = {"kernelspec": {"name": "ao", "display_name": "ao", "language": "lua"}}


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"c{abs(hash(source))}"[:12],
        "source": source,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
    }


def graded(name: str, points: float) -> dict[str, Any]:
    return {"grade": True, "grade_id": name, "points": points}


def test_a_notebook_is_run_and_its_points_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AO_DATA", str(tmp_path))
    cells = [
        code("double = function (x) return 2 * x end"),
        code(
            "%%check double\npoints: 4\n--- two\nvalue: 4\ndouble(2)\n--- odd\nvalue: 7\ndouble(3)",
            nbgrader=graded("double", 4),
        ),
        code("double(4)", ao={"expect": ["value: 9"]}, nbgrader=graded("hidden", 1)),
    ]
    path = tmp_path / "lesson.ipynb"
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": SPEC, "cells": cells})
    )

    with pytest.raises(SystemExit) as ended:
        main(["grade", str(path)])

    assert ended.value.code == 1
    assert capsys.readouterr().out == "double  2 of 4\nhidden  0 of 1\nin all  2 of 5\n"


def test_what_is_no_notebook_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is no notebook"):
        main(["grade", str(tmp_path / "nothing.ipynb")])
