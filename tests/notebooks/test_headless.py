"""Notebooks run by programs: nbconvert, `jupyter run`, nbval, papermill, the console."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill  # type: ignore[import-untyped]
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from ao_kernel.__main__ import NAME
from ao_kernel.kernel import LANGUAGE

PING = 'Send({ Target = "alice", Action = "Ping" })'
CELLS = (
    "%spawn alice",
    'Handlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)',
    "%spawn bob",
    PING,
    "%%trace\n" + PING,
    "{ answer = 6 * 7 }",
)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return written(tmp_path / "hello.ipynb", *CELLS)


def written(path: Path, *sources: str) -> Path:
    """A notebook for the ao kernel with those cells."""
    cells = [new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]  # nbformat ships no types
    metadata = {
        "kernelspec": {"name": NAME, "display_name": "ao", "language": "lua"},
        "language_info": LANGUAGE,
    }
    notebook = new_notebook(cells=cells, metadata=metadata)  # type: ignore[no-untyped-call]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path


def run(*command: str, folder: Path, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1", "JUPYTER_CONSOLE_TEST": "1"},
        check=False,
    )


def test_nbconvert_runs_a_notebook(notebook: Path, tmp_path: Path) -> None:
    told = run("nbconvert", "--execute", "--to", "markdown", notebook.name, folder=tmp_path)

    assert told.returncode == 0, told.stderr
    text = notebook.with_suffix(".md").read_text(encoding="utf-8")
    assert "set off: 2 messages" in text
    assert "spawned process alice" in text


def test_nbconvert_stops_at_a_cell_that_fails(tmp_path: Path) -> None:
    written(tmp_path / "failing.ipynb", 'error("boom")')

    told = run("nbconvert", "--execute", "--to", "markdown", "failing.ipynb", folder=tmp_path)

    assert told.returncode == 1
    assert "boom" in told.stderr


def test_nbconvert_makes_a_lua_file(notebook: Path, tmp_path: Path) -> None:
    told = run("nbconvert", "--to", "script", notebook.name, folder=tmp_path)

    assert told.returncode == 0, told.stderr
    assert PING in notebook.with_suffix(".lua").read_text(encoding="utf-8")


def test_nbval_finds_the_same_twice(notebook: Path, tmp_path: Path) -> None:
    first = run(
        "nbconvert", "--execute", "--inplace", "--to", "notebook", notebook.name, folder=tmp_path
    )
    assert first.returncode == 0, first.stderr

    for _ in range(2):
        told = run("pytest", "--nbval", "-p", "no:cacheprovider", notebook.name, folder=tmp_path)

        assert told.returncode == 0, told.stdout
        assert f"{len(CELLS)} passed" in told.stdout


def test_nbval_finds_what_differs(tmp_path: Path) -> None:
    path = written(tmp_path / "changed.ipynb", "6 * 7")
    first = run(
        "nbconvert", "--execute", "--inplace", "--to", "notebook", path.name, folder=tmp_path
    )
    assert first.returncode == 0, first.stderr
    path.write_text(path.read_text(encoding="utf-8").replace('"42"', '"43"'), encoding="utf-8")

    told = run("pytest", "--nbval", "-p", "no:cacheprovider", path.name, folder=tmp_path)

    assert told.returncode == 1


def test_papermill_gives_a_notebook_its_parameters(tmp_path: Path) -> None:
    path = written(tmp_path / "in.ipynb", "name = 'nobody'", 'name .. " " .. limits.most')
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]

    done = papermill.execute_notebook(
        path,
        tmp_path / "out.ipynb",
        parameters={"name": 'al"ice', "limits": {"most": 3}},
        progress_bar=False,
    )

    assert done.cells[-1].outputs[-1]["data"]["text/plain"] == 'al"ice 3'


def test_papermill_tells_a_notebooks_parameters(tmp_path: Path) -> None:
    path = written(tmp_path / "in.ipynb", "name = 'nobody' -- who is greeted")
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]

    told = papermill.inspect_notebook(path)

    assert told["name"]["help"] == "who is greeted"


def test_jupyter_run_runs_a_file(tmp_path: Path) -> None:
    (tmp_path / "hello.lua").write_text('print("hello " .. 6 * 7)\n', encoding="utf-8")

    told = run("jupyter_client.runapp", "--kernel", NAME, "hello.lua", folder=tmp_path)

    assert told.returncode == 0, told.stderr
    assert "hello 42" in told.stdout


def test_the_console_evaluates_what_is_typed(tmp_path: Path) -> None:
    told = run(
        "jupyter_console",
        "--kernel",
        NAME,
        "--simple-prompt",
        folder=tmp_path,
        typed='x = 6 * 7\nprint("answer " .. x)\n',
    )

    assert "answer 42" in told.stdout, told.stderr
