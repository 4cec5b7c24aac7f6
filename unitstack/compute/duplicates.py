"""Which scheduled messages say again what a process has already evaluated, and are skipped: a push that a messenger
repeated, an item that is assigned once more. What a person signs twice is two messages."""

from unitstack.wire import ids
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.data_item import SignatureType, signing_payload
from unitstack.wire.ids import MessageId
from unitstack.wire.tags import find


def pushed_key(scheduled: ScheduledMessage) -> str | None:
    """What a pushed message is known by: its content, whoever signed it. None for others."""
    message = scheduled.message
    if message is None or find(message.item.tags, "From-Process") is None:
        return None
    item = message.item
    payload = signing_payload(
        SignatureType.ARWEAVE, b"", item.target, item.anchor, item.tag_bytes, item.data
    )
    return ids.encode(payload)


def assigned_id(scheduled: ScheduledMessage) -> MessageId | None:
    """The id of an existing item that was assigned. None for a message that was sent here."""
    return scheduled.assignment.message if scheduled.message is None else None
