"""ANS-104 data items, decoded and encoded. Whether a signature holds is for `keys.verify` to say."""

from dataclasses import InitVar, dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import NamedTuple

from unitstack.errors import InvalidItem
from unitstack.wire import addresses, ids, tags
from unitstack.wire.deep_hash import cached_of_blob, of_blob, of_list
from unitstack.wire.ids import ID_BYTES, Address, TxId
from unitstack.wire.tags import Tag


class SignatureType(IntEnum):
    """How an item is signed (ANS-104)."""

    ARWEAVE = 1
    ED25519 = 2
    ETHEREUM = 3
    SOLANA = 4
    INJECTED_APTOS = 5
    MULTI_APTOS = 6
    TYPED_ETHEREUM = 7


class Sizes(NamedTuple):
    """How many bytes a type's signature and owner have."""

    signature: int
    owner: int


SIZES = {
    SignatureType.ARWEAVE: Sizes(512, 512),
    SignatureType.ED25519: Sizes(64, 32),
    SignatureType.ETHEREUM: Sizes(65, 65),
    SignatureType.SOLANA: Sizes(64, 32),
    SignatureType.INJECTED_APTOS: Sizes(64, 32),
    SignatureType.MULTI_APTOS: Sizes(32 * 64 + 4, 32 * 32 + 1),
    SignatureType.TYPED_ETHEREUM: Sizes(65, 42),
}


@dataclass(frozen=True, slots=True)
class DataItem:
    """A signed item: bytes that an owner vouches for. `tag_bytes` are the tags as signed; they come from the tags unless
    the item was decoded from another way of writing them (`signed_tag_bytes`)."""

    signature_type: SignatureType
    signature: bytes = field(repr=False)
    owner: bytes = field(repr=False)
    target: bytes
    anchor: bytes
    tags: tuple[Tag, ...]
    data: bytes = field(repr=False)
    signed_tag_bytes: InitVar[bytes | None] = None
    tag_bytes: bytes = field(init=False, repr=False)
    id: TxId = field(init=False, compare=False)

    def __post_init__(self, signed_tag_bytes: bytes | None) -> None:
        written = tags.encode(self.tags) if signed_tag_bytes is None else signed_tag_bytes
        object.__setattr__(self, "tag_bytes", written)
        object.__setattr__(self, "id", TxId(ids.encode(sha256(self.signature).digest())))

    @property
    def address(self) -> Address:
        """The owner's, by Arweave's rule. What processes see is `addresses.process_address(item.owner)`."""
        return addresses.address(self.owner)

    @property
    def target_id(self) -> str:
        """The target as text; empty where there is none."""
        return ids.encode(self.target)

    @property
    def anchor_text(self) -> str | None:
        """The anchor as schedulers show it, and so as processes see it: None where it is absent or not UTF-8."""
        try:
            return self.anchor.decode() or None
        except UnicodeDecodeError:
            return None

    def signed_bytes(self) -> bytes:
        """The 48 bytes that the owner signed."""
        return signing_payload(
            self.signature_type, self.owner, self.target, self.anchor, self.tag_bytes, self.data
        )


def signing_payload(
    signature_type: int, owner: bytes, target: bytes, anchor: bytes, tag_bytes: bytes, data: bytes
) -> bytes:
    """The deep hash of an item's eight parts. ANS-104's text shows seven; all implementations have these."""
    hashes = (
        cached_of_blob(b"dataitem"),
        cached_of_blob(b"1"),
        cached_of_blob(b"%d" % signature_type),
        cached_of_blob(owner),
        cached_of_blob(target),
        of_blob(anchor),
        of_blob(tag_bytes),
        of_blob(data),
    )
    return of_list(hashes, len(hashes))


def encode(item: DataItem) -> bytes:
    """The item's bytes. Raises InvalidItem where a part does not have the size that its place has."""
    sizes = SIZES[item.signature_type]
    _check_size("signature", len(item.signature), sizes.signature)
    _check_size("owner", len(item.owner), sizes.owner)
    return b"".join(
        (
            item.signature_type.to_bytes(2, "little"),
            item.signature,
            item.owner,
            _optional("target", item.target),
            _optional("anchor", item.anchor),
            len(item.tags).to_bytes(8, "little"),
            len(item.tag_bytes).to_bytes(8, "little"),
            item.tag_bytes,
            item.data,
        )
    )


def decode(raw: bytes) -> DataItem:
    """Reads an item; a decoded item encodes to the same bytes. Raises InvalidItem. Does not verify the signature."""
    signature_type = _signature_type(raw)
    sizes = SIZES[signature_type]
    signature, at = _take(raw, 2, sizes.signature, "signature")
    owner, at = _take(raw, at, sizes.owner, "owner")
    target, at = _take_optional(raw, at, "target")
    anchor, at = _take_optional(raw, at, "anchor")
    counts, at = _take(raw, at, 16, "numbers of tags and tag bytes")
    count, size = int.from_bytes(counts[:8], "little"), int.from_bytes(counts[8:], "little")
    tags.check_size(size)
    tag_bytes, at = _take(raw, at, size, "tags")
    read = tags.decode(tag_bytes, count)
    return DataItem(signature_type, signature, owner, target, anchor, read, raw[at:], tag_bytes)


def _signature_type(raw: bytes) -> SignatureType:
    written, _ = _take(raw, 0, 2, "signature type")
    number = int.from_bytes(written, "little")
    try:
        return SignatureType(number)
    except ValueError as error:
        raise InvalidItem(f"signature type is {number}, 1 to 7 are known") from error


def _take(raw: bytes, at: int, size: int, part: str) -> tuple[bytes, int]:
    end = at + size
    if end > len(raw):
        raise InvalidItem(f"{part}: it ends at byte {end}, the item has {len(raw)}")
    return raw[at:end], end


def _take_optional(raw: bytes, at: int, part: str) -> tuple[bytes, int]:
    presence, at = _take(raw, at, 1, f"{part}'s presence byte")
    if presence == b"\0":
        return b"", at
    if presence == b"\1":
        return _take(raw, at, ID_BYTES, part)
    raise InvalidItem(f"{part}'s presence byte is {presence[0]}, 0 or 1 is allowed")


def _optional(part: str, value: bytes) -> bytes:
    if not value:
        return b"\0"
    _check_size(part, len(value), ID_BYTES)
    return b"\1" + value


def _check_size(part: str, size: int, allowed: int) -> None:
    if size != allowed:
        raise InvalidItem(f"{part} has {size} bytes, {allowed} are needed")
