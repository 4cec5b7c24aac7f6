"""What messages gave, asked for without waiting for a process that is busy, and kept for those who ask again."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from ao_kernel.chronicle.events import Given, references_of
from unitstack.errors import AoError
from unitstack.units import Compute
from unitstack.wire.ids import MessageId, ProcessId
from unitstack.wire.results import EvalResult

KEPT = 4000
"""Results that are kept here; older ones are asked for again."""


class Readings:
    """The results of messages, as far as they are known by now."""

    def __init__(
        self, compute: Compute, patience: float, tell: Callable[[ProcessId], None]
    ) -> None:
        self._compute = compute
        self._patience = patience
        self._tell = tell
        self._kept: OrderedDict[tuple[ProcessId, MessageId], Given] = OrderedDict()
        self._origins: dict[tuple[str, str], MessageId] = {}
        self._asked: dict[ProcessId, tuple[int, asyncio.Task[EvalResult]]] = {}

    def origin(self, sender: str, reference: str | None) -> MessageId | None:
        """The message in whose outbox the sender's message with that reference was, if its result has been read."""
        return None if reference is None else self._origins.get((sender, reference))

    async def read(self, process: ProcessId, nonce: int, message: MessageId) -> Given:
        """What the message gave. A process that is busy with it, or with one before it, is not waited for: those who
        listen are told when it is done."""
        known = self._kept.get((process, message))
        if known is not None:
            return known
        first, task = self._asked.get(process, (nonce, None))
        if task is not None and not task.done() and first <= nonce:
            return Given()
        asked = asyncio.ensure_future(self._compute.result(process, message))
        done, _ = await asyncio.wait({asked}, timeout=self._patience)
        if done:
            return self._keep(process, message, asked)
        self._asked[process] = (nonce, asked)
        asked.add_done_callback(lambda _: self._finish(process, message, asked))
        return Given()

    def _finish(
        self, process: ProcessId, message: MessageId, asked: "asyncio.Task[EvalResult]"
    ) -> None:
        if not asked.cancelled():
            self._keep(process, message, asked)
            self._tell(process)

    def _keep(
        self, process: ProcessId, message: MessageId, asked: "asyncio.Task[EvalResult]"
    ) -> Given:
        error = asked.exception()
        if isinstance(error, AoError):
            # It may be another the next time: a unit that was away, a message that was stopped before it was begun.
            return Given(problem=str(error))
        given = Given(asked.result())
        self._kept[process, message] = given
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        for reference in references_of(asked.result()):
            self._origins[process, reference] = message
        return given

    def forget(self) -> None:
        """Keeps nothing of what was read: the world is another."""
        self._kept.clear()
        self._origins.clear()
        self.close()

    def close(self) -> None:
        """Waits for nothing any more."""
        for _, task in self._asked.values():
            task.cancel()
        self._asked.clear()
