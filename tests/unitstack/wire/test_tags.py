import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitstack.errors import InvalidItem
from unitstack.wire import tags
from unitstack.wire.tags import Tag

ACTION = Tag("Action", "Eval")
ACTION_RECORD = bytes.fromhex("0c416374696f6e084576616c")
names = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable())
some_tags = st.lists(
    st.builds(Tag, names, st.text(st.characters(exclude_categories=["Cs"]))), max_size=20
)


def number(value: int) -> bytes:
    """A zig-zag varint, the long way round."""
    zigzag = value * 2 if value >= 0 else -value * 2 - 1
    digits = [zigzag & 0x7F]
    while zigzag := zigzag >> 7:
        digits.append(zigzag & 0x7F)
    return bytes([digit | 0x80 for digit in digits[:-1]] + digits[-1:])


def record(name: bytes, value: bytes) -> bytes:
    return number(len(name)) + name + number(len(value)) + value


def test_the_first_tag_of_a_name_is_found_and_letters_count() -> None:
    several = (Tag("A", "1"), Tag("A", "2"), Tag("a", "3"))

    assert tags.find(several, "A") == "1"
    assert tags.find(several, "B") is None


def test_every_tag_of_a_name_is_found_in_order() -> None:
    assert tags.find_all((Tag("A", "1"), Tag("B", "2"), Tag("A", "3")), "A") == ("1", "3")


def test_tags_of_some_names_are_left_out() -> None:
    assert tags.without((Tag("A", "1"), Tag("B", "2"), Tag("C", "3")), "A", "C") == (Tag("B", "2"),)


@pytest.mark.parametrize(
    ("given_tags", "raw"),
    [
        ([ACTION], "020c416374696f6e084576616c00"),
        ([Tag("A", "é"), Tag("E", "")], "04024104c3a902450000"),
        ([], ""),
    ],
)
def test_tags_have_the_bytes_that_other_writers_give_them(given_tags: list[Tag], raw: str) -> None:
    assert tags.encode(given_tags).hex() == raw


def test_a_text_of_64_bytes_has_a_length_of_two_bytes() -> None:
    assert tags.encode([Tag("x" * 64, "")])[1:3].hex() == "8001"


@given(some_tags)
def test_tags_are_read_as_they_were_written(some: list[Tag]) -> None:
    assert tags.decode(tags.encode(some), len(some)) == tuple(some)


def test_several_blocks_are_read() -> None:
    raw = number(1) + ACTION_RECORD + number(2) + ACTION_RECORD * 2 + b"\0"

    assert tags.decode(raw, 3) == (ACTION,) * 3


def test_a_block_may_state_its_size_after_a_negative_count() -> None:
    raw = number(-2) + number(2 * len(ACTION_RECORD)) + ACTION_RECORD * 2 + b"\0"

    assert tags.decode(raw, 2) == (ACTION,) * 2


def test_no_tags_may_be_written_as_an_end_alone() -> None:
    assert tags.decode(b"\0", 0) == tags.decode(b"", 0) == ()


def test_as_much_as_is_allowed_is_allowed() -> None:
    longest = [Tag("n" * 1024, "v" * 3060)]
    most = [Tag("n", "")] * 128

    assert tags.decode(tags.encode(longest), 1) == tuple(longest)
    assert len(tags.encode([Tag("n", "v" * 3072)])) < 4096
    assert tags.decode(tags.encode(most), 128) == tuple(most)


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        ([Tag("n", "")] * 129, "number of tags is 129, 128 are allowed"),
        ([ACTION, Tag("", "v")], "tag 2 of 2: its name has 0 bytes, 1 to 1024 are allowed"),
        ([Tag("n" * 1025, "v")], "tag 1 of 1: its name has 1025 bytes, 1 to 1024 are allowed"),
        ([Tag("n", "é" * 1537)], "tag 1 of 1: its value has 3074 bytes, 0 to 3072 are allowed"),
        ([Tag("n", "v" * 2048)] * 2, "number of tag bytes is 4106, 4096 are allowed"),
        ([Tag("n", "\ud800")], "tag 1 of 1: its value is not Unicode text: surrogates not allowed"),
    ],
)
def test_tags_beyond_a_limit_are_not_written(refused: list[Tag], reason: str) -> None:
    with pytest.raises(InvalidItem) as error:
        tags.encode(refused)

    assert str(error.value) == reason


@pytest.mark.parametrize(
    ("raw", "count", "reason"),
    [
        (b"", 1, "the number at byte 0 of the 0 tag bytes is cut off"),
        (b"\x80", 1, "the number at byte 0 of the 1 tag bytes is cut off"),
        (b"\x80" * 11, 1, "the number at byte 0 of the 11 tag bytes is longer than 10 bytes"),
        (b"\x80" * 10, 1, "the number at byte 0 of the 10 tag bytes is longer than 10 bytes"),
        (number(1) + ACTION_RECORD, 1, "the number at byte 13 of the 13 tag bytes is cut off"),
        (number(1) + ACTION_RECORD + b"\0\0", 1, "1 of 15 tag bytes follow the end of the tags"),
        (number(1) + ACTION_RECORD + b"\0", 2, "number of tags is 2, the tag bytes hold 1"),
        (number(2) + ACTION_RECORD * 2 + b"\0", 1, "number of tags is 1, the tag bytes hold at least 2"),
        (number(1 << 62), 1, f"number of tags is 1, the tag bytes hold at least {1 << 62}"),
        (number(1) + record(b"", b"v") + b"\0", 1, "tag 1 of 1: its name has 0 bytes, 1 to 1024 are allowed"),
        (number(1) + number(-3), 1, "tag 1 of 1: its name has -3 bytes, 1 to 1024 are allowed"),
        (number(1) + b"\x02n" + number(4000), 1, "tag 1 of 1: its value has 4000 bytes, 0 to 3072 are allowed"),
        (number(1) + b"\x02n\x10v\0", 1, "tag 1 of 1: its value ends at byte 12, there are 6 tag bytes"),
        (number(1) + record(b"n\xff", b"") + b"\0", 1, "tag 1 of 1: its name is not UTF-8: invalid start byte at byte 1"),
        (number(1) + record(b"n", b"\xed\xa0\x80") + b"\0", 1, "tag 1 of 1: its value is not UTF-8: invalid continuation byte at byte 0"),
        (number(-1) + number(11) + ACTION_RECORD + b"\0", 1, "a block of tags has 12 bytes, 11 are stated"),
        (bytes(4097), 0, "number of tag bytes is 4097, 4096 are allowed"),
        (b"", 129, "number of tags is 129, 128 are allowed"),
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused_with_its_place_and_figure(
    raw: bytes, count: int, reason: str
) -> None:
    with pytest.raises(InvalidItem) as error:
        tags.decode(raw, count)

    assert str(error.value) == reason


@given(st.binary(max_size=200), st.integers(0, 10))
def test_any_bytes_are_tags_or_invalid(raw: bytes, count: int) -> None:
    try:
        read = tags.decode(raw, count)
    except InvalidItem:
        return
    assert len(read) == count
