"""`ao run` and `ao exec`: programs of the person's own, on this machine and with all of its rights; no process is made."""

import os
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types

from unitstack import engines
from unitstack.errors import Refused

COMPAT = (files(engines) / "lua_host" / "compat.lua").read_bytes()
LUA_PATH = "./?.lua;./?/init.lua;./libs/?.lua;;"
ANY = {"ignore_unknown_options": True, "allow_interspersed_args": False}

# Names of 5.2, the words of an error and its traceback are as in Lua's own command.
_START = """
function(compat, path, ...)
  arg = { [0] = path, ... }
  python, package.loaded.python = nil, nil
  load(compat, "=compat", "t")({ G = _G, loaded = package.loaded })
  local chunk, problem = loadfile(path)
  local ok = chunk ~= nil
  if ok then
    ok, problem = xpcall(chunk, function(error) return debug.traceback(tostring(error), 2) end, ...)
  end
  io.stdout:flush()
  if not ok then
    problem = problem:gsub("\\n\\t%[C%]: in function 'xpcall'.*$", "\\n\\t[C]: in ?")
    io.stderr:write("lua: ", problem, "\\n")
    io.stderr:flush()
  end
  return ok
end
"""


def run(
    file: Annotated[Path, typer.Argument(help="A file of Lua.")],
    arguments: Annotated[list[str] | None, typer.Argument(help="What it finds in `arg`.")] = None,
) -> None:
    """Runs a file of Lua 5.3. It has files, streams and all of Lua's libraries, as under the `lua` command."""
    if not file.is_file():
        raise Refused(f"{file} is no file")
    # Lua runs in one call, in which Python would not hear of it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    lua = lua53.LuaRuntime(register_eval=False, register_builtins=False, encoding=None)
    start = lua.eval(_START.encode())
    if not start(COMPAT, os.fsencode(file), *map(os.fsencode, arguments or [])):
        raise typer.Exit(1)


def execute(
    command: Annotated[list[str], typer.Argument(help="The command and its arguments.")],
) -> None:
    """Runs a command as a part of the project. This program's own commands are on its path, and the project's files where
    Lua looks for them."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
        "LUA_PATH": LUA_PATH,
    }
    try:
        ended = subprocess.run(command, env=environment, check=False)
    except OSError as error:
        raise Refused(f"{command[0]} cannot be run: {error.strerror}") from error
    raise typer.Exit(ended.returncode if ended.returncode >= 0 else 128 - ended.returncode)
