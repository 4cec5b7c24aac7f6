"""Opens a unit's SQLite file and brings its tables up to date. What the tables are is for each unit's store to say."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection, Cursor
from typing import Any

from unitstack.errors import UnusableFile

# A file of its own that goes with the connection: what is not in use is on disk, and a long session stays small.
_PASSING = ""
# SQLite's own 1000 makes it write the pages that every append changes more often, and appending a tenth slower.
_LOGGED_PAGES = 4000


class Database(Connection):
    """A connection whose failures name its file. Broken constraints are left to who broke them."""

    def __init__(self, file: str, *args: Any, **kwargs: Any) -> None:  # sqlite3's own
        self.file = file
        super().__init__(file, *args, **kwargs)

    def execute(self, *args: Any) -> Cursor:  # sqlite3 takes these by position only
        try:
            return super().execute(*args)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise UnusableFile(self.file, str(error)) from error

    def executemany(self, *args: Any) -> Cursor:  # sqlite3 takes these by position only
        try:
            return super().executemany(*args)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise UnusableFile(self.file, str(error)) from error


def open_database(
    path: Path | None, migrations: Sequence[str], *, durable: bool = True
) -> Connection:
    """Opens or makes the file, or a passing one for None. Each statement commits itself unless it stands in a
    `transaction`; what is committed outlives the program, and if `durable` a power failure too. Raises UnusableFile."""
    connection = _connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOGGED_PAGES}")
        _migrate(connection, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All that is executed within is committed together, or none of it. No other writer comes between."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has rolled back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def copy(source: Connection, target: Connection) -> None:
    """Makes the target's contents those of the source, all of them or, where that raises, none."""
    try:
        source.backup(target)
    except sqlite3.DatabaseError as error:
        raise UnusableFile(getattr(target, "file", "a copy"), str(error)) from error


@contextmanager
def without_waiting(connection: Connection) -> Iterator[None]:
    """What is committed within need not outlive a power failure: the disk is not waited for. It outlives the program."""
    (usual,) = connection.execute("PRAGMA synchronous").fetchone()
    connection.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA synchronous = {usual}")


def _connect(path: Path | None) -> Database:
    file = _PASSING if path is None else str(path)
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(file, isolation_level=None, factory=Database)
    except (OSError, sqlite3.DatabaseError) as error:
        raise UnusableFile(file, str(error)) from error


def _migrate(connection: Database, migrations: Sequence[str]) -> None:
    if _version(connection) == len(migrations):
        return
    with transaction(connection):
        # Read again: another program may have brought the file up to date since.
        version = _version(connection)
        if version > len(migrations):
            reason = f"its version is {version}, this program knows {len(migrations)}"
            raise UnusableFile(connection.file, f"{reason}: a newer program wrote it")
        for script in migrations[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")


def _version(connection: Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit the transaction in which the script must stand.
    statement = ""
    for part in script.strip().split(";")[:-1]:
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
