"""Every notebook that teaches runs from top to bottom, exactly as printed."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def texts_of(cell: nbformat.NotebookNode) -> str:
    """All that a cell shows, as plain text."""
    outputs = cell.get("outputs", [])
    streams = [output.text for output in outputs if output.output_type == "stream"]
    results = [output.data.get("text/plain", "") for output in outputs if "data" in output]
    return "\n".join([*streams, *results])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_says(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat ships no types for it
    promised = [cell.metadata.get("ao", {}).get("shows", []) for cell in notebook.cells]

    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()

    shown = [texts_of(cell) for cell in notebook.cells]
    missing = [
        text
        for texts, seen in zip(promised, shown, strict=True)
        for text in texts
        if text not in seen
    ]
    assert missing == []
    assert any(promised), "a notebook says in its cells' metadata what it shows"
