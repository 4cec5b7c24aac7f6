"""A process's globals as a tree: a table's entries are asked for when it is unfolded, and not before."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

from ipywidgets import (  # type: ignore[import-untyped]
    HTML,
    Button,
    Checkbox,
    HBox,
    Select,
    VBox,
)

from ao_kernel.widgets.live import changed, steps
from ao_kernel.widgets.look import LIST, block, columns, facts, told
from ao_kernel.widgets.state import MANY, Entry, Path, State

TOP: Path = ()
INDENT = 2
WIDTHS = (28, 10, 60)
FOLDED, UNFOLDED, LEAF = "▸ ", "▾ ", "· "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the tree."""

    entry: Entry
    depth: int
    is_open: bool


def rows_of(
    tables: dict[Path, tuple[Entry, ...]], opened: frozenset[Path], hidden: Iterable[str] = ()
) -> Iterator[Row]:
    """The tree's lines from the top; `hidden` are names of globals that are left out."""
    left_out = frozenset(hidden)
    for entry in tables.get(TOP, ()):
        if entry.name not in left_out:
            yield from _rows(entry, 0, tables, opened)


def _rows(
    entry: Entry, depth: int, tables: dict[Path, tuple[Entry, ...]], opened: frozenset[Path]
) -> Iterator[Row]:
    is_open = entry.path in opened
    yield Row(entry, depth, is_open)
    if is_open:
        for inner in tables.get(entry.path, ()):
            yield from _rows(inner, depth + 1, tables, opened)


def label(row: Row) -> str:
    """A line of the tree as text; what is folded has a sign, no colour."""
    entry = row.entry
    sign = (UNFOLDED if row.is_open else FOLDED) if entry.is_table else LEAF
    name = " " * INDENT * row.depth + sign + entry.name
    text = entries(entry.size) if entry.is_table else entry.text[:200]
    width = max(WIDTHS[0], len(name))
    # The indent is kept: it is all that shows which table an entry is in.
    indent = "\u00a0" * INDENT * row.depth
    return indent + columns(
        ((sign + entry.name, width - len(indent)), (entry.kind, WIDTHS[1]), (text, WIDTHS[2]))
    )


class Browser:
    """Shows the tree, and asks for the tables that it has open."""

    def __init__(self, reread: Callable[[], None], hidden: Iterable[str]) -> None:
        self._reread = reread
        self._hidden = frozenset(hidden)
        self._state = State({}, 0)
        self._opened: frozenset[Path] = frozenset()
        self._selected: Path | None = None
        self._is_filling = False
        self._list = Select(rows=10, layout={"width": "100%"})
        self._list.add_class(LIST)
        self._fold = Button(
            description="Unfold", tooltip="Shows what is in the selected table, or hides it again"
        )
        self._all = Checkbox(description="with what every process has", indent=False)
        self._detail = HTML()
        self.widget = VBox(
            [HBox([self._fold, self._all, steps(self._list)]), self._list, self._detail]
        )
        self._list.observe(lambda change: self._select(change["new"]), "value")
        self._all.observe(lambda _: self._show(), "value")
        self._fold.on_click(lambda _: self._toggle())

    @property
    def wanted(self) -> tuple[Path, ...]:
        """The tables to ask for: the globals, what is unfolded, and what is selected."""
        selected = (self._selected,) if self._selected is not None else ()
        return tuple(dict.fromkeys((TOP, *sorted(self._opened), *selected)))

    def show(self, state: State) -> None:
        """The tables that were asked for are these."""
        self._state = state
        self._show()

    def _show(self) -> None:
        rows = list(rows_of(self._state.tables, self._opened, self._left_out()))
        options = [(label(row), row.entry.path) for row in rows]
        kept = self._selected if any(path == self._selected for _, path in options) else None
        self._is_filling = True
        try:
            with self._list.hold_sync():
                if list(self._list.options) != options:
                    self._list.options = options
                if self._list.value != kept:
                    self._list.value = kept
        finally:
            self._is_filling = False
        self._describe()

    def _left_out(self) -> frozenset[str]:
        return frozenset() if self._all.value else self._hidden

    def _select(self, path: Path | None) -> None:
        if self._is_filling or path is None:
            return
        self._selected = path
        self._describe()
        entry = self._entry()
        if entry is not None and entry.is_table and path not in self._state.tables:
            self._reread()

    def _toggle(self) -> None:
        entry = self._entry()
        if entry is None or not entry.is_table:
            return
        self._opened ^= {entry.path}
        self._show()
        if entry.path in self._opened and entry.path not in self._state.tables:
            self._reread()

    def _entry(self) -> Entry | None:
        found = (
            entry
            for table in self._state.tables.values()
            for entry in table
            if entry.path == self._selected
        )
        return next(found, None)

    def _describe(self) -> None:
        entry = self._entry()
        is_open = entry is not None and entry.path in self._opened
        self._fold.description = "Fold" if is_open else "Unfold"
        self._fold.disabled = entry is None or not entry.is_table
        changed(self._detail, detail(entry, self._state.tables) if entry else "")


def detail(entry: Entry, tables: dict[Path, tuple[Entry, ...]]) -> str:
    """The selected value in full, or what is in the selected table."""
    where = f"<p><b>{told(written(entry.path))}</b> is a {told(entry.kind)}</p>"
    if not entry.is_table:
        return where + (block(entry.text) if entry.text else "")
    inner = tables.get(entry.path)
    if inner is None:
        return where + "<em>asking the process</em>"
    left_out = entry.size - len(inner)
    more = f"<p>{left_out} entries more are not shown</p>" if left_out > 0 else ""
    return where + facts((each.name, _short(each)) for each in inner[:MANY]) + more


def entries(count: int) -> str:
    """So many entries, in words."""
    return "1 entry" if count == 1 else f"{count} entries"


def written(path: Path) -> str:
    """The keys as Lua has them."""
    text = ""
    for kind, key in path:
        if kind != "string":
            text += f"[{key}]"
        elif key.isidentifier():
            text += f".{key}" if text else key
        else:
            text += f'["{key}"]'
    return text


def _short(entry: Entry) -> str:
    if entry.is_table:
        return f"table, {entries(entry.size)}"
    return entry.text[:200] if entry.text else entry.kind


Read = Callable[[tuple[Path, ...]], Awaitable[State | None]]
"""Asks a process for tables; None where it does not show them."""
