"""The gateway unit: keeps signed items, what bundles carry among them, and finds them again."""

from collections.abc import Iterator

from unitstack.errors import InvalidItem, NotFound, Refused
from unitstack.gateway.store import Facet, ItemStore, owned_by, sent_to
from unitstack.units import Page, Search
from unitstack.wire import bundle
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import TxId
from unitstack.wire.vouched import Vouched

# Each depth copies all that lies deeper: without an end, few bytes could keep a gateway busy for hours.
MAX_DEPTH = 16
_NEWEST = 2**63 - 1


class GatewayUnit:
    """Plays `Gateway` here."""

    def __init__(self, store: ItemStore, *, vouched: Vouched | None = None) -> None:
        self._store = store
        self._vouched = vouched or Vouched()

    async def upload(self, item: DataItem) -> TxId:
        """Of a bundle, also what it carries; if any of that is invalid, nothing is kept. Raises InvalidItem."""
        carried = tuple(_carried(item, MAX_DEPTH))
        for each in (*carried, item):
            self._vouched.verify(each)
        # What is carried is the older: it existed when the bundle was signed.
        self._store.keep((*carried, item))
        return item.id

    async def item(self, tx: TxId) -> DataItem:
        item = self._store.find(tx)
        if item is None:
            raise NotFound("item", tx)
        return item

    async def data(self, tx: TxId) -> bytes:
        return (await self.item(tx)).data

    async def search(self, search: Search) -> Page[DataItem]:
        """Items that are uploaded while someone pages do not move those that are left."""
        if search.limit < 1:
            raise Refused(f"limit is {search.limit}, at least 1 is needed")
        before = _NEWEST if search.after is None else _number(search.after)
        found = self._store.search(search.ids, _facets(search), before, search.limit + 1)
        shown = found[: search.limit]
        cursor = str(shown[-1].number) if len(found) > search.limit else None
        return Page(tuple(each.item for each in shown), cursor)

    async def close(self) -> None:
        self._store.close()


def _carried(item: DataItem, depth: int) -> Iterator[DataItem]:
    if not bundle.is_bundle(item):
        return
    if not depth:
        raise InvalidItem(f"bundle {item.id} lies {MAX_DEPTH} bundles deep, fewer are allowed")
    for each in bundle.decode(item.data).items:
        yield from _carried(each, depth - 1)
        yield each


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
