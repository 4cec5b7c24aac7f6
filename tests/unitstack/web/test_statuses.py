import pytest

from unitstack.errors import (
    AoError,
    Duplicate,
    EngineError,
    Interrupted,
    InvalidItem,
    InvalidKey,
    NotFound,
    Refused,
    UnitUnreachable,
)
from unitstack.web.statuses import error_of, status_of

URL = "http://su/x"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidItem("why"), 400),
        (Refused("why"), 403),
        (NotFound("the boot of process", "x" * 43), 404),
        (Duplicate("why"), 409),
        (EngineError("why"), 422),
        (Interrupted("why"), 499),
    ],
)
def test_an_error_comes_in_as_it_went_out(error: AoError, status: int) -> None:
    assert status_of(error) == status

    read = error_of(status, str(error), URL)

    assert (type(read), str(read)) == (type(error), str(error))


def test_what_was_not_found_is_still_known_by_kind_and_id() -> None:
    read = error_of(404, "the boot of process abc is not known here", URL)

    assert isinstance(read, NotFound)
    assert (read.kind, read.id) == ("the boot of process", "abc")


def test_a_page_that_is_not_there_is_named() -> None:
    assert str(error_of(404, "<html>", URL)) == "page http://su/x is not known here"


def test_a_unit_that_another_could_not_reach_is_unreachable_by_both_names() -> None:
    error = UnitUnreachable("http://cu", "connection refused")

    read = error_of(status_of(error), str(error), URL)

    told = (
        "http://su/x did not answer: it answered 502, http://cu did not answer: connection refused"
    )
    assert (type(read), str(read)) == (UnitUnreachable, told)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503, 504])
def test_what_may_go_better_another_time_is_unreachable(status: int) -> None:
    assert type(error_of(status, "busy", URL)) is UnitUnreachable


@pytest.mark.parametrize("status", [201 + 101, 405, 418, 451, 507])
def test_every_other_status_is_a_refusal_that_tells_it(status: int) -> None:
    assert str(error_of(status, "", URL)) == f"http://su/x answered {status}, without a reason"


def test_a_long_page_is_not_told_whole() -> None:
    assert len(str(error_of(400, "x" * 10_000, URL))) == 500


def test_every_other_error_is_the_unit_s_own() -> None:
    assert status_of(InvalidKey("why")) == 500
