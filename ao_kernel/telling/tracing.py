"""From events to deliveries: what pictures and tables show of the messages in a log. A rule; nothing is read here."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Protocol

from ao_kernel.chronicle.events import Event
from ao_kernel.errors.failures import Raised, message_of, raised, text_of
from ao_kernel.pictures.deliveries import LOST, UNKNOWN, Delivery, Kind, Party
from unitstack.wire.results import EvalResult, OutgoingMessage
from unitstack.wire.tags import find

Assigned = Mapping[tuple[str, str], Event]
"""The messages that were assigned to further processes, by process and id."""

SPAWNED = "Spawned"

ENOUGH = 1000
"""Of what one message sent to no process, this many are told."""

TEXT = 4000
"""Characters that are kept of a text: no picture and no table shows more."""


class Names(Protocol):
    """What processes and wallets are called."""

    def name_of(self, id: str) -> str:
        """The name of an address, or a short form of it."""

    def with_names(self, text: str) -> str:
        """A text in which processes are called by their names."""


def deliveries_of(
    events: Iterable[Event],
    names: Names,
    known: Container[str],
    assigned: Assigned | None = None,
) -> tuple[Delivery, ...]:
    """The events as deliveries, each followed by what it assigned to others and what it sent to no process that is known
    here."""
    waiting: dict[str, int] = {}
    found: list[Delivery] = []
    for event in events:
        delivery = delivery_of(event, names)
        # A process that waited before still waits after each message that is not the one it waits for.
        is_news = delivery.waits > waiting.get(event.process, 0)
        waiting[event.process] = delivery.waits
        found.append(delivery if is_news else replace(delivery, waits=0))
        found += _assigned_by(event, names, assigned or {})
        found += _lost(event, names, known)
    return tuple(found)


def delivery_of(event: Event, names: Names) -> Delivery:
    """One event as a delivery."""
    result = event.result
    return Delivery(
        sender=sender_of(event, names),
        receiver=Party(event.process, names.name_of(event.process)),
        action=event.action,
        data=names.with_names(event.data[:TEXT]),
        outcome=names.with_names(outcome(event)[:TEXT]),
        failed=failure(event),
        kind=kind_of(event),
        nonce=event.nonce,
        message=event.message,
        cause=event.cause or "",
        time=event.block.timestamp,
        waits=result.output.waiting if result is not None else 0,
    )


def sender_of(event: Event, names: Names) -> Party:
    """Who sent it."""
    is_process = find(event.tags, "From-Process") is not None
    return Party(event.sender, names.name_of(event.sender), is_process)


def kind_of(event: Event) -> Kind:
    """How it came to its process. What a process sent, and no message of a person's made it send, came of its clock."""
    if event.nonce == 0:
        return Kind.SPAWN
    is_own = find(event.tags, "From-Process") is not None and event.root == event.message
    return Kind.CRON if is_own and event.action != SPAWNED else Kind.MESSAGE


def outcome(event: Event) -> str:
    """How a message went, in a few words."""
    if event.problem:
        return event.problem
    return UNKNOWN if event.result is None else outcome_of(event.result)


def failure(event: Event) -> Raised | None:
    """What its evaluation failed with."""
    if event.problem:
        return Raised(event.problem)
    result = event.result
    return raised(result) if result is not None and result.error is not None else None


def outcome_of(result: EvalResult) -> str:
    """What evaluating a message gave, in a few words."""
    if result.error is not None:
        return f"error: {message_of(text_of(result.error))}"
    sent = sum(not message.is_patch for message in result.outbox.messages)
    spawned = len(result.outbox.spawns)
    parts = [f"sent {sent}" if sent else "", f"spawned {spawned}" if spawned else ""]
    return ", ".join(part for part in parts if part) or "ok"


def _assigned_by(event: Event, names: Names, assigned: Assigned) -> Iterator[Delivery]:
    for asked in event.result.outbox.assignments if event.result is not None else ():
        for process in asked.processes:
            found = assigned.get((process, asked.message))
            if found is not None:
                sender = Party(event.process, names.name_of(event.process))
                yield replace(delivery_of(found, names), sender=sender, kind=Kind.ASSIGNMENT)


def _lost(event: Event, names: Names, known: Container[str]) -> Iterator[Delivery]:
    sent = event.result.outbox.messages if event.result is not None else ()
    lost = (each for each in sent if not each.is_patch and (each.target or "") not in known)
    for message in islice(lost, ENOUGH):
        yield _undelivered(message, Party(event.process, names.name_of(event.process)), names)


def _undelivered(message: OutgoingMessage, sender: Party, names: Names) -> Delivery:
    action = next((text_of(tag.value) for tag in message.tags if tag.name == "Action"), "")
    target = message.target or ""
    receiver = Party(target, names.name_of(target) if target else "nobody", is_process=False)
    data = names.with_names(text_of(message.data or "")[:TEXT])
    return Delivery(sender, receiver, action, data, LOST, is_lost=True)
