"""The texts of cells that an earlier session ran, found again in a process's log: its handlers are still there, and fail."""

from collections.abc import Set as AbstractSet

from ao_kernel.errors.source import Source
from unitstack.errors import AoError
from unitstack.units import Scheduler
from unitstack.wire.ids import ProcessId
from unitstack.wire.tags import find

FAR = 5_000
"""So many of a log's messages are looked through, the newest."""

PAGE = 1_000


async def recalled(
    scheduler: Scheduler, process: ProcessId, length: int, chunks: AbstractSet[str], name: str
) -> dict[str, Source]:
    """Of these chunks, the texts that are in the process's log, by chunk."""
    found: dict[str, Source] = {}
    after: int | None = length - FAR if length > FAR else None
    while True:
        try:
            page = await scheduler.messages(process, after=after, limit=PAGE)
        except AoError:
            return found
        for scheduled in page.items:
            item = scheduled.message.item if scheduled.message else None
            chunk = find(item.tags, "Chunk-Name") if item else None
            if item is not None and chunk in chunks:
                text = item.data.decode("utf-8", "replace")
                title = f"message {scheduled.assignment.nonce} of {name}"
                found[str(chunk)] = Source(text, title=title)
        if page.cursor is None or not page.items:
            return found
        after = page.items[-1].assignment.nonce
