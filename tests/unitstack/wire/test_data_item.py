from dataclasses import replace
from hashlib import sha256

import pytest

from tests.items import A_PROCESS, a_wallet, an_item
from unitstack.errors import InvalidItem
from unitstack.wire import addresses, data_item, ids, keys, tags
from unitstack.wire.data_item import SIZES, DataItem, SignatureType, signing_payload
from unitstack.wire.tags import Tag

ANCHOR = b"00000000000000000000000000000001"
ITEM = an_item([("Action", "Eval")], b"1 + 1", A_PROCESS, ANCHOR)
RAW = data_item.encode(ITEM)
PRESENCE = 2 + 64 + 32  # where, in an Ed25519 item, the target's presence byte stands
TAG_COUNT = PRESENCE + 33 + 33


def unsigned(signature_type: SignatureType, **parts: bytes) -> DataItem:
    sizes = SIZES[signature_type]
    signature, owner = bytes(sizes.signature), bytes(sizes.owner)
    return DataItem(signature_type, signature, owner, b"", b"", (), parts.get("data", b""))


def changed(at: int, raw: bytes) -> bytes:
    return RAW[:at] + raw + RAW[at + len(raw) :]


@pytest.mark.parametrize("signature_type", SignatureType)
def test_items_of_every_type_keep_their_bytes(signature_type: SignatureType) -> None:
    item = unsigned(signature_type, data=b"data")

    raw = data_item.encode(item)

    assert len(raw) == 2 + sum(SIZES[signature_type]) + 18 + 4
    assert data_item.decode(raw) == item


def test_an_item_is_read_as_it_was_signed() -> None:
    item = data_item.decode(RAW)

    assert item == ITEM
    assert (item.target_id, item.anchor, item.data) == (A_PROCESS, ANCHOR, b"1 + 1")
    assert item.tags == (Tag("Action", "Eval"),)


def test_an_id_is_the_hash_of_the_signature_and_an_address_that_of_the_owner() -> None:
    assert ids.decode(ITEM.id) == sha256(ITEM.signature).digest()
    assert ITEM.address == addresses.address(ITEM.owner) == a_wallet().address


def test_what_is_signed_are_eight_parts() -> None:
    expected = signing_payload(2, ITEM.owner, ITEM.target, ANCHOR, ITEM.tag_bytes, b"1 + 1")

    assert ITEM.signed_bytes() == expected
    assert len(expected) == 48


def test_an_absent_target_is_an_empty_text() -> None:
    assert an_item().target_id == ""


@pytest.mark.parametrize(
    ("anchor", "text"), [(ANCHOR, ANCHOR.decode()), (b"", None), (b"\xff" * 32, None)]
)
def test_an_anchor_is_text_where_it_is_utf_8(anchor: bytes, text: str | None) -> None:
    assert an_item(anchor=anchor).anchor_text == text


def test_tags_that_were_written_in_several_blocks_are_signed_as_they_were_written() -> None:
    blocks = bytes.fromhex("020c416374696f6e084576616c" * 2 + "00")
    payload = signing_payload(2, a_wallet().owner, b"", b"", blocks, b"")
    own = (Tag("Action", "Eval"),) * 2
    signed = DataItem(
        SignatureType.ED25519,
        a_wallet().sign(payload),
        a_wallet().owner,
        b"",
        b"",
        own,
        b"",
        blocks,
    )

    item = data_item.decode(data_item.encode(signed))

    keys.verify(item)
    assert (item.tags, item.tag_bytes) == (own, blocks)
    assert data_item.encode(item) == data_item.encode(signed)
    assert item != replace(item), "a copy has its tags written in our way, in one block"


def test_an_item_with_other_tags_has_their_bytes() -> None:
    other = replace(ITEM, tags=(Tag("A", "B"),))

    assert other.tag_bytes == tags.encode(other.tags)


def test_an_item_shows_neither_signature_nor_data() -> None:
    assert ITEM.id in repr(ITEM)
    assert "1 + 1" not in repr(ITEM)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "signature type: it ends at byte 2, the item has 0"),
        (changed(0, b"\x08\0"), "signature type is 8, 1 to 7 are known"),
        (changed(0, b"\x01\x01"), "signature type is 257, 1 to 7 are known"),
        (RAW[:60], "signature: it ends at byte 66, the item has 60"),
        (RAW[:70], "owner: it ends at byte 98, the item has 70"),
        (RAW[:PRESENCE], "target's presence byte: it ends at byte 99, the item has 98"),
        (changed(PRESENCE, b"\x02"), "target's presence byte is 2, 0 or 1 is allowed"),
        (RAW[: PRESENCE + 10], "target: it ends at byte 131, the item has 108"),
        (changed(PRESENCE + 33, b"\xff"), "anchor's presence byte is 255, 0 or 1 is allowed"),
        (RAW[: TAG_COUNT - 1], "anchor: it ends at byte 164, the item has 163"),
        (RAW[: TAG_COUNT + 15], "numbers of tags and tag bytes: it ends at byte 180, the item has 179"),
        (changed(TAG_COUNT, b"\x02"), "number of tags is 2, the tag bytes hold 1"),
        (changed(TAG_COUNT + 7, b"\x01"), f"number of tags is {(1 << 56) + 1}, 128 are allowed"),
        (changed(TAG_COUNT + 8, b"\x01\x10"), "number of tag bytes is 4097, 4096 are allowed"),
        (changed(TAG_COUNT + 8, b"\x20"), "tags: it ends at byte 212, the item has 199"),
        (changed(TAG_COUNT + 8, b"\x0f"), "1 of 15 tag bytes follow the end of the tags"),
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused_with_its_part_and_figure(
    raw: bytes, reason: str
) -> None:
    with pytest.raises(InvalidItem) as error:
        data_item.decode(raw)

    assert str(error.value) == reason


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (replace(ITEM, signature=b"12"), "signature has 2 bytes, 64 are needed"),
        (replace(ITEM, owner=b""), "owner has 0 bytes, 32 are needed"),
        (replace(ITEM, target=b"x" * 31), "target has 31 bytes, 32 are needed"),
        (replace(ITEM, anchor=b"x" * 33), "anchor has 33 bytes, 32 are needed"),
    ],
)
def test_a_part_of_the_wrong_size_is_not_written(item: DataItem, reason: str) -> None:
    with pytest.raises(InvalidItem) as error:
        data_item.encode(item)

    assert str(error.value) == reason


def test_an_address_is_32_bytes_of_text() -> None:
    assert len(ids.decode(ITEM.address)) == 32
