import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from tests.items import an_item
from unitstack.gateway.headers import content_type, headers_of, range_of


def told(*tags: tuple[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers of tags, without those that every item has."""
    return headers_of(an_item(tags))[2:]


def test_tags_are_headers_in_lower_case() -> None:
    assert told(("Data-Protocol", "ao"), ("Type", "Process")) == [
        (b"data-protocol", b"ao"),
        (b"type", b"Process"),
    ]


def test_a_tag_that_is_there_twice_is_told_twice() -> None:
    assert told(("Topic", "a"), ("Topic", "b")) == [(b"topic", b"a"), (b"topic", b"b")]


def test_values_that_are_not_ascii_are_told_in_utf_8() -> None:
    assert told(("Name", "größe")) == [(b"name", "größe".encode())]


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "a\x7fb", "\t"])
def test_a_value_that_would_end_its_line_is_left_out(value: str) -> None:
    assert told(("Name", value)) == []


@pytest.mark.parametrize("name", ["a b", "a:b", "a\r\nb", "größe", "a\0", "(", "x" * 300])
def test_a_name_that_no_header_has_is_left_out(name: str) -> None:
    assert told((name, "value")) == []


@pytest.mark.parametrize(
    "name",
    [
        *("Content-Length", "CONTENT-ENCODING", "Transfer-Encoding", "Connection", "Set-Cookie"),
        *("Location", "Access-Control-Allow-Origin", "X-Forwarded-For", "Status", "Date", "Vary"),
        *("Content-Security-Policy", "Strict-Transport-Security", "Clear-Site-Data", "Alt-Svc"),
    ],
)
def test_a_tag_that_would_pass_for_another_header_is_left_out(name: str) -> None:
    assert told((name, "5")) == []


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(TEXTS.filter(bool), TEXTS), max_size=5))
def test_no_tag_can_write_a_line_of_its_own(tags: list[tuple[str, str]]) -> None:
    for name, value in headers_of(an_item(tags)):
        assert not set(b"\r\n\0") & set(name + value)
        assert name == name.lower()


def test_the_type_is_what_the_item_says() -> None:
    assert content_type(an_item((("Content-Type", "text/html; charset=utf-8"),))) == (
        "text/html; charset=utf-8"
    )


@pytest.mark.parametrize("tags", [(), (("Content-Type", "a\r\nb"),), (("Content-Type", " "),)])
def test_data_without_a_type_that_can_be_told_is_bytes(tags: tuple[tuple[str, str], ...]) -> None:
    assert content_type(an_item(tags)) == "application/octet-stream"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("bytes=0-3", range(4)),
        ("bytes=2-", range(2, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-30", range(10)),
        ("bytes=8-30", range(8, 10)),
        ("bytes=9-9", range(9, 10)),
    ],
)
def test_a_range_names_bytes(asked: str, wanted: range) -> None:
    assert range_of(asked, 10) == wanted


@pytest.mark.parametrize("asked", [None, "", "bytes=-", "bytes=5-3", "bytes=0-1,3-4", "items=0-1"])
def test_a_range_that_need_not_be_understood_means_all(asked: str | None) -> None:
    assert range_of(asked, 10) is None


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_past_the_end_is_told_the_size(asked: str) -> None:
    with pytest.raises(HTTPException) as told:
        range_of(asked, 10)

    assert (told.value.status_code, told.value.headers) == (416, {"content-range": "bytes */10"})
