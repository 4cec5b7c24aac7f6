"""Transactions whose data comes after them in chunks, until all of it is there."""

from collections import OrderedDict
from dataclasses import dataclass, field

from unitstack.errors import InvalidItem, NotFound, Refused
from unitstack.wire import ids
from unitstack.wire.transactions import Transaction

MAX_DATA = 100 * 1024 * 1024
_WAITING = 64


@dataclass(slots=True)
class _Pieces:
    transactions: list[Transaction] = field(default_factory=list)
    chunks: dict[int, bytes] = field(default_factory=dict)


class Chunks:
    """What has come so far, by the root of the data. Of too many that wait, the oldest is given up: whoever sends it has
    its data and can send it again."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[bytes, _Pieces] = OrderedDict()

    def begin(self, transaction: Transaction) -> None:
        """From now on, chunks of its data are taken."""
        if transaction.data_size > MAX_DATA:
            size = transaction.data_size
            raise Refused(f"the data has {size} bytes, {MAX_DATA} are allowed")
        pieces = self._waiting.setdefault(transaction.data_root, _Pieces())
        pieces.transactions.append(transaction)
        while len(self._waiting) > _WAITING or self._size() > 2 * MAX_DATA:
            self._waiting.popitem(last=False)

    def add(self, root: bytes, offset: int, chunk: bytes) -> tuple[list[Transaction], bytes] | None:
        """Takes the chunk whose last byte is at the offset; what waited for the data and the data, once it is whole."""
        pieces = self._waiting.get(root)
        if pieces is None:
            raise NotFound("a transaction with data root", ids.encode(root))
        begin, size = offset + 1 - len(chunk), pieces.transactions[0].data_size
        if not 0 <= begin < offset + 1 <= size:
            raise InvalidItem(f"a chunk of {len(chunk)} bytes ends at byte {offset} of {size}")
        pieces.chunks[begin] = chunk
        if sum(map(len, pieces.chunks.values())) < size:
            return None
        del self._waiting[root]
        return pieces.transactions, b"".join(pieces.chunks[at] for at in sorted(pieces.chunks))

    def _size(self) -> int:
        return sum(len(chunk) for each in self._waiting.values() for chunk in each.chunks.values())
