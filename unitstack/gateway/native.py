"""Items and the base layer's transactions, each in the form of the other."""

from unitstack.wire.data_item import DataItem, SignatureType
from unitstack.wire.data_tree import data_root
from unitstack.wire.ids import ID_BYTES
from unitstack.wire.transactions import Transaction


def item_of(transaction: Transaction, data: bytes) -> DataItem:
    """What stands for the transaction among items. It has its id, but as an item nobody signed it."""
    fits = len(transaction.last_tx) == ID_BYTES
    return DataItem(
        signature_type=SignatureType.ARWEAVE,
        signature=transaction.signature,
        owner=transaction.owner,
        target=transaction.target,
        anchor=transaction.last_tx if fits else b"",
        tags=transaction.tags,
        data=data,
    )


def transaction_of(item: DataItem) -> Transaction:
    """What nodes tell of an item that is asked for as if it were a transaction."""
    return Transaction(
        signature=item.signature,
        owner=item.owner,
        target=item.target,
        last_tx=item.anchor,
        tags=item.tags,
        quantity=0,
        reward=0,
        data_size=len(item.data),
        data_root=data_root(item.data),
    )
