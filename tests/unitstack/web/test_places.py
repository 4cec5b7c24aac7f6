from collections.abc import AsyncIterator

import pytest

from tests.unitstack.scheduler.builders import NOON, Network, a_message_to, a_process_here
from unitstack.errors import NotFound
from unitstack.web.places import find_last, find_until
from unitstack.wire.ids import ProcessId, TxId

UNKNOWN = ProcessId(TxId("U" * 42 + "A"))
START = NOON.timestamp


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    network = Network()
    yield network
    await network.close()


async def a_log(network: Network, messages: int) -> ProcessId:
    """A process with so many messages, ten milliseconds apart."""
    item = a_process_here(str(messages))
    await network.scheduler.schedule(item)
    for number in range(1, messages + 1):
        network.clock.set(NOON.height, START + 10 * number)
        await network.scheduler.schedule(a_message_to(item, str(number)))
    return ProcessId(item.id)


@pytest.mark.parametrize("messages", [0, 1, 2, 3, 4, 7, 8, 9, 30])
async def test_the_last_message_is_found_in_a_log_of_any_length(
    network: Network, messages: int
) -> None:
    process = await a_log(network, messages)

    last = await find_last(network.scheduler, process)

    assert last is not None
    assert last.assignment.nonce == messages


@pytest.mark.parametrize("passed", [-1, 0, 1, 9, 10, 11, 55, 120, 125, 129, 130, 131, 999])
async def test_the_last_that_is_not_later_than_a_time_is_found(
    network: Network, passed: int
) -> None:
    process = await a_log(network, 13)

    found = await find_until(network.scheduler, process, START + passed)

    nonce = found.assignment.nonce if found else None
    assert nonce == (None if passed < 0 else min(passed // 10, 13))


async def test_an_unknown_process_is_not_found(network: Network) -> None:
    with pytest.raises(NotFound, match=UNKNOWN):
        await find_last(network.scheduler, UNKNOWN)
