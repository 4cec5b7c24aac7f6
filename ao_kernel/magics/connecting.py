"""The command that goes to another network, and back."""

import asyncio
import importlib
from pathlib import Path
from typing import Any

from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import magic, refused
from ao_kernel.outputs import Printed, Show
from ao_kernel.session import Session
from unitstack.client import wallets
from unitstack.wire.addresses import process_address
from unitstack.wire.keys import Signer

UNITS = ("mu", "su", "cu", "gateway")
OPTIONS = (*UNITS, "module", "scheduler", "authority", "wallet")
HOW = "use: %connect mu=URL su=URL cu=URL gateway=URL, %connect NODE-URL [gateway=URL], or %connect local"


@magic(
    "%connect [local | NODE-URL | mu=URL su=URL cu=URL gateway=URL] [module=ID] [scheduler=ADDRESS] [authority=ADDRESS] [wallet=FILE]",
    "Sends the cells that follow to a network that others run: its units, or a HyperBEAM node; local goes back to one's own.",
)
async def _connect(session: Session, cell: MagicCell, show: Show) -> None:
    if cell.argument == "local":
        await session.move(None)
        told = f", to {session.current}" if session.current else ""
        show(Printed(f"cells go to your own network from now on{told}\n"))
        return
    nodes, options = _asked(cell)
    wallet = await _wallet(session, options)
    # It brings the HTTP client along, which a kernel that stays at home does without.
    remote = await asyncio.to_thread(importlib.import_module, "ao_kernel.networks.remote")
    named = remote.Named(options.get("scheduler"), options.get("authority"), options.get("module"))
    where = nodes[0] if nodes else ", ".join(options[unit] for unit in UNITS)
    show(Printed(f"connecting to {where} as {process_address(wallet.owner)}\n"))
    await session.move(await _opened(remote, nodes, options, named, wallet))
    show(
        Printed(
            "cells go there from now on: to a new process, or `%use NAME` for one that exists\n"
        )
    )


async def _opened(
    remote: Any, nodes: list[str], options: dict[str, str], named: Any, wallet: Signer
) -> Any:
    if nodes:
        return await remote.open_node(nodes[0], options.get("gateway"), named, wallet)
    urls = remote.Urls(**{unit: options[unit] for unit in UNITS})
    return await remote.open_remote(urls, named, wallet)


async def _wallet(session: Session, options: dict[str, str]) -> Signer:
    if "wallet" not in options:
        return session.network.wallet
    return await asyncio.to_thread(_load, options["wallet"])


def _load(file: str) -> Signer:
    return wallets.load(Path(file).expanduser())


def _asked(cell: MagicCell) -> tuple[list[str], dict[str, str]]:
    """The node's URL if there is one, and the options. Raises CellFailed for what cannot be meant."""
    words = cell.argument.split()
    nodes = [word for word in words if word.startswith(("http://", "https://"))]
    options = dict(word.split("=", 1) for word in words if "=" in word and word not in nodes)
    strange = [word for word in words if word not in nodes and word.split("=")[0] not in OPTIONS]
    lacking = [unit for unit in UNITS if not options.get(unit)]
    if strange:
        raise refused(f"%connect does not know {strange[0]!r}", cell, HOW)
    if len(nodes) > 1:
        raise refused(f"%connect wants one node, not {len(nodes)} of them", cell, HOW)
    if nodes and {"mu", "su", "cu"} & options.keys():
        raise refused("%connect wants a node or the units, not both", cell, HOW)
    if not nodes and lacking:
        raise refused(
            f"%connect wants {' and '.join(f'{unit}=URL' for unit in lacking)}", cell, HOW
        )
    _check_urls(cell, options)
    return nodes, options


def _check_urls(cell: MagicCell, options: dict[str, str]) -> None:
    for unit in UNITS:
        if unit in options and not options[unit].startswith(("http://", "https://")):
            raise refused(f"{unit} wants a URL, not {options[unit]!r}", cell, HOW)
