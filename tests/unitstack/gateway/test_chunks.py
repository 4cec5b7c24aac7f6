import pytest

from tests.items import a_transaction
from unitstack.errors import InvalidItem, NotFound, Refused
from unitstack.gateway.chunks import MAX_DATA, Chunks
from unitstack.wire.transactions import Transaction

DATA = bytes(range(200))


def waiting_for(*transactions: Transaction) -> Chunks:
    chunks = Chunks()
    for each in transactions:
        chunks.begin(each)
    return chunks


def test_data_is_whole_when_its_last_chunk_has_come_in_whatever_order() -> None:
    transaction = a_transaction(data=DATA)
    chunks = waiting_for(transaction)

    assert chunks.add(transaction.data_root, 199, DATA[100:]) is None
    assert chunks.add(transaction.data_root, 199, DATA[100:]) is None
    assert chunks.add(transaction.data_root, 99, DATA[:100]) == ([transaction], DATA)


def test_all_that_waited_for_the_same_data_get_it() -> None:
    one, other = a_transaction(data=DATA), a_transaction((("Name", "other"),), DATA)

    assert waiting_for(one, other).add(one.data_root, 199, DATA) == ([one, other], DATA)


def test_a_chunk_that_nothing_waits_for_is_not_taken() -> None:
    transaction = a_transaction(data=DATA)
    chunks = waiting_for(transaction)
    chunks.add(transaction.data_root, 199, DATA)

    with pytest.raises(NotFound, match="a transaction with data root"):
        chunks.add(transaction.data_root, 199, DATA)


@pytest.mark.parametrize(("offset", "chunk"), [(200, DATA), (98, DATA), (0, b""), (10**20, DATA)])
def test_a_chunk_that_lies_outside_the_data_is_invalid(offset: int, chunk: bytes) -> None:
    transaction = a_transaction(data=DATA)

    with pytest.raises(InvalidItem, match="of 200"):
        waiting_for(transaction).add(transaction.data_root, offset, chunk)


def test_more_data_than_is_taken_is_refused() -> None:
    transaction = a_transaction(data=DATA)
    object.__setattr__(transaction, "data_size", MAX_DATA + 1)

    with pytest.raises(Refused, match="are allowed"):
        waiting_for(transaction)


def test_of_too_many_that_wait_the_oldest_is_given_up() -> None:
    transactions = [a_transaction(data=b"%d" % number) for number in range(65)]
    chunks = waiting_for(*transactions)

    with pytest.raises(NotFound):
        chunks.add(transactions[0].data_root, 0, b"0")
    assert chunks.add(transactions[1].data_root, 0, b"1") == ([transactions[1]], b"1")
