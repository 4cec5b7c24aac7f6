"""The tree over a transaction's data, whose root the owner signs: how data is cut into chunks, and what proves each to
be where it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil

CHUNK_BYTES = 256 * 1024
_LEAST_CHUNK_BYTES = 32 * 1024
_NUMBER_BYTES = 32


@dataclass(frozen=True, slots=True)
class Leaf:
    """A chunk: where in the data it begins and ends, and the path that leads to it from the root."""

    begin: int
    end: int
    path: bytes


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree, or a branch of one. Its leaves are the chunks, ascending; data that fills its chunks has an empty one last."""

    root: bytes
    leaves: tuple[Leaf, ...]

    @property
    def end(self) -> int:
        """The byte at which what is below it ends."""
        return self.leaves[-1].end

    def leaf_at(self, byte: int) -> Leaf:
        """The chunk that has that byte of the data, counted from 0."""
        return next(leaf for leaf in self.leaves if byte < leaf.end)


def tree(data: bytes) -> Tree:
    """The tree over the data, as all of Arweave's clients build it."""
    level = list(_chunks(data))
    while len(level) > 1:
        pairs = [level[number : number + 2] for number in range(0, len(level), 2)]
        level = [_branch(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def data_root(data: bytes) -> bytes:
    """The root of the data's tree; nothing for no data."""
    return tree(data).root if data else b""


def leaf_path(value: bytes, end: int) -> bytes:
    """The last part of every path: what lies there, and where it ends."""
    return value + _written(end)


def _chunks(data: bytes) -> Iterator[Tree]:
    at = 0
    for size in _chunk_sizes(len(data)):
        chunk = sha256(data[at : at + size]).digest()
        leaf = Leaf(at, at + size, leaf_path(chunk, at + size))
        at += size
        yield Tree(_hash_all(chunk, _written(at)), (leaf,))


def _chunk_sizes(size: int) -> list[int]:
    """All chunks are as large as may be, but that the last two share where the last would be very small. Data that fills
    its chunks is followed by an empty one."""
    sizes, rest = [], size
    while rest >= CHUNK_BYTES:
        left = rest - CHUNK_BYTES
        chunk = ceil(rest / 2) if 0 < left < _LEAST_CHUNK_BYTES else CHUNK_BYTES
        sizes.append(chunk)
        rest -= chunk
    return [*sizes, rest]


def _branch(left: Tree, right: Tree) -> Tree:
    step = left.root + right.root + _written(left.end)
    leaves = (replace(leaf, path=step + leaf.path) for leaf in left.leaves + right.leaves)
    return Tree(_hash_all(left.root, right.root, _written(left.end)), tuple(leaves))


def _hash_all(*parts: bytes) -> bytes:
    return sha256(b"".join(sha256(part).digest() for part in parts)).digest()


def _written(number: int) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big")
