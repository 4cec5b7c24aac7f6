import pytest

from ao_kernel.ansi import plain
from ao_kernel.pictures.labels import fitting, label, mermaid_label, width_of


def test_a_label_is_one_line_and_no_longer_than_it_may_be() -> None:
    assert label("one\n two\tthree", 40) == "one two three"
    assert label("x" * 50, 10) == "x" * 9 + "…"


def test_a_megabyte_makes_no_longer_label() -> None:
    assert len(label("word " * 200_000, 30)) == 30


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\u202eb", "a\\u202eb"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("back\x08space", "back\\x08space"),
        ("\ud800", "\\ud800"),
        ("\ufeffmark", "\\ufeffmark"),
    ],
)
def test_what_would_not_be_seen_is_written_out(text: str, shown: str) -> None:
    assert label(text, 40) == shown


def test_lines_and_letters_of_all_alphabets_stay_as_they_are() -> None:
    text = "a\tb\n\u05e9\u05dc 你好 é 👍"

    assert plain(text) == text


def test_wide_letters_are_wider_and_marks_have_no_width() -> None:
    assert width_of("ii", 10) < width_of("mm", 10)
    assert width_of("你", 10) > width_of("a", 10)
    assert width_of("e\u0301", 10) == width_of("e", 10)


def test_a_text_is_cut_to_the_room_that_there_is() -> None:
    cut = fitting("a long sentence", 40, 10)

    assert cut.endswith("…")
    assert width_of(cut, 10) <= 40
    assert fitting("short", 400, 10) == "short"
    assert fitting("anything", 0, 10) == ""


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("a;b", "a#59;b"),
        ("#1", "#35;1"),
        ("```", "#96;#96;#96;"),
        ("the end", "the #101;nd"),
        ("END", "#69;ND"),
        ("ending", "ending"),
        ("<b>", "#60;b#62;"),
        ("%%{init}%%", "#37;#37;#123;init#125;#37;#37;"),
    ],
)
def test_mermaid_shows_what_it_would_else_read(text: str, coded: str) -> None:
    assert mermaid_label(text, 40) == coded
