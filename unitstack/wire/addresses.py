"""Owners' addresses: by Arweave's rule, and by the rule of ao's compute units."""

from functools import lru_cache
from hashlib import sha256

from unitstack.wire import ids
from unitstack.wire.ethereum import checksum_address
from unitstack.wire.ids import Address

_ETHEREUM_KEY_BYTES = 65


@lru_cache(maxsize=1024)
def address(owner: bytes) -> Address:
    """Arweave's rule: the hash of the public key. Schedulers and gateways use it for every kind of key."""
    return Address(ids.encode(sha256(owner).digest()))


@lru_cache(maxsize=1024)
def process_address(owner: bytes) -> Address:
    """The compute unit's rule, and so the one that processes see: 0x… for an Ethereum key."""
    if len(owner) == _ETHEREUM_KEY_BYTES:
        return Address(checksum_address(owner))
    return address(owner)
