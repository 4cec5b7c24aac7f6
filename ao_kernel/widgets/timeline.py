"""A process's log along a slider: the message at its place, what came of it, and what it changed in the globals."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ipywidgets import HTML, IntSlider, ToggleButtons  # type: ignore[import-untyped]

from ao_kernel.ansi import plain
from ao_kernel.chronicle import Event
from ao_kernel.errors.failures import message_of, text_of
from ao_kernel.outputs import Bundle
from ao_kernel.pictures import timeline
from ao_kernel.pictures.deliveries import Delivery
from ao_kernel.tables import Table, shortened
from ao_kernel.telling.summary import counted
from ao_kernel.widgets.live import Live, News, changed
from ao_kernel.widgets.look import block, facts
from unitstack.wire.ids import ProcessId
from unitstack.worlds.difference import Change

MESSAGE, CHANGES, SET_OFF, PICTURE = "message", "changes", "set off", "picture"
LOOKING = "looking"
NOTHING = "<em>nothing in the globals changed</em>"


@dataclass(frozen=True, slots=True)
class Past:
    """A process's log: how long it is, its messages by nonce, what one changed, and a
    picture of all that it belongs to; and the last messages, which a picture shows over time."""

    process: ProcessId
    name: str
    length: Callable[[], Awaitable[int]]
    event: Callable[[int], Awaitable[Event]]
    changes: Callable[[int], Awaitable[tuple[Change, ...]]]
    picture: Callable[[Event], Awaitable[str]]
    history: Callable[[], Awaitable[tuple[Delivery, ...]]]
    name_of: Callable[[str], str]


class Timeline:
    """Shows one message of a log. While the slider is at the end it stays there, as the log grows."""

    def __init__(
        self,
        past: Past,
        length: int,
        history: tuple[Delivery, ...],
        closed: Callable[[], None],
    ) -> None:
        self._past = past
        self._history = history
        last = max(0, length - 1)
        self._slider = IntSlider(
            description="Nonce", min=0, max=last, value=last, layout={"width": "100%"}
        )
        self._form = ToggleButtons(
            options=(MESSAGE, CHANGES, SET_OFF, PICTURE), style={"button_width": "auto"}
        )
        self._place = HTML()
        parts = [self._slider, self._form, self._place]
        self._live = Live(f"Timeline of {past.name}", parts, closed)
        for control in (self._slider, self._form):
            control.observe(lambda _: self._look(), "value")
        self._look()

    @property
    def bundle(self) -> Bundle:
        """The widget, and the forms that last."""
        return self._live.bundle(lasting(self._history))

    def follow(self, news: News) -> None:
        """Grows with the log from now on."""
        self._live.follow(news, self.update)

    async def update(self, processes: frozenset[ProcessId]) -> None:
        """Makes room for new messages. What is looked at is read again: it may have been evaluated meanwhile."""
        if self._past.process not in processes:
            return
        last = max(0, await self._past.length() - 1)
        was_at_end = self._slider.value == self._slider.max
        if last != self._slider.max:
            with self._slider.hold_sync():
                self._slider.max = last
                self._slider.value = last if was_at_end else self._slider.value
        self._look()

    def close(self) -> None:
        """Takes the widget away."""
        self._live.close()

    def _look(self) -> None:
        self._live.refresh(LOOKING, self._read)

    async def _read(self) -> None:
        nonce = self._slider.value
        event = await self._past.event(nonce)
        sender = self._past.name_of(event.sender)
        self._live.title(
            f"Timeline of {self._past.name}: {nonce} of {self._slider.max}, "
            f"{event.action or 'no action'} from {sender}"
        )
        changed(self._place, await self._shown(event))

    async def _shown(self, event: Event) -> str:
        match self._form.value:
            case "picture":
                return timeline.svg(await self._past.history(), f"Timeline of {self._past.name}")
            case "changes":
                return changes_html(await self._past.changes(event.nonce))
            case "set off":
                return await self._past.picture(event)
            case _:
                return event_html(event, self._past.name_of)


def lasting(history: tuple[Delivery, ...]) -> Bundle:
    """The forms that stay when the widget is gone."""
    return {
        "text/plain": timeline.to_plain(history),
        "text/html": timeline.to_table(history).to_html(),
        "image/svg+xml": timeline.svg(history),
    }


def event_html(event: Event, name_of: Callable[[str], str]) -> str:
    """A message and what came of it."""
    rows = [
        ("from", f"{name_of(event.sender)} ({event.sender})"),
        ("action", event.action or "none"),
        ("time", timed(event.block.timestamp)),
        ("height", str(event.block.height)),
        ("message", event.message),
        *((f"tag {tag.name}", tag.value) for tag in event.tags if tag.name != "Action"),
    ]
    return facts(rows) + (block(event.data) if event.data.strip() else "") + result_html(event)


def result_html(event: Event) -> str:
    """What evaluating a message gave."""
    result = event.result
    if result is None:
        return facts((("result", event.problem or "not evaluated yet"),))
    said = message_of(text_of(result.error)) if result.error is not None else ""
    outbox = result.outbox
    rows = [
        ("result", f"failed: {said}" if said else "evaluated"),
        ("outbox", f"{counted(len(outbox.messages))}, spawns {len(outbox.spawns)}"),
        ("gas", f"{result.gas_used:,}"),
    ]
    output = text_of(result.output.data) if result.output.data else ""
    return facts(rows) + (block(output) if output and not said else "")


def changes_html(changes: tuple[Change, ...]) -> str:
    """What a message changed, as a table; a value that was not there is empty."""
    if not changes:
        return NOTHING
    rows = tuple((plain(each.path), _short(each.before), _short(each.after)) for each in changes)
    return Table(("global", "before", "after"), rows).to_html()


def _short(text: str) -> str:
    return shortened(plain(text), 80)


def timed(milliseconds: int) -> str:
    """A block's time as a person reads it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
