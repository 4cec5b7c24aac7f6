from pathlib import Path

import pytest

from unitstack.cli.typed import is_whole, source_of
from unitstack.errors import Refused


@pytest.mark.parametrize("source", ["1 +", "x = {", "function f()", "[[", "f(", "--[["])
def test_more_lines_are_awaited(source: str) -> None:
    assert not is_whole(source)


@pytest.mark.parametrize("source", ["1 + 1", "x = 1", "x x", ".load f", "", "return", "ao.id"])
def test_nothing_more_is_awaited(source: str) -> None:
    assert is_whole(source)


def test_lua_is_meant_as_it_stands() -> None:
    assert source_of(" 1 + 1") == " 1 + 1"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.lua").write_bytes(b"\xff")

    with pytest.raises(Refused, match="is not UTF-8"):
        source_of(f".load {tmp_path / 'a.lua'}")
