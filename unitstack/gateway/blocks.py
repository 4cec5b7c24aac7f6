"""What a chain that is only counted says of its blocks: names that follow from the height."""

from hashlib import sha384

from unitstack.wire import ids
from unitstack.wire.assignments import BlockTime

NETWORK = "ao.kernel"


def block_id(height: int) -> str:
    """48 bytes, as Arweave's blocks are named; before the first there is none."""
    return ids.encode(sha384(f"{NETWORK} {height}".encode()).digest()) if height >= 0 else ""


def to_json(block: BlockTime) -> dict[str, object]:
    """As Arweave's nodes tell a block."""
    return {
        "indep_hash": block_id(block.height),
        "previous_block": block_id(block.height - 1),
        "height": block.height,
        "timestamp": seconds(block),
        "txs": [],
        "tags": [],
        "block_size": "0",
        "weave_size": "0",
        "reward_addr": "unclaimed",
    }


def seconds(block: BlockTime) -> int:
    """Arweave's blocks count seconds."""
    return block.timestamp // 1000
