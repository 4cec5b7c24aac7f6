"""A transaction or a block as a process reads it by its drive: the JSON of Arweave's nodes."""

import json

from unitstack.errors import InvalidItem, NotFound
from unitstack.gateway import blocks, native
from unitstack.gateway.archive import Archive
from unitstack.wire import transactions
from unitstack.wire.addresses import address
from unitstack.wire.ids import tx_id


async def header(archive: Archive, path: str) -> bytes | None:
    """What `/tx/TXID` or `/block/HEIGHT` holds; None where there is no such thing."""
    try:
        match path.split("/"):
            case ["", "tx", name]:
                return await _transaction(archive, name)
            case ["", "block", name]:
                return json.dumps(blocks.to_json(archive.block(int(name)))).encode()
            case _:
                return None
    except (InvalidItem, NotFound, ValueError):
        return None


async def _transaction(archive: Archive, name: str) -> bytes:
    tx = tx_id(name)
    known = await archive.transaction(tx)
    told = known or native.transaction_of(await archive.item(tx))
    # The address spares a process from hashing the owner's key.
    return json.dumps(transactions.to_json(told) | {"ownerAddress": address(told.owner)}).encode()
