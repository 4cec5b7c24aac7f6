"""Puts a world aside under a name, and goes back to it: all tables, the clock, what is owed."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

from unitstack import database
from unitstack.clock import VirtualClock
from unitstack.errors import UnusableFile
from unitstack.worlds.cast import Cast
from unitstack.worlds.shelf import Databases, FolderShelf, Shelf, Snapshot, check_name


async def take(cast: Cast, shelf: Shelf, name: str, note: str) -> Snapshot:
    """The world as it is now, with what is owed: it is as if it were killed here, and could go on any number of times."""
    check_name(name)
    taken = await cast.scheduler.now()
    # No await from here on: the tables of all units are copied at one moment.
    dial = cast.clock.dial if cast.clock else None
    return shelf.put(Snapshot(name, taken, dial, note), cast.databases)


async def restore(cast: Cast, shelf: Shelf, name: str) -> Snapshot:
    """The world as it was; what was owed then goes on. Where it cannot be had, the world goes on as it is. Raises NotFound,
    UnusableFile."""
    snapshot = shelf.find(name)
    with shelf.copies(name) as copies, _copied(cast.databases) as before:
        _check(name, copies, cast.databases)
        # No await until all units know of the change: nobody sees half of it.
        cast.messenger.rest()
        freed = cast.compute.give_up()
        try:
            with shelf.underway(name):
                problem = _change(cast, snapshot, copies, before)
            # Only now: all is as before, so that nothing is left underway.
            if problem is not None:
                raise problem
        finally:
            await cast.messenger.resume()
            await freed
    await cast.scheduler.catch_up()
    return snapshot


def _change(
    cast: Cast, snapshot: Snapshot, copies: Databases, before: Databases
) -> BaseException | None:
    """Answers with what stood in the way; then the tables are as before. Raises where they are not."""
    try:
        _replace(cast.databases, copies)
        _set(cast.clock, snapshot)
    except BaseException as problem:
        _replace(cast.databases, before)
        return problem
    cast.reread(f"the world is as it was at snapshot {snapshot.name} again")
    return None


def finish(home: Path, shelf: FolderShelf, clock: VirtualClock | None) -> None:
    """Makes the world that a folder keeps as it was at a snapshot, if that was cut short; as often as it takes. Asked before
    its tables are opened. Raises NotFound, UnusableFile."""
    snapshot = shelf.cut_short()
    if snapshot is None:
        return
    with shelf.copies(snapshot.name) as copies, shelf.underway(snapshot.name):
        for unit, copy in copies.items():
            with closing(sqlite3.connect(home / f"{unit}.sqlite")) as live:
                database.copy(copy, live)
        _set(clock, snapshot)


def _set(clock: VirtualClock | None, snapshot: Snapshot) -> None:
    """It goes on from when the snapshot was taken, however long that is ago."""
    if clock is not None and snapshot.dial is not None:
        shown = snapshot.taken.timestamp
        clock.dial = replace(snapshot.dial, shown=shown, wall=clock.wall())


def _replace(databases: Databases, by: Databases) -> None:
    for unit, live in databases.items():
        database.copy(by[unit], live)


@contextmanager
def _copied(databases: Databases) -> Iterator[Databases]:
    with ExitStack() as opened:
        copies: dict[str, Connection] = {}
        for unit, source in databases.items():
            # Without a name it is on the disk where it is large, and gone when it is closed.
            copies[unit] = opened.enter_context(closing(sqlite3.connect("")))
            database.copy(source, copies[unit])
        yield copies


def _check(name: str, copies: Databases, live: Databases) -> None:
    """Raises UnusableFile where the snapshot is damaged, or from a program that has other tables."""
    for unit, own in live.items():
        problem = _problem(copies[unit], own) if unit in copies else "it is missing"
        if problem:
            raise UnusableFile(f"snapshot {name}", f"its {unit} is of no use: {problem}")


def _problem(copy: Connection, own: Connection) -> str:
    try:
        found: str = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        version, known = (_version(each) for each in (copy, own))
    except sqlite3.DatabaseError as error:
        return str(error)
    if found != "ok":
        return found
    return "" if version == known else f"its version is {version}, this program's is {known}"


def _version(connection: Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
