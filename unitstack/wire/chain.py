"""A chain of blocks that needs no network: a height for every time, one block an interval."""

from dataclasses import dataclass

from unitstack.wire.assignments import BlockTime

# Close to Arweave's own heights, so that units which ask for hash chains above some height find ours there.
ORIGIN = BlockTime(1_720_000, 1_751_400_000_000)
INTERVAL = 120_000


@dataclass(frozen=True, slots=True)
class Chain:
    """Blocks at even intervals of so many milliseconds, before the origin and after it."""

    origin: BlockTime = ORIGIN
    interval: int = INTERVAL

    def at(self, timestamp: int) -> BlockTime:
        """That moment, with the height that the chain has by then."""
        passed = (timestamp - self.origin.timestamp) // self.interval
        return BlockTime(max(0, self.origin.height + passed), timestamp)

    def between(self, left: BlockTime, right: BlockTime) -> tuple[BlockTime, ...]:
        """The blocks that were mined after one moment and before another, ascending."""
        first = max(1, self.at(left.timestamp).height + 1)
        last = self.at(right.timestamp - 1).height
        return tuple(self.block(height) for height in range(first, last + 1))

    def block(self, height: int) -> BlockTime:
        """When the block of that height was, or will be, mined."""
        passed = (height - self.origin.height) * self.interval
        return BlockTime(height, self.origin.timestamp + passed)
