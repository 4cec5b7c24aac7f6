"""Commands that show widgets. A process's widget is made once: shown again, it is another view of the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, runtime_checkable

from ao_kernel.cells import MagicCell
from ao_kernel.chronicle import Event, Letter
from ao_kernel.chronicle.glance import GLANCE, glance_of
from ao_kernel.errors.failures import message_of, text_of
from ao_kernel.language.help import static_names
from ao_kernel.magics.comparing import message_at
from ao_kernel.magics.registry import magic
from ao_kernel.outputs import Bundle, Show, Shown
from ao_kernel.pictures import sequence
from ao_kernel.pictures.deliveries import Delivery
from ao_kernel.session import Session, View
from ao_kernel.telling.letters import text_bytes
from ao_kernel.telling.maps import history
from ao_kernel.telling.replies import reply
from ao_kernel.telling.summary import counted
from ao_kernel.widgets.forms import PATTERNS, Form, Parcel, learned, patterns_of
from ao_kernel.widgets.look import MUCH, block, facts
from ao_kernel.widgets.state import (
    RUNTIME,
    SHOWN,
    Path,
    State,
    answer,
    question,
)
from unitstack.errors import Refused
from unitstack.wire.ids import ProcessId
from unitstack.wire.messages import Draft
from unitstack.wire.results import EvalResult
from unitstack.wire.tags import Tag
from unitstack.worlds.difference import Change, Tree, differences
from unitstack.worlds.states import state_at

LETTERS = 200
"""Of an inbox, so many of the last messages are shown."""

LOGGED = 40
"""Of a log, so many of the last messages are drawn."""

LEARNED_FROM = 200
"""So many of a process's last messages tell which tags go with an action."""


Closed = Callable[[], None]


@runtime_checkable
class Shelved(View, Protocol):
    """A widget that can be shown again."""

    @property
    def bundle(self) -> Bundle:
        """The widget, and the forms that last."""


@magic(
    "%card [PROCESS]",
    "A process at a glance, the current one unless another is named, with its handlers and globals; kept up to date.",
)
async def _card(session: Session, cell: MagicCell, show: Show) -> None:
    process = await _process_of(session, cell)
    show(Shown(await live_card(session, process), is_result=True))


@magic(
    "%send [PROCESS]",
    "A form that sends a signed message, with the actions and tags that the process is known to take.",
)
async def _send(session: Session, cell: MagicCell, show: Show) -> None:
    process = await _process_of(session, cell)
    show(Shown(await live_form(session, process), is_result=True))


async def _process_of(session: Session, cell: MagicCell) -> ProcessId:
    if not cell.argument:
        return await session.process()
    return await session.world.process(cell.argument)


async def live_inbox(session: Session, process: ProcessId) -> Bundle:
    """A process's inbox as a widget. Raises Refused where the process does not show it."""
    from ao_kernel.widgets.inbox import Inbox, Post  # noqa: PLC0415  it brings ipywidgets along

    async def read() -> tuple[Letter, ...]:
        return await session.chronicle.inbox(process, LETTERS, most=MUCH)

    async def answer(letter: Letter, action: str, data: str) -> str:
        return await reply(session, process, (letter.number, letter.sender), action, data)

    letters = await read()
    name_of = session.world.name_of

    def make(closed: Closed) -> Inbox:
        inbox = Inbox(Post(process, name_of(process), read, answer, name_of), letters, closed)
        inbox.follow(session.chronicle.changes())
        return inbox

    return _shown(session, f"inbox {process}", make)


async def live_card(session: Session, process: ProcessId) -> Bundle:
    """A process's card as a widget."""
    from ao_kernel.widgets.card import Card, Subject  # noqa: PLC0415  it brings ipywidgets along

    async def state(paths: tuple[Path, ...]) -> State | None:
        return answer(paths, await session.dry_run(question(paths), process))

    # What is kept in the notebook must not depend on how fast this machine is, so that the process is waited for.
    glance = glance_of(await session.dry_run(GLANCE, process))
    facts = await session.chronicle.facts(process)
    told = replace(facts, inbox=glance.inbox, handlers=glance.handlers)
    own = frozenset(static_names()) - SHOWN | RUNTIME

    def make(closed: Closed) -> Card:
        subject = Subject(process, lambda: session.chronicle.facts(process), state, own)
        card = Card(subject, told, closed)
        card.follow(session.chronicle.changes())
        return card

    return _shown(session, f"card {process}", make)


async def live_form(session: Session, process: ProcessId) -> Bundle:
    """A form for messages to a process, or to any other."""
    from ao_kernel.widgets.send import Counter, SendForm  # noqa: PLC0415  it brings ipywidgets along

    name = session.world.name_of(process)
    known = await _forms(session, name)
    counter = Counter(
        lambda: session.world.names,
        lambda name: _forms(session, name),
        lambda parcel: _dispatch(session, parcel),
    )

    def make(closed: Closed) -> SendForm:
        form = SendForm(counter, name, known, closed)
        form.follow(session.chronicle.changes())
        return form

    return _shown(session, f"send {process}", make)


