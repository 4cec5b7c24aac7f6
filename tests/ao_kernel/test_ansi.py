from ao_kernel.ansi import coloured, plain, to_html


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
