"""A process's inbox as a widget: what is new, what each message says, and a reply to it. Nothing is taken out of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ipywidgets import (  # type: ignore[import-untyped]
    HTML,
    Button,
    Checkbox,
    Dropdown,
    HBox,
    Select,
    Text,
    Textarea,
    VBox,
)

from ao_kernel.chronicle import Letter
from ao_kernel.outputs import Bundle, table_bundle
from ao_kernel.tables import shortened
from ao_kernel.telling.letters import letters_table
from ao_kernel.telling.summary import counted
from ao_kernel.widgets.live import Live, News, changed, steps
from ao_kernel.widgets.look import LIST, block, columns, facts, one_line
from unitstack.wire.ids import ProcessId

ALL = ""
NEW, OLD = "● new", "○ read"
WIDTHS = (6, 4, 14, 18, 60)
WIDE = {"width": "auto"}
START = {"width": "auto", "align_self": "flex-start"}


@dataclass(frozen=True, slots=True)
class Post:
    """A process's inbox: whose it is, how it is read and answered, and what senders are called."""

    process: ProcessId
    owner: str
    read: Callable[[], Awaitable[tuple[Letter, ...]]]
    reply: Callable[[Letter, str, str], Awaitable[str]]
    name_of: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which messages are wanted: those of an action, of a sender, those that were not opened; ALL is any."""

    action: str = ALL
    sender: str = ALL
    unread: bool = False


def chosen(
    letters: tuple[Letter, ...], read: frozenset[Letter], choice: Choice
) -> tuple[Letter, ...]:
    """The messages that are wanted, newest first."""
    return tuple(
        letter
        for letter in reversed(letters)
        if choice.action in (ALL, letter.action)
        and choice.sender in (ALL, letter.sender)
        and not (choice.unread and letter in read)
    )


class Inbox:
    """Shows an inbox and stays up to date. What was opened is no longer new, here and nowhere else."""

    def __init__(self, post: Post, letters: tuple[Letter, ...], closed: Callable[[], None]) -> None:
        self._post = post
        self._letters = letters
        self._read: frozenset[Letter] = frozenset()
        self._open: Letter | None = None
        self._is_filling = False
        self._action = Dropdown(description="Action", layout=WIDE)
        self._sender = Dropdown(description="From", layout=WIDE)
        self._unread = Checkbox(description="new only", indent=False, layout=WIDE)
        self._all_read = Button(
            description="Mark all as read", tooltip="Takes all marks away", layout=WIDE
        )
        self._list = Select(rows=8, layout={"width": "100%"})
        self._list.add_class(LIST)
        self._message = HTML()
        self._answer = Answer(self._reply)
        self._live = Live(self._title(), self._parts(), closed)
        self._observe()
        self._show()

    def _parts(self) -> list[Any]:
        choice = HBox([self._action, self._sender, self._unread, self._all_read, steps(self._list)])
        return [choice, self._list, self._message, self._answer.widget]

    def _observe(self) -> None:
        for control in (self._action, self._sender, self._unread):
            control.observe(lambda _: self._show(), "value")
        self._list.observe(lambda change: self._opened(change["new"]), "value")
        self._all_read.on_click(lambda _: self._mark(frozenset(self._letters)))

    @property
    def bundle(self) -> Bundle:
        """The widget, and the table that stays when it is gone."""
        return self._live.bundle(table_bundle(letters_table(self._letters, self._post.name_of)))

    def follow(self, news: News) -> None:
        """Stays up to date from now on."""
        self._live.follow(news, self.update)

    async def update(self, processes: frozenset[ProcessId]) -> None:
        """Reads the inbox anew if its process has changed."""
        if self._post.process in processes:
            self._letters = await self._post.read()
            self._show()

    def close(self) -> None:
        """Takes the widget away."""
        self._live.close()

    def _title(self) -> str:
        new = sum(letter not in self._read for letter in self._letters)
        return f"Inbox of {self._post.owner}: {counted(len(self._letters))}, {new} new"

    def _choice(self) -> Choice:
        return Choice(self._action.value or ALL, self._sender.value or ALL, self._unread.value)

    def _show(self) -> None:
        if self._is_filling:
            return
        self._is_filling = True
        try:
            self._live.title(self._title())
            _offer(
                self._action, [(one_line(a), a) for a in _sorted(x.action for x in self._letters)]
            )
            senders = _sorted(letter.sender for letter in self._letters)
            _offer(self._sender, [(one_line(self._post.name_of(s)), s) for s in senders])
            _fill(self._list, self._options(), self._open)
        finally:
            self._is_filling = False

    def _options(self) -> list[tuple[str, Letter]]:
        wanted = chosen(self._letters, self._read, self._choice())
        # What is open stays in the list, though it is no longer new.
        kept = [x for x in self._letters if x == self._open and x not in wanted]
        return [(self._label(letter), letter) for letter in (*wanted, *kept)]

    def _label(self, letter: Letter) -> str:
        mark = OLD if letter in self._read else NEW
        sender = self._post.name_of(letter.sender)
        cells = (mark, str(letter.number), sender, letter.action, letter.data[:200])
        return columns(zip(cells, WIDTHS, strict=True))

    def _opened(self, letter: Letter | None) -> None:
        if self._is_filling or letter is None:
            return
        self._open = letter
        rows = (
            ("message", f"{letter.number} in the inbox"),
            ("from", f"{self._post.name_of(letter.sender)} ({letter.sender})"),
            ("action", letter.action or "none"),
        )
        changed(self._message, facts(rows) + block(letter.data))
        self._answer.show(self._post.name_of(letter.sender))
        self._mark(self._read | {letter})

    def _mark(self, read: frozenset[Letter]) -> None:
        self._read = read
        self._show()

    def _reply(self, action: str, data: str) -> None:
        if self._open is not None:
            self._live.begin(partial(self._send, self._open, action, data))

    async def _send(self, letter: Letter, action: str, data: str) -> None:
        self._live.note("sending the reply")
        said = await self._post.reply(letter, action, data)
        self._answer.clear()
        self._live.note(said)


class Answer:
    """The fields for a reply; hidden until there is something to reply to."""

    def __init__(self, send: Callable[[str, str], None]) -> None:
        self._action = Text(description="Action", placeholder="such as Pong", layout=WIDE)
        self._data = Textarea(description="Data", rows=2, layout={"width": "100%"})
        self._button = Button(
            description="Reply", tooltip="Sends this in the process's name", layout=START
        )
        self._button.on_click(lambda _: send(self._action.value, self._data.value))
        self.widget = VBox([self._action, self._data, self._button])
        self.widget.layout.display = "none"

    def show(self, sender: str) -> None:
        """There is a message from that sender to reply to."""
        self.widget.layout.display = ""
        changed_description = f"Reply to {shortened(one_line(sender), 20)}"
        if self._button.description != changed_description:
            self._button.description = changed_description

    def clear(self) -> None:
        """The reply was sent."""
        self._data.value = ""


def _sorted(texts: Any) -> list[str]:
    return sorted({text for text in texts if text})


def _offer(choice: Dropdown, options: list[tuple[str, str]]) -> None:
    """New options for a filter, whose value stays if it still can."""
    _fill(choice, [("all", ALL), *options], choice.value or ALL)


def _fill(choice: Any, options: list[tuple[str, Any]], value: Any) -> None:
    if list(choice.options) == options and choice.value == value:
        return
    with choice.hold_sync():
        choice.options = options
        choice.value = value if any(each == value for _, each in options) else choice_none(options)


def choice_none(options: list[tuple[str, Any]]) -> Any:
    """What is chosen where nothing is: ALL, if that can be."""
    return ALL if options and options[0][1] == ALL else None
