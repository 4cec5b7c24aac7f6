"""One process as a client meets it: evaluate in it, send to it, look into it, follow it."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Protocol

from unitstack.client.answers import as_text
from unitstack.client.drafts import Data, Tags
from unitstack.errors import Refused
from unitstack.units import Units
from unitstack.wire.assignments import Ordinate, ScheduledMessage
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId
from unitstack.wire.results import EvalResult, Evaluation
from unitstack.wire.tags import Tag

_EVAL = (Tag("Action", "Eval"),)
_PAGE = 1000
_INBOX = """
local kept = {}
for place, msg in ipairs(Inbox) do
  local tags = {}
  for name, value in pairs(msg.Tags or {}) do
    tags[#tags + 1] = { tostring(name), tostring(value) }
  end
  kept[place] = {
    id = tostring(msg.Id or ""), sender = tostring(msg.From or ""), action = tostring(msg.Action or ""),
    data = type(msg.Data) == "table" and require("json").encode(msg.Data) or tostring(msg.Data or ""),
    timestamp = tostring(msg.Timestamp or ""), tags = tags,
  }
end
return require("json").encode({ kept = kept })
"""


class Correspondent(Protocol):
    """Who a process is met through: a client."""

    units: Units

    async def message(
        self, process: ProcessId, *, data: Data = "", tags: Tags = (), anchor: Data = ""
    ) -> MessageId:
        """Sends a message."""

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        """What a message gave."""

    async def dry_run(
        self,
        process: ProcessId,
        *,
        data: Data = "",
        tags: Tags = (),
        anchor: Data = "",
        at: MessageId | None = None,
    ) -> EvalResult:
        """What a message would give."""


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message that no handler of its process took. The process may have changed it since."""

    id: str
    sender: Address
    action: str
    data: str
    timestamp: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Process:
    """A process and who talks to it. The name is what its maker calls it; the network knows the id."""

    client: Correspondent
    id: ProcessId
    name: str | None = None

    async def eval(self, source: Data) -> EvalResult:
        """What Lua gives in the process. Its own error is in the result. Raises EngineError, Interrupted."""
        return await self.client.result(self.id, await self.begin_eval(source))

    async def begin_eval(self, source: Data) -> MessageId:
        """Sends Lua to be evaluated, and does not wait for what it gives."""
        return await self.send(data=source, tags=_EVAL)

    async def send(self, *, data: Data = "", tags: Tags = (), anchor: Data = "") -> MessageId:
        """Sends the process a message. Raises InvalidItem, NotFound, Refused."""
        return await self.client.message(self.id, data=data, tags=tags, anchor=anchor)

    async def dry_run(self, source: Data, *, at: MessageId | None = None) -> EvalResult:
        """What Lua would give in the process now, or as of a message; leaves no trace."""
        return await self.client.dry_run(self.id, data=source, tags=_EVAL, at=at)

    async def inbox(self) -> tuple[InboxMessage, ...]:
        """The messages that no handler took, the oldest first. Raises Refused where the process does not show them."""
        result = await self.dry_run(_INBOX)
        if result.error is not None:
            raise Refused(f"process {self.id} does not show its inbox: {result.error}")
        return tuple(_inbox_message(one) for one in self._kept(result))

    def _kept(self, result: EvalResult) -> list[dict[str, Any]]:
        try:
            kept: list[dict[str, Any]] = json.loads(as_text(result.output.data))["kept"]
        except (ValueError, TypeError, KeyError) as error:
            # A process that does not let this wallet evaluate answers as it likes.
            shown = str(result.output.data)[:60]
            raise Refused(f"process {self.id} does not show its inbox, but {shown!r}") from error
        return kept

    async def messages(self, after: int | None = None) -> AsyncGenerator[ScheduledMessage]:
        """The process's log: its own item, then its messages, in order, from past that nonce to the log's end."""
        more: str | None = ""
        while more is not None:
            page = await self.client.units.scheduler.messages(self.id, after=after, limit=_PAGE)
            for scheduled in page.items:
                after = scheduled.assignment.nonce
                yield scheduled
            more = page.cursor

    async def follow(self, after: Ordinate | None = None) -> AsyncGenerator[Evaluation]:
        """Evaluations past that place as they come, without end; those that failed are left out."""
        compute = self.client.units.compute
        while True:
            await compute.evaluated(self.id, after)
            for evaluation in (await compute.results(self.id, after=after, limit=_PAGE)).items:
                after = evaluation.ordinate
                yield evaluation


def _inbox_message(told: dict[str, Any]) -> InboxMessage:
    tags = tuple(Tag(name, value) for name, value in told["tags"])
    sender = Address(told["sender"])
    return InboxMessage(told["id"], sender, told["action"], told["data"], told["timestamp"], tags)
