"""`ao route`: many compute units, messengers or schedulers behind one URL, each process always with the same of them."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_data_path
from starlette.applications import Starlette

from unitstack.cli.ending import told_to_end
from unitstack.cli.logs import LogFormat, log_to_stderr
from unitstack.database import open_database
from unitstack.errors import Refused
from unitstack.router import (
    Choice,
    RouteStore,
    Strategy,
    Unit,
    open_hosts,
    origins_of,
    read_list,
    router_app,
    schedulers_app,
)
from unitstack.router.choice import OriginOf, no_origin
from unitstack.router.store import MIGRATIONS
from unitstack.web.asking import open_client
from unitstack.web.serving import serving

HOME = user_data_path("ao-jupyter", appauthor=False) / "router"


class Routed(StrEnum):
    """What kind of unit is behind the router."""

    COMPUTE = "cu"
    MESSENGER = "mu"
    SCHEDULER = "su"


@dataclass(frozen=True, slots=True)
class Route:
    """Serves ao's unit router: many units of one kind as one. Compute units and messengers are named with --to; schedulers
    in the file that ao's own scheduler units read."""

    unit: Annotated[Routed, typer.Argument(help="What kind of unit is routed to.")]
    to: Annotated[list[str] | None, typer.Option(help="A unit's URL; once for each.")] = None
    strategy: Annotated[
        Strategy, typer.Option(help="Ask for the asker, or tell it whom to ask.")
    ] = Strategy.PROXY
    process_to_host: Annotated[
        str, typer.Option(envvar="PROCESS_TO_HOST", help="Processes kept to a URL, in JSON.")
    ] = "{}"
    owner_to_host: Annotated[
        str, typer.Option(envvar="OWNER_TO_HOST", help="Owners kept to a URL, in JSON.")
    ] = "{}"
    from_module_to_host: Annotated[
        str,
        typer.Option(
            envvar="FROM_MODULE_TO_HOST",
            help="Modules whose processes' spawns are kept to a URL, in JSON.",
        ),
    ] = "{}"
    su_url: Annotated[
        str | None,
        typer.Option(envvar="SUR_URL", help="The scheduler that knows whose a process is."),
    ] = None
    schedulers: Annotated[
        Path | None, typer.Option(envvar="SCHEDULER_LIST_PATH", help="The file of schedulers.")
    ] = None
    home: Annotated[Path, typer.Option(help="The folder that keeps which scheduler has what.")] = (
        HOME
    )
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 3005
    metrics: Annotated[bool, typer.Option("--metrics", help="Answer /metrics.")] = False
    log_format: Annotated[LogFormat, typer.Option(help="How the log is written.")] = LogFormat.TEXT
    as_json: Annotated[bool, typer.Option("--json", help="Say where it is in JSON.")] = False


def run(options: Route) -> None:
    """Serves until it is interrupted or told to end."""
    log_to_stderr(options.log_format)
    asyncio.run(_serve(options))


async def _serve(options: Route) -> None:
    ended = told_to_end()
    async with AsyncExitStack() as closing:
        app = await _app(options, closing)
        try:
            url = await closing.enter_async_context(serving(app, options.host, options.port))
        except OSError as error:
            reason = f"the router cannot listen on port {options.port} of {options.host}"
            raise Refused(f"{reason}: {error.strerror}; choose another with --port") from error
        typer.echo(
            json.dumps({"url": url}) if options.as_json else f"{options.unit} router at {url}"
        )
        await ended.wait()


async def _app(options: Route, closing: AsyncExitStack) -> Starlette:
    if options.unit is Routed.SCHEDULER:
        return _of_schedulers(options, closing)
    hosts = _hosts(options)
    origin_of: OriginOf = no_origin
    if options.su_url is not None:
        origin_of = origins_of(await closing.enter_async_context(open_client(options.su_url)))
    return router_app(
        Unit(options.unit),
        hosts,
        await closing.enter_async_context(open_hosts()),
        strategy=options.strategy,
        origin_of=origin_of,
        metrics=options.metrics,
    )


def _hosts(options: Route) -> Choice[str]:
    """Raises Refused for what cannot be routed by."""
    hosts = Choice(
        tuple(url.rstrip("/") for url in options.to or ()),
        _map(options.process_to_host, "process"),
        _map(options.owner_to_host, "owner"),
        _map(options.from_module_to_host, "from-module"),
    )
    if hosts.owners and options.su_url is None:
        raise Refused("owners are kept to URLs, and no --su-url says who owns a process")
    if hosts.from_modules and options.su_url is None:
        raise Refused("modules are kept to URLs, and no --su-url says which spawned a process")
    return hosts


def _of_schedulers(options: Route, closing: AsyncExitStack) -> Starlette:
    if options.schedulers is None:
        raise Refused("schedulers are named in a file: give it with --schedulers")
    try:
        listed = read_list(json.loads(options.schedulers.read_text(encoding="utf-8")))
    except OSError as error:
        raise Refused(f"{options.schedulers} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(
            f'{options.schedulers} is not a list such as [{{"url": "http://su"}}]'
        ) from error
    store = RouteStore(open_database(options.home / "routes.sqlite", MIGRATIONS))
    closing.callback(store.close)
    return schedulers_app(listed, store, metrics=options.metrics)


def _map(written: str, key: str) -> Mapping[str, str]:
    """Raises Refused for what is no JSON object of texts."""
    try:
        read = json.loads(written)
    except ValueError as error:
        raise Refused(f"--{key}-to-host is not JSON: {error}") from error
    if not isinstance(read, dict) or not all(isinstance(url, str) for url in read.values()):
        raise Refused(f'--{key}-to-host is a JSON object such as {{"the {key}": "http://host"}}')
    return {name: url.rstrip("/") for name, url in read.items()}
