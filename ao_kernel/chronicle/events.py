"""One message in a process's log with what it gave, as a value; what of it tells where it came from."""

from collections.abc import Iterator
from dataclasses import dataclass

from unitstack.wire.assignments import Assignment, BlockTime
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, Nonce, ProcessId, TxId
from unitstack.wire.results import EvalResult
from unitstack.wire.tags import Tag, find


@dataclass(frozen=True, slots=True)
class Event:
    """One message in a process's log. `root` is the message that it all began with: its own id where a person sent it;
    `cause` the one whose outbox held it, where that is known. Without a result it is not evaluated yet, or `problem` says
    why it could not be."""

    process: ProcessId
    nonce: Nonce
    message: MessageId
    sender: str
    action: str
    data: str
    tags: tuple[Tag, ...]
    block: BlockTime
    root: MessageId
    cause: MessageId | None = None
    result: EvalResult | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of how a message was evaluated."""

    result: EvalResult | None = None
    problem: str = ""


def event_of(
    assignment: Assignment, item: DataItem, cause: MessageId | None, given: Given
) -> Event:
    """The message of an assignment."""
    tags = item.tags
    return Event(
        process=assignment.process,
        nonce=assignment.nonce,
        message=assignment.message,
        sender=sender_of(item),
        action=find(tags, "Action")
        or ("" if find(tags, "Type") == "Message" else find(tags, "Type") or ""),
        data=item.data.decode("utf-8", "replace"),
        tags=tags,
        block=assignment.block,
        root=root_of(item, assignment.message),
        cause=cause,
        result=given.result,
        problem=given.problem,
    )


def sender_of(item: DataItem) -> str:
    """The process that sent it, or else the wallet that did."""
    return find(item.tags, "From-Process") or item.address


def root_of(item: DataItem, message: MessageId) -> MessageId:
    """The message that a message was set off by, in the end; itself where a person sent it."""
    pushed = find(item.tags, "Pushed-For")
    return MessageId(TxId(pushed)) if pushed else message


def born_of(item: DataItem) -> ProcessId | None:
    """The process that the message tells its parent of."""
    born = find(item.tags, "Process") if find(item.tags, "Action") == "Spawned" else None
    return ProcessId(TxId(born)) if born else None


def references_of(result: EvalResult) -> Iterator[str]:
    """The numbers by which a process knows what it sent and spawned with this result."""
    outbox = result.outbox
    sent = (*(each.tags for each in outbox.messages), *(each.tags for each in outbox.spawns))
    for tags in sent:
        yield from (str(tag.value) for tag in tags if tag.name == "Reference")
