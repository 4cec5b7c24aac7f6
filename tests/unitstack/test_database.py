import sqlite3
from pathlib import Path

import pytest

from unitstack.database import open_database, transaction, without_waiting
from unitstack.errors import UnusableFile

FIRST = "CREATE TABLE notes (text TEXT NOT NULL, kind TEXT DEFAULT ';'); INSERT INTO notes (text) VALUES ('a;b');"
SECOND = "ALTER TABLE notes ADD COLUMN size INTEGER;"
BROKEN = "CREATE TABLE more (id INTEGER); SELECT nonsense FROM nowhere;"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "unit.sqlite"


def texts(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT text FROM notes ORDER BY rowid")]


def tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}


def test_a_missing_file_is_made_with_its_folder(file: Path) -> None:
    open_database(file, (FIRST,)).close()

    assert file.exists()


def test_what_was_written_is_there_when_the_file_is_opened_again(file: Path) -> None:
    first = open_database(file, (FIRST,))
    first.execute("INSERT INTO notes (text) VALUES ('kept')")
    first.close()

    second = open_database(file, (FIRST,))

    assert texts(second) == ["a;b", "kept"]
    second.close()


def test_without_a_path_nothing_is_kept() -> None:
    connection = open_database(None, (FIRST,))

    assert texts(connection) == ["a;b"]
    connection.close()


def test_an_old_file_gets_the_migrations_that_it_lacks(file: Path) -> None:
    open_database(file, (FIRST,)).close()

    connection = open_database(file, (FIRST, SECOND))

    assert connection.execute("SELECT text, size FROM notes").fetchall() == [("a;b", None)]
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(file: Path) -> None:
    open_database(file, (FIRST,)).close()

    with pytest.raises(UnusableFile, match="nowhere"):
        open_database(file, (FIRST, BROKEN))

    connection = open_database(file, (FIRST,))
    assert "more" not in tables(connection)
    connection.close()


def test_a_file_of_a_newer_program_is_refused_with_both_versions(file: Path) -> None:
    open_database(file, (FIRST, SECOND)).close()

    with pytest.raises(UnusableFile, match="its version is 2, this program knows 1"):
        open_database(file, (FIRST,))


def test_a_file_that_is_no_database_is_named(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"not a database, but long enough to be looked at" * 30)

    with pytest.raises(UnusableFile, match=r"unit\.sqlite cannot be used: file is not a database"):
        open_database(file, (FIRST,))


def test_a_file_that_is_damaged_inside_is_named_when_it_is_read(file: Path) -> None:
    connection = open_database(file, (FIRST,))
    with transaction(connection):
        connection.executemany("INSERT INTO notes (text) VALUES (?)", [("x" * 500,)] * 200)
    connection.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    damaged = open_database(file, (FIRST,))

    with pytest.raises(UnusableFile, match=r"unit\.sqlite"):
        damaged.execute("SELECT count(text) FROM notes")

    with pytest.raises(UnusableFile, match=r"unit\.sqlite"):
        damaged.executemany("INSERT INTO notes (text) VALUES (?)", [("y",)])
    damaged.close()


def test_a_path_that_cannot_be_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="unable to open"):
        open_database(tmp_path, (FIRST,))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file stands in its place", encoding="utf-8")

    with pytest.raises(UnusableFile, match=r"home/unit\.sqlite"):
        open_database(tmp_path / "home" / "unit.sqlite", (FIRST,))


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 1)])
def test_a_durable_file_waits_for_the_disk_at_each_commit(
    file: Path, durable: bool, synchronous: int
) -> None:
    connection = open_database(file, (FIRST,), durable=durable)

    assert connection.execute("PRAGMA synchronous").fetchone() == (synchronous,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize("durable", [True, False])
def test_for_some_commits_the_disk_is_not_waited_for(file: Path, durable: bool) -> None:
    def waits() -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    connection = open_database(file, (FIRST,), durable=durable)
    usual = waits()

    with without_waiting(connection):
        assert waits() == 1
    assert waits() == usual

    with pytest.raises(UnusableFile), without_waiting(connection):
        connection.execute("no SQL")
    assert waits() == usual
    connection.close()


def test_a_transaction_that_raises_leaves_nothing_behind() -> None:
    connection = open_database(None, (FIRST,))

    def fail() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO notes (text) VALUES ('lost')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert texts(connection) == ["a;b"]
    connection.close()


def test_a_transaction_that_the_database_ended_by_itself_still_tells_its_error() -> None:
    connection = open_database(None, (FIRST,))

    def fail() -> None:
        with transaction(connection):
            connection.execute("ROLLBACK")
            raise RuntimeError("the reason")

    with pytest.raises(RuntimeError, match="the reason"):
        fail()
    connection.close()


def test_a_broken_constraint_is_left_to_who_broke_it() -> None:
    connection = open_database(None, ("CREATE TABLE one (id INTEGER PRIMARY KEY);",))
    connection.execute("INSERT INTO one (id) VALUES (1)")

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO one (id) VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError):
        connection.executemany("INSERT INTO one (id) VALUES (?)", [(1,)])
    connection.close()


def test_two_programs_that_open_a_new_file_both_find_its_tables(file: Path) -> None:
    first = open_database(file, (FIRST,))
    second = open_database(file, (FIRST,))

    assert texts(first) == texts(second) == ["a;b"]
    first.close()
    second.close()
