"""Processes, messages and letters as the panel is told of them: a rule from the chronicle's values to JSON."""

from collections.abc import Callable, Iterable
from typing import Protocol

from ao_kernel.chronicle import Event, Facts, Letter
from ao_kernel.panel.messages import Hop, Inbox, InboxLetter, ProcessNow
from ao_kernel.telling.tracing import outcome_of

NAME, LINE, TEXT = 200, 400, 2000
"""Characters that are told of a name, of what stands on one line, and of a text; whoever wants more opens it."""

LETTER = 1 << 20
"""Characters of a letter that is opened."""

HANDLERS = 100

NameOf = Callable[[str], str]


class Names(Protocol):
    """What processes are called."""

    def name_of(self, id: str) -> str:
        """What a person calls that address."""

    def with_names(self, text: str) -> str:
        """A text in which processes are called by their names."""


def process_now(facts: Facts) -> ProcessNow:
    """A process at a glance."""
    return {
        "id": facts.process,
        "name": facts.name[:NAME],
        "owner": facts.owner[:NAME],
        "module": facts.module[:NAME],
        "nonce": facts.nonce,
        "queue": facts.queue,
        "inbox": facts.inbox,
        "waiting": facts.waiting,
        "errors": facts.errors,
        "gas": facts.gas,
        "handlers": [name[:NAME] for name in facts.handlers[:HANDLERS]],
        "crons": [cron[:NAME] for cron in facts.crons],
    }


def hop(event: Event, world: Names) -> Hop:
    """One message of a trace, with how it went."""
    return {
        "message": event.message,
        "process": event.process,
        "nonce": event.nonce,
        "time": event.block.timestamp,
        "sender": world.name_of(event.sender)[:NAME],
        "receiver": world.name_of(event.process)[:NAME],
        "action": event.action[:LINE],
        "data": world.with_names(event.data[:LINE]),
        "outcome": outcome(event)[:LINE],
        "failed": has_failed(event),
    }


def outcome(event: Event) -> str:
    """How a message went, in a few words."""
    if event.problem:
        return event.problem
    return "not evaluated yet" if event.result is None else outcome_of(event.result)


def has_failed(event: Event) -> bool:
    """Whether a message ended with an error, or could not be evaluated."""
    return bool(event.problem) or (event.result is not None and event.result.error is not None)


def inbox_now(process: str, letters: Iterable[Letter], name_of: NameOf) -> Inbox:
    """The inbox that is looked at."""
    return {
        "process": process,
        "letters": [inbox_letter(letter, name_of) for letter in letters],
        "refused": "",
    }


def inbox_letter(letter: Letter, name_of: NameOf) -> InboxLetter:
    """A letter, its data cut to what a list shows."""
    return {
        "number": letter.number,
        "sender": letter.sender[:NAME],
        "name": name_of(letter.sender)[:NAME],
        "action": letter.action[:LINE],
        "data": letter.data[:TEXT],
        "length": len(letter.data),
    }