async def _forms(session: Session, name: str) -> tuple[Form, ...]:
    """What the process of that name takes."""
    process = await session.world.process(name)
    patterns = patterns_of(await session.dry_run(PATTERNS, process))
    after = await session.chronicle.length(process) - LEARNED_FROM - 1
    events = await session.chronicle.events(process, after=after if after >= 0 else None)
    return learned(patterns, events)


async def _dispatch(session: Session, parcel: Parcel) -> str:
    """Sends what was typed, and tells what came of it once all that it set off has settled."""
    target = await session.world.process(parcel.target)
    pairs = (("Action", parcel.action), *parcel.tags) if parcel.action else parcel.tags
    tags = tuple(Tag(*pair) for pair in pairs)
    message = await session.network.send(
        Draft(target=target, tags=tags, data=text_bytes(parcel.data))
    )
    result = await session.units.compute.result(target, message)
    await session.units.messenger.settled(message)
    reached = len(await session.chronicle.set_off(message)) - 1
    said = _said(result)
    return facts(_outcome(result, message, reached)) + (block(said) if said else "")


def _outcome(result: EvalResult, message: str, reached: int) -> list[tuple[str, str]]:
    sent, spawned = len(result.outbox.messages), len(result.outbox.spawns)
    return [
        ("message", message),
        ("outcome", "failed" if result.error is not None else "evaluated"),
        ("outbox", f"{counted(sent)}, spawns {spawned}"),
        ("set off", counted(max(0, reached))),
        ("gas", f"{result.gas_used:,}"),
    ]


def _said(result: EvalResult) -> str:
    if result.error is not None:
        return f"error: {message_of(text_of(result.error))}"
    return text_of(result.output.data) if result.output.data else ""


async def live_trace(session: Session) -> Bundle:
    """The messages of the world as they go, or those that one cell set off."""
    from ao_kernel.widgets.trace import COUNTS, WORLD, LiveTrace, Traffic  # noqa: PLC0415  it brings ipywidgets along

    async def read(cell: str, count: int) -> tuple[Delivery, ...]:
        if cell == WORLD:
            return (await history(session, (), count))[-count:]
        sent = next(sent for sent in reversed(session.sent) if sent.title == cell)
        return (await session.aftermath.deliveries(sent.message))[-count:]

    def cells() -> tuple[str, ...]:
        return tuple(dict.fromkeys(sent.title for sent in reversed(session.sent) if sent.title))

    deliveries = await read(WORLD, COUNTS[1])

    def make(closed: Closed) -> LiveTrace:
        trace = LiveTrace(Traffic(cells, read), deliveries, closed)
        trace.follow(session.chronicle.changes())
        return trace

    return _shown(session, "trace live", make)


async def live_timeline(session: Session, process: ProcessId) -> Bundle:
    """A process's log along a slider."""
    from ao_kernel.widgets.timeline import Past, Timeline  # noqa: PLC0415  it brings ipywidgets along

    name_of = session.world.name_of
    past = Past(
        process=process,
        name=name_of(process),
        length=lambda: session.chronicle.length(process),
        event=lambda nonce: session.chronicle.event(process, nonce),
        changes=lambda nonce: _changes(session, process, nonce),
        picture=lambda event: _picture(session, event),
        history=lambda: history(session, [process], LOGGED),
        name_of=name_of,
    )
    length, drawn = await past.length(), await past.history()

    def make(closed: Closed) -> Timeline:
        timeline = Timeline(past, length, drawn, closed)
        timeline.follow(session.chronicle.changes())
        return timeline

    return _shown(session, f"timeline {process}", make)


async def _changes(session: Session, process: ProcessId, nonce: int) -> tuple[Change, ...]:
    """What the message with that nonce changed in the process. Raises Refused where it does not show its globals."""
    try:
        before = await _state_at(session, process, nonce - 1) if nonce else {}
        return differences(before, await _state_at(session, process, nonce))
    except Refused as error:
        raise Refused(session.world.with_names(str(error))) from error


async def _state_at(session: Session, process: ProcessId, nonce: int) -> Tree:
    message = await message_at(session.units, process, nonce)
    return await state_at(session.units, process, message)


async def _picture(session: Session, event: Event) -> str:
    return sequence.svg(await session.aftermath.deliveries(event.root), "what it belongs to")


def _shown(session: Session, key: str, make: Callable[[Closed], Shelved]) -> Bundle:
    """The widget of that key: the one that there is, or a new one."""
    view = session.views.get(key)
    if not isinstance(view, Shelved):
        view = session.views[key] = make(lambda: _forget(session, key))
    return view.bundle


def _forget(session: Session, key: str) -> None:
    session.views.pop(key, None)
