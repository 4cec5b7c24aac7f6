"""`ao publish` and `ao spawn`: modules and processes on a network that others run, or `ao serve`."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from unitstack.build import config
from unitstack.build.config import Config, read_config
from unitstack.build.tagging import module_tags
from unitstack.cli.options import (
    PUBLIC_BUNDLER,
    BundlerUrl,
    Json,
    WalletFile,
    checked_address,
    checked_url,
    tell,
)
from unitstack.cli.progress import waiting
from unitstack.cli.serve import is_loopback
from unitstack.client import drafts, wallets
from unitstack.client.drafts import Defaults
from unitstack.errors import EngineError, Refused
from unitstack.gateway.http import RemoteGateway
from unitstack.messenger.http import RemoteMessenger
from unitstack.web.asking import open_client
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, ModuleId, tx_id
from unitstack.wire.keys import sign
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

PUBLIC_MESSENGER = "https://mu.ao-testnet.xyz"
PUBLIC_SCHEDULER = "_GQ33BkPtZrqxA84vM8Zk-N2aO0toNNu_C-l-rawrBA"


Names = Annotated[
    list[str] | None, typer.Option("--tag", "-t", help="A tag's name; --value follows.")
]
Values = Annotated[list[str] | None, typer.Option("--value", "-v", help="The value of that tag.")]


@dataclass(frozen=True, slots=True)
class Publish:
    """Uploads a module, signed. Its Module-Format is that of a built module as wide as it, unless a tag says
    otherwise; its Memory-Limit is that of the `config.yml` beside it."""

    wallet: WalletFile
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The module.")] = Path("process.wasm")
    bundler: BundlerUrl = PUBLIC_BUNDLER
    tag: Names = None
    value: Values = None
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
    as_json: Json = False


def publish(options: Publish) -> None:
    """Uploads, and tells the module's id."""
    wallet, data = wallets.load(options.wallet), _bytes_of(options.file)
    given = tags_of(options.tag, options.value)
    try:
        tags = module_tags(data, _config(options.file).memory_limit, given)
    except EngineError as error:
        raise EngineError(f"{options.file}: {error}") from error
    if not options.yes and not is_loopback(urlsplit(options.bundler).hostname or ""):
        question = f"publish {len(data):,} bytes at {options.bundler}, for ever and for everyone?"
        typer.confirm(question, abort=True, err=True)
    item = sign(wallet, Draft(tags=tags, data=data))
    with waiting(f"uploading {len(data):,} bytes"):
        asyncio.run(_upload(item, options.bundler))
    tell({"module": item.id, "bundler": options.bundler}, "module", as_json=options.as_json)


@dataclass(frozen=True, slots=True)
class Spawn:
    """Spawns a process of a module, and says its id. `ao serve` shows what to set so that it is spawned there."""

    wallet: WalletFile
    module: Annotated[str, typer.Option("--module", "-m", help="The module's id.", envvar="MODULE")]
    tag: Names = None
    value: Values = None
    messenger: Annotated[
        str, typer.Option(envvar="MU_URL", help="The messenger unit's URL.", callback=checked_url)
    ] = PUBLIC_MESSENGER
    scheduler: Annotated[
        str,
        typer.Option(
            envvar="SCHEDULER",
            help="The address of the process's scheduler.",
            callback=checked_address,
        ),
    ] = PUBLIC_SCHEDULER
    authority: Annotated[
        str | None,
        typer.Option(
            envvar="AUTHORITY",
            help="The messenger that the process trusts.",
            callback=checked_address,
        ),
    ] = None
    as_json: Json = False


def spawn(options: Spawn) -> None:
    """Spawns, and tells the process's id."""
    wallet = wallets.load(options.wallet)
    given = Draft(tags=tags_of(options.tag, options.value))
    trusted = (Address(options.authority),) if options.authority else ()
    module = ModuleId(tx_id(options.module))
    defaults = Defaults(module, Address(options.scheduler), trusted)
    item = sign(wallet, drafts.process(given, defaults))
    with waiting("spawning"):
        asyncio.run(_send(item, options.messenger))
    tell({"process": item.id, "module": module}, "process", as_json=options.as_json)


def tags_of(names: list[str] | None, values: list[str] | None) -> tuple[Tag, ...]:
    """Tags of names and values as they follow one another. Raises Refused where their numbers differ."""
    names, values = names or [], values or []
    if len(names) != len(values):
        raise Refused(f"{len(names)} --tag and {len(values)} --value: each tag needs one value")
    return tuple(map(Tag, names, values))


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from error


def _config(module: Path) -> Config:
    beside = module.parent / config.FILE
    return (
        read_config(_bytes_of(beside).decode("utf-8", "replace")) if beside.is_file() else Config()
    )


async def _upload(item: DataItem, url: str) -> None:
    async with open_client(url) as client:
        await RemoteGateway(client).upload(item)


async def _send(item: DataItem, url: str) -> None:
    async with open_client(url) as client:
        await RemoteMessenger(client).send(item)
