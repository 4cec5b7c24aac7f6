"""How a world begins: with which clock, where its snapshots are, what is kept of its processes' pasts; and what makes one
that grows from a seed the same each time."""

from math import inf
from pathlib import Path

from unitstack.clock import VirtualClock
from unitstack.compute.keeper import MemoryPolicy
from unitstack.compute.store import Allowed
from unitstack.errors import Refused
from unitstack.messenger.unit import Settings
from unitstack.units import Clock
from unitstack.wire.dial import Dial
from unitstack.wire.seeds import GENESIS, Seed
from unitstack.worlds import restoring
from unitstack.worlds.shelf import FolderShelf, MemoryShelf, Shelf

CLOCK = "clock.json"
SNAPSHOTS = "snapshots"
STEP = 1000
"""Milliseconds between what people send, in a world that grows from a seed."""

IN_MEMORY = 24_000_000
"""Bytes of memories that are kept of a process where all is in memory: there they are dearer than on a disk."""


def own_clock(given: Clock | None, home: Path | None, seed: Seed | None) -> VirtualClock | None:
    """What the world goes by, if it is its own. Raises Refused for a seed and a folder."""
    if given is not None:
        return given if isinstance(given, VirtualClock) else None
    if seed is None:
        return VirtualClock(file=None if home is None else home / CLOCK)
    if home is not None:
        raise Refused(f"a world that grows from a seed is in memory, and not in {home}")
    return VirtualClock(Dial(GENESIS.timestamp, 0, runs=False))


def finish_restoring(home: Path | None, clock: VirtualClock | None) -> None:
    """What a crash cut short. Raises UnusableFile."""
    if home is not None:
        restoring.finish(home, FolderShelf(home / SNAPSHOTS), clock)


def shelf_of(home: Path | None) -> Shelf:
    """Where its snapshots are."""
    return MemoryShelf() if home is None else FolderShelf(home / SNAPSHOTS)


def memory_policy(home: Path | None, seed: Seed | None) -> MemoryPolicy:
    """When its processes' memories are kept. From a seed, how long an evaluation takes decides nothing."""
    allowed = Allowed(size=IN_MEMORY) if home is None else Allowed()
    if seed is None:
        return MemoryPolicy(allowed=allowed)
    return MemoryPolicy(messages=128, seconds=inf, allowed=allowed)


def in_order(clock: VirtualClock) -> Settings:
    """A messenger that does the same in the same order each time, a step of the clock after another, and nothing at any
    other time."""
    return Settings(
        clock=lambda: 0.0,
        pace=None,
        now=lambda: clock().timestamp,
        in_order=True,
        arrive=lambda: clock.move(STEP),
    )
