"""ANS-104 data items and bundles, decoded and encoded."""

from dataclasses import dataclass
from enum import IntEnum

from unitstack.wire.tags import Tag


class SignatureType(IntEnum):
    """How an item is signed (ANS-104)."""

    ARWEAVE = 1
    ED25519 = 2
    ETHEREUM = 3
    SOLANA = 4
    INJECTED_APTOS = 5
    MULTI_APTOS = 6
    TYPED_ETHEREUM = 7


@dataclass(frozen=True, slots=True)
class DataItem:
    """A signed item: bytes that an owner vouches for."""

    signature_type: SignatureType
    signature: bytes
    owner: bytes
    target: bytes
    anchor: bytes
    tags: tuple[Tag, ...]
    data: bytes
