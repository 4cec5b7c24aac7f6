import pytest

from ao_kernel.ansi import coloured, colours_only, plain, to_html

HOSTILE = [
    ("\x1b]52;c;eA==\x07", r"\x1b]52;c;eA==\x07"),
    ("ok\rno", r"ok\rno"),
    ("ok\b\bno", r"ok\x08\x08no"),
    ("exe.\u202egpj", r"exe.\u202egpj"),
    ("\u2066a\u2069", r"\u2066a\u2069"),
    ("\x9b2J", r"\x9b2J"),
    ("\ud800", r"\ud800"),
    ("\x1b[2Jgone", "gone"),
]
"""Texts that steer a terminal or turn what is read around, and what is seen of them."""


def test_plain_text_has_no_colours() -> None:
    assert plain("\x1b[31mred\x1b[0m and \x1b[1;32mgreen\x1b[0m") == "red and green"


def test_html_follows_the_theme_through_jupyters_classes() -> None:
    assert (
        to_html("a \x1b[32mb\x1b[0m c")
        == '<pre style="margin:0">a <span class="ansi-green-fg">b</span> c</pre>'
    )


def test_html_is_escaped() -> None:
    assert "<script>" not in to_html("<script>")


def test_a_coloured_text_is_plain_again_without_its_colour() -> None:
    assert plain(coloured("x", 31)) == "x"


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_what_would_not_be_seen_is_written_out(text: str, shown: str) -> None:
    assert plain(text) == shown
    assert to_html(text) == f'<pre style="margin:0">{shown}</pre>'
    assert colours_only(text) == shown


def test_lines_and_tabs_stay() -> None:
    assert plain("a\tb\r\nc\n") == "a\tb\nc\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("\x1b[31mred", "\x1b[31mred\x1b[0m"),
        ("\x1b[1;32mgreen\x1b[m", "\x1b[1;32mgreen\x1b[m"),
        ("\x1b[2J\x1b[32mgreen\r\x1b[0m", "\x1b[32mgreen\\r\x1b[0m"),
    ],
)
def test_a_terminals_text_has_colours_that_end_with_it(text: str, shown: str) -> None:
    assert colours_only(text) == shown
