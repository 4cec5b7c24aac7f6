"""The scheduler's signed word on a message: its place in the log of its process."""

from dataclasses import dataclass
from typing import NamedTuple

from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, Epoch, MessageId, Nonce, ProcessId
from unitstack.wire.messages import Message
from unitstack.wire.tags import Tag


@dataclass(frozen=True, slots=True)
class BlockTime:
    """A moment on the chain: block height, and milliseconds since 1970."""

    height: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """The scheduler's signed word that a message has this nonce in that process."""

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
    cron: str = ""
    timestamp: int = 0
