"""What the README shows is run as it stands there: its cells in a kernel, its Python as a script and as a test."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from ao_kernel.__main__ import NAME

ROOT = Path(__file__).parents[2]
COUNTER = ROOT / "tests" / "ao_kernel" / "plugin" / "counter.lua"


def fences(chapter: str, language: str) -> list[str]:
    """The pieces of code of that language in a chapter, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (body,) = re.findall(rf"^## {chapter}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return re.findall(rf"^```{language}\n(.*?)^```$", body, re.DOTALL | re.MULTILINE)


def executed(sources: list[str], folder: Path) -> nbformat.NotebookNode:
    """A notebook of those cells, run to its end; one that fails is raised."""
    cells = [new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]  # nbformat ships no types
    notebook = new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, timeout=60, kernel_name=NAME, resources=resources).execute()


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_first_cells_do_what_is_said_below_them(tmp_path: Path) -> None:
    notebook = executed(fences("A first cell", "lua"), tmp_path)

    outputs = [output for cell in notebook.cells for output in cell.outputs]
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    shown = [output.data["text/plain"] for output in outputs if "data" in output]
    assert "set off: 2 messages" in shown[-1]
    assert "pong" in shown[-1]


def test_the_script_prints_what_it_computes(tmp_path: Path) -> None:
    (source,) = (each for each in fences("From Python", "python") if "import pytest" not in each)
    (tmp_path / "script.py").write_text(source, encoding="utf-8")

    told = run("script.py", folder=tmp_path)

    assert (told.stdout, told.stderr) == ("42\n", "")


def test_the_test_passes(tmp_path: Path) -> None:
    (source,) = (each for each in fences("From Python", "python") if "import pytest" in each)
    (tmp_path / "test_counter.py").write_text(source, encoding="utf-8")
    shutil.copy(COUNTER, tmp_path)

    told = run("-m", "pytest", "-p", "no:cacheprovider", "test_counter.py", folder=tmp_path)

    assert told.returncode == 0, told.stdout
    assert "1 passed" in told.stdout
    assert "warning" not in told.stdout
