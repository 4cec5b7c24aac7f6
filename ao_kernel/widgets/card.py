"""A process as a card: what it is, how far it is, what its handlers are, and its globals as a tree."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from ipywidgets import HTML  # type: ignore[import-untyped]

from ao_kernel.ansi import plain
from ao_kernel.chronicle import Facts
from ao_kernel.outputs import Bundle, table_bundle
from ao_kernel.tables import Table
from ao_kernel.telling.summary import counted
from ao_kernel.widgets.browser import Browser, Read
from ao_kernel.widgets.live import Live, News, changed
from ao_kernel.widgets.look import facts, told
from unitstack.wire.ids import ProcessId

ASKING = "state"
HIDDEN = "it does not show its globals: only its owner can look into them"


@dataclass(frozen=True, slots=True)
class Subject:
    """The process of a card: how its facts and its globals are read, and the names that every process has."""

    process: ProcessId
    facts: Callable[[], Awaitable[Facts]]
    state: Read
    hidden: Iterable[str]


class Card:
    """Shows a process and stays up to date. Its globals are asked for apart: a busy process answers late."""

    def __init__(self, subject: Subject, told: Facts, closed: Callable[[], None]) -> None:
        self._subject = subject
        self._told = told
        self._memory: int | None = None
        self._facts = HTML()
        self._handlers = HTML()
        self._browser = Browser(self._ask, subject.hidden)
        parts = [self._facts, self._handlers, self._browser.widget]
        self._live = Live(f"Process {told.name}", parts, closed)
        self._show()
        self._ask()

    @property
    def bundle(self) -> Bundle:
        """The widget, and the table that stays when it is gone."""
        return self._live.bundle(table_bundle(card_table(self._told)))

    def follow(self, news: News) -> None:
        """Stays up to date from now on."""
        self._live.follow(news, self.update)

    async def update(self, processes: frozenset[ProcessId]) -> None:
        """Reads the facts anew if the process has changed, and has the globals asked for."""
        if self._subject.process in processes:
            self._told = await self._subject.facts()
            self._show()
            self._ask()

    def close(self) -> None:
        """Takes the widget away."""
        self._live.close()

    def _show(self) -> None:
        changed(self._facts, facts(card_rows(self._told, self._memory)))
        changed(self._handlers, handlers_html(self._told.handlers))

    def _ask(self) -> None:
        self._live.refresh(ASKING, self._read_state)

    async def _read_state(self) -> None:
        state = await self._subject.state(self._browser.wanted)
        self._live.note("" if state is not None else HIDDEN)
        if state is not None:
            self._memory = state.memory
            self._browser.show(state)
            self._show()


def card_rows(told: Facts, memory: int | None = None) -> list[tuple[str, str]]:
    """What a card says of a process."""
    rows = [
        ("id", told.process),
        ("owner", told.owner),
        ("module", told.module),
        ("nonce", f"{told.nonce}" + (f", {told.queue} to evaluate" if told.queue else "")),
        ("inbox", "not shown" if told.inbox is None else counted(told.inbox)),
        ("waiting", f"{told.waiting} for a message"),
        ("errors", f"{counted(told.errors)} failed"),
        ("gas", f"{told.gas:,}"),
    ]
    if memory is not None:
        rows.append(("memory", f"{memory // 1024:,} KiB of Lua values"))
    if told.crons:
        rows.append(("cron", ", ".join(told.crons)))
    return rows


def card_table(told: Facts) -> Table:
    """A card as it can be kept. Ids and gas are left out: they are others each time that a notebook runs."""
    left_out = ("id", "module", "gas")
    rows = [(name, plain(value)) for name, value in card_rows(told) if name not in left_out]
    handlers = ", ".join(map(plain, told.handlers)) or "none"
    return Table(("", plain(told.name)), (*rows, ("handlers", handlers)))


def handlers_html(handlers: tuple[str, ...]) -> str:
    """The handlers in the order in which they are tried."""
    names = "".join(f"<li><code>{told(name)}</code></li>" for name in handlers)
    return f"<details><summary>{len(handlers)} handlers</summary><ol>{names}</ol></details>"
