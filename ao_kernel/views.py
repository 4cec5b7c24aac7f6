"""A session's state as tables: its processes, an inbox, a log."""

import json

from ao_kernel.ansi import plain
from ao_kernel.rendering import message_of, text_of
from ao_kernel.session import Session
from ao_kernel.tables import Table, shortened
from ao_kernel.tracing import outcome_of
from ao_kernel.world import YOU
from unitstack.errors import AoError, Refused
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.ids import ProcessId
from unitstack.wire.results import EvalResult
from unitstack.wire.tags import find

INBOX = """
local json = require("json")
local function text(data)
  if type(data) ~= "table" then return tostring(data or "") end
  return tostring(select(2, pcall(json.encode, data)))
end
local rows, first = {{}}, math.max(1, #Inbox - {count} + 1)
for i = first, #Inbox do
  local msg = Inbox[i]
  rows[#rows + 1] = {{ tostring(i), tostring(msg.From or ""), tostring(msg.Action or (msg.Tags.Type == "Process" and "Process") or ""), text(msg.Data) }}
end
return json.encode({{ rows = rows }})
"""
MANY = 1000


async def process_table(session: Session) -> Table:
    """Every known process with the number of messages in its log."""
    rows = []
    for name, process in session.world:
        mark = "→" if name == session.current else ""
        rows.append((mark, plain(name), str(await length_of_log(session, process)), process))
    return Table(
        ("", "process", "messages", "id"), tuple(rows), "no process yet: the first cell makes one"
    )


async def length_of_log(session: Session, process: ProcessId) -> int:
    """How many messages a process has, itself included."""
    after: int | None = None
    while True:
        page = await session.units.scheduler.messages(process, after=after, limit=MANY)
        after = page.items[-1].assignment.nonce if page.items else after
        if page.cursor is None or not page.items:
            return 0 if after is None else after + 1


async def inbox_table(session: Session, count: int, process: ProcessId | None = None) -> Table:
    """The last messages in a process's inbox, the current one's unless another is named. Raises Refused where the process
    does not show it."""
    place = process or await session.process()
    result = await session.dry_run(INBOX.format(count=count), place)
    try:
        rows = tuple(
            (number, plain(session.world.name_of(sender)), plain(action), shortened(plain(data)))
            for number, sender, action, data in _inbox_rows(result)
        )
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(await _why_hidden(session, place, result)) from error
    return Table(("#", "from", "action", "data"), rows, "the inbox is empty")


def _inbox_rows(result: EvalResult) -> list[list[str]]:
    if result.error is not None:
        raise ValueError(result.error)
    rows: list[list[str]] = json.loads(text_of(result.output.data))["rows"]
    return rows


async def _why_hidden(session: Session, process: ProcessId, result: EvalResult) -> str:
    name = plain(session.world.name_of(process))
    if result.error is not None:
        return f"{name} does not show its inbox: {message_of(text_of(result.error))}"
    # A process evaluates its owner's Lua alone; anyone else's is a message like others, answered as it likes.
    owner = await session.world.owner_of(process)
    if owner != YOU:
        return f"{name} belongs to {plain(owner)}: only its owner can look into its inbox"
    said = shortened(plain(text_of(result.output.data)))
    return f"{name} does not show its inbox, but {said!r}"


async def log_table(session: Session, count: int) -> Table:
    """The last messages of the current process's log, with what each gave."""
    process = await session.process()
    first = await length_of_log(session, process) - count - 1
    page = await session.units.scheduler.messages(
        process, after=first if first >= 0 else None, limit=count
    )
    rows = [await _log_row(session, scheduled) for scheduled in page.items]
    return Table(("nonce", "from", "action", "data", "outcome"), tuple(rows))


async def _log_row(session: Session, scheduled: ScheduledMessage) -> tuple[str, ...]:
    assignment, message = scheduled.assignment, scheduled.message
    if message is None:
        return (str(assignment.nonce), "", "", "", "assigned from elsewhere")
    tags = message.item.tags
    sender = plain(session.world.name_of(find(tags, "From-Process") or message.sender))
    action = plain(find(tags, "Action") or find(tags, "Type") or "")
    data = shortened(plain(message.item.data.decode("utf-8", "replace")), 50)
    return (str(assignment.nonce), sender, action, data, await _outcome(session, scheduled))


async def _outcome(session: Session, scheduled: ScheduledMessage) -> str:
    try:
        result = await session.units.compute.result(
            scheduled.assignment.process, scheduled.assignment.message
        )
    except AoError as error:
        return str(error)
    return shortened(plain(outcome_of(result)), 50)
