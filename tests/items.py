"""Builders of wallets and signed items for tests. The keys are those of tests/keys."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from unitstack.wire.data_item import DataItem
from unitstack.wire.data_tree import data_root
from unitstack.wire.ids import ProcessId, TxId, encode
from unitstack.wire.keys import Wallet, from_jwk, sign
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag
from unitstack.wire.transactions import Transaction

KEYS = Path(__file__).parent / "keys"
AN_ID = TxId(encode(bytes([7]) * 32))
A_PROCESS = ProcessId(TxId(encode(bytes([3]) * 32)))
A_SCHEDULER = encode(bytes([5]) * 32)

Pairs = Sequence[tuple[str, str]]


@cache
def a_wallet(name: str = "ed25519") -> Wallet:
    """One of the test keys: arweave, ed25519, ethereum, solana."""
    return from_jwk(json.loads((KEYS / f"{name}.json").read_text(encoding="utf-8")))


def a_draft(tags: Pairs = (), data: bytes = b"", target: str = "", anchor: bytes = b"") -> Draft:
    return Draft(target, tuple(Tag(*pair) for pair in tags), data, anchor)


def an_item(
    tags: Pairs = (),
    data: bytes = b"",
    target: str = "",
    anchor: bytes = b"",
    signer: str = "ed25519",
) -> DataItem:
    """An item with these tags alone, signed."""
    return sign(a_wallet(signer), a_draft(tags, data, target, anchor))


def a_message(
    tags: Pairs = (("Action", "Eval"),),
    data: bytes = b"1 + 1",
    target: str = A_PROCESS,
    anchor: bytes = b"",
    signer: str = "ed25519",
) -> DataItem:
    """A message for a process, with what ao asks of one."""
    ao = (("Data-Protocol", "ao"), ("Variant", "ao.TN.1"), ("Type", "Message"))
    return an_item((*tags, *ao), data, target, anchor, signer)


def a_process(
    tags: Pairs = (),
    data: bytes = b"",
    module: str = AN_ID,
    scheduler: str = A_SCHEDULER,
    signer: str = "ed25519",
) -> DataItem:
    """A process item, with what ao asks of one."""
    ao = (("Data-Protocol", "ao"), ("Variant", "ao.TN.1"), ("Type", "Process"))
    return an_item((*ao, ("Module", module), ("Scheduler", scheduler), *tags), data, signer=signer)


def a_module(tags: Pairs = (), data: bytes = b"", format: str = "lua53-aos") -> DataItem:
    """A module item, with what compute units ask of one."""
    ao = (("Data-Protocol", "ao"), ("Variant", "ao.TN.1"), ("Type", "Module"))
    own = (("Module-Format", format), ("Input-Encoding", "JSON-1"), ("Output-Encoding", "JSON-1"))
    return an_item((*ao, *own, *tags), data)


def a_transaction(tags: Pairs = (), data: bytes = b"", last_tx: bytes = b"") -> Transaction:
    """A transaction of Arweave's base layer, signed."""
    wallet = a_wallet("arweave")
    written = tuple(Tag(*pair) for pair in tags)
    draft = Transaction(
        signature=b"",
        owner=wallet.owner,
        target=b"",
        last_tx=last_tx,
        tags=written,
        quantity=0,
        reward=1,
        data_size=len(data),
        data_root=data_root(data),
    )
    return replace(draft, signature=wallet.sign(draft.signed_bytes()))
