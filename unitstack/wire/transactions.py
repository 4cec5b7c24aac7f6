"""Arweave's own transactions (format 2), from before bundles: some clients still publish modules with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from unitstack.errors import InvalidItem, InvalidKey
from unitstack.wire import ids, tags
from unitstack.wire.data_item import SIZES, SignatureType
from unitstack.wire.deep_hash import deep_hash
from unitstack.wire.ids import TxId
from unitstack.wire.keys import Wallet
from unitstack.wire.tags import Tag

_EXPONENT = 65537
_DIGITS = 30
_ANCHOR_SIZES = (0, 32, 48)
_TARGET_SIZES = (0, 32)
_PSS = padding.PSS(padding.MGF1(SHA256()), padding.PSS.AUTO)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction without its data, which the signature holds for by the data's root."""

    signature: bytes = field(repr=False)
    owner: bytes = field(repr=False)
    target: bytes
    last_tx: bytes
    tags: tuple[Tag, ...]
    quantity: int
    reward: int
    data_size: int
    data_root: bytes

    @property
    def id(self) -> TxId:
        """The hash of the signature, as of an item."""
        return TxId(ids.encode(sha256(self.signature).digest()))

    def signed_bytes(self) -> bytes:
        """The 48 bytes that the owner signed."""
        return deep_hash(
            (
                b"2",
                self.owner,
                self.target,
                b"%d" % self.quantity,
                b"%d" % self.reward,
                self.last_tx,
                tuple((name.encode(), value.encode()) for name, value in self.tags),
                b"%d" % self.data_size,
                self.data_root,
            )
        )


def verify(transaction: Transaction) -> None:
    """Raises InvalidItem unless the owner signed it."""
    modulus = int.from_bytes(transaction.owner, "big")
    try:
        key = RSAPublicNumbers(_EXPONENT, modulus).public_key()
        key.verify(transaction.signature, transaction.signed_bytes(), _PSS, SHA256())
    except (InvalidSignature, ValueError) as error:
        reason = "its signature does not match what it says"
        raise InvalidItem(f"transaction {transaction.id}: {reason}") from error


def transfer(wallet: Wallet, target: bytes, quantity: int, terms: tuple[int, bytes]) -> Transaction:
    """A signed transaction that moves so many winston, on a node's terms: its fee, and the anchor that it names. Raises
    InvalidKey for a key that the base layer does not take."""
    if wallet.signature_type is not SignatureType.ARWEAVE:
        kind = wallet.signature_type.name
        raise InvalidKey(f"only a key of Arweave's own moves AR, this one signs as {kind}")
    reward, anchor = terms
    unsigned = Transaction(b"", wallet.owner, target, anchor, (), quantity, reward, 0, b"")
    return replace(unsigned, signature=wallet.sign(unsigned.signed_bytes()))


def from_json(written: Mapping[str, Any]) -> Transaction:
    """Reads what nodes are sent; whether the signature holds is for `verify` to say. Raises InvalidItem."""
    if written.get("format") != 2:
        raise InvalidItem(f"format is {written.get('format')!r}, of transactions 2 is taken")
    sizes = SIZES[SignatureType.ARWEAVE]
    return Transaction(
        signature=_bytes(written, "signature", (sizes.signature,)),
        owner=_bytes(written, "owner", (sizes.owner,)),
        target=_bytes(written, "target", _TARGET_SIZES),
        last_tx=_bytes(written, "last_tx", _ANCHOR_SIZES),
        tags=_tags(written.get("tags", [])),
        quantity=_number(written, "quantity"),
        reward=_number(written, "reward"),
        data_size=_number(written, "data_size"),
        data_root=_bytes(written, "data_root", (0, 32)),
    )


def to_json(transaction: Transaction) -> dict[str, Any]:
    """As nodes write it; the data is to be asked for."""
    return {
        "format": 2,
        "id": transaction.id,
        "last_tx": ids.encode(transaction.last_tx),
        "owner": ids.encode(transaction.owner),
        "tags": [
            {"name": ids.encode(name.encode()), "value": ids.encode(value.encode())}
            for name, value in transaction.tags
        ],
        "target": ids.encode(transaction.target),
        "quantity": str(transaction.quantity),
        "data": "",
        "data_size": str(transaction.data_size),
        "data_root": ids.encode(transaction.data_root),
        "reward": str(transaction.reward),
        "signature": ids.encode(transaction.signature),
    }


def _bytes(written: Mapping[str, Any], name: str, sizes: tuple[int, ...]) -> bytes:
    text = written.get(name, "")
    if not isinstance(text, str):
        raise InvalidItem(f"{name} is not a text")
    raw = ids.decode(text)
    if len(raw) not in sizes:
        allowed = " or ".join(map(str, sizes))
        raise InvalidItem(f"{name} has {len(raw)} bytes, {allowed} are allowed")
    return raw


def _number(written: Mapping[str, Any], name: str) -> int:
    text = str(written.get(name, "0"))
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise InvalidItem(f"{name} is {text[:60]!r}, a whole number is needed")
    return int(text)


def _tags(written: object) -> tuple[Tag, ...]:
    if not isinstance(written, list):
        raise InvalidItem("tags are not a list")
    tags.check_count(len(written))
    try:
        return tuple(
            Tag(ids.decode(tag["name"]).decode(), ids.decode(tag["value"]).decode())
            for tag in written
        )
    except (TypeError, KeyError, AttributeError, UnicodeDecodeError) as error:
        raise InvalidItem(f"a tag is not a name and a value in base64url: {error}") from error
