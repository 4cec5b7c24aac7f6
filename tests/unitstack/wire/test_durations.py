import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitstack.errors import Refused
from unitstack.wire.durations import LAST, moment_text, parse_moment, parse_span, span_text


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1d", 86_400_000),
        ("+90s", 90_000),
        ("+2h30m", 9_000_000),
        ("2h 30m", 9_000_000),
        ("1.5h", 5_400_000),
        ("250ms", 250),
        ("1W", 604_800_000),
    ],
)
def test_a_span_is_read_as_people_type_it(text: str, span: int) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "+", "d", "5", "5 apples", "-1d", "1d-", "1h;2m", "\uff11d"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is no span of time: 1d, 90s and 2h30m are"):
        parse_span(text)


@given(st.integers(0, 10**13))
def test_a_span_s_text_is_never_longer_than_the_span_to_the_second(span: int) -> None:
    assert parse_span(span_text(span)) <= span + 500


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (86_400_000, "1d"),
        (9_000_000, "2h 30m"),
        (0, "0s"),
        (-90_000, "-1m 30s"),
        (7, "7ms"),
        (86_399_990, "1d"),
    ],
)
def test_a_span_is_told_by_its_two_largest_units(span: int, text: str) -> None:
    assert span_text(span) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-01-01", 1_893_456_000_000),
        ("2030-01-01T12:00", 1_893_499_200_000),
        ("2030-01-01 12:00:00+02:00", 1_893_492_000_000),
    ],
)
def test_a_moment_is_utc_where_it_does_not_say(text: str, moment: int) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize("text", ["", "tomorrow", "2030-13-01", "12"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is no moment"):
        parse_moment(text)


def test_a_moment_is_told_in_utc() -> None:
    assert moment_text(1_893_499_200_999) == "2030-01-01 12:00:00 UTC"


@pytest.mark.parametrize("text", ["0001-01-01T00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_the_ends_of_the_calendar_are_moments_like_others(text: str) -> None:
    assert parse_moment(text) == round(parse_moment(text))


def test_a_moment_that_no_calendar_has_is_told_as_it_is() -> None:
    assert moment_text(LAST + 1) == f"{LAST + 1} ms"
