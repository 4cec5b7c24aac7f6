"""What a person types into a console: lines gathered until they are whole, and the commands with a dot that they know from
aos's."""

from collections.abc import Iterator
from pathlib import Path

import typer

from unitstack import runtime
from unitstack.build.syntax import problem
from unitstack.cli.ctrl_c import CtrlC
from unitstack.errors import Refused

PROMPT, MORE = "> ", ".. "
HELP = """Lua is evaluated in a process of its own, which ends with this program.
  .load FILE             evaluates a file
  .load-blueprint NAME   evaluates a ready-made program of ao's, such as token
  .editor                gathers lines: .done evaluates them, .print shows them,
                         .delete drops the last, .cancel drops all
  .exit                  ends; so does Ctrl+D
  Ctrl+C                 stops what runs, or drops the line"""


def typed(ctrl_c: CtrlC) -> Iterator[str]:
    """Texts to evaluate, and commands with a dot but those that are about typing itself, until it ends."""
    gathered: list[str] = []
    while True:
        try:
            gathered.append(_line(ctrl_c, MORE if gathered else PROMPT))
            source = "\n".join(gathered)
            if source.strip() == ".editor":
                source = _edited(ctrl_c)
        except KeyboardInterrupt:
            typer.echo()
            gathered = []
            continue
        except EOFError:
            typer.echo()
            return
        if source.strip() == ".exit":
            return
        if is_whole(source):
            gathered = []
            if source.strip():
                yield source


def _line(ctrl_c: CtrlC, prompt: str) -> str:
    """Raises KeyboardInterrupt where it is dropped, EOFError where there is none any more."""
    with ctrl_c.raising():
        return input(prompt)


def _edited(ctrl_c: CtrlC) -> str:
    """What stands in the editor when it is done; nothing where it is cancelled."""
    lines: list[str] = []
    while True:
        line = _line(ctrl_c, MORE)
        match line.strip():
            case ".done":
                return "\n".join(lines)
            case ".cancel":
                return ""
            case ".delete":
                lines = lines[:-1]
            case ".print":
                typer.echo("\n".join(lines))
            case _:
                lines.append(line)


def is_whole(source: str) -> bool:
    """Whether more lines could not help. An expression is whole without its `return`."""
    if source.lstrip().startswith("."):
        return True
    problems = [problem(text, "") for text in (f"return {source}", source)]
    return None in problems or not any((each or "").endswith("<eof>") for each in problems)


def source_of(text: str) -> str | None:
    """The Lua that is meant by it; None where a command was answered. Raises Refused for a command that there is not."""
    command, _, argument = text.strip().partition(" ")
    if not command.startswith("."):
        return text
    match command:
        case ".load":
            return _file(argument.strip())
        case ".load-blueprint" | ".load_blueprint":
            return _blueprint(argument.strip())
        case ".help":
            typer.echo(HELP)
            return None
        case _:
            raise Refused(f"{command} is no command of this console; .help lists them")


def _file(name: str) -> str:
    try:
        return Path(name).expanduser().read_text(encoding="utf-8")
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{name} is not UTF-8: {error}") from error


def _blueprint(name: str) -> str:
    if name not in runtime.blueprints():
        known = ", ".join(runtime.blueprints())
        raise Refused(f"there is no blueprint {name!r}; there are {known}")
    return runtime.blueprint(name)
