import pytest

from unitstack.errors import InvalidItem
from unitstack.hyperbeam.encoding import Encoded, body_values, encode, is_field
from unitstack.wire.results import Json

# As ao-core-libs 0.0.9 was heard to send it.
CAPTURED = (
    b'--Q8APKC\r\ncontent-disposition: form-data; name="data"\r\n\r\na\nb\r\n'
    b'--Q8APKC\r\ncontent-disposition: form-data; name="nested"\r\na: 1\r\n'
    b"ao-types: a=integer\r\n\r\nundefined\r\n--Q8APKC--"
)
MULTIPART = {"content-type": 'multipart/form-data; boundary="Q8APKC"'}


def encoded_parts(encoded: Encoded) -> list[bytes]:
    """The parts of a body, without what is between them."""
    mark = b"--" + encoded.fields["content-type"].split('"')[1].encode()
    return [part.strip(b"\r\n") for part in encoded.body.split(mark)[1:-1]]


def test_texts_are_fields_by_lower_case_names() -> None:
    assert encode({"Process": "p", "id": "i"}) == Encoded({"process": "p", "id": "i"}, b"")


def test_types_of_what_is_no_text_stand_in_a_field_of_their_own() -> None:
    encoded = encode({"slot": 3, "share": 0.5, "continues": True, "process": "p"})

    assert encoded.fields == {
        "slot": "3",
        "share": "0.5",
        "continues": "true",
        "process": "p",
        "ao-types": 'slot="integer", share="float", continues="atom"',
    }


def test_a_list_is_a_field_of_typed_texts() -> None:
    encoded = encode({"notes": ["a", 2], "none": []})

    assert encoded.fields == {
        "notes": '"(ao-type-binary) a", "(ao-type-integer) 2"',
        "none": "",
        "ao-types": 'notes="list", none="empty-list"',
    }


def test_a_list_that_is_no_ascii_is_written_in_percents() -> None:
    assert encode({"notes": ["ü"]}).fields["notes"] == '"(ao-type-binary) %C3%BC"'


def test_the_body_is_the_body() -> None:
    assert encode({"body": "a\nb", "slot": "1"}) == Encoded({"slot": "1"}, b"a\nb")


def test_what_is_none_is_left_out() -> None:
    assert encode({"error": None}) == Encoded({}, b"")


@pytest.mark.parametrize("value", ["a\nb", "x" * 4097, "ü", " a", "a\r\nset-cookie: x"])
def test_what_fits_in_no_field_is_a_part_of_the_body(value: str) -> None:
    encoded = encode({"data": value, "id": "i"})

    assert encoded.fields.keys() == {"id", "content-type"}
    assert body_values(encoded.fields, encoded.body) == {"data": value.encode()}


def test_a_message_within_a_message_is_a_part_under_its_path() -> None:
    inner: Json = {"json": {"body": "{}"}, "n": 1, "text": "a\nb"}

    parts = encoded_parts(encode({"results": inner, "body": "b"}))

    assert parts == [
        b'content-disposition: form-data; name="body"\r\n\r\nb',
        b'content-disposition: form-data; name="results"\r\nn: 1\r\nao-types: n="integer"',
        b'content-disposition: form-data; name="results/text"\r\n\r\na\nb',
        b'content-disposition: form-data; name="results/json"\r\n\r\n{}',
    ]


def test_a_list_of_messages_is_a_message_of_numbers() -> None:
    parts = encoded_parts(encode({"tags": [{"name": "a"}, {"name": "b"}]}))

    assert parts == [
        b'content-disposition: form-data; name="tags"',
        b'content-disposition: form-data; name="tags/1"\r\nname: a',
        b'content-disposition: form-data; name="tags/2"\r\nname: b',
    ]


def test_a_key_cannot_end_its_line() -> None:
    encoded = encode({"a\r\nb: c": 1})

    assert encoded.fields == {
        "a%0D%0Ab%3A%20c": "1",
        "ao-types": '*a%250D%250Ab%253A%2520c="integer"',
    }


def test_half_a_character_is_a_question_mark() -> None:
    encoded = encode({"body": "\ud83d", "data": "a\n\ud83d", "list": ["\ud83d"]})

    parts = encoded_parts(encoded)
    assert [part[-1:] for part in parts] == [b"?", b"?"]
    assert encoded.fields["list"] == '"(ao-type-binary) ?"'


def test_one_body_is_that_of_the_key_it_is_said_to_be() -> None:
    assert body_values({"inline-body-key": "data"}, b"a\nb") == {"data": b"a\nb"}
    assert body_values({}, b"a\nb") == {"body": b"a\nb"}
    assert body_values({"inline-body-key": "data"}, b"") == {}


def test_parts_are_read_as_clients_of_the_field_write_them() -> None:
    assert body_values(MULTIPART, CAPTURED) == {"data": b"a\nb"}


def test_parts_without_an_end_are_not_read() -> None:
    assert body_values(MULTIPART, b"--Q8APKC\r\nnothing") == {}


def test_parts_need_what_is_between_them() -> None:
    with pytest.raises(InvalidItem, match="parts"):
        body_values({"content-type": "multipart/form-data"}, b"x")


@pytest.mark.parametrize(
    ("text", "fits"), [("", True), ("a b", True), ("a\tb", False), ("ü", False)]
)
def test_a_field_holds_printable_ascii(text: str, fits: bool) -> None:
    assert is_field(text) is fits
