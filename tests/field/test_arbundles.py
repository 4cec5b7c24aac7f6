"""Items go both ways between us and arbundles 0.11.2, the library that ao's clients are made with (run under node)."""

import base64
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.items import a_draft, a_wallet
from unitstack.wire import bundle, data_item, ids, keys
from unitstack.wire.bundle import Bundle
from unitstack.wire.data_item import DataItem
from unitstack.wire.messages import Draft

FIELD = Path(__file__).parent / "arbundles"
OURS = ("arweave", "ed25519", "ethereum", "solana")
SIGNERS = (*OURS, "injected aptos", "multi aptos", "typed ethereum")
TARGET = ids.encode(bytes(range(32)))
DRAFTS = {
    "empty": a_draft(),
    "data": a_draft(data=b"1 + 1"),
    "target": a_draft(target=TARGET),
    "anchor": a_draft(anchor=b"00000000000000000000000000000042"),
    "tags": a_draft([("Action", "Eval"), ("Data-Protocol", "ao"), ("Action", "Eval")]),
    "unicode": a_draft([("naïve", "日本語"), ("🙂", "é" * 100)], "größe".encode()),
    "empty value": a_draft([("Name", "")]),
    "everything": a_draft(
        [("Type", "Message"), ("Long", "x" * 3000)], bytes(range(256)), TARGET, b"a" * 32
    ),
    "as many tags as fit": a_draft([(f"Tag-{n}", str(n)) for n in range(128)]),
    "large": a_draft(data=bytes(range(256)) * 4096),
}


def node(script: str, given: object) -> Any:
    if not (FIELD / "node_modules").is_dir():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=FIELD, check=True, capture_output=True)
    answer = subprocess.run(
        ["node", script],
        cwd=FIELD,
        input=json.dumps(given).encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(answer.stdout)


def written(draft: Draft) -> dict[str, Any]:
    return {
        "target": draft.target,
        "anchor": draft.anchor.decode(),
        "tags": [tag._asdict() for tag in draft.tags],
        "data": base64.b64encode(draft.data).decode(),
    }


@cache
def theirs() -> dict[str, Any]:
    """What arbundles makes of every draft with every signer, and a bundle of the first five."""
    made: dict[str, Any] = node("make.mjs", [written(draft) for draft in DRAFTS.values()])
    return made


@cache
def ours() -> tuple[DataItem, ...]:
    return tuple(keys.sign(a_wallet(name), draft) for name in OURS for draft in DRAFTS.values())


@cache
def read_by_them() -> dict[str, Any]:
    raws = [base64.b64encode(data_item.encode(item)).decode() for item in ours()]
    our_bundle = base64.b64encode(bundle.encode(Bundle(ours()[:5]))).decode()
    read: dict[str, Any] = node("read.mjs", {"items": raws, "bundle": our_bundle})
    return read


def their_items(signer: str) -> list[dict[str, str]]:
    return [made for made in theirs()["items"] if made["signer"] == signer]


@pytest.mark.parametrize("signer", SIGNERS)
def test_what_arbundles_signs_is_read_and_verified(signer: str) -> None:
    for made, draft in zip(their_items(signer), DRAFTS.values(), strict=True):
        item = data_item.decode(base64.b64decode(made["raw"]))

        keys.verify(item)
        assert (item.tags, item.data, item.anchor) == (draft.tags, draft.data, draft.anchor)
        assert item.target_id == draft.target


@pytest.mark.parametrize("signer", SIGNERS)
def test_what_arbundles_signs_keeps_its_bytes_its_id_and_what_was_signed(signer: str) -> None:
    for made in their_items(signer):
        raw = base64.b64decode(made["raw"])
        item = data_item.decode(raw)

        assert data_item.encode(item) == raw
        assert item.id == made["id"]
        assert item.signed_bytes() == base64.b64decode(made["signed"])


@pytest.mark.parametrize("signer", ["ed25519", "ethereum", "solana"])
def test_the_same_draft_signed_by_the_same_key_gives_the_same_bytes(signer: str) -> None:
    for made, draft in zip(their_items(signer), DRAFTS.values(), strict=True):
        item = keys.sign(a_wallet(signer), draft)

        assert data_item.encode(item) == base64.b64decode(made["raw"])


def test_arbundles_verifies_what_we_sign() -> None:
    assert [read["valid"] for read in read_by_them()["items"]] == [True] * len(ours())


def test_arbundles_reads_what_we_sign() -> None:
    for read, item in zip(read_by_them()["items"], ours(), strict=True):
        assert read["id"] == item.id
        assert base64.b64decode(read["signed"]) == item.signed_bytes()
        assert (read["owner"], read["target"]) == (ids.encode(item.owner), item.target_id)
        assert read["anchor"] == ids.encode(item.anchor)
        assert read["tags"] == [tag._asdict() for tag in item.tags]
        assert base64.b64decode(read["data"]) == item.data


def test_a_bundle_of_arbundles_is_read_and_keeps_its_bytes() -> None:
    raw = base64.b64decode(theirs()["bundle"])
    read = bundle.decode(raw)

    assert [item.id for item in read.items] == [made["id"] for made in theirs()["items"][:5]]
    assert bundle.encode(read) == raw


def test_arbundles_reads_and_verifies_our_bundle() -> None:
    read = read_by_them()["bundle"]

    assert read == {"valid": True, "ids": [item.id for item in ours()[:5]]}
