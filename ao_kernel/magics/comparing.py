"""Commands that compare a process with itself: what changed between two messages, and which message changed a value."""

import re

from ao_kernel.ansi import plain
from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import MAGICS, magic, refused, wanted
from ao_kernel.magics.time import local
from ao_kernel.outputs import Printed, Show, Shown, table_bundle
from ao_kernel.session import Session
from ao_kernel.tables import Table, shortened
from ao_kernel.travel import bar
from unitstack.errors import NotFound, Refused
from unitstack.units import Units
from unitstack.wire.assignments import Ordinate
from unitstack.wire.durations import moment_text
from unitstack.wire.ids import MessageId, ProcessId
from unitstack.worlds.causes import Cause
from unitstack.worlds.difference import Change, brief, differences
from unitstack.worlds.states import state_at

DIFF = re.compile(r"(?P<process>\S+)(?:\s+(?P<one>\d+))?(?:\s+(?P<other>\d+))?")
LONG = 200
PASSED = "of a long log only kept memories were compared: what changed and changed back between two is not seen"


async def message_at(units: Units, process: ProcessId, nonce: int) -> MessageId:
    """What a compute unit is asked for the message with that nonce by. Raises NotFound."""
    page = await units.scheduler.messages(process, after=nonce - 1, limit=1)
    if not page.items or page.items[0].assignment.nonce != nonce:
        raise NotFound("message", f"{nonce} of process {process}")
    # An item may stand in a log twice, its assignment does not.
    return MessageId(process) if nonce == 0 else MessageId(page.items[0].assignment.id)


@magic(
    "%diff PROCESS [NONCE [NONCE]]",
    "What changed in a process: with its last message, since a message, or from one message to another.",
)
async def _diff(session: Session, cell: MagicCell, show: Show) -> None:
    found = DIFF.fullmatch(wanted(cell, "a process"))
    if found is None:
        raise refused(f"{cell.called} cannot be read", cell, f"use: {MAGICS['diff'].usage}")
    process = await session.world.process(found["process"])
    last = await session.chronicle.length(process) - 1
    one = int(found["one"]) if found["one"] else max(0, last - 1)
    other = int(found["other"]) if found["other"] else last
    try:
        changes = await _changes(session.units, process, one, other)
    except (NotFound, Refused) as error:
        text = session.world.with_names(str(error))
        raise refused(text, cell, f"the newest message has nonce {last}") from error
    table = _table(session, changes, f"nothing changed from message {one} to {other}")
    show(Shown(table_bundle(table), is_result=True))


async def _changes(units: Units, process: ProcessId, one: int, other: int) -> tuple[Change, ...]:
    before = await state_at(units, process, await message_at(units, process, one))
    after = await state_at(units, process, await message_at(units, process, other))
    return differences(before, after)


def _table(session: Session, changes: tuple[Change, ...], nothing: str) -> Table:
    def told(text: str) -> str:
        return shortened(plain(session.world.with_names(text)))

    rows = tuple(
        (_mark(each), told(each.path), told(each.before), told(each.after)) for each in changes
    )
    return Table(("", "value", "before", "after"), rows, nothing)


def _mark(change: Change) -> str:
    if not change.before:
        return "new"
    return "changed" if change.after else "gone"


@magic(
    "%why VALUE",
    "Which message last changed a value of the current process, such as Balances.alice or #Inbox.",
)
async def _why(session: Session, cell: MagicCell, show: Show) -> None:
    value = wanted(cell, "a value such as Balances.alice")
    world = local(session, cell).stack.world
    process = await session.process()
    try:
        with bar(session, "looking back", "memories", show) as shown:
            cause = await world.cause(process, value, shown)
    except Refused as error:
        text = session.world.with_names(str(error))
        raise refused(text, cell, "a value is Lua, such as Balances.alice or #Inbox") from error
    show(Printed(await _told(session, process, value, cause)))


async def _told(session: Session, process: ProcessId, value: str, cause: Cause) -> str:
    def text(said: object) -> str:
        return shortened(plain(session.world.with_names(str(said))), LONG)

    after = text(brief(cause.after))
    unseen = f"; {PASSED}" if cause.passed else ""
    if cause.place is None:
        return f"{value} is {after}, and no message has changed that{unseen}\n"
    return (
        f"{value} is {after} since {await _place(session, process, cause.place)}; "
        f"before it was {text(brief(cause.before))}{unseen}\n"
    )


async def _place(session: Session, process: ProcessId, place: Ordinate) -> str:
    if place.cron:
        cron = plain(place.cron.partition("-")[2])
        return f"the cron {cron} of {moment_text(place.timestamp)}, after message {place.nonce}"
    event = await session.chronicle.event(process, place.nonce)
    sender = plain(session.world.name_of(event.sender))
    what = f" {plain(event.action)}" if event.action else ""
    return f"message {place.nonce}:{what} from {sender}"
