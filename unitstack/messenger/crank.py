"""What a result's outbox asks for, as effects; and what of it cannot leave the process, with the reason. The tags and
their order are those that ao's messengers give."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from unitstack.errors import InvalidItem, Refused
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import ID_BYTES, ID_CHARACTERS, MessageId, ProcessId, TxId, tx_id
from unitstack.wire.messages import Draft, Process
from unitstack.wire.results import (
    Json,
    Outbox,
    OutgoingAssignment,
    OutgoingMessage,
    OutgoingSpawn,
    OutgoingTag,
)
from unitstack.wire.tags import Tag, find, without

_Asked = TypeVar("_Asked")

LEGACY, MAINNET = "ao.TN.1", "ao.N.1"
NO_DATA = b" "

Resolve = Callable[[str], ProcessId | None]
"""The process that a name means here; None for a name that means nothing."""


@dataclass(frozen=True, slots=True)
class Push:
    """A message to send for a process."""

    sender: ProcessId
    draft: Draft


@dataclass(frozen=True, slots=True)
class Spawn:
    """A process to spawn for a process. `asked` are the tags as it asked for them: by these it knows the news again."""

    sender: ProcessId
    draft: Draft
    asked: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """An existing item to assign to one process more."""

    sender: ProcessId
    process: ProcessId
    message: TxId
    exclude: tuple[str, ...] = ()
    base_layer: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a process asked for and cannot have."""

    sender: ProcessId
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what} of process {self.sender} was dropped: {self.reason}"


Effect = Push | Spawn | Assign


def no_names(name: str) -> ProcessId | None:
    """Where processes have no names, only ids are understood."""
    return None


def effects_of(
    outbox: Outbox, sender: Process, root: MessageId | None, resolve: Resolve = no_names
) -> tuple[Effect | Dropped, ...]:
    """All that the outbox asks for, in the order in which it is carried out: messages, then spawns, then assignments.
    Without a root (a cron message's outbox) nothing says what it was pushed for. What patches a node's view of the process
    is for a node, and no messenger's business."""
    messages = tuple(message for message in outbox.messages if not message.is_patch)
    return (
        *_each("message", messages, sender, lambda m: _push(m, sender, root, resolve)),
        *_each("spawn", outbox.spawns, sender, lambda spawn: _spawn(spawn, sender, root)),
        *_assigns(outbox.assignments, sender, resolve),
    )


def spawned_notice(spawn: Spawn, process: DataItem) -> Draft:
    """The message that tells a process that what it spawned is there."""
    asked = without(
        (tag for tag in spawn.asked if tag != ("Data-Protocol", "ao")), "Variant", "Type"
    )
    told = (
        Tag("Data-Protocol", "ao"),
        Tag("Type", "Message"),
        Tag("Process", process.id),
        Tag("Action", "Spawned"),
        Tag("Variant", find(spawn.asked, "Variant") or LEGACY),
    )
    return Draft(spawn.sender, (*asked, *told), NO_DATA)


def _push(
    message: OutgoingMessage, sender: Process, root: MessageId | None, resolve: Resolve
) -> Push:
    asked = _texts(message.tags)
    kept = without(asked, "Data-Protocol", "Type", "From-Process", "From-Module", "Assignments")
    variant = () if find(kept, "Variant") else (Tag("Variant", LEGACY),)
    given = (
        Tag("Data-Protocol", "ao"),
        *variant,
        Tag("Type", "Message"),
        Tag("From-Process", sender.id),
        Tag("From-Module", sender.module),
        *_pushed_for(root),
    )
    target, anchor = _target(message.target, resolve), _anchor(message.anchor)
    return Push(sender.id, Draft(target, (*kept, *given), _data(message.data), anchor))


def _spawn(spawn: OutgoingSpawn, sender: Process, root: MessageId | None) -> Spawn:
    if spawn.anchor is None:
        raise Refused("it has no Anchor, which every spawn needs")
    asked = tuple(_from_module(tag, sender) for tag in _texts(spawn.tags))
    if not find(asked, "Module"):
        raise Refused("it has no Module tag: the id of the code that the process is to run")
    given = (
        Tag("Variant", MAINNET if find(asked, "Variant") == MAINNET else LEGACY),
        Tag("Data-Protocol", "ao"),
        Tag("Type", "Process"),
        Tag("From-Process", sender.id),
        *_pushed_for(root),
        *(() if find(asked, "Scheduler") else (Tag("Scheduler", sender.scheduler),)),
    )
    tags = (*without(asked, "Data-Protocol", "Type"), *given)
    return Spawn(sender.id, Draft(tags=tags, data=_data(spawn.data)), asked)


def _assigns(
    assignments: Sequence[OutgoingAssignment], sender: Process, resolve: Resolve
) -> Iterator[Effect | Dropped]:
    for assignment in assignments:
        what = f"assignment of {assignment.message[:ID_CHARACTERS]}"
        yield from _each(
            what, assignment.processes, sender, _assigning(assignment, sender, resolve)
        )


def _assigning(
    assignment: OutgoingAssignment, sender: Process, resolve: Resolve
) -> Callable[[str], Assign]:
    return lambda process: Assign(
        sender.id,
        _target(process, resolve),
        tx_id(assignment.message),
        assignment.exclude,
        assignment.base_layer,
    )


def _each(
    what: str, asked: Sequence[_Asked], sender: Process, effect: Callable[[_Asked], Effect]
) -> Iterator[Effect | Dropped]:
    for number, one in enumerate(asked, 1):
        try:
            yield effect(one)
        except (Refused, InvalidItem) as error:
            yield Dropped(sender.id, f"{what} {number} of {len(asked)}", str(error))


def _texts(tags: Iterable[OutgoingTag]) -> tuple[Tag, ...]:
    return tuple(Tag(tag.name, _text(tag)) for tag in tags)


def _text(tag: OutgoingTag) -> str:
    # To write the number as text would be kind here and nowhere else: on ao's network the message does not arrive.
    if not isinstance(tag.value, str):
        raise Refused(
            f"its tag {tag.name} is {_shown(tag.value)}, only text can be sent: tostring(…)"
        )
    return tag.value


def _target(target: str | None, resolve: Resolve) -> ProcessId:
    if not target:
        raise Refused("it has no Target")
    if len(target) == ID_CHARACTERS:
        return ProcessId(tx_id(target))
    process = resolve(target)
    if process is None:
        raise Refused(f"its Target {target[:60]!r} is neither an id nor the name of a process here")
    return process


def _anchor(anchor: str | None) -> bytes:
    if anchor is None:
        raise Refused("it has no Anchor, which every message of a process needs")
    raw = anchor.encode("utf-8", "replace")
    if len(raw) != ID_BYTES:
        raise Refused(f"its Anchor has {len(raw)} bytes, {ID_BYTES} are needed")
    return raw


def _data(data: Json) -> bytes:
    """What is empty is sent as a space: items without data are not accepted everywhere."""
    if not data:
        return NO_DATA
    if not isinstance(data, str):
        raise Refused(f"its Data is {_shown(data)}, only text can be sent: tostring(…)")
    return data.encode("utf-8", "replace")


def _shown(value: Json) -> str:
    match value:
        case bool():
            return f"the boolean {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case None:
            return "nil"
        case _:
            return "a table"


def _from_module(tag: Tag, sender: Process) -> Tag:
    return Tag("From-Module", sender.module) if tag.name == "From-Module" else tag


def _pushed_for(root: MessageId | None) -> tuple[Tag, ...]:
    return () if root is None else (Tag("Pushed-For", root),)
