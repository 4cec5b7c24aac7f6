"""What was typed, kept from run to run in one SQLite file, and found again by place or by pattern."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS sessions (id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS inputs (
    session INTEGER NOT NULL, line INTEGER NOT NULL, source TEXT NOT NULL, output TEXT,
    PRIMARY KEY (session, line)
) WITHOUT ROWID;
"""
SELECT = "SELECT session, line, source, output FROM inputs"
LATEST = "ORDER BY session DESC, line DESC LIMIT ?"

Entry = tuple[int, int, str | tuple[str, str | None]]
"""Session, line, and the source; with its output where that was asked for."""


class History:
    """The inputs of this session, and of those before it. Without a path it lasts as long as the kernel."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            # What is typed may hold secrets. SQLite gives the files beside it the same mode.
            path.touch(mode=0o600)
            path.chmod(0o600)
        self._database = sqlite3.connect(path or ":memory:", timeout=5, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(TABLES)
        self.session = self._database.execute("INSERT INTO sessions DEFAULT VALUES").lastrowid or 1

    def record(self, line: int, source: str, output: str | None) -> None:
        """Keeps one input. A line that is there already is replaced."""
        row = (self.session, line, source, output)
        self._database.execute("INSERT OR REPLACE INTO inputs VALUES (?, ?, ?, ?)", row)

    def find(
        self,
        access: str,
        *,
        output: bool = False,
        session: int = 0,
        start: int = 0,
        stop: int | None = None,
        **search: Any,
    ) -> list[Entry]:
        """What Jupyter's history request of that kind asks for."""
        if access == "range":
            return self.range(session, start, stop, output=output)
        count = search.get("n")
        if access == "search":
            return self.search(
                search.get("pattern") or "*",
                count,
                unique=bool(search.get("unique")),
                output=output,
            )
        return self.tail(1000 if count is None else count, output=output)

    def tail(self, count: int, *, output: bool) -> list[Entry]:
        """The last inputs, oldest first."""
        return _entries(self._database.execute(f"{SELECT} {LATEST}", (count,)), output=output)

    def range(self, session: int, start: int, stop: int | None, *, output: bool) -> list[Entry]:
        """Inputs of one session; 0 is this one, -1 the one before."""
        chosen = session if session > 0 else self.session + session
        last = -1 if stop is None else stop
        query = (
            f"{SELECT} WHERE session = ? AND line >= ? AND (? < 0 OR line < ?) ORDER BY line DESC"
        )
        return _entries(self._database.execute(query, (chosen, start, last, last)), output=output)

    def search(self, pattern: str, count: int | None, *, unique: bool, output: bool) -> list[Entry]:
        """The last inputs that match the pattern (`*` and `?` stand for anything), oldest first."""
        query = f"{SELECT} WHERE source GLOB ? {LATEST}"
        rows = self._database.execute(
            query, (pattern, -1 if unique or count is None else count)
        ).fetchall()
        newest = {
            source: (session, line, source, out) for session, line, source, out in reversed(rows)
        }
        kept = [row for row in rows if newest[row[2]] == row] if unique else rows
        return _entries(kept[: len(kept) if count is None else count], output=output)

    def close(self) -> None:
        self._database.close()


def _entries(rows: Iterable[tuple[int, int, str, str | None]], *, output: bool) -> list[Entry]:
    entries: list[Entry] = [
        (session, line, (source, out) if output else source) for session, line, source, out in rows
    ]
    return entries[::-1]
