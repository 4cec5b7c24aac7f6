import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from unitstack.cli import console as consoles
from unitstack.cli.console import Console
from unitstack.cli.main import app, exit_code
from unitstack.client.process import Process
from unitstack.errors import Interrupted, Refused
from unitstack.stack import EngineName
from unitstack.wire.ids import MessageId, ProcessId

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
    assert "missing.lua cannot be read: No such file" in told


def test_a_blueprint_is_evaluated() -> None:
    shown, told = typed(".load-blueprint token", "Ticker ~= nil", ".load-blueprint tokn")

    assert shown[-1] == "true"
    assert "there is no blueprint 'tokn'; there are " in told


def test_lines_of_the_editor_are_evaluated_together() -> None:
    lines = ("local a = 1", "wrong", ".delete", ".print", "return a + 1", ".done")

    assert typed(".editor", *lines)[0] == ["local a = 1", "2"]


def test_what_the_editor_has_can_be_dropped() -> None:
    assert typed(".editor", "X = 1", ".cancel", "X == nil")[0][-1] == "true"


def test_a_command_that_there_is_not_is_told() -> None:
    assert ".monitor is no command of this console; .help lists them" in typed(".monitor")[1]


def test_the_console_ends_where_it_is_told_to() -> None:
    shown, _ = typed(".help", "", ".exit", "1 + 1")

    assert "2" not in shown
    assert "Ctrl+C" in shown[-1]


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


def press() -> None:
    signal.raise_signal(signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Watched:
    """A process that tells of each message before and after it is sent."""

    process: Process
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    @property
    def id(self) -> ProcessId:
        return self.process.id

    async def begin_eval(self, source: str) -> MessageId:
        self.before()
        message = await self.process.begin_eval(source)
        self.after()
        return message


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_is_stopped_before_its_turn_never_runs(moment: str) -> None:
    # Evaluated later, the endless loop would keep every line after it waiting.
    with consoles._opened(EngineName.LUA) as given, given.ctrl_c.heard():
        watched = Watched(given._process, **{moment: cast(Any, press)})
        pressed = Console(given._runner, given._stack, cast(Process, watched), given.ctrl_c)

        with pytest.raises(Interrupted):
            pressed.evaluate("while true do end")

        assert given.evaluate("return 1 + 1").result.output.data == "2"


def stopped(running: "subprocess.Popen[bytes]") -> bytes:
    """Presses Ctrl+C until the console says that it stopped something: the first may come between two lines."""
    assert running.stderr is not None
    told = b""
    while b"interrupted" not in told:
        running.send_signal(signal.SIGINT)
        if select.select([running.stderr], [], [], 0.5)[0]:
            told += os.read(running.stderr.fileno(), 1000)
    return told


def test_lines_that_do_not_end_are_stopped_and_the_process_goes_on() -> None:
    command = [sys.executable, "-u", "-m", "unitstack.cli", "lua"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"X = 1\n")
        for number in range(5):
            running.stdin.write(f"X = X + 1 print('on {number}')\nwhile true do end\n".encode())
            running.stdin.flush()
            while f"on {number}".encode() not in running.stdout.readline():
                pass
            stopped(running)
        shown, _ = running.communicate(b"X\n.exit\n", timeout=30)

    assert running.returncode == 0
    assert b"6" in shown


def test_what_was_stopped_ends_as_a_shell_expects() -> None:
    assert (exit_code(Interrupted("it was interrupted")), exit_code(Refused("no"))) == (130, 1)
