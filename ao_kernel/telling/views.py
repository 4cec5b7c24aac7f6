"""A session's state as tables: its processes, an inbox, a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ao_kernel.ansi import plain
from ao_kernel.chronicle import Event
from ao_kernel.pictures.deliveries import Delivery
from ao_kernel.pictures.labels import label
from ao_kernel.session import Session
from ao_kernel.tables import Table
from ao_kernel.telling.anatomy import Anatomy, Specimen, anatomy
from ao_kernel.telling.letters import letters_table
from ao_kernel.telling.tracing import TEXT, delivery_of
from unitstack.wire.assignments import Assignment
from unitstack.wire.ids import ProcessId
from unitstack.wire.tags import find_all

CHUNK = 500
"""Messages of a log that are looked through at a time, from its end."""


async def process_table(session: Session) -> Table:
    """Every known process with the number of messages in its log."""
    rows = []
    for name, process in session.world:
        mark = "→" if name == session.current else ""
        length = await session.chronicle.length(process)
        rows.append((mark, plain(name), str(length), process))
    return Table(
        ("", "process", "messages", "id"), tuple(rows), "no process yet: the first cell makes one"
    )


async def inbox_table(session: Session, count: int, process: ProcessId | None = None) -> Table:
    """The last messages in a process's inbox, the current one's unless another is named. Raises Refused where the process
    does not show it."""
    world = session.world
    letters = await session.chronicle.inbox(process or await session.process(), count)
    named = (replace(each, data=world.with_names(each.data[:TEXT])) for each in letters)
    return letters_table(named, world.name_of)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which messages of a log: the last so many of those that have these tags. `from` and `action` are asked for in small
    letters, any other tag as it is written."""

    count: int = 20
    filters: Mapping[str, str] = field(default_factory=dict)

    def fits(self, event: Event, sender: str) -> bool:
        """Whether a message is among them; its sender is known by that name."""
        return all(
            wanted in _values(event, sender, name.lower(), name)
            for name, wanted in self.filters.items()
        )


def _values(event: Event, sender: str, kind: str, name: str) -> tuple[str, ...]:
    match kind:
        case "from":
            return sender, event.sender
        case "action":
            return (event.action,)
        case _:
            return find_all(event.tags, name)


async def log_events(session: Session, process: ProcessId, asked: Asked) -> tuple[Event, ...]:
    """The last messages of a process that are asked for, the oldest first."""
    found: list[Event] = []
    end = await session.chronicle.length(process)
    while end > 0 and len(found) < asked.count:
        start = max(0, end - (CHUNK if asked.filters else asked.count))
        events = await session.chronicle.events(
            process, after=start - 1 if start else None, limit=end - start
        )
        fitting = [e for e in events if asked.fits(e, session.world.name_of(e.sender))]
        found = fitting + found
        end = start
    return tuple(found[-asked.count :]) if asked.count else ()


async def log_table(session: Session, process: ProcessId, asked: Asked) -> Table:
    """The last messages of a process that are asked for, with what each gave."""
    events = await log_events(session, process, asked)
    rows = tuple(_log_row(delivery_of(event, session.world)) for event in events)
    return Table(("nonce", "from", "action", "data", "outcome"), rows, "no such message")


def _log_row(delivery: Delivery) -> tuple[str, ...]:
    return (
        str(delivery.nonce),
        label(delivery.sender.name, 40),
        label(delivery.action, 40),
        label(delivery.data, 50),
        label(delivery.outcome, 50),
    )


async def anatomy_of(session: Session, process: ProcessId, nonce: int) -> Anatomy:
    """A message with all its parts. Raises NotFound."""
    event = await session.chronicle.event(process, nonce)
    scheduler, gateway = session.units.scheduler, session.units.gateway
    scheduled = await scheduler.message(process, event.message)
    specimen = Specimen(
        event=event,
        item=scheduled.message.item if scheduled.message else await gateway.item(event.message),
        assignment=scheduled.assignment,
        before=await _assignment(session, process, nonce - 1),
        family=await session.chronicle.set_off(event.root),
    )
    return anatomy(specimen, session.world.name_of)


async def _assignment(session: Session, process: ProcessId, nonce: int) -> Assignment | None:
    if nonce < 0:
        return None
    after = nonce - 1 if nonce > 0 else None
    page = await session.units.scheduler.messages(process, after=after, limit=1)
    return page.items[0].assignment if page.items else None
