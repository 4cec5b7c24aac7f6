import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unitstack.cli.console import is_whole
from unitstack.cli.main import app

ROOT = Path(__file__).parents[3]


def typed(*lines: str) -> tuple[list[str], str]:
    """What a console on a Lua process shows on stdout, without prompts; and on stderr."""
    ended = CliRunner().invoke(app, ["lua", "--engine", "lua"], input="\n".join(lines) + "\n")
    assert ended.exit_code == 0, ended.exception
    shown = ended.stdout.replace("> ", "").replace(".. ", "")
    return [line for line in shown.splitlines() if line], ended.stderr


def test_state_stays_from_line_to_line() -> None:
    assert typed("X = 4", "X + 1")[0] == ["5"]


def test_lines_are_gathered_until_they_are_whole() -> None:
    assert typed("for i = 1, 2 do", "print(i)", "end")[0] == ["1", "2"]


def test_what_is_written_is_shown_as_it_is() -> None:
    assert typed("io.write('a', 'b')")[0][0].startswith("ab")


def test_messages_of_the_process_to_itself_arrive_before_the_next_line() -> None:
    lines = ("do ao.send({Target = ao.id, Data = 'x'}) end", "Inbox[#Inbox].Data")

    assert typed(*lines)[0][-1] == "x"


def test_an_error_is_told_and_the_console_goes_on() -> None:
    shown, told = typed("error('broken')", "1 + 1")

    assert shown == ["2"]
    assert "broken" in told


def test_a_file_is_evaluated(tmp_path: Path) -> None:
    (tmp_path / "a.lua").write_text("Y = 9\nreturn Y")

    shown, told = typed(f".load {tmp_path / 'a.lua'}", ".load missing.lua", "Y")

    assert shown == ["9", "9"]
    assert "missing.lua cannot be read" in told


def test_the_console_ends_where_it_is_told_to() -> None:
    shown, _ = typed(".help", "", ".exit", "1 + 1")

    assert "2" not in shown
    assert "Ctrl+C" in shown[-1]


@pytest.mark.parametrize("source", ["1 +", "x = {", "function f()", "[[", "f(", "--[["])
def test_more_lines_are_awaited(source: str) -> None:
    assert not is_whole(source)


@pytest.mark.parametrize("source", ["1 + 1", "x = 1", "x x", ".load f", "", "return", "ao.id"])
def test_nothing_more_is_awaited(source: str) -> None:
    assert is_whole(source)


def test_one_evaluation_is_told_in_json() -> None:
    ended = CliRunner().invoke(
        app, ["lua", "--engine", "lua", "--json", "-e", "print('a') return 7"]
    )

    assert ended.exit_code == 0
    assert json.loads(ended.stdout)["error"] is None
    assert json.loads(ended.stdout)["output"].split() == ["a", "7"]


def test_one_evaluation_that_fails_ends_so() -> None:
    ended = CliRunner().invoke(app, ["lua", "--engine", "lua", "--json", "-e", "error('no')"])

    assert ended.exit_code == 1
    assert json.loads(ended.stdout)["error"].endswith("no")
