"""The `ao` command itself: its groups of commands, and how it ends where something went wrong."""

import signal
import sys

import typer

from unitstack.cli import build, console, publishing, run, serve, wallet
from unitstack.cli.options import command_of
from unitstack.errors import AoError, Interrupted

INTERRUPTED = 128 + signal.SIGINT

app = typer.Typer(
    name="ao",
    help="ao on this machine: a network of your own, wallets, processes.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command("serve")(command_of(serve.Serve, serve.run))
app.command("init")(command_of(build.Init, build.init))
app.command("build")(command_of(build.Build, build.build))
app.command("run", context_settings=run.ANY)(run.run)
app.command("exec", context_settings=run.ANY)(run.execute)
app.command("lua")(command_of(console.Lua, console.run))
app.command("publish")(command_of(publishing.Publish, publishing.publish))
app.command("spawn")(command_of(publishing.Spawn, publishing.spawn))
app.add_typer(publishing.bundler, name="bundler")
app.add_typer(wallet.app, name="wallet")


def main() -> None:
    """What goes wrong in a way that a person can act on is told in one line."""
    try:
        app()
    except AoError as error:
        typer.secho(f"error: {error}", fg=typer.colors.RED, err=True)
        sys.exit(exit_code(error))


def exit_code(error: AoError) -> int:
    """As a shell has it: what Ctrl+C ended is told apart."""
    return INTERRUPTED if isinstance(error, Interrupted) else 1
