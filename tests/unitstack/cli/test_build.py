import json
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from unitstack.cli.main import app
from unitstack.errors import Refused

ROOT = Path(__file__).parents[3]


def invoke(*arguments: str | Path) -> tuple[int, str, BaseException | None]:
    """The exit code, what was written to stdout, and what was raised."""
    ended = CliRunner().invoke(app, [str(each) for each in arguments])
    return ended.exit_code, ended.stdout, ended.exception


def test_a_new_project_builds(tmp_path: Path) -> None:
    made, _, _ = invoke("init", "-l", "lua", tmp_path / "mine")
    built, text, _ = invoke("build", tmp_path / "mine")

    assert (made, built) == (0, 0)
    assert "process.wasm: " in text
    assert (tmp_path / "mine" / "process.wasm").read_bytes().startswith(b"\0asm")


def test_a_program_is_told_what_was_built_in_json(tmp_path: Path) -> None:
    made = json.loads(invoke("init", tmp_path, "--json")[1])
    (tmp_path / "config.yml").write_text("preset: xs\ntarget: 32\nkeep_js: true\n")
    told = json.loads(invoke("build", tmp_path, "--json")[1])

    assert made["files"] == ["ao.lua", "config.yml", "process.lua"]
    assert told["format"] == "wasm32-unknown-emscripten4"
    assert told["bytes"] == (tmp_path / "process.wasm").stat().st_size
    assert told["memory_limit"] == "128-mb"
    assert "no process.js" in told["notes"][0]


def test_notes_do_not_stand_among_the_answer(tmp_path: Path) -> None:
    invoke("init", tmp_path)
    (tmp_path / "config.yml").write_text("keep_js: true")

    assert "note:" not in invoke("build", tmp_path)[1]


def test_a_new_project_in_c_builds(tmp_path: Path) -> None:
    invoke("init", "-l", "c", tmp_path)
    _, text, _ = invoke("build", tmp_path)
    told = json.loads(invoke("build", tmp_path, "--json")[1])

    assert "bytes of 3 C files" in text
    assert (told["language"], told["compiled"]) == ("C", ["ao.c", "json.c", "process.c"])


def test_what_the_compiler_warns_of_is_a_note(tmp_path: Path) -> None:
    invoke("init", "-l", "c", tmp_path)
    (tmp_path / "config.yml").write_text("extra_compile_args: -Wall")
    (tmp_path / "more.c").write_text("static int unused;")

    told = json.loads(invoke("build", tmp_path, "--json")[1])
    ended = CliRunner().invoke(app, ["build", str(tmp_path)])

    assert "more.c:1:12: warning: unused variable" in told["notes"][0]
    assert "note: more.c:1:12: warning" in ended.stderr


def test_c_without_its_compiler_names_the_command_that_brings_it(tmp_path: Path) -> None:
    invoke("init", "-l", "c", tmp_path)
    # As Python sees it where the extra was not installed.
    program = (
        "import sys; sys.modules['ziglang'] = None; from unitstack.cli.main import main; main()"
    )

    made, built = (
        subprocess.run(
            [sys.executable, "-c", program, *command, str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        for command in (("init", "-l", "c", "--force"), ("build",))
    )

    told = "C needs a compiler, which is not installed here; pip install 'ao-jupyter[build]' brings it\n"
    assert (made.returncode, made.stderr) == (0, f"note: {told}")
    assert (built.returncode, built.stderr) == (1, f"error: {told}")


def test_a_language_without_a_starter_is_refused(tmp_path: Path) -> None:
    code, _, error = invoke("init", "-l", "rust", tmp_path / "mine")

    assert code == 1
    assert isinstance(error, Refused)


def test_a_module_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    invoke("init", tmp_path)
    (tmp_path / "process.wasm").mkdir()

    _, _, error = invoke("build", tmp_path)

    assert "process.wasm cannot be written: Is a directory" in str(error)
