"""When a process's memory is kept, so that a restart need not repeat the whole log."""

import logging
from dataclasses import dataclass, field
from time import perf_counter

from unitstack.compute.replica import Replica
from unitstack.compute.store import Allowed, EvaluationStore
from unitstack.errors import EngineError
from unitstack.wire.ids import ProcessId

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MemoryPolicy:
    """A memory is kept after so many messages, or seconds of evaluation, whichever comes first: going back to any message
    takes no longer than that. What it takes to keep one is worth `patience` times as many seconds of evaluation."""

    messages: int = 1000
    seconds: float = 0.03
    patience: float = 8.0
    allowed: Allowed = field(default_factory=Allowed)


class MemoryKeeper:
    """Counts what it would cost to evaluate again what one process has evaluated since its last memory."""

    def __init__(self, process: ProcessId, store: EvaluationStore, policy: MemoryPolicy) -> None:
        self._process = process
        self._store = store
        self._policy = policy
        self._messages = 0
        self._seconds = 0.0
        self._cost = 0.0
        self._stopped = False

    def stop(self) -> None:
        """Keeps nothing any more, not even what is being packed."""
        self._stopped = True

    def count(self, messages: int, seconds: float = 0.0) -> None:
        """Messages were evaluated, in so many seconds."""
        self._messages += messages
        self._seconds += seconds

    async def keep_if_due(self, replica: Replica) -> None:
        """Keeps the memory, if the policy says so."""
        worth = max(self._policy.seconds, self._policy.patience * self._cost)
        if self._messages >= self._policy.messages or self._seconds >= worth:
            await self.keep(replica)

    async def keep(self, replica: Replica) -> None:
        """Keeps the memory, if anything was evaluated since the last. One that cannot be had is not needed either: the
        log can rebuild all."""
        place = replica.standing.place
        if place is None or not self._messages or self._stopped:
            return
        self._messages, self._seconds = 0, 0.0
        try:
            began = perf_counter()
            packed = await replica.packed_memory()
            if not self._stopped:
                self._store.save_memory(self._process, place, packed, self._policy.allowed)
            self._cost = perf_counter() - began
        except EngineError as error:
            log.warning("no memory of process %s is kept: %s", self._process, error)
