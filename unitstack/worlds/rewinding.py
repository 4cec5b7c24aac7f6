"""Takes one process back to an earlier nonce: what came after is dropped from its log, its record and what is owed."""

from asyncio import create_task
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from unitstack.compute.evaluator import Warmed
from unitstack.errors import NotFound, Refused
from unitstack.messenger.owed import Undone
from unitstack.units import Progress, silent
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Nonce, ProcessId
from unitstack.wire.results import Outbox
from unitstack.worlds.cast import Cast

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Rewound:
    """A process that went back: how many messages were dropped, from which memory its state was made anew, how many
    messages were repeated for that, and how many seconds all took."""

    process: ProcessId
    nonce: Nonce
    dropped: int
    memory: Ordinate | None
    repeated: int
    seconds: float


async def rewind(
    cast: Cast, process: ProcessId, nonce: int, progress: Progress = silent
) -> Rewound:
    """The process as it was after the message with that nonce. Others keep what it sent them meanwhile, and time does not go
    back: cron messages that were due since are due again. Raises NotFound, Refused, EngineError, Interrupted."""
    began = perf_counter()
    await _check(cast, process, nonce)
    await cast.scheduler.catch_up()
    outboxes = await _outboxes(cast, process, nonce) if cast.messenger.owed() else ()
    # No await until all units know of the change: nobody sees half of it.
    ids = cast.scheduler.ids(process, nonce) if cast.messenger.owed() else ()
    cast.scheduler.check_cut(process)
    undone = _undone(process, nonce, ids, outboxes)
    # In this order: what was evaluated of a log can be evaluated again after a crash, what is not in one could not; and
    # where the log is cut, it is known what is not owed any more.
    cast.messenger.intend(undone)
    freed = cast.compute.cut(process, nonce)
    dropped = cast.scheduler.cut(process, nonce)
    cast.messenger.rest()
    cast.messenger.undo(undone)
    # Begun first, so that what is due again does not come before it.
    warming = create_task(cast.compute.warm(process, progress))
    await cast.messenger.resume()
    await freed
    warmed: Warmed = await warming
    seconds = perf_counter() - began
    return Rewound(process, Nonce(nonce), dropped, warmed.memory, warmed.repeated, seconds)


async def _check(cast: Cast, process: ProcessId, nonce: int) -> None:
    await cast.scheduler.process(process)
    if nonce < 0:
        raise Refused(f"nonces begin with 0, the process itself; {nonce} is none")
    page = await cast.scheduler.messages(process, after=nonce - 1, limit=1)
    if not page.items:
        raise NotFound("message", f"{nonce} of process {process}")


async def _outboxes(cast: Cast, process: ProcessId, nonce: int) -> tuple[Outbox, ...]:
    """What it asked for after that message."""
    found: list[Outbox] = []
    after: Ordinate | None = Ordinate(Nonce(nonce))
    while after is not None:
        page = await cast.compute.results(process, after=after, limit=PAGE)
        found += (each.result.outbox for each in page.items)
        after = page.items[-1].ordinate if page.cursor else None
    return tuple(found)


def _undone(
    process: ProcessId,
    nonce: int,
    ids: Sequence[str],
    outboxes: Sequence[Outbox],
) -> Undone:
    anchors = [sent.anchor for outbox in outboxes for sent in outbox.messages]
    anchors += [spawn.anchor for outbox in outboxes for spawn in outbox.spawns]
    return Undone(
        process,
        Nonce(nonce),
        frozenset(ids),
        frozenset(anchor.encode("utf-8", "replace") for anchor in anchors if anchor),
        frozenset(
            (assigned.message, to)
            for outbox in outboxes
            for assigned in outbox.assignments
            for to in assigned.processes
        ),
    )
