"""A form that sends a signed message to a process, with what its handlers are known to take, and tells what came of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ipywidgets import (  # type: ignore[import-untyped]
    HTML,
    Button,
    Combobox,
    HBox,
    Textarea,
)

from ao_kernel.ansi import plain
from ao_kernel.outputs import Bundle, table_bundle
from ao_kernel.tables import Table
from ao_kernel.widgets.forms import Form, Parcel, parse_tags
from ao_kernel.widgets.live import Live, News, changed
from unitstack.wire.ids import ProcessId

FULL = {"width": "100%"}
LEARNING = "learning"


@dataclass(frozen=True, slots=True)
class Counter:
    """Where messages are handed in: the processes there are, what each takes, and the sending, which answers in HTML."""

    targets: Callable[[], tuple[str, ...]]
    forms: Callable[[str], Awaitable[tuple[Form, ...]]]
    send: Callable[[Parcel], Awaitable[str]]


class SendForm:
    """The form. What a process takes is asked for when it becomes the target, and again when it has changed."""

    def __init__(
        self, counter: Counter, target: str, forms: tuple[Form, ...], closed: Callable[[], None]
    ) -> None:
        self._counter = counter
        self._forms = forms
        self._target = Combobox(description="Target", value=target, layout=FULL)
        self._action = Combobox(description="Action", placeholder="such as Ping", layout=FULL)
        self._tags = Textarea(
            description="Tags", rows=3, placeholder="Name=value, one a line", layout=FULL
        )
        self._data = Textarea(description="Data", rows=3, layout=FULL)
        self._button = Button(description="Send", tooltip="Signs the message and sends it")
        self._outcome = HTML()
        fields = [self._target, self._action, self._tags, self._data, HBox([self._button])]
        self._live = Live("Send a message", [*fields, self._outcome], closed)
        self._target.observe(lambda _: self._learn(), "value")
        self._action.observe(lambda _: self._suggest(), "value")
        self._button.on_click(lambda _: self._press())
        self._offer()

    @property
    def bundle(self) -> Bundle:
        """The form, and what it had learned, which stays when it is gone."""
        return self._live.bundle(table_bundle(forms_table(self._forms)))

    def follow(self, news: News) -> None:
        """Learns what changes, from now on."""
        self._live.follow(news, self.update)

    async def update(self, processes: frozenset[ProcessId]) -> None:
        """Learns anew what the target takes."""
        changed_targets = self._counter.targets()
        if tuple(self._target.options) != changed_targets:
            self._target.options = changed_targets
        self._forms = await self._counter.forms(self._target.value)
        self._offer()

    def close(self) -> None:
        """Takes the form away."""
        self._live.close()

    def _learn(self) -> None:
        self._live.refresh(LEARNING, lambda: self.update(frozenset()))

    def _offer(self) -> None:
        self._target.options = self._counter.targets()
        actions = tuple(plain(form.action) for form in self._forms)
        if tuple(self._action.options) != actions:
            self._action.options = actions

    def _suggest(self) -> None:
        """The tags that go with the action, unless something was typed there already."""
        form = next((f for f in self._forms if f.action == self._action.value), None)
        typed = [line for line in self._tags.value.splitlines() if line.partition("=")[2].strip()]
        if form is not None and not typed:
            changed(self._tags, "\n".join(f"{plain(n)}={plain(v)}" for n, v in form.tags))

    def _press(self) -> None:
        try:
            tags = parse_tags(self._tags.value)
        except ValueError as error:
            self._live.note(str(error))
            return
        parcel = Parcel(self._target.value, self._action.value, tags, self._data.value)
        self._live.begin(lambda: self._send(parcel))

    async def _send(self, parcel: Parcel) -> None:
        self._live.note(f"sending to {parcel.target}")
        changed(self._outcome, "")
        changed(self._outcome, await self._counter.send(parcel))
        self._live.note("sent, and all that it set off has settled")


def forms_table(forms: tuple[Form, ...]) -> Table:
    """What a process takes, as it can be kept."""
    rows = tuple(
        (plain(form.action), ", ".join(plain(name) for name, _ in form.tags)) for form in forms
    )
    return Table(("action", "tags"), rows, "no action is known that it takes")
