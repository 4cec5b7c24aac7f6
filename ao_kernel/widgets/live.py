"""What every widget here has: a frame with its title, a line that says how things are, work in the background, an end."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial

from ipywidgets import (  # type: ignore[import-untyped]
    HTML,
    Button,
    HBox,
    Select,
    VBox,
    Widget,
)

from ao_kernel.outputs import Bundle
from ao_kernel.widgets.look import NOTE, STYLE, heading, note
from unitstack.errors import AoError
from unitstack.wire.ids import ProcessId

News = AsyncGenerator[frozenset[ProcessId]]
Work = Callable[[], Awaitable[None]]
Update = Callable[[frozenset[ProcessId]], Awaitable[None]]
"""Brings what is shown up to date, once those processes have changed."""


class Live:
    """A widget at work. What goes wrong in its background stands in its last line: nobody waits for it there."""

    def __init__(self, title: str, parts: Sequence[Widget], closed: Callable[[], None]) -> None:
        self._title = HTML(STYLE + heading(title))
        self._close = Button(
            description="Close", tooltip="Takes this view away; nothing else changes"
        )
        self._close.on_click(lambda _: self.close())
        self._note = HTML()
        self._note.add_class(NOTE)
        head = HBox([self._title, self._close], layout={"justify_content": "space-between"})
        self._widget = VBox([head, *parts, self._note])
        self._widget.add_class("ao-widget")
        self._closed = closed
        self._loop, self._home = asyncio.get_running_loop(), threading.current_thread()
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: dict[str, bool] = {}
        self._has_problem = False

    def bundle(self, lasting: Bundle) -> Bundle:
        """The widget, and beside it the forms that last."""
        view: Bundle = self._widget._repr_mimebundle_()
        return {**view, **lasting}

    def title(self, text: str) -> None:
        """Changes what stands above it."""
        changed(self._title, STYLE + heading(text))

    def note(self, text: str) -> None:
        """Changes what stands below it."""
        self._has_problem = False
        changed(self._note, note(text))

    def follow(self, news: News, update: Update) -> None:
        """Stays up to date from now on."""
        self.begin(lambda: self._follow(news, update))

    async def _follow(self, news: News, update: Update) -> None:
        async with aclosing(news):
            async for processes in news:
                await self._caught_up(partial(update, processes))

    def refresh(self, name: str, work: Work) -> None:
        """Does something that reads what is the case when it begins. Asked for again meanwhile, it is done once more."""
        self._at_home(lambda: self._refresh(name, work))

    def _refresh(self, name: str, work: Work) -> None:
        if name in self._due:
            self._due[name] = True
            return
        self._due[name] = False
        self._start(lambda: self._repeat(name, work))

    async def _repeat(self, name: str, work: Work) -> None:
        try:
            await self._caught_up(work)
            while self._due[name]:
                self._due[name] = False
                await self._caught_up(work)
        finally:
            del self._due[name]

    def begin(self, work: Work) -> None:
        """Does something in the background."""
        self._at_home(lambda: self._start(work))

    def _at_home(self, call: Callable[[], None]) -> None:
        # In a Python notebook the session has a loop in a thread of its own, and what a person does comes from another.
        if threading.current_thread() is self._home:
            call()
        else:
            self._loop.call_soon_threadsafe(call)

    def _start(self, work: Work) -> None:
        task = asyncio.ensure_future(self._told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told(self, work: Work) -> None:
        try:
            await work()
        except AoError as error:
            self.note(str(error))
            self._has_problem = True

    async def _caught_up(self, work: Work) -> None:
        """Does what brings the widget up to date; a problem of before is over when it succeeds."""
        had_problem, self._has_problem = self._has_problem, False
        await self._told(work)
        if had_problem and not self._has_problem:
            self.note("")

    def close(self) -> None:
        """Follows no more, and takes the widget away with all its parts."""
        self._at_home(self._end)

    def _end(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        close_whole(self._widget)
        self._closed()


def changed(part: Widget, value: object) -> None:
    """Gives a part a value; nothing is sent where it has that already."""
    if part.value != value:
        part.value = value


def steps(choice: Select) -> HBox:
    """Buttons that go up and down a list: in a notebook's command mode the arrow keys go from cell to cell instead."""
    buttons = []
    for way, sign, text in (
        (-1, "▲", "Selects the line above"),
        (1, "▼", "Selects the line below"),
    ):
        button = Button(description=sign, tooltip=text, layout={"width": "auto"})
        button.on_click(partial(_step, choice, way))
        buttons.append(button)
    return HBox(buttons)


def _step(choice: Select, way: int, button: Button) -> None:
    last = len(choice.options) - 1
    if last >= 0:
        start = (-1 if way > 0 else last + 1) if choice.index is None else choice.index
        choice.index = min(max(start + way, 0), last)


def close_whole(widget: Widget) -> None:
    """Closes a widget with its parts, and with the models of their layouts and styles, which close for nobody else."""
    if widget.comm is None:
        return
    parts = [getattr(widget, name) for name in widget.keys]
    widget.close()
    for part in parts:
        for each in part if isinstance(part, tuple | list) else (part,):
            if isinstance(each, Widget):
                close_whole(each)
