"""The runtime's Lua, tested and linted by Lua's own tools."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
SPECS = "tests/unitstack/runtime/lua"


def run(*command: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT / folder, capture_output=True, text=True, check=False)


def test_the_specs_of_the_lua_files_hold() -> None:
    outcome = run("busted", "--lua=/usr/bin/lua5.3", "--output=plainTerminal", SPECS)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_lua_files_have_no_lint() -> None:
    outcome = run("luacheck", "--quiet", "--no-color", ".", folder="unitstack/runtime/lua")

    assert outcome.returncode == 0, outcome.stdout


def test_the_specs_have_no_lint() -> None:
    outcome = run("luacheck", "--quiet", "--no-color", "--std", "lua53+busted", SPECS)

    assert outcome.returncode == 0, outcome.stdout
