"""The ordering rule: which items a process's log takes, and what place the next one gets."""

import re
from collections.abc import Sequence

from unitstack.errors import Refused
from unitstack.wire.assignments import (
    Assignment,
    BlockTime,
    Place,
    assignment_draft,
    hash_chain,
)
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, Epoch, Nonce, ProcessId, TxId
from unitstack.wire.messages import Draft, Message, read_message, read_process
from unitstack.wire.tags import find

# ao numbers its epochs, and has never had but this one.
EPOCH = Epoch(0)
SETTLED = 20
"""The confirmations after which ao takes an item of the base layer for settled."""
_WHOLE = re.compile(r"[0-9]{1,9}")


def read_for(scheduler: Address | None, item: DataItem) -> Message:
    """The item as a message that this scheduler takes; for None, one that takes every scheduler's processes. Raises
    InvalidItem, and Refused for a process that wants another scheduler."""
    message = read_message(item)
    if scheduler is not None and item.id == message.process:
        wanted = read_process(item).scheduler
        if wanted != scheduler:
            reason = f"its Scheduler tag is {wanted[:60]}, this scheduler is {scheduler}"
            raise Refused(f"process {message.process} is not for this scheduler: {reason}")
    return message


def check_settled(process: DataItem, tx: TxId, confirmations: int) -> None:
    """Raises Refused unless the base layer's item lies as deep as the process asks for with its Settlement-Depth."""
    depth = _number(find(process.tags, "Settlement-Depth"), SETTLED)
    if confirmations < depth:
        # The first words are those that clients know from ao's own scheduler unit.
        raise Refused(
            f"Not enough confirmations to assign: item {tx} has {confirmations}, "
            f"process {process.id} asks for {depth}; wait for more blocks"
        )


def next_assignment(
    last: Assignment | None,
    process: ProcessId,
    message: TxId,
    now: BlockTime,
    *,
    exclude: Sequence[str] = (),
    anchor: bytes = b"",
) -> Draft:
    """What to sign for the message after `last`; the process's own item comes first, and only it."""
    assert (last is None) == (message == process)
    return assignment_draft(
        process, message, next_place(process, last, now), exclude=exclude, anchor=anchor
    )


def next_place(process: ProcessId, last: Assignment | None, now: BlockTime) -> Place:
    """Nonces have no gap. Times within a log strictly increase, even where the clock does not."""
    link = hash_chain(process, last)
    if last is None:
        return Place(EPOCH, Nonce(0), link, now)
    return Place(last.epoch, Nonce(last.nonce + 1), link, _after(last.block, now))


def later(known: BlockTime, read: BlockTime) -> BlockTime:
    """The clock as read, unless it went back behind what is known."""
    return BlockTime(max(known.height, read.height), max(known.timestamp, read.timestamp))


def _number(written: str | None, otherwise: int) -> int:
    if written is None or not _WHOLE.fullmatch(written):
        return otherwise
    return int(written)


def _after(last: BlockTime, now: BlockTime) -> BlockTime:
    return BlockTime(max(last.height, now.height), max(last.timestamp + 1, now.timestamp))
