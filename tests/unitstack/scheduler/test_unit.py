from pathlib import Path

import pytest

from tests.unitstack.scheduler.builders import (
    NOON,
    WALLET,
    Network,
    a_message_to,
    a_process_here,
)
from unitstack.errors import Duplicate
from unitstack.wire.assignments import next_link
from unitstack.wire.ids import Address, MessageId, ProcessId


def test_its_address_is_what_processes_name_as_their_scheduler() -> None:
    assert Network().scheduler.address == WALLET.address


async def test_a_log_goes_on_after_a_restart(tmp_path: Path) -> None:
    first = Network(tmp_path)
    process = a_process_here()
    await first.scheduler.schedule(process)
    item = a_message_to(process)
    last = await first.scheduler.schedule(item)
    await first.close()

    second = Network(tmp_path)
    third = await second.scheduler.schedule(a_message_to(process, "2 + 2"))

    assert (third.nonce, third.hash_chain) == (2, next_link(last))
    assert third.block.timestamp == NOON.timestamp + 2
    found = await second.scheduler.message(ProcessId(process.id), MessageId(item.id))
    assert found.assignment == last
    assert found.message is not None
    assert found.message.item == item
    await second.close()


async def test_a_duplicate_is_known_after_a_restart(tmp_path: Path) -> None:
    first = Network(tmp_path)
    process = a_process_here()
    await first.scheduler.schedule(process)
    await first.close()

    second = Network(tmp_path)
    with pytest.raises(Duplicate):
        await second.scheduler.schedule(process)
    await second.close()


async def test_two_schedulers_of_one_file_share_its_logs(tmp_path: Path) -> None:
    network = Network(tmp_path)
    other = network.a_scheduler()
    process = a_process_here()
    await network.scheduler.schedule(process)

    nonces = []
    for number in range(6):
        scheduler = other if number % 2 else network.scheduler
        nonces.append((await scheduler.schedule(a_message_to(process, str(number)))).nonce)

    assert nonces == [1, 2, 3, 4, 5, 6]
    await other.close()
    await network.close()


async def test_a_scheduler_for_all_takes_a_process_that_names_another() -> None:
    network = Network()
    scheduler = network.a_scheduler(any_scheduler=True)

    assignment = await scheduler.schedule(a_process_here(scheduler=Address("X" * 43)))

    assert assignment.nonce == 0
    await scheduler.close()
    await network.close()


async def test_a_message_too_large_to_be_held_in_memory_is_read_back() -> None:
    network = Network()
    process = a_process_here()
    await network.scheduler.schedule(process)
    item = a_message_to(process, "x" * 200_000)
    await network.scheduler.schedule(item)

    page = await network.scheduler.messages(ProcessId(process.id), after=0)

    assert page.items[0].message is not None
    assert page.items[0].message.item == item
    await network.close()


async def test_what_is_read_long_after_it_was_appended_is_the_same() -> None:
    network = Network()
    process = a_process_here()
    await network.scheduler.schedule(process)
    items = [a_message_to(process, str(number)) for number in range(300)]
    for item in items:
        await network.scheduler.schedule(item)

    page = await network.scheduler.messages(ProcessId(process.id), after=0)

    assert [each.message.item for each in page.items if each.message] == items
    await network.close()


async def test_listeners_are_told_when_the_message_stands_in_the_log(tmp_path: Path) -> None:
    network = Network(tmp_path)
    other = network.a_scheduler()
    process = a_process_here()
    seen: list[int] = []
    network.scheduler.listeners.append(lambda told: seen.append(len(other.ids(told, -1)) // 2))

    for item in (process, a_message_to(process)):
        await network.scheduler.schedule(item)

    assert seen == [1, 2]
    await other.close()
    await network.close()


async def test_a_listener_that_fails_undoes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(process: ProcessId) -> None:
        raise ValueError(f"{process} is too much")

    network = Network()
    network.scheduler.listeners.append(fail)
    process = a_process_here()

    assignment = await network.scheduler.schedule(process)

    assert await network.scheduler.last(ProcessId(process.id)) == assignment
    assert (await network.gateway.item(process.id)).id == process.id
    assert "has a new message, and who listens failed" in caplog.text
    await network.close()
