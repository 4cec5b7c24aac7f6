"""Messages as they go between processes, as a sequence that goes on while one looks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ipywidgets import HTML, Dropdown, HBox, ToggleButtons  # type: ignore[import-untyped]

from ao_kernel.outputs import Bundle
from ao_kernel.pictures import plain, sequence
from ao_kernel.pictures.deliveries import Delivery
from ao_kernel.telling.summary import counted, trace_table
from ao_kernel.widgets.live import Live, News, changed
from unitstack.wire.ids import ProcessId

WORLD = ""
"""What is chosen where all that goes on in the world is looked at."""

COUNTS = (10, 30, 100)
PICTURE, TABLE = "picture", "table"
DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Where messages are read: the cells that sent some, newest first; the last messages of the world, or those of a cell."""

    cells: Callable[[], tuple[str, ...]]
    read: Callable[[str, int], Awaitable[tuple[Delivery, ...]]]


class LiveTrace:
    """Draws the last messages, or those that one cell has set off, and goes on drawing."""

    def __init__(
        self, traffic: Traffic, deliveries: tuple[Delivery, ...], closed: Callable[[], None]
    ) -> None:
        self._traffic = traffic
        self._deliveries = deliveries
        self._cell = Dropdown(description="Of", options=[("the whole world", WORLD)])
        self._count = Dropdown(description="Last", options=COUNTS, value=COUNTS[1])
        self._form = ToggleButtons(options=(PICTURE, TABLE), style={"button_width": "auto"})
        self._drawing = HTML()
        controls = HBox([self._cell, self._count, self._form])
        self._live = Live("Messages", [controls, self._drawing], closed)
        for control in (self._cell, self._count):
            control.observe(lambda _: self._live.refresh(DRAWING, self._read), "value")
        self._form.observe(lambda _: self._show(), "value")
        self._show()

    @property
    def bundle(self) -> Bundle:
        """The widget, and the forms that last."""
        return self._live.bundle(lasting(self._deliveries))

    def follow(self, news: News) -> None:
        """Goes on drawing from now on."""
        self._live.follow(news, self.update)

    async def update(self, processes: frozenset[ProcessId]) -> None:
        """Draws what is new."""
        await self._read()

    def close(self) -> None:
        """Takes the widget away."""
        self._live.close()

    async def _read(self) -> None:
        self._deliveries = await self._traffic.read(self._cell.value, self._count.value)
        self._show()

    def _show(self) -> None:
        options = (
            ("the whole world", WORLD),
            *((title, title) for title in self._traffic.cells()),
        )
        if self._cell.options != options:
            self._choose(options)
        self._live.title(f"Messages: {counted(len(self._deliveries))}")
        changed(self._drawing, drawn(self._deliveries, self._form.value))

    def _choose(self, options: tuple[tuple[str, str], ...]) -> None:
        # Choosing anew makes the choice the first for a moment, which is read once more for nothing.
        kept = self._cell.value if self._cell.value in dict(options).values() else WORLD
        with self._cell.hold_sync():
            self._cell.options = options
            self._cell.value = kept


def drawn(deliveries: tuple[Delivery, ...], form: str) -> str:
    """The messages as HTML: the picture, or the table, which says the same."""
    if not deliveries:
        return "<em>no message yet</em>"
    if form == TABLE:
        return trace_table(deliveries).to_html()
    return sequence.svg(deliveries, counted(len(deliveries)))


def lasting(deliveries: tuple[Delivery, ...]) -> Bundle:
    """The forms that stay when the widget is gone."""
    if not deliveries:
        return {"text/plain": "no message yet", "text/html": "<em>no message yet</em>"}
    return {
        "text/plain": plain.sequence(deliveries),
        "text/html": trace_table(deliveries).to_html(),
        "image/svg+xml": sequence.svg(deliveries, counted(len(deliveries))),
    }
