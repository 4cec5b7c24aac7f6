"""Tags, and the Avro form of them that is signed (ANS-104)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from unitstack.errors import InvalidItem

MAX_TAGS = 128
MAX_TAG_BYTES = 4096
NAME_SIZES = range(1, 1024 + 1)
VALUE_SIZES = range(3072 + 1)
_VARINT_BYTES = 10


class Tag(NamedTuple):
    """A name and a value; order and repetition matter."""

    name: str
    value: str


def find(tags: Iterable[Tag], name: str) -> str | None:
    """The value of the first tag of that exact name."""
    return next((tag.value for tag in tags if tag.name == name), None)


def find_all(tags: Iterable[Tag], name: str) -> tuple[str, ...]:
    """The values of every tag of that exact name, in order."""
    return tuple(tag.value for tag in tags if tag.name == name)


def without(tags: Iterable[Tag], *names: str) -> tuple[Tag, ...]:
    """The tags whose names are none of these, in order."""
    return tuple(tag for tag in tags if tag.name not in names)


def encode(tags: Sequence[Tag]) -> bytes:
    """The Avro form: one block; no bytes at all for no tags. Raises InvalidItem where a limit is exceeded."""
    if not tags:
        return b""
    check_count(len(tags))
    written = [_varint(len(tags))]
    try:
        for name, value in tags:
            written += (_name(name), _utf8(value, VALUE_SIZES))
    except InvalidItem as error:
        # The two of a tag are written together, or neither is.
        number = len(written) // 2 + 1
        raise InvalidItem(f"tag {number} of {len(tags)}: its {error}") from error
    written.append(b"\0")
    raw = b"".join(written)
    check_size(len(raw))
    return raw


def decode(raw: bytes, count: int) -> tuple[Tag, ...]:
    """Reads the Avro form of so many tags. Writers emit one block; several, and blocks that state their size, are read
    too. Raises InvalidItem."""
    check_count(count)
    check_size(len(raw))
    if not raw and not count:
        return ()
    tags: list[Tag] = []
    at = 0
    while True:
        records, at = _read_varint(raw, at)
        if not records:
            break
        at = _read_block(raw, at, records, tags, count)
    if at != len(raw):
        raise InvalidItem(f"{len(raw) - at} of {len(raw)} tag bytes follow the end of the tags")
    if len(tags) != count:
        raise InvalidItem(f"number of tags is {count}, the tag bytes hold {len(tags)}")
    return tuple(tags)


def check_count(count: int) -> None:
    """Raises InvalidItem for more tags than an item may have."""
    if count > MAX_TAGS:
        raise InvalidItem(f"number of tags is {count}, {MAX_TAGS} are allowed")


def check_size(size: int) -> None:
    """Raises InvalidItem for more tag bytes than an item may have."""
    if size > MAX_TAG_BYTES:
        raise InvalidItem(f"number of tag bytes is {size}, {MAX_TAG_BYTES} are allowed")


def _check_size(size: int, sizes: range, what: str) -> None:
    if size not in sizes:
        raise InvalidItem(f"{what} has {size} bytes, {sizes[0]} to {sizes[-1]} are allowed")


@lru_cache(maxsize=1024)
def _name(text: str) -> bytes:
    # Programs give the same few dozen names over and over.
    return _utf8(text, NAME_SIZES, "name")


def _utf8(text: str, sizes: range, what: str = "value") -> bytes:
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise InvalidItem(f"{what} is not Unicode text: {error.reason}") from error
    _check_size(len(raw), sizes, what)
    return _varint(len(raw)) + raw


def _varint(value: int) -> bytes:
    """Zig-zag, of a value that is not negative."""
    rest = value << 1
    if rest < 0x80:
        return bytes((rest,))
    written = bytearray()
    while rest >= 0x80:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    written.append(rest)
    return bytes(written)


def _read_varint(raw: bytes, begin: int) -> tuple[int, int]:
    """A zig-zag number, and where it ends."""
    zigzag = shift = 0
    for at, byte in enumerate(raw[begin : begin + _VARINT_BYTES], begin + 1):
        zigzag |= (byte & 0x7F) << shift
        if byte < 0x80:
            return zigzag >> 1 ^ -(zigzag & 1), at
        shift += 7
    fault = "is longer than 10 bytes" if shift == 7 * _VARINT_BYTES else "is cut off"
    raise InvalidItem(f"the number at byte {begin} of the {len(raw)} tag bytes {fault}")


def _read_block(raw: bytes, at: int, records: int, tags: list[Tag], count: int) -> int:
    """Appends the block's tags, and answers where it ends. A negative count says that the block's size follows."""
    size = None
    if records < 0:
        size, at = _read_varint(raw, at)
    begin, total = at, len(tags) + abs(records)
    if total > count:
        raise InvalidItem(f"number of tags is {count}, the tag bytes hold at least {total}")
    for number in range(len(tags) + 1, total + 1):
        tag, at = _read_tag(raw, at, f"tag {number} of {count}")
        tags.append(tag)
    if size is not None and at - begin != size:
        raise InvalidItem(f"a block of tags has {at - begin} bytes, {size} are stated")
    return at


def _read_tag(raw: bytes, at: int, place: str) -> tuple[Tag, int]:
    name, at = _read_text(raw, at, NAME_SIZES, f"{place}: its name")
    value, at = _read_text(raw, at, VALUE_SIZES, f"{place}: its value")
    return Tag(name, value), at


def _read_text(raw: bytes, at: int, sizes: range, what: str) -> tuple[str, int]:
    size, begin = _read_varint(raw, at)
    _check_size(size, sizes, what)
    end = begin + size
    if end > len(raw):
        raise InvalidItem(f"{what} ends at byte {end}, there are {len(raw)} tag bytes")
    try:
        return raw[begin:end].decode(), end
    except UnicodeDecodeError as error:
        raise InvalidItem(f"{what} is not UTF-8: {error.reason} at byte {error.start}") from error
