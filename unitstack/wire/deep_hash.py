"""Arweave's deep hash: one SHA-384 of a blob, or of nested lists of blobs."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha384

Chunk = bytes | Sequence["Chunk"]


def deep_hash(chunk: Chunk) -> bytes:
    """The 48 bytes that a signer signs."""
    if isinstance(chunk, bytes):
        return of_blob(chunk)
    return of_list([deep_hash(part) for part in chunk], len(chunk))


def of_blob(data: bytes) -> bytes:
    """The deep hash of one blob."""
    return sha384(_head("blob", len(data)) + sha384(data).digest()).digest()


# What items have in common (constants, owners) is hashed again and again.
cached_of_blob = lru_cache(maxsize=1024)(of_blob)


def of_list(hashes: Iterable[bytes], count: int) -> bytes:
    """The deep hash of a list, from the deep hashes of its parts."""
    folded = _head("list", count)
    for part in hashes:
        folded = sha384(folded + part).digest()
    return folded


@lru_cache(maxsize=1024)
def _head(kind: str, size: int) -> bytes:
    return sha384(f"{kind}{size}".encode()).digest()
