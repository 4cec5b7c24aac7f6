"""ANS-104 bundles: items in an item's data, each with its size and id in front."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from unitstack.errors import InvalidItem
from unitstack.wire import data_item, ids
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import ID_BYTES
from unitstack.wire.tags import Tag, find

BUNDLE_TAGS = (Tag("Bundle-Format", "binary"), Tag("Bundle-Version", "2.0.0"))
_COUNT_BYTES = 32
_ENTRY_BYTES = 64


@dataclass(frozen=True, slots=True)
class Bundle:
    """Items that travel together, in order."""

    items: tuple[DataItem, ...]


def is_bundle(item: DataItem) -> bool:
    """Whether the item's tags say that its data is a bundle."""
    return all(find(item.tags, tag.name) == tag.value for tag in BUNDLE_TAGS)


def encode(bundle: Bundle) -> bytes:
    """The data of an item that carries the bundle."""
    raws = [data_item.encode(item) for item in bundle.items]
    header = [len(raws).to_bytes(_COUNT_BYTES, "little")]
    for item, raw in zip(bundle.items, raws, strict=True):
        header += (len(raw).to_bytes(32, "little"), sha256(item.signature).digest())
    return b"".join((*header, *raws))


def decode(raw: bytes) -> Bundle:
    """Reads a bundle; every item must have the id and the size that the header states. Raises InvalidItem."""
    count = int.from_bytes(raw[:_COUNT_BYTES], "little")
    begin = _COUNT_BYTES + count * _ENTRY_BYTES
    if len(raw) < begin:
        raise InvalidItem(
            f"bundle: the header of {count} items has {begin} bytes, there are {len(raw)}"
        )
    entries = [raw[at : at + _ENTRY_BYTES] for at in range(_COUNT_BYTES, begin, _ENTRY_BYTES)]
    ends = [begin]
    for entry in entries:
        ends.append(ends[-1] + int.from_bytes(entry[:32], "little"))
    if ends[-1] != len(raw):
        raise InvalidItem(f"bundle: its items end at byte {ends[-1]}, there are {len(raw)}")
    spans = zip(entries, pairwise(ends), strict=True)
    return Bundle(
        tuple(
            _decode_item(raw[start:end], entry[-ID_BYTES:], f"item {number} of {count}")
            for number, (entry, (start, end)) in enumerate(spans, 1)
        )
    )


def _decode_item(raw: bytes, id: bytes, place: str) -> DataItem:
    try:
        item = data_item.decode(raw)
    except InvalidItem as error:
        raise InvalidItem(f"bundle: {place}: {error}") from error
    if ids.encode(id) != item.id:
        raise InvalidItem(f"bundle: {place} is {item.id}, the header says {ids.encode(id)}")
    return item
