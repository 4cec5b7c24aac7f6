from pathlib import Path

import pytest

from ao_kernel.history import History


@pytest.fixture
def history() -> History:
    history = History(None)
    for line, source in enumerate(["1 + 1", "x = 2", "1 + 1", "print(x)"], 1):
        history.record(line, source, "2" if source == "1 + 1" else None)
    return history


def test_the_tail_is_the_last_inputs_oldest_first(history: History) -> None:
    assert history.tail(2, output=False) == [(1, 3, "1 + 1"), (1, 4, "print(x)")]


def test_an_input_comes_with_its_output_where_that_is_asked(history: History) -> None:
    assert history.tail(2, output=True)[0] == (1, 3, ("1 + 1", "2"))


def test_a_range_ends_before_its_stop(history: History) -> None:
    assert history.range(0, 1, 3, output=False) == [(1, 1, "1 + 1"), (1, 2, "x = 2")]


def test_a_search_matches_with_wildcards(history: History) -> None:
    assert [entry[2] for entry in history.search("*x*", None, unique=False, output=False)] == [
        "x = 2",
        "print(x)",
    ]


def test_a_unique_search_gives_the_newest_of_equals(history: History) -> None:
    assert history.search("1 +*", None, unique=True, output=False) == [(1, 3, "1 + 1")]


def test_a_search_is_cut_to_the_newest(history: History) -> None:
    assert history.search("1 +*", 1, unique=False, output=False) == [(1, 3, "1 + 1")]


def test_what_jupyter_asks_goes_to_the_right_question(history: History) -> None:
    assert history.find("tail", output=False, n=1) == [(1, 4, "print(x)")]
    assert history.find("range", output=False, session=0, start=2, stop=3) == [(1, 2, "x = 2")]
    assert history.find("search", output=False, pattern="print*", unique=True, n=None) == [
        (1, 4, "print(x)")
    ]


def test_a_line_that_is_recorded_again_is_replaced(history: History) -> None:
    history.record(4, "print(y)", None)

    assert history.tail(1, output=False) == [(1, 4, "print(y)")]


def test_a_session_finds_those_before_it_in_the_file(tmp_path: Path) -> None:
    first = History(tmp_path / "kept" / "history.sqlite")
    first.record(1, "from before", None)
    first.close()

    second = History(tmp_path / "kept" / "history.sqlite")

    assert second.session == first.session + 1
    assert second.range(-1, 1, None, output=False) == [(1, 1, "from before")]
    assert second.range(0, 1, None, output=False) == []
    second.close()


def test_what_was_typed_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.touch(mode=0o644)

    history = History(path)
    history.record(1, "secret", None)

    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    history.close()
