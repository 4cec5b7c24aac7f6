"""Parts that are played by many: each process is handed to one of them, to the next where that one does not answer."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from unitstack.errors import Duplicate, UnitUnreachable
from unitstack.router.choice import Choice, OriginOf, no_origin, order_of
from unitstack.units import Cascade, Compute, Messenger, Page
from unitstack.wire.assignments import Ordinate
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.messages import PLAIN, Draft, Guise
from unitstack.wire.results import Checkpoint, EvalResult, Evaluation

P = TypeVar("P")
T = TypeVar("T")

_REMEMBERED = 10_000


class RoutedCompute:
    """Plays `Compute` by handing each process to one of many."""

    def __init__(self, choice: Choice[Compute], origin_of: OriginOf = no_origin) -> None:
        self._choice = choice
        self._origin_of = origin_of

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        return await self._asked(process, lambda one: one.result(process, message))

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        return await self._asked(
            process,
            lambda one: one.results(
                process, after=after, until=until, newest_first=newest_first, limit=limit
            ),
        )

    async def evaluated(self, process: ProcessId, after: Ordinate | None) -> None:
        await self._asked(process, lambda one: one.evaluated(process, after))

    async def tick(
        self, process: ProcessId, *, after: Ordinate | None = None
    ) -> tuple[Evaluation, ...]:
        return await self._asked(process, lambda one: one.tick(process, after=after))

    async def dry_run(
        self,
        process: ProcessId,
        draft: Draft,
        *,
        sender: Address,
        at: MessageId | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        return await self._asked(
            process, lambda one: one.dry_run(process, draft, sender=sender, at=at, guise=guise)
        )

    async def checkpoint(self, process: ProcessId, at: MessageId | None = None) -> Checkpoint:
        return await self._asked(process, lambda one: one.checkpoint(process, at))

    async def _asked(self, process: ProcessId, ask: Callable[[Compute], Awaitable[T]]) -> T:
        return await _first_answer(await order_of(self._choice, process, self._origin_of), ask)


class RoutedMessenger:
    """Plays `Messenger` by handing each process to one of many. Of a cascade, the one knows that was sent its root."""

    def __init__(self, choice: Choice[Messenger], origin_of: OriginOf = no_origin) -> None:
        self._choice = choice
        self._origin_of = origin_of
        self._sent: OrderedDict[MessageId, Messenger] = OrderedDict()

    async def send(self, item: DataItem) -> MessageId:
        """One that did not answer may have scheduled the item all the same: then the next finds a duplicate."""
        failed = False
        for one in await self._of(ProcessId(TxId(item.target_id or item.id))):
            try:
                await one.send(item)
            except UnitUnreachable as error:
                failed, last = True, error
                continue
            except Duplicate:
                if not failed:
                    raise
            self._remember(MessageId(item.id), one)
            return MessageId(item.id)
        raise last

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> AssignmentId:
        async def ask(one: Messenger) -> AssignmentId:
            assigned = await one.assign(process, tx, exclude=exclude, base_layer=base_layer)
            self._remember(MessageId(assigned), one)
            return assigned

        return await _first_answer(await self._of(process), ask)

    async def monitor(self, process: ProcessId) -> None:
        await _first_answer(await self._of(process), lambda one: one.monitor(process))

    async def unmonitor(self, process: ProcessId) -> None:
        await _first_answer(await self._of(process), lambda one: one.unmonitor(process))

    async def settled(self, root: MessageId) -> Cascade:
        one = self._sent.get(root)
        return Cascade(root, 0, 0) if one is None else await one.settled(root)

    async def halt(self, root: MessageId, reason: str) -> Cascade:
        one = self._sent.get(root)
        return Cascade(root, 0, 0) if one is None else await one.halt(root, reason)

    async def _of(self, process: ProcessId) -> tuple[Messenger, ...]:
        return await order_of(self._choice, process, self._origin_of)

    def _remember(self, root: MessageId, one: Messenger) -> None:
        self._sent[root] = one
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)


async def _first_answer(many: Sequence[P], ask: Callable[[P], Awaitable[T]]) -> T:
    """That of the first who can be reached. Raises what that one raises; if none can be, what the last one does."""
    *rest, last = many
    for one in rest:
        try:
            return await ask(one)
        except UnitUnreachable:
            continue
    return await ask(last)
