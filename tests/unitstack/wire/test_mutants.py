"""Whatever is changed in an item's bytes, it is refused: not read, or not verified."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.items import A_PROCESS, an_item
from unitstack.errors import InvalidItem
from unitstack.wire import data_item, keys
from unitstack.wire.data_item import SIZES, DataItem

SIGNERS = ("arweave", "ed25519", "ethereum", "solana")
WHOLE = {
    signer: an_item(
        [("Action", "Eval"), ("Ünï", "çödé"), ("Long", "x" * 100)],
        b"1 + 1",
        A_PROCESS,
        b"a" * 32,
        signer,
    )
    for signer in SIGNERS
}
BARE = {signer: an_item(signer=signer) for signer in SIGNERS}
SOME = [*WHOLE.values(), *BARE.values()]
PARTS = (
    "signature", "owner", "target", "anchor", "tag", "number of tag", "numbers of tags",
    "the number at byte", "bytes follow the end", "a block of tags",
)  # fmt: skip


def counts_at(item: DataItem) -> int:
    sizes = SIZES[item.signature_type]
    return 2 + sizes.signature + sizes.owner + 2 + len(item.target) + len(item.anchor)


def is_a_second_spelling_of_v(item: DataItem, mutant: bytes) -> bool:
    """The one leniency there is: v may be written as 27 and 28, or as 0 and 1."""
    at = 2 + 64
    same = data_item.encode(item)[:at] + mutant[at : at + 1] + data_item.encode(item)[at + 1 :]
    return item.signature_type == 3 and mutant == same and mutant[at] == item.signature[64] - 27


def refuse(item: DataItem, mutant: bytes) -> None:
    if mutant == data_item.encode(item) or is_a_second_spelling_of_v(item, mutant):
        return
    with pytest.raises(InvalidItem) as error:
        keys.verify(data_item.decode(mutant))
    assert any(part in str(error.value) for part in PARTS), str(error.value)


items = st.sampled_from(SOME)


@given(items, st.data())
@settings(max_examples=300)
def test_an_item_with_a_changed_byte_is_refused(item: DataItem, data: st.DataObject) -> None:
    raw = bytearray(data_item.encode(item))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    refuse(item, bytes(raw))


@given(items, st.data())
@settings(max_examples=300)
def test_an_item_with_a_flipped_bit_behind_its_keys_is_refused(
    item: DataItem, data: st.DataObject
) -> None:
    raw = bytearray(data_item.encode(item))
    sizes = SIZES[item.signature_type]
    at = data.draw(st.integers(2 + sizes.signature + sizes.owner, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))

    refuse(item, bytes(raw))


@given(items, st.data())
def test_an_item_that_is_cut_off_is_refused(item: DataItem, data: st.DataObject) -> None:
    raw = data_item.encode(item)

    refuse(item, raw[: data.draw(st.integers(0, len(raw) - 1))])


@given(items, st.binary(min_size=1, max_size=100), st.data())
def test_an_item_with_bytes_put_in_is_refused(
    item: DataItem, more: bytes, data: st.DataObject
) -> None:
    raw = data_item.encode(item)
    at = data.draw(st.sampled_from([0, 2, counts_at(item), counts_at(item) + 16, len(raw)]))

    refuse(item, raw[:at] + more + raw[at:])


@given(items, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_an_item_with_other_counts_is_refused(item: DataItem, count: int, size: int) -> None:
    raw, at = data_item.encode(item), counts_at(item)
    counts = count.to_bytes(8, "little") + size.to_bytes(8, "little")

    refuse(item, raw[:at] + counts + raw[at + 16 :])


@given(items, st.integers(-5, 5), st.integers(-5, 5))
def test_an_item_with_counts_a_little_off_is_refused(
    item: DataItem, more: int, longer: int
) -> None:
    raw, at = data_item.encode(item), counts_at(item)
    count, size = max(0, len(item.tags) + more), max(0, len(item.tag_bytes) + longer)
    counts = count.to_bytes(8, "little") + size.to_bytes(8, "little")

    refuse(item, raw[:at] + counts + raw[at + 16 :])


@given(st.binary(max_size=2000))
@pytest.mark.parametrize("read", [data_item.decode])
def test_any_bytes_are_an_item_or_invalid(read: Callable[[bytes], DataItem], raw: bytes) -> None:
    try:
        item = read(raw)
    except InvalidItem:
        return
    assert data_item.encode(item) == raw


@given(st.sampled_from(range(1, 8)), st.binary(max_size=3000))
def test_any_bytes_of_a_known_type_are_an_item_or_invalid(number: int, rest: bytes) -> None:
    with pytest.raises(InvalidItem):
        keys.verify(data_item.decode(number.to_bytes(2, "little") + rest))
