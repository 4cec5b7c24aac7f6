import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def ao(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "unitstack.cli", *arguments]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_file_runs_with_its_arguments_files_and_modules(tmp_path: Path) -> None:
    (tmp_path / "other.lua").write_text("return 'other'")
    (tmp_path / "main.lua").write_text(
        "io.stderr:write('said') print(..., arg[0], require('other'), io.open('main.lua') ~= nil, python)"
    )

    ended = ao(tmp_path, "run", "main.lua", "--one", "two")

    assert (ended.returncode, ended.stderr) == (0, "said")
    assert ended.stdout.split() == ["--one", "main.lua", "other", "true", "nil"]


def test_a_file_has_the_names_of_5_2_as_under_luas_own_command(tmp_path: Path) -> None:
    (tmp_path / "main.lua").write_text(
        "print(bit32.band(6, 3), math.pow(2, 3), require('bit32') == bit32)"
    )

    assert ao(tmp_path, "run", "main.lua").stdout.split() == ["2", "8.0", "true"]


def test_an_error_of_the_file_is_told_as_lua_tells_it(tmp_path: Path) -> None:
    (tmp_path / "main.lua").write_text("\nerror('no')")

    ended = ao(tmp_path, "run", "main.lua")

    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "lua: main.lua:2: no\nstack traceback:\n\t[C]: in function 'error'"
    )
    assert ended.stderr.endswith("main chunk\n\t[C]: in ?\n")


def test_what_is_no_lua_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "main.lua").write_text("x x")

    assert ao(tmp_path, "run", "main.lua").stderr.startswith("lua: main.lua:1: syntax error")


def test_a_file_ends_with_the_number_that_it_says(tmp_path: Path) -> None:
    (tmp_path / "main.lua").write_text("print('end') os.exit(7)")

    ended = ao(tmp_path, "run", "main.lua")

    assert (ended.returncode, ended.stdout) == (7, "end\n")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    ended = ao(tmp_path, "run", "none.lua")

    assert (ended.returncode, ended.stderr) == (1, "error: none.lua is no file\n")


def test_a_running_file_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "main.lua").write_text("print('on') io.stdout:flush() while true do end")
    command = [sys.executable, "-m", "unitstack.cli", "run", str(tmp_path / "main.lua")]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGINT)

        assert running.wait(20) == -signal.SIGINT


def test_a_command_runs_where_lua_finds_the_project(tmp_path: Path) -> None:
    ended = ao(tmp_path, "exec", "sh", "-c", 'echo "$LUA_PATH"; echo "$PATH"; exit 3')

    assert ended.returncode == 3
    assert "./libs/?.lua" in ended.stdout
    assert str(Path(sys.executable).parent) in ended.stdout


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    ended = ao(tmp_path, "exec", "no-such-command")

    assert ended.returncode == 1
    assert ended.stderr == "error: no-such-command cannot be run: No such file or directory\n"


def test_a_command_that_a_signal_ends_is_told_as_a_shell_tells_it(tmp_path: Path) -> None:
    assert ao(tmp_path, "exec", "sh", "-c", "kill -9 $$").returncode == 137
