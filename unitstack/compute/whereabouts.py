"""What compute elsewhere does not say of an evaluation, and its scheduler knows: which message it is of, and when."""

from collections import OrderedDict

from unitstack.compute.cursors import Cursor
from unitstack.units import Scheduler
from unitstack.wire.assignments import Assignment, BlockTime, Ordinate
from unitstack.wire.ids import Nonce, ProcessId
from unitstack.wire.results import EvalResult, Evaluation

_PAGE = 1_000
_REMEMBERED = 1_000


class Whereabouts:
    """Asks the scheduler, and remembers when what it was asked about was."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._times: OrderedDict[tuple[ProcessId, Ordinate], int] = OrderedDict()

    async def evaluations(
        self, process: ProcessId, results: list[tuple[Cursor, EvalResult]]
    ) -> tuple[Evaluation, ...]:
        """Results with their messages. The height of a cron message is that of the message before it."""
        known = await self.assignments(process, {each.ordinate.nonce for each, _ in results})
        made: list[Evaluation] = []
        for cursor, result in results:
            place, assignment = cursor.ordinate, known.get(cursor.ordinate.nonce)
            self._remember(process, place, cursor.timestamp)
            message = assignment.message if assignment and not place.cron else None
            block = BlockTime(assignment.block.height if assignment else 0, cursor.timestamp)
            made.append(Evaluation(process, message, place, block, result))
        return tuple(made)

    async def cursor(self, process: ProcessId, place: Ordinate, sort: str) -> Cursor:
        """The place with its time: compute units of the field page by time, and only then by nonce."""
        known = place.timestamp if place.cron else self._times.get((process, place))
        if known is None:
            found = (await self.assignments(process, {place.nonce})).get(place.nonce)
            known = found.block.timestamp if found else place.timestamp
            self._remember(process, place, known)
        return Cursor(place, known, sort)

    async def assignments(self, process: ProcessId, nonces: set[Nonce]) -> dict[Nonce, Assignment]:
        """Of the process, those with these nonces, and some between them."""
        found: dict[Nonce, Assignment] = {}
        after, last = min(nonces, default=0) - 1, max(nonces, default=-1)
        while after < last:
            limit = min(last - after, _PAGE)
            page = await self._scheduler.messages(process, after=after, limit=limit)
            if not page.items:
                break
            found |= {each.assignment.nonce: each.assignment for each in page.items}
            after = page.items[-1].assignment.nonce
        return found

    def _remember(self, process: ProcessId, place: Ordinate, timestamp: int) -> None:
        self._times[process, place] = timestamp
        if len(self._times) > _REMEMBERED:
            self._times.popitem(last=False)
