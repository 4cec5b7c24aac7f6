"""The weave as nodes tell it: which of its bytes a transaction's data is, and the chunk that has one of them."""

from collections import OrderedDict

from unitstack.gateway.archive import Archive
from unitstack.wire import ids
from unitstack.wire.data_tree import Tree, leaf_path, tree
from unitstack.wire.ids import TxId

_TREES = 16


class Extents:
    """Answers for an archive. It remembers the trees of the last few: their data is asked for chunk by chunk."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._trees: OrderedDict[TxId, Tree] = OrderedDict()

    def offset(self, tx: TxId) -> dict[str, str]:
        """Where the transaction's last byte is. Raises NotFound for an item, of which only its bundle has a place."""
        extent = self._archive.extent(tx)
        return {"size": str(extent.size), "offset": str(extent.last)}

    async def chunk(self, offset: int) -> dict[str, str]:
        """The chunk that has that byte, and what proves it to. Raises NotFound behind the end of the weave."""
        extent = self._archive.extent_at(offset)
        whole = await self._tree(extent.tx)
        leaf = whole.leaf_at(offset - extent.first)
        told = {
            "chunk": self._archive.part(extent, leaf.begin, leaf.end),
            "data_path": leaf.path,
            # As in a block that holds no other transaction.
            "tx_path": leaf_path(whole.root, extent.size),
        }
        return {name: ids.encode(raw) for name, raw in told.items()} | {"packing": "unpacked"}

    async def _tree(self, tx: TxId) -> Tree:
        known = self._trees.pop(tx, None) or tree(await self._archive.data(tx))
        self._trees[tx] = known
        if len(self._trees) > _TREES:
            self._trees.popitem(last=False)
        return known
