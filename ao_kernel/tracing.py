"""What one message set off, read from the logs of the processes that it reached."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ao_kernel.rendering import message_of, text_of
from ao_kernel.summary import Delivery
from unitstack.errors import AoError
from unitstack.units import Units
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.ids import MessageId, Nonce, ProcessId
from unitstack.wire.results import EvalResult, Json, OutgoingMessage
from unitstack.wire.tags import find

ENOUGH = 200
"""Of a storm, this many deliveries are told."""

PAGE = 1000


@dataclass(slots=True)
class Tracer:
    """Reads logs from where it last left each."""

    units: Units
    name_of: Callable[[str], str]
    seen: dict[ProcessId, Nonce] = field(default_factory=dict)

    async def deliveries(
        self, root: MessageId, processes: Iterable[ProcessId]
    ) -> tuple[Delivery, ...]:
        """The messages that the root set off and that were scheduled since the last call, in the order of their time."""
        found = [each for process in processes for each in await self._set_off(root, process)]
        found.sort(key=lambda scheduled: scheduled.assignment.block.timestamp)
        return tuple([await self._delivery(scheduled) for scheduled in found[:ENOUGH]])

    async def _set_off(self, root: MessageId, process: ProcessId) -> list[ScheduledMessage]:
        found: list[ScheduledMessage] = []
        while True:
            page = await self.units.scheduler.messages(
                process, after=self.seen.get(process), limit=PAGE
            )
            found += [scheduled for scheduled in page.items if _is_of(root, scheduled)]
            if page.items:
                self.seen[process] = page.items[-1].assignment.nonce
            if page.cursor is None or not page.items:
                return found

    async def _delivery(self, scheduled: ScheduledMessage) -> Delivery:
        message = scheduled.message
        assert message is not None, "asked for a message that is there"
        outcome, error = await self._outcome(
            scheduled.assignment.process, scheduled.assignment.message
        )
        tags = message.item.tags
        return Delivery(
            self.name_of(find(tags, "From-Process") or message.sender),
            self.name_of(scheduled.assignment.process),
            find(tags, "Action") or "",
            message.item.data.decode("utf-8", "replace"),
            outcome,
            error,
        )

    async def _outcome(self, process: ProcessId, message: MessageId) -> tuple[str, Json]:
        try:
            result = await self.units.compute.result(process, message)
        except AoError as error:
            return str(error), None
        return outcome_of(result), result.error


def _is_of(root: MessageId, scheduled: ScheduledMessage) -> bool:
    message = scheduled.message
    return message is not None and find(message.item.tags, "Pushed-For") == root


def outcome_of(result: EvalResult) -> str:
    """How a delivery went, in a few words."""
    if result.error is not None:
        return f"error: {message_of(text_of(result.error))}"
    sent, spawned = len(result.outbox.messages), len(result.outbox.spawns)
    parts = [f"sent {sent}" if sent else "", f"spawned {spawned}" if spawned else ""]
    return ", ".join(part for part in parts if part) or "ok"


def undelivered(message: OutgoingMessage, sender: str, name_of: Callable[[str], str]) -> Delivery:
    """A message in an outbox that no process here got."""
    action = next((text_of(tag.value) for tag in message.tags if tag.name == "Action"), "")
    target = name_of(message.target) if message.target else "nobody"
    return Delivery(sender, target, action, text_of(message.data or ""), "not a process here")
