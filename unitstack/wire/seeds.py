"""All that is random in a world, made from a seed instead: keys, and bytes that are unlike all others."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from unitstack.wire.chain import Chain
from unitstack.wire.ids import ID_BYTES
from unitstack.wire.keys import Wallet, from_seed

Anchor = Callable[[], bytes]
"""Gives bytes, as many as an anchor has, that are unlike all it gave before."""

# 2026-01-01, at the very beginning of a block.
GENESIS = Chain().at(1_767_225_600_000)


@dataclass(frozen=True, slots=True)
class Seed:
    """What a world grows from: of the same seed, the same keys and the same anchors in the same order."""

    text: str

    def wallet(self, whose: str) -> Wallet:
        """An Ed25519 key: it signs the same thing the same way each time."""
        return from_seed(self._drawn(f"key of {whose}"))

    def anchors(self, whose: str) -> Anchor:
        """Anchors for one who makes items. They are text: processes of the field read them as such."""
        numbers = count(1)

        def anchor() -> bytes:
            drawn = self._drawn(f"anchor {next(numbers)} of {whose}")
            return drawn.hex()[:ID_BYTES].encode()

        return anchor

    def _drawn(self, what: str) -> bytes:
        return sha256(f"ao world {self.text}: {what}".encode()).digest()
