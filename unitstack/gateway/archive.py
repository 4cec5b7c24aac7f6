"""What a gateway's HTTP form asks besides the part: in which block each item is."""

from dataclasses import dataclass
from typing import Protocol

from unitstack.units import Gateway, Page, Search
from unitstack.wire.assignments import BlockTime
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import TxId
from unitstack.wire.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Filed:
    """An item, where in a search it stands, and the block that holds it: None until one does. A search brings items
    without their data, of which `size` tells how many bytes there are."""

    item: DataItem
    size: int
    cursor: str
    block: BlockTime | None


@dataclass(frozen=True, slots=True)
class Extent:
    """The bytes of the weave, counted from 1, that a transaction's data is: the first and the last of them."""

    tx: TxId
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class Archive(Gateway, Protocol):
    """A gateway that has a chain."""

    async def filed(self, tx: TxId) -> Filed:
        """Raises NotFound."""

    async def find(self, search: Search) -> Page[Filed]:
        """What `search` finds, with the blocks and without the data."""

    async def keep(self, transaction: Transaction, data: bytes) -> TxId:
        """Stores a transaction of the base layer; it is found like an item from then on. Raises InvalidItem."""

    async def transaction(self, tx: TxId) -> Transaction | None:
        """The transaction of the base layer; None for an item. Raises NotFound."""

    def extent(self, tx: TxId) -> Extent:
        """Raises NotFound for what is no transaction of the base layer, or has no data."""

    def extent_at(self, offset: int) -> Extent:
        """Whose data has that byte of the weave. Raises NotFound."""

    def part(self, extent: Extent, begin: int, end: int) -> bytes:
        """Some of a transaction's data, without reading the rest of it. Raises NotFound."""

    def find_bundle(self, tx: TxId) -> TxId | None:
        """The bundle that carries the item, if one does."""

    async def mine(self) -> None:
        """Has the newest block hold all that waits for one."""

    def newest(self) -> BlockTime:
        """The newest block."""

    def block(self, height: int) -> BlockTime:
        """The block of that height. Raises NotFound for one that was not mined yet."""
