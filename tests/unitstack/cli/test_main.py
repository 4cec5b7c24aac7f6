import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.items import AN_ID, KEYS
from unitstack.cli.main import app, main

ROOT = Path(__file__).parents[3]
WALLET = ("-w", str(KEYS / "ed25519.json"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place with much that is wrong."""
    for name in ("empty", "lua", "broken", "unknown", "odd"):
        (tmp_path / name).mkdir()
    (tmp_path / "lua" / "other.lua").write_text("return 1")
    for name, config in (("broken", "a: ["), ("unknown", "preset: huge")):
        (tmp_path / name / "process.lua").write_text("return {}")
        (tmp_path / name / "config.yml").write_text(config)
    (tmp_path / "odd" / "process.lua").write_text("return {}")
    (tmp_path / "odd" / "config.yml").mkdir()
    (tmp_path / "text.json").write_text("no json")
    (tmp_path / "text.wasm").write_text("no wasm")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("build {}/missing", "is no folder"),
        ("build {}/empty", "`ao init` makes a project that builds"),
        ("build {}/lua", "has Lua but no process.lua"),
        ("build {}/broken", "config.yml is not YAML: line 1, column 5"),
        ("build {}/unknown", "preset 'huge' is none of xs, sm"),
        ("build {}/odd", "config.yml cannot be read: Is a directory"),
        ("init {}/lua -l rust", "there are lua and c"),
        ("run {}/missing.lua", "is no file"),
        ("exec {}/missing", "cannot be run: No such file"),
        ("publish -w {}/missing.json x.wasm", "missing.json cannot be read: No such file"),
        ("publish -w {}/text.json x.wasm", "text.json is not a JWK"),
        ("publish {wallet} {}/missing.wasm", "missing.wasm cannot be read"),
        ("publish {wallet} {}/text.wasm", "text.wasm: these 7 bytes are no wasm module"),
        ("spawn {wallet} -m {id} --messenger http://127.0.0.1:1", "did not answer"),
        ("bundler balance {wallet} -b http://127.0.0.1:1", "check that it runs"),
        ("bundler fund {wallet} 5 -b http://127.0.0.1:1", "check that it runs"),
        ("wallet new {}/text.json", "never overwritten"),
        ("wallet address {}/empty", "cannot be read: Is a directory"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(
    folder: Path, command: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = command.format(folder, wallet=" ".join(WALLET), id=AN_ID).split()

    with pytest.raises(SystemExit) as ended:
        main(words)

    said = capsys.readouterr()
    assert ended.value.code == 1
    assert said.err.startswith("error: ")
    assert told in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("publish x.wasm", "Missing option '--wallet'"),
        ("publish {wallet} x.wasm -b nowhere", "'nowhere' is no URL"),
        ("spawn {wallet} -m {id} --messenger ftp://x", "'ftp://x' is no URL"),
        ("spawn {wallet} -m {id} --scheduler short", "an id has 43 characters"),
        ("bundler fund {wallet} 0", "greater than or equal to 1"),
        ("lua --engine other", "'other' is not one of"),
        ("lua --json", "--json goes with --eval"),
        ("what", "No such command 'what'"),
    ],
)
def test_a_command_that_is_not_written_so_names_its_mistake(command: str, told: str) -> None:
    words = command.format(wallet=" ".join(WALLET), id=AN_ID).split()

    ended = CliRunner().invoke(app, words)

    assert ended.exit_code == 2
    assert told in " ".join(ended.stderr.replace("│", " ").split())


def test_the_command_itself_shows_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "unitstack.cli", "build", str(tmp_path / "missing")]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == f"error: {tmp_path / 'missing'} is no folder\n"


def test_it_says_which_version_it_is() -> None:
    assert CliRunner().invoke(app, ["--version"]).output.strip() == "0.1.0"


def test_help_is_one_line_for_each_command_in_80_columns() -> None:
    shown = CliRunner().invoke(app, ["--help"], terminal_width=80).output
    commands = (
        "init",
        "build",
        "lua",
        "run",
        "exec",
        "serve",
        "publish",
        "spawn",
        "bundler",
        "wallet",
    )

    lines = [line.strip("│ ") for line in shown.splitlines()]

    assert [
        line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in commands
    ] == list(commands)
    assert max(map(len, shown.splitlines())) <= 80
    assert all(
        line.endswith(".") for line in lines if line.split()[:1] and line.split()[0] in commands
    )


def test_a_shell_completes_commands() -> None:
    asked = {"COMP_WORDS": "ao bui", "COMP_CWORD": "1", "_AO_COMPLETE": "complete_bash"}

    ended = CliRunner().invoke(app, [], env=asked, prog_name="ao")

    assert ended.output.split() == ["build"]
