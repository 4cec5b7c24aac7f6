"""One message with all its parts, section by section, as text and as HTML. A rule from values to text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from ao_kernel.ansi import plain
from ao_kernel.chronicle import Event
from ao_kernel.errors.failures import message_of, text_of
from ao_kernel.pictures.labels import label
from ao_kernel.tables import HEAD
from ao_kernel.telling.tracing import outcome
from unitstack.wire import ids
from unitstack.wire.assignments import Assignment, hash_chain
from unitstack.wire.data_item import DataItem
from unitstack.wire.results import EvalResult, OutgoingTag

NameOf = Callable[[str], str]
Field = tuple[str, str]

TEXT = 4000
"""Characters that are shown of a text; whoever needs the whole has its length."""

KEY = 60
LISTED = 20


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a message: fields with their values."""

    title: str
    fields: tuple[Field, ...]

    def to_plain(self) -> str:
        width = max(len(name) for name, _ in self.fields)
        indent = "\n" + " " * (width + 4)
        lines = (
            f"  {name.ljust(width)}  {value.replace(chr(10), indent)}".rstrip()
            for name, value in self.fields
        )
        return "\n".join((self.title, *lines))

    def to_html(self) -> str:
        rows = "".join(
            f'<tr><th {HEAD}>{escape(name)}</th><td style="text-align:left;white-space:pre-wrap;'
            f'word-break:break-word">{escape(value)}</td></tr>'
            for name, value in self.fields
        )
        heading = f"<summary><b>{escape(self.title)}</b></summary>"
        return f"<details open>{heading}<table>{rows}</table></details>"


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A message, part by part."""

    sections: tuple[Section, ...]

    def to_plain(self) -> str:
        return "\n\n".join(section.to_plain() for section in self.sections)

    def to_html(self) -> str:
        return "".join(section.to_html() for section in self.sections)


@dataclass(frozen=True, slots=True)
class Specimen:
    """All that is known of one message: its event, the item as it was signed, its assignment and the one before, and the
    messages that began with the same one."""

    event: Event
    item: DataItem
    assignment: Assignment
    before: Assignment | None
    family: tuple[Event, ...]


def anatomy(of: Specimen, name_of: NameOf) -> Anatomy:
    """The message, taken apart."""
    sections = (
        Section("message", tuple(_message(of, name_of))),
        Section("tags", tuple((shown(tag.name, 60), shown(tag.value)) for tag in of.item.tags)),
        Section("item, as it was signed", tuple(_item(of.item))),
        Section("assignment, as the scheduler signed it", tuple(_assignment(of))),
        Section("result", tuple(_result(of.event, name_of))),
        Section("cause and effect", tuple(_causes(of, name_of))),
    )
    return Anatomy(tuple(section for section in sections if section.fields))


def shown(text: str, most: int = TEXT) -> str:
    """A text with its lines, cut where it is too long to be shown."""
    if len(text) <= most:
        return plain(text)
    return f"{plain(text[:most])}… ({len(text)} characters)"


def _message(of: Specimen, name_of: NameOf) -> Iterator[Field]:
    event = of.event
    yield "id", event.message
    yield "to", _named(event.process, name_of)
    yield "nonce", str(event.nonce)
    yield "from", _named(event.sender, name_of)
    yield "action", shown(event.action, 200) or "none"
    yield "data", shown(event.data)


def _named(id: str, name_of: NameOf) -> str:
    return f"{label(name_of(id), 60)} ({label(id, 60)})"


def _item(item: DataItem) -> Iterator[Field]:
    yield "signed by", item.address
    yield "signature", f"{item.signature_type.name}, {_bytes(item.signature)}"
    yield "owner (public key)", _bytes(item.owner)
    yield "target", item.target_id or "none"
    yield "anchor", _anchor(item)
    yield "data", f"{len(item.data)} bytes"


def _bytes(raw: bytes) -> str:
    text = ids.encode(raw)
    return f"{text if len(text) <= KEY else text[:KEY] + '…'} ({len(raw)} bytes)"


def _anchor(item: DataItem) -> str:
    if not item.anchor:
        return "none"
    text = item.anchor_text
    return shown(text, 100) if text is not None else _bytes(item.anchor)


def _assignment(of: Specimen) -> Iterator[Field]:
    assignment = of.assignment
    yield "id", assignment.id
    yield "scheduler", assignment.item.address
    yield "epoch", str(assignment.epoch)
    yield "nonce", str(assignment.nonce)
    yield "hash chain", assignment.hash_chain or "not stated"
    if assignment.hash_chain:
        yield "", _link(of)
    yield "block height", str(assignment.block.height)
    yield "timestamp", f"{assignment.block.timestamp} ({_moment(assignment.block.timestamp)})"


def _link(of: Specimen) -> str:
    """Whether the hash chain follows from the assignment before."""
    source = "the process's id" if of.before is None else f"nonce {of.before.nonce}"
    if of.assignment.nonce > 0 and of.before is None:
        return "the assignment before is not known here"
    follows = hash_chain(of.assignment.process, of.before) == of.assignment.hash_chain
    return f"follows from {source}" if follows else f"does NOT follow from {source}"


def _moment(timestamp: int) -> str:
    try:
        moment = datetime.fromtimestamp(timestamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return "no time of ours"
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _result(event: Event, name_of: NameOf) -> Iterator[Field]:
    result = event.result
    if result is None:
        yield "outcome", shown(outcome(event))
        return
    if result.error is not None:
        yield "error", shown(message_of(text_of(result.error)))
    yield "output", shown(text_of(result.output.data)) or "none"
    yield "gas", str(result.gas_used)
    if result.output.waiting:
        yield "waiting", f"{result.output.waiting} in Receive"
    yield from _outbox(result, name_of)


def _outbox(result: EvalResult, name_of: NameOf) -> Iterator[Field]:
    outbox = result.outbox
    for message in outbox.messages[:LISTED]:
        target = label(name_of(message.target), 60) if message.target else "nobody"
        yield f"message to {target}", _tags(message.tags, text_of(message.data or ""))
    for spawn in outbox.spawns[:LISTED]:
        yield "spawn", _tags(spawn.tags, text_of(spawn.data or ""))
    for each in outbox.assignments[:LISTED]:
        processes = ", ".join(label(name_of(process), 60) for process in each.processes[:LISTED])
        yield f"assignment of {label(each.message, 60)}", f"to {processes}"
    left_out = sum(
        max(0, len(asked) - LISTED)
        for asked in (outbox.messages, outbox.spawns, outbox.assignments)
    )
    if left_out:
        yield "", f"and {left_out} more"


def _tags(tags: Iterable[OutgoingTag], data: str) -> str:
    lines = [f"{label(tag.name, 60)}: {label(text_of(tag.value), 120)}" for tag in tags]
    return "\n".join([*lines, label(data, 200)]).rstrip()


def _causes(of: Specimen, name_of: NameOf) -> Iterator[Field]:
    by_id = {event.message: event for event in of.family}
    cause = by_id.get(of.event.cause) if of.event.cause is not None else None
    if cause is not None:
        yield "came of", _described(cause, name_of)
    elif of.event.root != of.event.message:
        yield "came of", f"message {of.event.root}"
    root = by_id.get(of.event.root)
    if root is not None and root is not cause and root.message != of.event.message:
        yield "began with", _described(root, name_of)
    effects = [event for event in of.family if event.cause == of.event.message]
    for effect in effects[:LISTED]:
        yield "set off", _described(effect, name_of)
    if len(effects) > LISTED:
        yield "", f"and {len(effects) - LISTED} more"


def _described(event: Event, name_of: NameOf) -> str:
    receiver = label(name_of(event.process), 40)
    sender = label(name_of(event.sender), 40)
    return f"{receiver} #{event.nonce}: {label(event.action, 40) or '(no Action)'} from {sender}"
