import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

import pytest

from unitstack.errors import NotFound, UnusableFile
from unitstack.wire.assignments import BlockTime
from unitstack.wire.dial import Dial
from unitstack.worlds.shelf import ASIDE, FolderShelf, MemoryShelf, Shelf, Snapshot

TAKEN = BlockTime(7, 1000)


@pytest.fixture
def database() -> Iterator[Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.execute("INSERT INTO words VALUES ('hello')")
        connection.commit()
        yield connection


@pytest.fixture(params=["memory", "folder"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    shelf: Shelf = MemoryShelf() if request.param == "memory" else FolderShelf(tmp_path / "kept")
    yield shelf
    shelf.close()


def words_in(shelf: Shelf, name: str) -> list[str]:
    with shelf.copies(name) as copies:
        return [row[0] for row in copies["unit"].execute("SELECT word FROM words")]


def test_what_was_put_there_is_found(shelf: Shelf, database: Connection) -> None:
    snapshot = Snapshot("one", TAKEN, Dial(1, 2, runs=False), "a note")

    put = shelf.put(snapshot, {"unit": database})

    assert put.size > 0
    assert shelf.find("one") == put
    assert shelf.all() == (put,)
    assert (put.taken, put.dial, put.note) == (TAKEN, Dial(1, 2, runs=False), "a note")


def test_a_world_without_a_clock_of_its_own_has_no_dial(shelf: Shelf, database: Connection) -> None:
    shelf.put(Snapshot("one", TAKEN), {"unit": database})

    assert shelf.find("one").dial is None


def test_a_copy_stays_as_it_was(shelf: Shelf, database: Connection) -> None:
    shelf.put(Snapshot("one", TAKEN), {"unit": database})

    database.execute("DELETE FROM words")

    assert words_in(shelf, "one") == ["hello"]


def test_a_name_that_is_used_again_means_the_new_one(shelf: Shelf, database: Connection) -> None:
    shelf.put(Snapshot("one", TAKEN), {"unit": database})
    database.execute("INSERT INTO words VALUES ('again')")
    database.commit()

    shelf.put(Snapshot("one", TAKEN), {"unit": database})

    assert words_in(shelf, "one") == ["hello", "again"]
    assert len(shelf.all()) == 1


def test_what_was_dropped_is_not_found(shelf: Shelf, database: Connection) -> None:
    shelf.put(Snapshot("one", TAKEN), {"unit": database})

    shelf.drop("one")

    assert shelf.all() == ()
    with pytest.raises(NotFound, match="snapshot one is not known here"):
        shelf.find("one")


def test_nothing_is_kept_at_first(shelf: Shelf) -> None:
    assert shelf.all() == ()


def test_a_folder_that_is_none_is_told(tmp_path: Path, database: Connection) -> None:
    (tmp_path / "kept").write_text("no folder", encoding="utf-8")

    with pytest.raises(UnusableFile, match="no snapshot can be kept there"):
        FolderShelf(tmp_path / "kept").put(Snapshot("one", TAKEN), {"unit": database})


def test_a_damaged_description_is_told(tmp_path: Path, database: Connection) -> None:
    shelf = FolderShelf(tmp_path)
    shelf.put(Snapshot("one", TAKEN), {"unit": database})
    (tmp_path / "one" / "about.json").write_text("[]", encoding="utf-8")

    with pytest.raises(UnusableFile, match="it says nothing of a snapshot"):
        shelf.find("one")


def test_what_a_crash_left_half_written_is_not_a_snapshot(
    tmp_path: Path, database: Connection
) -> None:
    (tmp_path / ".one").mkdir()
    (tmp_path / ".one" / "about.json").write_text("{}", encoding="utf-8")
    shelf = FolderShelf(tmp_path)
    before = shelf.all()

    shelf.put(Snapshot("one", TAKEN), {"unit": database})

    assert before == ()
    assert words_in(shelf, "one") == ["hello"]


def test_a_crash_between_an_old_snapshot_and_the_new_one_leaves_the_old(
    tmp_path: Path, database: Connection
) -> None:
    FolderShelf(tmp_path).put(Snapshot("one", TAKEN), {"unit": database})
    (tmp_path / "one").rename(tmp_path / f"{ASIDE}one")

    shelf = FolderShelf(tmp_path)

    assert words_in(shelf, "one") == ["hello"]
    assert [each.name for each in shelf.all()] == ["one"]


def test_a_crash_before_the_old_snapshot_was_dropped_leaves_the_new(
    tmp_path: Path, database: Connection
) -> None:
    shelf = FolderShelf(tmp_path)
    shelf.put(Snapshot("one", TAKEN), {"unit": database})
    (tmp_path / "one").rename(tmp_path / f"{ASIDE}one")
    database.execute("DELETE FROM words")
    database.commit()
    shelf.put(Snapshot("one", TAKEN), {"unit": database})

    assert words_in(FolderShelf(tmp_path), "one") == []
    assert [each.name for each in tmp_path.iterdir()] == ["one"]


def test_what_is_underway_is_known_until_it_comes_to_its_end(
    tmp_path: Path, database: Connection
) -> None:
    shelf = FolderShelf(tmp_path)
    shelf.put(Snapshot("one", TAKEN), {"unit": database})

    with pytest.raises(UnusableFile, match="the disk is full"), shelf.underway("one"):
        raise UnusableFile("clock.json", "the disk is full")
    after_one_that_failed = shelf.cut_short()
    with shelf.underway("one"):
        meanwhile = shelf.cut_short()

    assert after_one_that_failed == meanwhile == shelf.find("one")
    assert shelf.cut_short() is None
