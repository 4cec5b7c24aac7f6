"""`ao bundler`: what a wallet has at a bundler, and AR that is moved to it on Arweave."""

import asyncio
import json
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from unitstack.cli.options import (
    PUBLIC_BUNDLER,
    BundlerUrl,
    Json,
    WalletFile,
    checked_url,
    command_of,
    help_of,
    tell,
)
from unitstack.cli.progress import waiting
from unitstack.client import wallets
from unitstack.errors import AoError, InvalidItem, NotFound, Refused
from unitstack.gateway.blocks import NETWORK
from unitstack.web.asking import Site, expecting, open_client, path_of
from unitstack.wire import ids, transactions
from unitstack.wire.ids import Address, TxId, tx_id
from unitstack.wire.keys import Wallet
from unitstack.wire.transactions import Transaction, transfer

PUBLIC_GATEWAY = "https://arweave.net"
WINSTON = 10**12
"""So many are one AR."""

app = typer.Typer(help="What a wallet has at a bundler.", no_args_is_help=True)
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Balance:
    """Shows how much the wallet has at the bundler, in winston."""

    wallet: WalletFile
    bundler: BundlerUrl = PUBLIC_BUNDLER
    as_json: Json = False


@dataclass(frozen=True, slots=True)
class Fund:
    """Moves AR from the wallet to the bundler. It asks before it does. Bundlers of `ao serve` ask for nothing, and get
    nothing. With --transaction nothing is moved: the bundler is told again of what was."""

    amount: Annotated[int, typer.Argument(min=1, help="How much, in winston.")]
    wallet: WalletFile
    bundler: BundlerUrl = PUBLIC_BUNDLER
    gateway: Annotated[
        str,
        typer.Option(
            envvar="GATEWAY_URL", help="The URL of Arweave's gateway.", callback=checked_url
        ),
    ] = PUBLIC_GATEWAY
    transaction: Annotated[
        str | None, typer.Option(help="The id of a transfer that was made before.")
    ] = None
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
    as_json: Json = False


def balance(options: Balance) -> None:
    """Asks the bundler, which takes anyone's word for who asks."""
    address = wallets.load(options.wallet).address
    told = {"address": address, "balance": asyncio.run(_balance(address, options.bundler))}
    tell(told, "balance", as_json=options.as_json)


def fund(options: Fund) -> None:
    """Makes the transfer, and tells the bundler of it."""
    wallet = wallets.load(options.wallet)
    about = asyncio.run(_about(options.bundler))
    if about.get("network") == NETWORK:
        told = {"address": wallet.address, "sent": "0"}
        text = f"{options.bundler} asks for nothing: no winston was sent"
        typer.echo(json.dumps(told) if options.as_json else text)
        return
    moved = tx_id(options.transaction) if options.transaction else _moved(options, wallet, about)
    asyncio.run(_tell_bundler(options.bundler, moved))
    told = {"address": wallet.address, "sent": str(options.amount), "transaction": moved}
    tell(told, "transaction", as_json=options.as_json)


def _moved(options: Fund, wallet: Wallet, about: dict[str, Any]) -> TxId:
    recipient = recipient_of(about, options.bundler)
    made = asyncio.run(_made(options, wallet, recipient))
    if not options.yes and not _is_confirmed(options, made, recipient):
        raise Refused("nothing was sent")
    with waiting("sending"):
        asyncio.run(_send(options.gateway, made))
    return made.id


def _is_confirmed(options: Fund, made: Transaction, recipient: Address) -> bool:
    total = (made.quantity + made.reward) / WINSTON
    question = (
        f"send {made.quantity} winston to {recipient}, of {options.bundler}, "
        f"and {made.reward} to Arweave's miners: {total:.12f} AR in all?"
    )
    return typer.confirm(question, err=True)


def recipient_of(about: dict[str, Any], bundler: str) -> Address:
    """Whom the bundler wants its AR to go to. Raises Refused where it does not say."""
    named = about.get("addresses")
    address = named.get("arweave") if isinstance(named, dict) else None
    try:
        return Address(tx_id(str(address)))
    except InvalidItem as error:
        raise Refused(
            f"{bundler} names no address on Arweave to be paid at: its /info says {str(address)[:60]!r}"
        ) from error


async def _made(options: Fund, wallet: Wallet, recipient: Address) -> Transaction:
    async with open_client(options.gateway) as client:
        site = Site(client)
        fee = (await site.get(path_of("price", "0", recipient))).text
        anchor = (await site.get("/tx_anchor")).text
        with expecting("a fee and an anchor", options.gateway):
            return transfer(
                wallet, ids.decode(recipient), options.amount, (int(fee), ids.decode(anchor))
            )


async def _send(gateway: str, made: Transaction) -> None:
    async with open_client(gateway) as client:
        written = json.dumps(transactions.to_json(made)).encode()
        # The same transaction is taken once, however often it comes.
        await Site(client).post("/tx", content=written, headers=_JSON, again=True)


async def _tell_bundler(bundler: str, moved: TxId) -> None:
    async with open_client(bundler) as client:
        told = json.dumps({"tx_id": moved}).encode()
        try:
            await Site(client).post(
                "/account/balance/arweave", content=told, headers=_JSON, again=True
            )
        except AoError as error:
            raise Refused(
                f"the transfer {moved} is on its way, but {bundler} takes no note of it yet ({error}); "
                f"tell it again later with --transaction {moved}"
            ) from error


async def _balance(address: str, url: str) -> str:
    async with open_client(url) as client:
        answer = await Site(client).get(path_of("account", "balance", address))
        with expecting("a balance", url):
            return str(answer.json()["balance"])


async def _about(url: str) -> dict[str, Any]:
    """What the bundler says of itself; nothing where it does not."""
    async with open_client(url) as client:
        try:
            told = (await Site(client).get("/info")).json()
        except (NotFound, Refused, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


app.command("balance", help=help_of(Balance))(command_of(Balance, balance))
app.command("fund", help=help_of(Fund))(command_of(Fund, fund))
