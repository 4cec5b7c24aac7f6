"""A table that follows what it shows, as a widget; and as HTML and text for a notebook that is read without its kernel."""

import asyncio
from collections.abc import Awaitable, Callable

from ipywidgets import HTML, Button, VBox  # type: ignore[import-untyped]

from ao_kernel.outputs import Bundle, table_bundle
from ao_kernel.tables import Table

REST = 0.1
"""Seconds between two updates: ten a second are all that a person sees."""

Read = Callable[[], Awaitable[Table]]
Changed = Callable[[], Awaitable[object]]
"""Returns once there may be something new."""


class LiveTable:
    """Shows a table, and shows it anew whenever it has changed or its button is pressed."""

    def __init__(self, table: Table, read: Read) -> None:
        self._read = read
        self._table = table
        self._html = HTML(value=table.to_html())
        self._button = Button(description="Refresh", tooltip="Read it again now")
        self._button.on_click(self._pressed)
        self._widget = VBox([self._html, self._button])
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def bundle(self) -> Bundle:
        """The widget, and beside it the forms that last."""
        view: Bundle = self._widget._repr_mimebundle_()
        return {**view, **table_bundle(self._table)}

    def follow(self, changed: Changed) -> None:
        """Keeps the table up to date from now on."""
        self._begin(self._follow(changed))

    async def _follow(self, changed: Changed) -> None:
        while True:
            await changed()
            await self.refresh()
            await asyncio.sleep(REST)

    async def refresh(self) -> None:
        """Reads the table, and shows it if it has changed."""
        self._table = await self._read()
        html = self._table.to_html()
        if html != self._html.value:
            self._html.value = html

    def _pressed(self, button: Button) -> None:
        self._begin(self.refresh())

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Follows no more, and takes the widget away."""
        for task in tuple(self._tasks):
            task.cancel()
        for part in (self._widget, self._html, self._button):
            part.close()
