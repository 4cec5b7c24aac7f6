import pytest

from tests.items import an_item
from unitstack.errors import InvalidItem
from unitstack.wire import bundle, data_item
from unitstack.wire.bundle import BUNDLE_TAGS, Bundle
from unitstack.wire.data_item import DataItem

ONE, TWO, THREE = (an_item(data=name) for name in (b"one", b"two", b"three"))
RAW = bundle.encode(Bundle((ONE, TWO)))


def carrier(*items: DataItem) -> DataItem:
    return an_item(BUNDLE_TAGS, bundle.encode(Bundle(items)))


def test_a_bundle_states_how_many_items_it_has_and_the_size_and_id_of_each() -> None:
    first, second = data_item.encode(ONE), data_item.encode(TWO)

    assert int.from_bytes(RAW[:32], "little") == 2
    assert int.from_bytes(RAW[32:64], "little") == len(first)
    assert RAW[32 + 2 * 64 :] == first + second


@pytest.mark.parametrize("items", [(), (ONE,), (ONE, TWO, ONE)])
def test_a_bundle_is_read_as_it_was_written(items: tuple[DataItem, ...]) -> None:
    assert bundle.decode(bundle.encode(Bundle(items))) == Bundle(items)


def test_an_item_is_a_bundle_by_its_tags() -> None:
    assert bundle.is_bundle(carrier(ONE))
    assert not bundle.is_bundle(an_item([("Bundle-Format", "json"), ("Bundle-Version", "2.0.0")]))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "bundle: the header of 0 items has 32 bytes, there are 0"),
        (RAW[:100], "bundle: the header of 2 items has 160 bytes, there are 100"),
        (b"\xff" * 32, f"bundle: the header of {2**256 - 1} items has {(2**256 - 1) * 64 + 32} bytes, there are 32"),
        (RAW[:-1], f"bundle: its items end at byte {len(RAW)}, there are {len(RAW) - 1}"),
        (RAW + b"x", f"bundle: its items end at byte {len(RAW)}, there are {len(RAW) + 1}"),
        (RAW[:160] + b"\x09" + RAW[161:], "bundle: item 1 of 2: signature type is 9, 1 to 7 are known"),
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused_with_its_place_and_figure(
    raw: bytes, reason: str
) -> None:
    with pytest.raises(InvalidItem) as error:
        bundle.decode(raw)

    assert str(error.value) == reason


def test_an_item_with_another_id_than_the_header_says_is_refused() -> None:
    raw = RAW[:64] + bytes(32) + RAW[96:]

    with pytest.raises(InvalidItem, match=f"item 1 of 2 is {ONE.id}, the header says AAAA"):
        bundle.decode(raw)
