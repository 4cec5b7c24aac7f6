"""Every notebook that teaches runs from top to bottom, exactly as printed; its exercise is open at first, and its own solution
solves it."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PICTURE = "image/svg+xml"
LUA = re.compile(r"```lua\n(.*?)\n```", re.DOTALL)

Notebook = nbformat.NotebookNode

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Notebook:
    notebook: Notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat ships no types
    return notebook


def run(notebook: Notebook, folder: Path) -> None:
    """Runs all cells; one that fails where none should ends the run."""
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()


def told(cell: Notebook, about: str) -> str:
    """What a cell's metadata says about that; empty where it says nothing."""
    return str(cell.metadata.get("ao", {}).get(about, ""))


def solved(notebook: Notebook) -> Notebook:
    """The notebook with its printed solutions in the places of its exercises."""
    solutions = {
        told(cell, "solution"): LUA.findall(cell.source)[0]
        for cell in notebook.cells
        if told(cell, "solution")
    }
    for cell in notebook.cells:
        if told(cell, "exercise"):
            cell.source = solutions.pop(told(cell, "exercise"))
    assert solutions == {}, "every solution has its exercise"
    return notebook


def checks_of(notebook: Notebook) -> list[Notebook]:
    """The check cells."""
    return [cell for cell in notebook.cells if told(cell, "check")]


def errors_of(cell: Notebook) -> list[str]:
    """The names of what a cell failed with."""
    return [output.ename for output in cell.outputs if output.output_type == "error"]


def texts_of(cell: Notebook) -> str:
    """All that a cell shows, as plain text."""
    outputs = cell.get("outputs", [])
    streams = [output.text for output in outputs if output.output_type == "stream"]
    results = [output.data.get("text/plain", "") for output in outputs if "data" in output]
    errors = ["\n".join(output.traceback) for output in outputs if output.output_type == "error"]
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join([*streams, *results, *errors]))


def test_the_lessons_are_there() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{number:02}" for number in range(8)]


@each_notebook
def test_a_notebook_runs_and_shows_what_it_says(path: Path, tmp_path: Path) -> None:
    notebook = read(path)
    promised = [cell.metadata.get("ao", {}).get("shows", []) for cell in notebook.cells]

    run(notebook, tmp_path)

    missing = [
        text
        for texts, cell in zip(promised, notebook.cells, strict=True)
        for text in texts
        if text not in texts_of(cell)
    ]
    assert missing == []
    assert any(promised), "a notebook says in its cells' metadata what it shows"
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any(PICTURE in output.get("data", {}) for output in outputs), "and it has a picture"
    # As printed, the reader has done nothing yet: here each check shows that it can fail.
    assert checks_of(notebook)
    for check in checks_of(notebook):
        assert errors_of(check) in (["CheckFailed"], ["CheckIncomplete"])


@each_notebook
def test_the_printed_solution_solves_the_exercise(path: Path, tmp_path: Path) -> None:
    notebook = solved(read(path))

    run(notebook, tmp_path)

    for check in checks_of(notebook):
        assert errors_of(check) == []
        assert "points" in texts_of(check)
