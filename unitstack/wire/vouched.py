"""Items that were verified or signed in this process, so that the parts played in it verify each but once."""

from collections import OrderedDict

from unitstack.wire.data_item import DataItem
from unitstack.wire.signatures import verify

_REMEMBERED = 64
_DATA_BYTES = 100_000


class Vouched:
    """Remembers some items by identity: an equal item that came from elsewhere is verified like any other."""

    def __init__(self) -> None:
        # The item itself is kept, so that its identity is not given to another while it stands here.
        self._items: OrderedDict[int, DataItem] = OrderedDict()

    def vouch(self, item: DataItem) -> None:
        """Says that the item was signed or verified here."""
        if len(item.data) > _DATA_BYTES:
            return
        self._items[id(item)] = item
        if len(self._items) > _REMEMBERED:
            self._items.popitem(last=False)

    def verify(self, item: DataItem) -> None:
        """Raises InvalidItem unless the owner signed the item; one that was vouched for is not looked at again."""
        if id(item) not in self._items:
            verify(item)
            self.vouch(item)
