from ao_kernel.errors.source import Source, cell_lines


def test_a_line_of_a_cell_is_called_by_the_cell_and_its_number() -> None:
    source = Source("a\nb", cell_lines(3), title="In[7]")

    assert source.place(2) == "line 4"
    assert source.full_place(2) == "In[7], line 4"


def test_a_line_of_a_file_is_called_by_the_file() -> None:
    source = Source("a", lambda line: f"bot.lua:{line}", title="In[7]")

    assert source.full_place(1) == source.place(1) == "bot.lua:1"


def test_a_cell_without_a_number_is_an_earlier_one() -> None:
    assert Source("a").full_place(1) == "an earlier cell, line 1"


def test_a_line_past_the_end_is_the_last() -> None:
    assert Source("a\nb").line(9) == "b"


def test_a_text_is_found_by_its_own_chunk_and_by_those_of_earlier_ones() -> None:
    earlier = Source("x")
    source = Source("y", earlier={earlier.chunk: earlier})

    assert source.find(source.chunk) is source
    assert source.find("aos") is source
    assert source.find(earlier.chunk) is earlier
    assert source.find("cell-0") is None
