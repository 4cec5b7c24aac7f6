import pytest

from ao_kernel.displaying import bundle_of, result_of, with_displays
from ao_kernel.outputs import Printed, Shown, Updated
from unitstack.wire.results import Display

HTML = {"text/html": "<b>x</b>", "text/plain": "x"}


def test_what_is_shown_stands_between_what_was_printed_before_and_after() -> None:
    outputs = with_displays("ä\nb\nc", (Display("show", 3, HTML), Display("update", 5, HTML, "id")))

    assert outputs == (
        Printed("ä\n"),
        Shown(HTML),
        Printed("b\n"),
        Updated(HTML, "id"),
        Printed("c\n"),
    )


def test_what_is_shown_last_is_there_too() -> None:
    assert with_displays("a", (Display("show", 2, HTML, "id"),)) == (
        Printed("a\n"),
        Shown(HTML, display_id="id"),
    )


def test_a_place_that_is_not_there_is_the_nearest() -> None:
    outputs = with_displays("ab", (Display("show", 99, HTML), Display("show", -7, HTML)))

    assert outputs == (Printed("ab\n"), Shown(HTML), Shown(HTML))


def test_what_was_returned_is_apart() -> None:
    displays = (Display("result", 0, HTML),)

    assert with_displays(None, displays) == ()
    assert result_of(displays) == HTML
    assert result_of(()) is None


def test_json_is_the_value_that_its_text_says() -> None:
    text = '{"a":[1,null]}'

    assert bundle_of({"application/json": text, "text/plain": "x"}) == {
        "application/json": {"a": [1, None]},
        "text/plain": "x",
    }


@pytest.mark.parametrize("text", ["{", "", "NaN", "[" * 600 + "]" * 600, "[" * 5000])
def test_what_is_no_json_is_text(text: str) -> None:
    assert bundle_of({"application/json": text}) == {"text/plain": text}
    assert bundle_of({"application/json": text, "text/plain": "x"}) == {"text/plain": "x"}


def test_a_half_of_a_character_among_prints_is_shown() -> None:
    assert with_displays("a\ud800", ()) == (Printed("a?\n"),)


def test_forms_that_a_notebook_would_run_are_left_out() -> None:
    bundle = bundle_of({"application/javascript": "alert(1)", "text/html": "x"})

    assert bundle == {"text/plain": "", "text/html": "x"}
