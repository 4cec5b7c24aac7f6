from ao_kernel.tables import Table, shortened


def test_columns_are_aligned_and_lines_have_no_trailing_space() -> None:
    table = Table(("name", "n"), (("alice", "1"), ("bo", "20")))

    assert table.to_plain() == "name   n\nalice  1\nbo     20"


def test_html_escapes_what_processes_wrote() -> None:
    assert "&lt;b&gt;" in Table(("x",), (("<b>",),)).to_html()


def test_an_empty_table_says_so_in_both_forms() -> None:
    table = Table(("x",), (), "no process")

    assert table.to_plain() == "no process"
    assert table.to_html() == "<em>no process</em>"


def test_a_long_text_is_cut_to_one_line() -> None:
    assert shortened("a\n b", 10) == "a b"
    assert shortened("x" * 20, 5) == "xxxx…"
