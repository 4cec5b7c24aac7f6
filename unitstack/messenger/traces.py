"""What a messenger did lately, as ao's messengers tell it: each message, spawn and assignment, and what it came from."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import assert_never

from unitstack.messenger.owed import Birth, Delivery, Follow, Handover, Work

REMEMBERED = 3_000


class TraceType(StrEnum):
    """What was done."""

    MESSAGE = "MESSAGE"
    SPAWN = "SPAWN"
    ASSIGN = "ASSIGN"


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that was taken in or set off: `parent` is the message whose outbox asked for it, `wallet` the person's with
    whom it all began. Of what has no item yet, an assignment that is still owed, the item to assign is named."""

    number: int
    type: TraceType
    message: str
    process: str
    parent: str
    wallet: str
    timestamp: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which traces: all that are given must fit. A message is also asked for by what it set off."""

    process: str = ""
    wallet: str = ""
    message: str = ""
    type: TraceType | None = None

    def fits(self, trace: Trace) -> bool:
        """Whether the trace is one of those."""
        return (
            self.process in ("", trace.process)
            and self.wallet in ("", trace.wallet)
            and (not self.message or self._is_of(trace))
        )

    def relation(self, trace: Trace) -> str | None:
        """What the trace is to the message that is asked for."""
        if not self.message:
            return None
        return "self" if trace.message == self.message else "child"

    def _is_of(self, trace: Trace) -> bool:
        own = trace.message == self.message and self.type in (None, trace.type)
        return own or trace.parent == self.message


class Traces:
    """The newest, in memory: what is older than the program, or than some thousands of others, is forgotten."""

    def __init__(self, clock: Callable[[], int], remembered: int = REMEMBERED) -> None:
        self._clock = clock
        self._remembered = remembered
        self._kept: OrderedDict[int, Trace] = OrderedDict()
        self._wallets: OrderedDict[str, str] = OrderedDict()
        self._number = 0

    def begin(self, work: Work, wallet: str) -> None:
        """A person's own."""
        self._note(work, "", wallet)

    def follow(self, parent: Work | None, works: tuple[Work, ...]) -> None:
        """What the work set off, or for None a clock."""
        came_from = "" if parent is None else _named(parent)[1]
        wallet = self._wallets.get(came_from, "")
        for work in works:
            if not isinstance(work, Follow):
                self._note(work, came_from, wallet)

    def find(self, asked: Asked, skip: int, limit: int) -> tuple[Trace, ...]:
        """Those that fit, the newest first."""
        return tuple(islice(self._found(asked), skip, skip + limit))

    def _found(self, asked: Asked) -> Iterator[Trace]:
        return filter(asked.fits, reversed(self._kept.values()))

    def _note(self, work: Work, parent: str, wallet: str) -> None:
        kind, message, process = _named(work)
        self._number += 1
        self._kept[self._number] = Trace(
            self._number, kind, message, process, parent, wallet, self._clock()
        )
        self._wallets[message] = wallet
        if len(self._kept) > self._remembered:
            _, oldest = self._kept.popitem(last=False)
            self._wallets.pop(oldest.message, None)


def _named(work: Work) -> tuple[TraceType, str, str]:
    match work:
        case Delivery(item):
            kind = TraceType.MESSAGE if item.target else TraceType.SPAWN
            return kind, item.id, item.target_id or item.id
        case Birth(item):
            return TraceType.SPAWN, item.id, item.id
        case Handover(process, message):
            return TraceType.ASSIGN, message, process
        case Follow(process, message):
            return TraceType.ASSIGN, message, process
        case _:
            assert_never(work)
