"""Where snapshots of a world are kept: in memory, or in a folder, where they outlive the program."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from sqlite3 import Connection
from typing import Protocol

from unitstack import database
from unitstack.errors import NotFound, Refused, UnusableFile
from unitstack.wire.assignments import BlockTime
from unitstack.wire.dial import Dial

NAME = re.compile(r"[\w-][\w.-]{0,59}")
ABOUT = "about.json"
# No name of a snapshot begins with a dot, or has a plus.
DRAFT, ASIDE = ".", ".."
UNDERWAY = ".+underway"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A world as it was at a moment of its own time. `note` is what who took it wants to find again. The dial is None where
    the world goes by a clock that is not its own."""

    name: str
    taken: BlockTime
    dial: Dial | None = None
    note: str = ""
    size: int = 0


Databases = Mapping[str, Connection]


class Shelf(Protocol):
    """Keeps snapshots by name; a name that is used again then means the new one."""

    def all(self) -> tuple[Snapshot, ...]:
        """What is kept, by name."""

    def put(self, snapshot: Snapshot, databases: Databases) -> Snapshot:
        """Keeps copies of the tables; answers with the snapshot and its size. Raises UnusableFile."""

    def find(self, name: str) -> Snapshot:
        """What is kept under that name. Raises NotFound, UnusableFile."""

    def copies(self, name: str) -> AbstractContextManager[Databases]:
        """The tables as they were. Raises NotFound, UnusableFile."""

    def underway(self, name: str) -> AbstractContextManager[None]:
        """While a world is made as it was then. What does not come to its end, by a crash or what is raised, is known
        afterwards. Raises UnusableFile."""

    def drop(self, name: str) -> None:
        """Raises NotFound."""

    def close(self) -> None:
        """What is kept in memory goes."""


def check_name(name: str) -> None:
    """Raises Refused for what cannot be the name of a folder everywhere."""
    if not NAME.fullmatch(name):
        raise Refused(f"a snapshot's name is a word such as before-launch, not {name[:60]!r}")


class MemoryShelf:
    """Plays `Shelf` for as long as the program runs."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Snapshot, Databases]] = {}

    def all(self) -> tuple[Snapshot, ...]:
        return tuple(self._kept[name][0] for name in sorted(self._kept))

    def put(self, snapshot: Snapshot, databases: Databases) -> Snapshot:
        check_name(snapshot.name)
        # Without a name they are on the disk where they are large, and gone when they are closed.
        copies = {unit: sqlite3.connect("") for unit in databases}
        for unit, copy in copies.items():
            database.copy(databases[unit], copy)
        whole = replace(snapshot, size=sum(map(_size, copies.values())))
        if snapshot.name in self._kept:
            self.drop(snapshot.name)
        self._kept[snapshot.name] = (whole, copies)
        return whole

    def find(self, name: str) -> Snapshot:
        return self._found(name)[0]

    def copies(self, name: str) -> AbstractContextManager[Databases]:
        return nullcontext(self._found(name)[1])

    def underway(self, name: str) -> AbstractContextManager[None]:
        return nullcontext()

    def drop(self, name: str) -> None:
        for copy in self._found(name)[1].values():
            copy.close()
        del self._kept[name]

    def close(self) -> None:
        for name in tuple(self._kept):
            self.drop(name)

    def _found(self, name: str) -> tuple[Snapshot, Databases]:
        if name not in self._kept:
            raise NotFound("snapshot", name)
        return self._kept[name]


class FolderShelf:
    """Plays `Shelf` with a folder for each snapshot, and in it a file for each unit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # What a crash left aside comes back, unless what was to take its place is there.
        for aside in folder.glob(f"{ASIDE}*"):
            _put_back(aside, folder / aside.name.removeprefix(ASIDE))

    def all(self) -> tuple[Snapshot, ...]:
        if not self._folder.is_dir():
            return ()
        names = (each.name for each in self._folder.iterdir() if (each / ABOUT).exists())
        return tuple(self.find(name) for name in sorted(names) if NAME.fullmatch(name))

    def put(self, snapshot: Snapshot, databases: Databases) -> Snapshot:
        """A snapshot is there whole or not at all, and until then the old one: it is written beside its place, and then
        renamed."""
        check_name(snapshot.name)
        place = self._folder / snapshot.name
        draft, aside = (place.with_name(before + place.name) for before in (DRAFT, ASIDE))
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True, mode=0o700)
            whole = replace(snapshot, size=_write(draft, databases))
            (draft / ABOUT).write_text(json.dumps(asdict(whole)), encoding="utf-8")
            if place.exists():
                place.rename(aside)
            draft.rename(place)
        except (OSError, sqlite3.DatabaseError) as error:
            raise UnusableFile(str(place), f"no snapshot can be kept there: {error}") from error
        finally:
            _put_back(aside, place)
        return whole

    def find(self, name: str) -> Snapshot:
        file = self._place(name) / ABOUT
        try:
            written = json.loads(file.read_text(encoding="utf-8"))
            dial = written.pop("dial")
            return Snapshot(
                **{**written, "taken": BlockTime(**written["taken"])},
                dial=Dial(**dial) if dial else None,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnusableFile(str(file), f"it says nothing of a snapshot: {error}") from error

    @contextmanager
    def copies(self, name: str) -> Iterator[Databases]:
        with ExitStack() as opened:
            yield {
                file.stem: opened.enter_context(closing(_opened(file)))
                for file in sorted(self._place(name).glob("*.sqlite"))
            }

    @contextmanager
    def underway(self, name: str) -> Iterator[None]:
        mark = self._place(name).parent / UNDERWAY
        _write_whole(mark, name)
        yield
        mark.unlink()

    def cut_short(self) -> Snapshot | None:
        """The snapshot that a world was being made of when that was cut short. A mark that names none says that nothing was
        begun: it is written whole before anything is. Raises NotFound, UnusableFile."""
        try:
            name = (self._folder / UNDERWAY).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None
        return self.find(name) if NAME.fullmatch(name) else None

    def drop(self, name: str) -> None:
        shutil.rmtree(self._place(name))

    def close(self) -> None:
        """What is kept in a folder stays."""

    def _place(self, name: str) -> Path:
        place = self._folder / name
        if not NAME.fullmatch(name) or not (place / ABOUT).exists():
            raise NotFound("snapshot", name)
        return place


def _write(folder: Path, databases: Databases) -> int:
    for unit, source in databases.items():
        with closing(_opened(folder / f"{unit}.sqlite")) as copy:
            database.copy(source, copy)
    return sum(file.stat().st_size for file in folder.iterdir())


def _put_back(aside: Path, place: Path) -> None:
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
    elif aside.exists():
        aside.rename(place)


def _write_whole(file: Path, text: str) -> None:
    draft = file.with_name(f"{file.name}.draft")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        raise UnusableFile(str(file), f"it cannot be written: {error.strerror}") from error


def _opened(file: Path) -> Connection:
    try:
        return sqlite3.connect(file)
    except sqlite3.DatabaseError as error:
        raise UnusableFile(str(file), str(error)) from error


def _size(copy: Connection) -> int:
    pages: int = copy.execute("PRAGMA page_count").fetchone()[0]
    size: int = copy.execute("PRAGMA page_size").fetchone()[0]
    return pages * size
