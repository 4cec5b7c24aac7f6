import pytest

from unitstack.errors import InvalidItem
from unitstack.wire import ids

RAW = bytes(range(224, 256))
TEXT = ids.encode(RAW)


def test_binary_values_are_written_as_base64url_without_padding() -> None:
    assert ids.encode(b"\xfb\xff\xfe\x00") == "-__-AA"


def test_padding_and_the_standard_alphabet_are_read_too() -> None:
    assert ids.decode("-__-AA==") == ids.decode("+//+AA") == b"\xfb\xff\xfe\x00"


@pytest.mark.parametrize("text", ["a", "ab cd", "ab\ncd", "äöü", "ab=cd", "a.b."])
def test_what_is_not_base64url_is_refused(text: str) -> None:
    with pytest.raises(InvalidItem, match="is not base64url"):
        ids.decode(text)


def test_an_id_is_43_characters() -> None:
    assert ids.tx_id(TEXT) == TEXT


@pytest.mark.parametrize(("text", "size"), [("", 0), (TEXT[:-1], 42), (TEXT + "A", 44)])
def test_an_id_of_another_length_is_refused(text: str, size: int) -> None:
    with pytest.raises(InvalidItem, match=f"an id has 43 characters, '.*' has {size}"):
        ids.tx_id(text)


@pytest.mark.parametrize("text", [TEXT[:-1] + "9", TEXT.replace("-", "+").replace("_", "/")])
def test_a_second_way_to_write_an_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidItem, match="is not an id"):
        ids.tx_id(text)
