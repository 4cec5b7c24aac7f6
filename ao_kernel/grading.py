"""`python -m ao_kernel grade`: runs a notebook, with the expectations that stand in its metadata, and tells its points."""

import importlib
from pathlib import Path
from typing import Any

from ao_kernel.teaching.grading import Grade, grades_of, with_expectations

TIMEOUT = 60


def grade(path: Path) -> tuple[Grade, ...]:
    """Runs all cells of a notebook, those that fail included, and grades it. The file stays as it is."""
    nbformat, nbclient = _libraries()
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise SystemExit(f"{path} is no notebook: {error}") from None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = with_expectations(cell)
    resources = {"metadata": {"path": str(path.parent)}}
    nbclient.NotebookClient(
        notebook, timeout=TIMEOUT, allow_errors=True, resources=resources
    ).execute()
    return grades_of(notebook.cells)


def _libraries() -> tuple[Any, Any]:
    try:
        return importlib.import_module("nbformat"), importlib.import_module("nbclient")
    except ImportError as error:
        raise SystemExit(
            f"grading runs notebooks with {error.name}: pip install nbclient"
        ) from None
