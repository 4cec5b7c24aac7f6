"""What the scheduler's tables remember, where appending fails."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.unitstack.scheduler.builders import Network, a_message_to, a_process_here
from unitstack.database import open_database
from unitstack.scheduler.store import MIGRATIONS, ScheduleStore
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.ids import MessageId, ProcessId


@pytest.fixture
def store() -> Iterator[ScheduleStore]:
    with closing(ScheduleStore(open_database(None, MIGRATIONS))) as opened:
        yield opened


async def two_of_a_log() -> tuple[ScheduledMessage, ScheduledMessage]:
    """A process and its first message, as a scheduler would append them."""
    network = Network()
    process = a_process_here()
    for item in (process, a_message_to(process)):
        await network.scheduler.schedule(item)
    page = await network.scheduler.messages(ProcessId(process.id))
    await network.close()
    first, second = page.items
    return first, second


def append_in_vain(store: ScheduleStore, scheduled: ScheduledMessage) -> None:
    with store.appending():
        store.append(scheduled)
        raise OSError("the disk is full")


async def test_what_was_rolled_back_is_not_found(store: ScheduleStore) -> None:
    first, ghost = await two_of_a_log()
    process, message = ghost.assignment.process, MessageId(ghost.assignment.message)
    with store.appending():
        store.append(first)

    with pytest.raises(OSError, match="the disk is full"):
        append_in_vain(store, ghost)

    assert store.find(process, message) is None
    assert store.find(process, ghost.assignment.id) is None
    assert store.find_process(process) == first
    with store.appending():
        store.append(ghost)
    assert store.find(process, message) == ghost
