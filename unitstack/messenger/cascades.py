"""How far each message's cascade has come: what is owed, what went out, what stopped it. In memory; what is owed is
also in the store."""

from asyncio import Event
from collections.abc import Callable
from dataclasses import dataclass, field

from unitstack.messenger.budget import Budget, Spent, why_to_stop
from unitstack.units import Cascade
from unitstack.wire.ids import MessageId, TxId

_REMEMBERED = 1_000
_NOTES = 100


@dataclass(slots=True)
class Progress:
    """One cascade on its way: `owed` has not gone out yet, `running` has, and what it sets off is not known yet."""

    cascade: str
    owed: int = 0
    running: int = 0
    done: int = 0
    stopped: str = ""
    notes: list[str] = field(default_factory=list)
    began: float | None = None
    ended: Event = field(default_factory=Event)

    def note(self, text: str) -> None:
        """Keeps the first few: a storm says the same thing many times."""
        if len(self.notes) < _NOTES:
            self.notes.append(text)

    def go(self, *, counts: bool) -> None:
        """One that was owed goes out now. A person's own message does not count as set off."""
        self.owed -= 1
        self.running += 1
        self.done += counts

    def report(self) -> Cascade:
        """What is told of it."""
        root = MessageId(TxId(self.cascade))
        return Cascade(root, self.owed + self.running, self.done, self.stopped, tuple(self.notes))


class Cascades:
    """The cascades that are on their way, and reports of those that ended last."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._going: dict[str, Progress] = {}
        self._ended: dict[str, Progress] = {}

    def find(self, cascade: str) -> Progress | None:
        """The cascade, unless it ended long ago or never began."""
        return self._going.get(cascade) or self._ended.get(cascade)

    def going(self, cascade: str) -> Progress:
        """The cascade, which begins with this if it has not."""
        return self._going.setdefault(cascade, Progress(cascade))

    def why_to_stop(self, progress: Progress, budget: Budget, depth: int) -> str | None:
        """Asked before each message goes out. What a person's own message takes does not count: it begins with the first
        that it sets off."""
        now = self._clock()
        if progress.began is None:
            progress.began = now
        return why_to_stop(budget, Spent(progress.done, depth, now - progress.began))

    def stop(self, progress: Progress, reason: str) -> None:
        """Ends the cascade with a reason; what was owed is counted as dropped."""
        progress.stopped, progress.running = reason, 0
        self._end(progress)

    def settle(self, progress: Progress) -> None:
        """Ends the cascade if nothing of it is left."""
        if not (progress.owed or progress.running):
            self._end(progress)

    def pause(self) -> None:
        """Nothing is owed nor runs until it is begun anew."""
        for progress in self._going.values():
            progress.owed = progress.running = 0

    def go_on(self) -> None:
        """Ends those that were not begun anew after a pause."""
        for progress in tuple(self._going.values()):
            self.settle(progress)

    def close(self, reason: str) -> None:
        """Whoever waits is told the reason."""
        for progress in tuple(self._going.values()):
            self.stop(progress, reason)

    def _end(self, progress: Progress) -> None:
        del self._going[progress.cascade]
        self._ended[progress.cascade] = progress
        if len(self._ended) > _REMEMBERED:
            del self._ended[next(iter(self._ended))]
        progress.ended.set()
