"""Which of a process's kept memories can go: what is left must be near to every message, and not more than is allowed."""

from collections.abc import Sequence
from typing import NamedTuple


class Kept(NamedTuple):
    """Where in its process's record a memory stands, and its bytes."""

    nonce: int
    place: int
    size: int


BEGINNING = Kept(0, 0, 0)


def spare(kept: Sequence[Kept], count: int, size: int) -> tuple[Kept, ...]:
    """Those to drop so that at most `count` are left, of at most `size` bytes, and the newest in any case. `kept` is in
    order. Each time the one goes without which the least is to be repeated."""
    left, dropped = list(kept), []
    while len(left) > 1 and (len(left) > count or sum(each.size for each in left) > size):
        dropped.append(left.pop(_most_idle(left)))
    return tuple(dropped)


def _most_idle(kept: Sequence[Kept]) -> int:
    before = (BEGINNING, *kept)
    spans = [
        _between(before[at], kept[at]) + _between(kept[at], kept[at + 1])
        for at in range(len(kept) - 1)
    ]
    return spans.index(min(spans))


def _between(one: Kept, other: Kept) -> int:
    """How many evaluations lie between, cron messages that are followed by others left out."""
    if one.nonce == other.nonce:
        return other.place - one.place
    return other.nonce - one.nonce + other.place
