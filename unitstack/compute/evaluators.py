"""The evaluators of all processes that were asked for. Only those that were used last hold a live instance."""

from asyncio import gather
from collections.abc import Callable

from unitstack.compute.evaluator import Evaluator
from unitstack.compute.keeper import MemoryPolicy
from unitstack.compute.sources import Sources
from unitstack.compute.store import EvaluationStore
from unitstack.wire.ids import MessageId, ProcessId
from unitstack.wire.results import Evaluation


class Evaluators:
    """One evaluator for each process, made when it is first asked for and kept: two would take the same turn twice."""

    def __init__(
        self,
        sources: Sources,
        store: EvaluationStore,
        announce: Callable[[Evaluation], None],
        policy: MemoryPolicy,
        live: int,
    ) -> None:
        self._sources = sources
        self._store = store
        self._announce = announce
        self._policy = policy
        self._limit = live
        self._known: dict[ProcessId, Evaluator] = {}
        self._withdrawn: dict[ProcessId, set[MessageId]] = {}
        self._recent: dict[ProcessId, None] = {}

    async def of(self, process: ProcessId) -> Evaluator:
        """The process's evaluator, and now the one that was used last. Raises what `Sources.program` does."""
        evaluator = self._known.get(process) or await self._make(process)
        self._recent.pop(process, None)
        self._recent[process] = None
        if len(self._recent) > self._limit:
            await self._retire_oldest()
        return evaluator

    def interrupt(self, process: ProcessId | None) -> None:
        """Stops what that process, or any, is evaluating; called from any thread."""
        for known, evaluator in tuple(self._known.items()):
            if process in (None, known):
                evaluator.interrupt()

    def forget(self, process: ProcessId | None = None) -> tuple[Evaluator, ...]:
        """Gives up the evaluator of that process, or all: nothing of what they do is recorded any more. They are yet to be
        closed."""
        for waiting in [each for each in self._withdrawn if process in (None, each)]:
            # Sent again after that, a message is another one.
            del self._withdrawn[waiting]
        given_up = [known for known in self._known if process in (None, known)]
        for known in given_up:
            self._recent.pop(known, None)
            self._known[known].abandon()
        return tuple(self._known.pop(known) for known in given_up)

    def withdraw(self, process: ProcessId, message: MessageId) -> None:
        """Has the message recorded as interrupted when its turn comes, if it has not come yet."""
        if self._store.find(process, message) is None:
            self._withdrawn_of(process).add(message)

    async def close(self) -> None:
        """Stops what runs, unrecorded, keeps all memories and frees the instances."""
        await gather(*(evaluator.close() for evaluator in self._known.values()))

    def _withdrawn_of(self, process: ProcessId) -> set[MessageId]:
        return self._withdrawn.setdefault(process, set())

    async def _make(self, process: ProcessId) -> Evaluator:
        program = await self._sources.program(process)
        withdrawn = self._withdrawn_of(process)
        made = Evaluator(
            program, self._sources, self._store, self._policy, self._announce, withdrawn
        )
        # Others may have asked meanwhile; whose came first stays.
        return self._known.setdefault(process, made)

    async def _retire_oldest(self) -> None:
        idle = next((each for each in self._recent if not self._known[each].busy), None)
        if idle is not None:
            del self._recent[idle]
            await self._known[idle].retire()
