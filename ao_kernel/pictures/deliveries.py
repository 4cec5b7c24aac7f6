"""Messages on their way, as the pictures show them: who sent what to whom, and how it went."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from ao_kernel.errors.failures import Raised

LANES = 12
"""Of more parties than these the last are drawn as one."""


LINE, WHOLE = 80, 400
"""Characters that are told of a name and an action, of data and an outcome."""


class Kind(StrEnum):
    """How a message came to its receiver."""

    MESSAGE = "message"
    SPAWN = "spawn"
    ASSIGNMENT = "assignment"
    CRON = "cron"


@dataclass(frozen=True, slots=True)
class Party:
    """A process or a wallet that messages go between: its address, and the name that a person knows it by."""

    id: str
    name: str
    is_process: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way. Without a nonce no process here got it; `waits` counts the coroutines that wait in its
    receiver after it; `cause` is the id of the message whose outbox held it."""

    sender: Party
    receiver: Party
    action: str
    data: str
    outcome: str
    failed: Raised | None = None
    kind: Kind = Kind.MESSAGE
    nonce: int | None = None
    message: str = ""
    cause: str = ""
    time: int = 0
    waits: int = 0
    is_lost: bool = False

    @property
    def described(self) -> str:
        """The message in a few words."""
        return f"{self.action or 'a message without an Action'} from {self.sender.name}"

    @property
    def said(self) -> str:
        """What stands on its arrow."""
        match self.kind:
            case Kind.SPAWN:
                return "spawns"
            case Kind.ASSIGNMENT:
                return f"assigns {self.action}".rstrip()
            case _:
                return self.action or "(no Action)"

    @property
    def text(self) -> str:
        """What stands beside that: its data, which of a process is none of a person's business."""
        return "" if self.kind is Kind.SPAWN else self.data

    @property
    def told(self) -> str:
        """All that a person wants to know of it, in a few lines."""
        place = f" #{self.nonce}" if self.nonce is not None else ""
        ways = f"{self.sender.name[:LINE]} → {self.receiver.name[:LINE]}{place}"
        lines = (f"{ways}: {self.said[:LINE]}", self.text[:WHOLE], self.outcome[:WHOLE])
        return "\n".join(line for line in lines if line)

    @property
    def has_failed(self) -> bool:
        """Whether it ended with an error, or came nowhere."""
        return self.failed is not None or self.is_lost

    @property
    def note(self) -> str:
        """What is out of the ordinary about it; empty for most."""
        if self.has_failed or self.outcome == UNKNOWN:
            return self.outcome
        return f"waits for {_messages(self.waits)}" if self.waits else ""


UNKNOWN = "not evaluated yet"
LOST = "not a process here"


def _messages(count: int) -> str:
    return "a message" if count == 1 else f"{count} messages"


def parties_of(deliveries: Iterable[Delivery]) -> tuple[Party, ...]:
    """Everybody who sent or got something, in the order of their appearance."""
    found: dict[str, Party] = {}
    for delivery in deliveries:
        found.setdefault(delivery.sender.id, delivery.sender)
        found.setdefault(delivery.receiver.id, delivery.receiver)
    return tuple(found.values())


def with_few_parties(
    deliveries: tuple[Delivery, ...], most: int = LANES
) -> tuple[tuple[Delivery, ...], tuple[Party, ...]]:
    """The deliveries among no more than so many parties: the last of too many go by one name."""
    parties = parties_of(deliveries)
    if len(parties) <= most:
        return deliveries, parties
    rest = Party("", f"{len(parties) - most + 1} others")
    own = {party.id: party for party in parties[: most - 1]}
    merged = tuple(
        replace(
            each,
            sender=own.get(each.sender.id, rest),
            receiver=own.get(each.receiver.id, rest),
        )
        for each in deliveries
    )
    return merged, (*own.values(), rest)


def folded(deliveries: tuple[Delivery, ...], most: int) -> tuple[tuple[Delivery, ...], int]:
    """The first so many, and how many there are besides."""
    return deliveries[:most], max(0, len(deliveries) - most)


def and_more(count: int) -> str:
    """What stands in the place of those that are left out; empty where there are none."""
    return f"and {count} more" if count else ""
