"""What a router of schedulers remembers: which scheduler has which process."""

from sqlite3 import Connection

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE processes (
        process TEXT PRIMARY KEY,
        scheduler TEXT NOT NULL
    );
    CREATE INDEX processes_scheduler ON processes (scheduler);
    """,
)


class RouteStore:
    """The router's table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        self._connection.close()

    def find(self, process: str) -> str | None:
        """The URL of the scheduler that has the process."""
        row = self._connection.execute(
            "SELECT scheduler FROM processes WHERE process = ?", (process,)
        ).fetchone()
        return row[0] if row else None

    def put(self, process: str, scheduler: str) -> str:
        """Gives the process to that scheduler, unless one has it already; answers whose it is."""
        self._connection.execute(
            "INSERT OR IGNORE INTO processes (process, scheduler) VALUES (?, ?)",
            (process, scheduler),
        )
        return self.find(process) or scheduler

    def counts(self) -> dict[str, int]:
        """How many processes each scheduler has; one that has none is not there."""
        rows = self._connection.execute(
            "SELECT scheduler, count(*) FROM processes GROUP BY scheduler"
        )
        return dict(rows.fetchall())
