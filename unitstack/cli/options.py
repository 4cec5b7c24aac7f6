"""Commands whose options are the fields of a value, so that what was chosen stays one thing; and the options that several
commands have."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from unitstack.errors import InvalidItem
from unitstack.wire.ids import tx_id

T = TypeVar("T")
PUBLIC_BUNDLER = "https://up.arweave.net"


def checked_url(given: str) -> str:
    if urlsplit(given).scheme in ("http", "https") and urlsplit(given).hostname:
        return given
    raise typer.BadParameter(f"{given!r} is no URL: one begins with http:// or https://")


def checked_address(given: str | None) -> str | None:
    """An Ethereum key's is written in another way than an id."""
    try:
        return given if given is None or given.startswith("0x") else tx_id(given)
    except InvalidItem as error:
        raise typer.BadParameter(str(error)) from error


WalletFile = Annotated[
    Path,
    typer.Option("--wallet", "-w", help="The key file, a JWK, that signs.", envvar="WALLET_PATH"),
]
BundlerUrl = Annotated[
    str,
    typer.Option(
        "--bundler", "-b", help="The bundler's URL.", envvar="BUNDLER_URL", callback=checked_url
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def command_of(options: type[T], run: Callable[[T], None]) -> Callable[..., None]:
    """A function that Typer can read: each field is an option, the docstring is the help."""

    def command(**chosen: Any) -> None:  # Typer calls it by the signature below
        run(options(**chosen))

    command.__doc__ = options.__doc__
    command.__annotations__ = get_type_hints(options, include_extras=True)
    vars(command)["__signature__"] = inspect.signature(options)
    return command


def help_of(described: object) -> str:
    """What its docstring says: the first sentence by itself, as lists of commands show it, then the rest."""
    first, _, rest = escape(" ".join((inspect.getdoc(described) or "").split())).partition(". ")
    return f"{first.removesuffix('.')}.\n\n{rest}".strip()


def tell(told: dict[str, str], first: str, *, as_json: bool) -> None:
    """A person gets the one thing that was asked for, which a shell can take; a program gets all of it."""
    typer.echo(json.dumps(told) if as_json else told[first])
