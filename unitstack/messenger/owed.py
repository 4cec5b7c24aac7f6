"""What a messenger owes: work that is signed and numbered, so that doing it again after a crash is the same work."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from unitstack.errors import InvalidItem
from unitstack.messenger.crank import Assign, Dropped, Effect, Push, Spawn, spawned_notice
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.keys import Signer, sign
from unitstack.wire.tags import find


@dataclass(frozen=True, slots=True)
class Delivery:
    """A signed message, or a person's process, that is to be scheduled, evaluated and cranked."""

    item: DataItem


@dataclass(frozen=True, slots=True)
class Birth:
    """A signed process that is to be scheduled, and the signed news of it for who asked for it."""

    item: DataItem
    notice: DataItem


@dataclass(frozen=True, slots=True)
class Handover:
    """An existing item that is to be assigned to a process, evaluated there and cranked."""

    process: ProcessId
    message: TxId
    exclude: tuple[str, ...] = ()
    base_layer: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """A message that is scheduled already and is to be evaluated and cranked."""

    process: ProcessId
    message: MessageId | AssignmentId


Work = Delivery | Birth | Handover | Follow


@dataclass(frozen=True, slots=True)
class Cause:
    """What set work off: the cascade that it belongs to, the message that its items name, and how many came between."""

    cascade: str
    root: MessageId | None
    depth: int = 0

    def next(self) -> "Cause":
        """That of what this work asks for."""
        return Cause(self.cascade, self.root, self.depth + 1)

    def unnamed(self) -> "Cause":
        """That of an assignment: what it sets off does not say what it was pushed for."""
        return Cause(self.cascade, None, self.depth)


@dataclass(frozen=True, slots=True)
class Owed:
    """One piece of work, and its place among all."""

    number: int
    cause: Cause
    work: Work


def lane_of(work: Work) -> str | None:
    """What is owed to one target is done in order; None where nothing needs to wait for it or before it."""
    match work:
        case Delivery(item):
            return item.target_id or item.id
        case Handover(process):
            return process
        case Birth() | Follow():
            return None
        case _:
            assert_never(work)


@dataclass(frozen=True, slots=True)
class Undone:
    """What a process that went back to a nonce was never sent and never asked for: messages by their ids and their
    assignments' ids, what it sent by anchors, what it had assigned by item and process."""

    process: ProcessId
    nonce: Nonce
    messages: frozenset[str]
    anchors: frozenset[bytes] = frozenset()
    assigned: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is owed no more once the process's log ends with that nonce: the numbers of the work."""

    process: ProcessId
    nonce: Nonce
    numbers: tuple[int, ...]


def is_undone(work: Work, undone: Undone) -> bool:
    """Whether the work is part of that."""
    match work:
        case Delivery(item) | Birth(item):
            sent = find(item.tags, "From-Process") == undone.process
            return item.id in undone.messages or (sent and item.anchor in undone.anchors)
        case Handover(process, message):
            return (message, process) in undone.assigned
        case Follow(process, message):
            return process == undone.process and message in undone.messages
        case _:
            assert_never(work)


def described(work: Work) -> str:
    """The work as a person is told of it."""
    match work:
        case Delivery(item):
            return f"message {item.id} for {item.target_id or 'a new process'}"
        case Birth(item):
            return f"spawn of process {item.id}"
        case Handover(process, message):
            return f"assignment of {message} to process {process}"
        case Follow(process, message):
            return f"message {message} of process {process}"
        case _:
            assert_never(work)


def signed(
    asked: Iterable[Effect | Dropped], signer: Signer
) -> tuple[tuple[Work, ...], tuple[Dropped, ...]]:
    """The effects as work, and what of them cannot leave."""
    works: list[Work] = []
    dropped: list[Dropped] = []
    for effect in asked:
        match effect:
            case Dropped():
                dropped.append(effect)
            case Assign(_, process, message, exclude, base_layer):
                works.append(Handover(process, message, exclude, base_layer))
            case Push() | Spawn():
                try:
                    works.append(_signed(effect, signer))
                except InvalidItem as error:
                    dropped.append(Dropped(effect.sender, _named(effect), str(error)))
            case _:
                assert_never(effect)
    return tuple(works), tuple(dropped)


def _signed(effect: Push | Spawn, signer: Signer) -> Delivery | Birth:
    item = sign(signer, effect.draft)
    if isinstance(effect, Push):
        return Delivery(item)
    return Birth(item, sign(signer, spawned_notice(effect, item)))


def _named(effect: Push | Spawn) -> str:
    return f"a message for {effect.draft.target}" if isinstance(effect, Push) else "a spawn"
