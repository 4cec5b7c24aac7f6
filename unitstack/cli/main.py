"""The `ao` command itself: its groups of commands, and how it ends where something went wrong."""

import signal
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Annotated, Any

import typer

from unitstack.cli import build, bundler, console, publishing, route, run, serve, wallet
from unitstack.cli.options import command_of, help_of
from unitstack.errors import AoError, Interrupted

INTERRUPTED = 128 + signal.SIGINT

app = typer.Typer(
    name="ao",
    help="ao on this machine: projects, a network of your own, modules and processes on it or elsewhere.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
PROJECTS, NETWORKS = "Programs and modules", "Networks and wallets"


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(version("ao-jupyter"))
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which it is."),
    ] = False,
) -> None:
    """Options of `ao` itself."""


def _add(name: str, run: Callable[..., None], panel: str, **settings: Any) -> None:
    app.command(name, help=help_of(run), rich_help_panel=panel, **settings)(run)


_add("init", command_of(build.Init, build.init), PROJECTS)
_add("build", command_of(build.Build, build.build), PROJECTS)
_add("lua", command_of(console.Lua, console.run), PROJECTS)
_add("run", run.run, PROJECTS, context_settings=run.ANY)
_add("exec", run.execute, PROJECTS, context_settings=run.ANY)
_add("serve", command_of(serve.Serve, serve.run), NETWORKS)
_add("route", command_of(route.Route, route.run), NETWORKS)
_add("publish", command_of(publishing.Publish, publishing.publish), NETWORKS)
_add("spawn", command_of(publishing.Spawn, publishing.spawn), NETWORKS)
app.add_typer(bundler.app, name="bundler", rich_help_panel=NETWORKS)
app.add_typer(wallet.app, name="wallet", rich_help_panel=NETWORKS)


def main(arguments: Sequence[str] | None = None) -> None:
    """What goes wrong in a way that a person can act on is told in one line."""
    try:
        app(arguments)
    except AoError as error:
        typer.secho(f"error: {error}", fg=typer.colors.RED, err=True)
        sys.exit(exit_code(error))


def exit_code(error: AoError) -> int:
    """As a shell has it: what Ctrl+C ended is told apart."""
    return INTERRUPTED if isinstance(error, Interrupted) else 1
