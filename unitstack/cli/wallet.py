"""`ao wallet`: key files, made and looked at. What is secret in them is never shown."""

import json
from enum import StrEnum
from pathlib import Path

import typer

from unitstack.cli.options import Json
from unitstack.client import wallets
from unitstack.errors import Refused
from unitstack.wire.data_item import SignatureType
from unitstack.wire.keys import Wallet, generate

app = typer.Typer(help="Key files: make one, or see whose it is.", no_args_is_help=True)


class Kind(StrEnum):
    """What a new key can be."""

    ARWEAVE = "arweave"
    ED25519 = "ed25519"
    ETHEREUM = "ethereum"
    SOLANA = "solana"


@app.command()
def new(file: Path, kind: Kind = Kind.ARWEAVE, as_json: Json = False) -> None:
    """Makes a key and keeps it in FILE, which no one else may read. A file that is there is left alone."""
    if file.exists():
        raise Refused(f"{file} exists already, and a key is never overwritten")
    wallet = generate(SignatureType[kind.name])
    wallets.save(wallet, file)
    _show(wallet, as_json)


@app.command()
def address(file: Path, as_json: Json = False) -> None:
    """Shows whose key FILE keeps."""
    _show(wallets.load(file), as_json)


def _show(wallet: Wallet, as_json: bool) -> None:
    told = {
        "address": wallet.address,
        "as processes see it": wallet.process_address,
        "kind": wallet.signature_type.name.lower(),
    }
    typer.echo(json.dumps(told) if as_json else "\n".join(f"{k}: {v}" for k, v in told.items()))
