"""`ao serve`: a whole ao network on this machine, for every client that ao has."""

import asyncio
import json
import logging
import resource
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_data_path
from rich.console import Console
from rich.table import Table

from unitstack.cli import shown
from unitstack.cli.ending import told_to_end
from unitstack.cli.logs import LogFormat, log_to_stderr
from unitstack.cli.network import UNITS, Plan, Ports, Served, network
from unitstack.stack import EngineName

log = logging.getLogger(__name__)

EXPOSED = "anyone who reaches this machine at {host} can use this network; 127.0.0.1 keeps it to this machine"
HOME = user_data_path("ao-jupyter", appauthor=False) / "network"

Port = Annotated[
    int | None, typer.Option(min=0, max=65535, show_default=False, help="A port of its own.")
]


@dataclass(frozen=True, slots=True)
class Serve:
    """Starts a whole ao network on this machine. It has a gateway, a bundler, a messenger, a scheduler, a compute unit and
    a HyperBEAM node, and says where they are."""

    home: Annotated[
        Path, typer.Option(envvar="AO_HOME", help="The folder that keeps all of it.")
    ] = HOME
    memory: Annotated[bool, typer.Option("--memory", help="Keep nothing.")] = False
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1"
    advertise: Annotated[
        str | None, typer.Option(help="The name by which others reach this machine.")
    ] = None
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65530, help="The gateway's; the others follow. 0: any that is free."
        ),
    ] = 4000
    gateway_port: Port = None
    bundler_port: Port = None
    messenger_port: Port = None
    scheduler_port: Port = None
    compute_port: Port = None
    node_port: Port = None
    engine: Annotated[EngineName, typer.Option(help="What runs the bundled environment.")] = (
        EngineName.WASM
    )
    messenger_wallet: Annotated[
        Path | None, typer.Option(help="The messenger's key file, a JWK. Default: the home's own.")
    ] = None
    scheduler_wallet: Annotated[
        Path | None, typer.Option(help="The scheduler's key file, a JWK. Default: the home's own.")
    ] = None
    metrics: Annotated[bool, typer.Option("--metrics", help="Answer /metrics.")] = False
    cors: Annotated[bool, typer.Option(help="Let web pages of every origin in, as ao does.")] = True
    push: Annotated[
        bool,
        typer.Option(
            "--push", help="Let anyone have what a message set off sent, where it was dropped."
        ),
    ] = False
    log_format: Annotated[LogFormat, typer.Option(help="How the log is written.")] = LogFormat.TEXT
    as_json: Annotated[bool, typer.Option("--json", help="Say where it is in JSON.")] = False


def run(options: Serve) -> None:
    """Serves until it is interrupted or told to end."""
    log_to_stderr(options.log_format)
    if not is_loopback(options.host):
        _warn(EXPOSED.format(host=options.host), options.log_format)
    _open_as_many_files_as_may_be()
    asyncio.run(_serve(plan_of(options), as_json=options.as_json))


def _warn(text: str, format: LogFormat) -> None:
    if format is LogFormat.JSON:
        log.warning(text)
    else:
        typer.secho(f"warning: {text}", fg="yellow", err=True)


def _open_as_many_files_as_may_be() -> None:
    # A connection is one: systems often begin with 1024, which a crowd at six units takes in a moment.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def plan_of(options: Serve) -> Plan:
    """What the options ask for."""
    ports = {
        unit: _port(getattr(options, f"{unit}_port"), options.port, offset)
        for offset, unit in enumerate(UNITS)
    }
    return Plan(
        home=None if options.memory else options.home,
        host=options.host,
        ports=Ports(**ports),
        advertised=_name(options.advertise or options.host),
        engine=options.engine,
        compiled=None if options.memory else options.home / "compiled",
        metrics=options.metrics,
        cors=options.cors,
        push=options.push,
        messenger_wallet=options.messenger_wallet,
        scheduler_wallet=options.scheduler_wallet,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(own: int | None, first: int, offset: int) -> int:
    if own is not None:
        return own
    return first + offset if first else 0


def _name(host: str) -> str:
    """What a URL says: an address that stands for all of them leads nowhere."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _serve(plan: Plan, *, as_json: bool) -> None:
    ended = told_to_end()
    async with network(plan) as served:
        if as_json:
            typer.echo(json.dumps(shown.to_json(served)))
        else:
            _show(served, plan)
        await ended.wait()


def _show(served: Served, plan: Plan) -> None:
    console = Console()
    table = Table("unit", "URL")
    for name, url in shown.urls_of(served).items():
        table.add_row(name, url)
    console.print(table)
    table = Table("a process names", "id")
    for name, address in shown.addresses_of(served).items():
        table.add_row(name, address)
    console.print(table)
    # Not through the console, which would break lines that are to be pasted.
    typer.echo(f"\n{shown.lines_to_paste(served)}\n")
    kept = (
        f"kept in {plan.home}" if plan.home else "kept in memory: all of it ends with this program"
    )
    typer.echo(f"{kept}; Ctrl+C ends it")
