"""The scheduler's signed word on a message: its place in the log of its process."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from unitstack.errors import InvalidItem
from unitstack.wire import ids
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, Epoch, MessageId, Nonce, ProcessId, TxId, tx_id
from unitstack.wire.messages import Draft, Message
from unitstack.wire.tags import Tag, find, find_all

VARIANT = "ao.TN.1"


@dataclass(frozen=True, slots=True)
class BlockTime:
    """A moment on the chain: block height, and milliseconds since 1970."""

    height: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a process's log a message stands, and when it got there."""

    epoch: Epoch
    nonce: Nonce
    hash_chain: str
    block: BlockTime


@dataclass(frozen=True, slots=True)
class Assignment:
    """The scheduler's signed word that a message has this nonce in that process. A process is its own first message.
    The hash chain is empty where an old scheduler did not state it."""

    id: AssignmentId
    process: ProcessId
    message: MessageId
    epoch: Epoch
    nonce: Nonce
    hash_chain: str
    block: BlockTime
    exclude: tuple[str, ...]
    item: DataItem


@dataclass(frozen=True, slots=True)
class ScheduledMessage:
    """A message with its assignment; the message is None where an existing item was assigned and is to be looked up."""

    assignment: Assignment
    message: Message | None


@dataclass(frozen=True, slots=True)
class CronMessage:
    """A message that no one sent: a process's own interval made it fall due at a block time."""

    process: ProcessId
    cron: str
    block: BlockTime
    tags: tuple[Tag, ...]


class Ordinate(NamedTuple):
    """The place of an evaluation: after the nonce, and among its cron messages (empty for the scheduled one)."""

    nonce: Nonce
    timestamp: int = 0
    cron: str = ""


def hash_chain(process: ProcessId, last: Assignment | None) -> str:
    """The link for the assignment after `last`, or for the process's first."""
    return first_link(process) if last is None else next_link(last)


def first_link(process: ProcessId) -> str:
    """The hash chain of a process's first assignment."""
    return ids.encode(sha256(ids.decode(process)).digest())


def next_link(last: Assignment) -> str:
    """The hash chain of the assignment that follows."""
    return ids.encode(sha256(ids.decode(last.id) + ids.decode(last.hash_chain)).digest())


def assignment_draft(
    process: ProcessId,
    message: TxId,
    place: Place,
    *,
    exclude: Sequence[str] = (),
    anchor: bytes = b"",
) -> Draft:
    """What a scheduler signs; the anchor is random in practice."""
    return Draft(tags=assignment_tags(process, message, place, exclude), anchor=anchor)


def assignment_tags(
    process: ProcessId, message: TxId, place: Place, exclude: Sequence[str] = ()
) -> tuple[Tag, ...]:
    """The tags in the order that schedulers write them. A process's own assignment names no message."""
    named = () if message == process else (Tag("Message", message),)
    return (
        Tag("Process", process),
        Tag("Epoch", str(place.epoch)),
        Tag("Nonce", str(place.nonce)),
        Tag("Hash-Chain", place.hash_chain),
        Tag("Block-Height", f"{place.block.height:012}"),
        Tag("Timestamp", str(place.block.timestamp)),
        Tag("Data-Protocol", "ao"),
        Tag("Type", "Assignment"),
        Tag("Variant", VARIANT),
        *named,
        *(Tag("Exclude", name) for name in exclude),
    )


def read_assignment(item: DataItem) -> Assignment:
    """An item as the assignment that it states. Raises InvalidItem."""
    if find(item.tags, "Type") != "Assignment":
        raise InvalidItem(
            f"item {item.id}: its Type is {find(item.tags, 'Type')!r}, not Assignment"
        )
    process = ProcessId(tx_id(_text(item, "Process")))
    message = find(item.tags, "Message")
    return Assignment(
        id=AssignmentId(item.id),
        process=process,
        message=MessageId(process if message is None else tx_id(message)),
        epoch=Epoch(_number(item, "Epoch")),
        nonce=Nonce(_number(item, "Nonce")),
        hash_chain=find(item.tags, "Hash-Chain") or "",
        block=BlockTime(_number(item, "Block-Height"), _number(item, "Timestamp")),
        exclude=find_all(item.tags, "Exclude"),
        item=item,
    )


def _text(item: DataItem, name: str) -> str:
    value = find(item.tags, name)
    if value is None:
        raise InvalidItem(f"assignment {item.id} has no {name} tag")
    return value


def _number(item: DataItem, name: str) -> int:
    value = _text(item, name)
    if not re.fullmatch("[0-9]{1,20}", value):
        raise InvalidItem(f"assignment {item.id}: its {name} is {value[:60]!r}, not a number")
    return int(value)
