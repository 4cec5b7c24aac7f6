"""The gateway unit: keeps signed items, what bundles carry among them, and finds them again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from unitstack.errors import InvalidItem, NotFound, Refused
from unitstack.gateway import native
from unitstack.gateway.archive import Extent, Filed
from unitstack.gateway.store import Facet, ItemStore, Numbered, Wanted, owned_by, sent_to
from unitstack.units import Clock, Page, Search
from unitstack.wire import bundle
from unitstack.wire.assignments import BlockTime
from unitstack.wire.chain import ORIGIN, Chain
from unitstack.wire.data_item import DataItem
from unitstack.wire.data_tree import data_root
from unitstack.wire.ids import TxId
from unitstack.wire.transactions import Transaction, verify
from unitstack.wire.vouched import Vouched

# Each depth copies all that lies deeper: without an end, few bytes could keep a gateway busy for hours.
MAX_DEPTH = 16
_END = 2**62


def before_any_block() -> BlockTime:
    """A clock for a gateway of whose blocks no one asks."""
    return ORIGIN


class GatewayUnit:
    """Plays `Gateway` here, and `Archive`: an item waits for the block after the one that is the newest when it comes."""

    def __init__(
        self,
        store: ItemStore,
        *,
        vouched: Vouched | None = None,
        clock: Clock = before_any_block,
        chain: Chain | None = None,
    ) -> None:
        self._store = store
        self._vouched = vouched or Vouched()
        self._clock = clock
        self._chain = chain or Chain()
        self.settle: Callable[[], None] = _nothing
        """Called before anything is read or kept: who keeps items back to shelve many at once gives them then."""

    def shelve(self, items: Sequence[DataItem], height: int | None = None) -> None:
        """Keeps items that were verified already, as one. They came when the newest block had that height, or come now. Raises
        InvalidItem where what one of them carries is not valid."""
        kept: list[DataItem] = []
        bundles: dict[TxId, TxId] = {}
        for item in items:
            carried = tuple(_carried(item, MAX_DEPTH))
            for each, bundle_id in carried:
                self._vouched.verify(each)
                bundles[each.id] = bundle_id
            # What is carried is the older: it existed when the bundle was signed.
            kept += (*(each for each, _ in carried), item)
        newest = self._clock().height if height is None else height
        self._store.keep(kept, newest + 1, bundles)

    async def upload(self, item: DataItem) -> TxId:
        """Of a bundle, also what it carries; if any of that is invalid, nothing is kept. Raises InvalidItem."""
        self._vouched.verify(item)
        self.settle()
        self.shelve((item,))
        return item.id

    async def item(self, tx: TxId) -> DataItem:
        return (await self.filed(tx)).item

    async def data(self, tx: TxId) -> bytes:
        return (await self.item(tx)).data

    async def search(self, search: Search) -> Page[DataItem]:
        """Items that are uploaded while someone pages do not move those that are left."""
        found = self._found(search, with_data=True)
        return Page(tuple(each.item for each in found.items), found.cursor)

    async def confirmations(self, tx: TxId) -> int:
        """An item has its own block here, also where a bundle carries it."""
        block = (await self.filed(tx)).block
        return 0 if block is None else self._clock().height - block.height + 1

    async def filed(self, tx: TxId) -> Filed:
        self.settle()
        found = self._store.find(tx)
        if found is None:
            raise NotFound("item", tx)
        return self._filed(found)

    async def find(self, search: Search) -> Page[Filed]:
        return self._found(search, with_data=False)

    async def keep(self, transaction: Transaction, data: bytes) -> TxId:
        verify(transaction)
        if transaction.data_root != data_root(data) or transaction.data_size != len(data):
            raise InvalidItem(f"transaction {transaction.id}: its data is not what was signed")
        item = native.item_of(transaction, data)
        self.settle()
        self._store.keep_transaction(transaction, item, self._clock().height + 1)
        return item.id

    async def transaction(self, tx: TxId) -> Transaction | None:
        found = self._store.find_transaction(tx)
        if found is None:
            await self.filed(tx)
        return found

    def extent(self, tx: TxId) -> Extent:
        found = self._store.find_extent(tx)
        if found is None:
            raise NotFound("a transaction with data", tx)
        return found

    def extent_at(self, offset: int) -> Extent:
        found = self._store.find_extent_at(offset) if offset > 0 else None
        if found is None:
            raise NotFound("a byte of the weave", str(offset))
        return found

    def part(self, extent: Extent, begin: int, end: int) -> bytes:
        found = self._store.find_part(extent, begin, end)
        if found is None:
            raise NotFound("item", extent.tx)
        return found

    def find_bundle(self, tx: TxId) -> TxId | None:
        return self._store.find_bundle(tx)

    async def mine(self) -> None:
        self.settle()
        self._store.lower(self._clock().height)

    def newest(self) -> BlockTime:
        return self._chain.block(self._clock().height)

    def block(self, height: int) -> BlockTime:
        if not 0 <= height <= self._clock().height:
            raise NotFound("block", str(height))
        return self._chain.block(height)

    def reread(self) -> None:
        """Another state was put into its tables."""
        self._store.reread()

    async def close(self) -> None:
        self._store.close()

    def _found(self, search: Search, *, with_data: bool) -> Page[Filed]:
        if search.limit < 1:
            raise Refused(f"limit is {search.limit}, at least 1 is needed")
        self.settle()
        wanted = replace(self._wanted(search), with_data=with_data)
        found = self._store.search(search.ids, _facets(search), wanted)
        shown = tuple(map(self._filed, found[: search.limit]))
        return Page(shown, shown[-1].cursor if len(found) > search.limit else None)

    def _filed(self, found: Numbered) -> Filed:
        mined = found.height <= self._clock().height
        block = self._chain.block(found.height) if mined else None
        return Filed(found.item, found.size, str(found.number), block)

    def _wanted(self, search: Search) -> Wanted:
        """One more than is asked for, so that it shows whether any is left."""
        after, before = self._span(search)
        if search.after is not None:
            number = _number(search.after)
            after, before = (
                (max(after, number), before)
                if search.oldest_first
                else (after, min(before, number))
            )
        return Wanted(search.limit + 1, after, before, search.oldest_first)

    def _span(self, search: Search) -> tuple[int, int]:
        if search.min_height is None and search.max_height is None:
            return -1, _END
        newest = self._clock().height
        highest = newest if search.max_height is None else min(search.max_height, newest)
        return self._store.numbers(search.min_height or 0, highest)


def _nothing() -> None:
    """Nobody keeps anything back."""


def _carried(item: DataItem, depth: int) -> Iterator[tuple[DataItem, TxId]]:
    """Each item within, however deep, and the bundle that it lies in."""
    if not bundle.is_bundle(item):
        return
    if not depth:
        raise InvalidItem(f"bundle {item.id} lies {MAX_DEPTH} bundles deep, fewer are allowed")
    for each in bundle.decode(item.data).items:
        yield from _carried(each, depth - 1)
        yield each, item.id


def _facets(search: Search) -> list[Facet]:
    facets = [Facet(name, values) for name, values in search.tags]
    if search.owners:
        facets.append(owned_by(search.owners))
    if search.recipients:
        facets.append(sent_to(search.recipients))
    return facets


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Refused(f"cursor {cursor[:60]!r} is not one that this gateway gave")
    return int(cursor)
