import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unitstack.scheduler.builders import NOON, Network, a_message_to, a_process_here
from unitstack.errors import AoError, NotFound, Refused, UnitUnreachable, UnusableFile
from unitstack.units import Page, Search
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import TxId

AWAY = UnitUnreachable("https://gateway", "connection refused")


class AGateway:
    """Takes items, unless it is told what stands in the way."""

    def __init__(self, fault: AoError | None = None) -> None:
        self.fault = fault
        self.items: list[DataItem] = []
        self.open = asyncio.Event()
        self.open.set()

    async def upload(self, item: DataItem) -> TxId:
        await self.open.wait()
        if self.fault is not None:
            raise self.fault
        self.items.append(item)
        return item.id

    async def item(self, tx: TxId) -> DataItem:
        raise NotFound("item", tx)

    async def data(self, tx: TxId) -> bytes:
        raise NotFound("item", tx)

    async def search(self, search: Search) -> Page[DataItem]:
        return Page((), None)

    async def confirmations(self, tx: TxId) -> int:
        raise NotFound("item", tx)


class AShelf:
    """Keeps all that it is given at once, unless it is told what stands in the way."""

    def __init__(self) -> None:
        self.given: list[tuple[DataItem, ...]] = []
        self.heights: list[int] = []
        self.faults: dict[str, AoError] = {}

    def __call__(self, items: Sequence[DataItem], height: int) -> None:
        for item in items:
            if item.id in self.faults:
                raise self.faults[item.id]
        self.given.append(tuple(items))
        self.heights.append(height)

    @property
    def items(self) -> list[DataItem]:
        return [item for given in self.given for item in given]


async def test_messages_and_assignments_arrive_in_the_order_of_the_log() -> None:
    network, gateway = Network(), AGateway()
    scheduler = network.a_scheduler(gateway)
    process = a_process_here()
    items = [process, *(a_message_to(process, text) for text in "abc")]

    assignments = [await scheduler.schedule(item) for item in items]

    pairs = zip(items, (each.item for each in assignments), strict=True)
    assert gateway.items == [item for pair in pairs for item in pair]
    await scheduler.close()
    await network.close()


async def test_of_an_assigned_item_only_the_assignment_is_handed_over() -> None:
    network, gateway = Network(), AGateway()
    scheduler = network.a_scheduler(gateway)
    process, other = a_process_here(), a_process_here("other")
    assigned = [await scheduler.schedule(process), await scheduler.schedule(other)][0]

    assignment = await scheduler.assign(assigned.process, other.id)

    assert gateway.items[4:] == [assignment.item]
    await scheduler.close()
    await network.close()


async def test_a_gateway_that_is_away_delays_no_message_and_gets_all_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    network, gateway = Network(), AGateway(AWAY)
    scheduler = network.a_scheduler(gateway)
    process = a_process_here()
    await scheduler.schedule(process)
    await scheduler.schedule(a_message_to(process, "one"))

    gateway.fault = None
    await scheduler.schedule(a_message_to(process, "two"))

    assert len(gateway.items) == 6
    assert [record.getMessage() for record in caplog.records] == [
        f"the gateway is not given entry 1 yet: {AWAY}"
    ]
    await scheduler.close()
    await network.close()


async def test_a_slow_gateway_delays_no_message() -> None:
    network, gateway = Network(), AGateway()
    gateway.open.clear()
    scheduler = network.a_scheduler(gateway)
    process = a_process_here()
    await scheduler.schedule(process)
    await scheduler.schedule(a_message_to(process))
    assert gateway.items == []

    gateway.open.set()
    await scheduler.catch_up()

    assert len(gateway.items) == 4
    await scheduler.close()
    await network.close()


async def test_what_the_gateway_refuses_does_not_stand_in_the_way_of_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    network, gateway = Network(), AGateway(Refused("too large for free"))
    scheduler = network.a_scheduler(gateway)
    process = a_process_here()
    await scheduler.schedule(process)

    gateway.fault = None
    await scheduler.schedule(a_message_to(process))

    assert len(gateway.items) == 2
    assert "does not take entry 1: too large for free" in caplog.text
    await scheduler.close()
    await network.close()


async def test_what_is_owed_is_handed_over_after_a_restart(tmp_path: Path) -> None:
    network, gateway = Network(tmp_path), AGateway(AWAY)
    first = network.a_scheduler(gateway)
    process = a_process_here()
    await first.schedule(process)
    await first.schedule(a_message_to(process))
    await first.close()

    gateway.fault = None
    second = network.a_scheduler(gateway)
    await second.catch_up()

    assert len(gateway.items) == 4
    await second.close()
    await network.close()


async def test_what_was_handed_over_is_not_again_after_a_restart(tmp_path: Path) -> None:
    network = Network(tmp_path)
    process = a_process_here()
    await network.scheduler.schedule(process)
    await network.scheduler.close()

    gateway = AGateway()
    second = network.a_scheduler(gateway)
    await second.catch_up()

    assert gateway.items == []
    await second.close()


async def test_closing_does_not_wait_for_a_gateway_that_does_not_answer(tmp_path: Path) -> None:
    network, gateway = Network(tmp_path), AGateway()
    gateway.open.clear()
    scheduler = network.a_scheduler(gateway)
    await scheduler.schedule(a_process_here())

    await scheduler.close()

    assert gateway.items == []
    await network.close()


async def test_others_get_their_turn_while_much_is_handed_over(tmp_path: Path) -> None:
    network, gateway = Network(tmp_path), AGateway(AWAY)
    scheduler = network.a_scheduler(gateway)
    process = a_process_here()
    await scheduler.schedule(process)
    for number in range(200):
        await scheduler.schedule(a_message_to(process, str(number)))
    gateway.fault = None

    catching_up = asyncio.create_task(scheduler.catch_up())
    seen = []
    while not catching_up.done():
        seen.append(len(gateway.items))
        await asyncio.sleep(0)

    assert len(set(seen)) > 3
    assert len(gateway.items) == 402
    await scheduler.close()
    await network.close()


async def test_a_mark_of_what_was_handed_over_is_kept_now_and_then(tmp_path: Path) -> None:
    network = Network(tmp_path)
    process = a_process_here()
    await network.scheduler.schedule(process)
    for number in range(150):
        await network.scheduler.schedule(a_message_to(process, str(number)))

    gateway = AGateway()
    after_a_crash = network.a_scheduler(gateway)
    await after_a_crash.catch_up()

    assert 0 < len(gateway.items) <= 2 * 64 + 2
    await after_a_crash.close()
    await network.close()


async def test_many_are_given_to_a_shelf_at_once_when_it_asks() -> None:
    network, shelf = Network(), AShelf()
    scheduler = network.a_scheduler(AGateway())
    settle = scheduler.hand_over_through(shelf)
    process = a_process_here()
    items = [process, *(a_message_to(process, text) for text in "abc")]
    assignments = [await scheduler.schedule(item) for item in items]
    assert shelf.given == []

    settle()
    settle()

    pairs = zip(items, (each.item for each in assignments), strict=True)
    assert shelf.given == [tuple(item for pair in pairs for item in pair)]
    await scheduler.close()
    await network.close()


async def test_what_is_kept_back_comes_at_the_height_at_which_it_was_scheduled() -> None:
    network, shelf = Network(), AShelf()
    settle = network.scheduler.hand_over_through(shelf)
    process = a_process_here()
    await network.scheduler.schedule(process)
    network.clock.set(NOON.height + 1, NOON.timestamp + 120_000)
    await network.scheduler.schedule(a_message_to(process))
    network.clock.set(NOON.height + 5, NOON.timestamp + 600_000)

    settle()

    assert [len(given) for given in shelf.given] == [2, 2]
    assert shelf.heights == [NOON.height, NOON.height + 1]
    await network.close()


async def test_of_another_log_all_that_was_not_given_is_given_when_the_shelf_asks() -> None:
    network, shelf = Network(), AShelf()
    settle = network.scheduler.hand_over_through(shelf)
    await network.scheduler.schedule(a_process_here())
    # Another state was put into the tables, in which this is not given yet either.
    network.scheduler.reread()

    settle()

    assert len(shelf.items) == 2
    await network.close()


async def test_a_shelf_that_does_not_ask_is_given_64_at_a_time_and_the_rest_at_the_end() -> None:
    network, shelf = Network(), AShelf()
    scheduler = network.a_scheduler(AGateway())
    scheduler.hand_over_through(shelf)
    process = a_process_here()
    await scheduler.schedule(process)
    for number in range(65):
        await scheduler.schedule(a_message_to(process, str(number)))
    assert [len(given) for given in shelf.given] == [128]

    await scheduler.close()

    assert [len(given) for given in shelf.given] == [128, 4]
    await network.close()


async def test_what_a_shelf_refuses_does_not_stand_in_the_way_of_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    network, shelf = Network(), AShelf()
    scheduler = network.a_scheduler(AGateway())
    settle = scheduler.hand_over_through(shelf)
    process = a_process_here()
    items = [process, *(a_message_to(process, text) for text in "abc")]
    shelf.faults[items[2].id] = Refused("what it carries is no bundle")
    for item in items:
        await scheduler.schedule(item)

    settle()

    kept = {item.id for item in shelf.items}
    assert [item.id in kept for item in items] == [True, True, False, True]
    assert "does not take entry 3: what it carries is no bundle" in caplog.text
    await scheduler.close()
    await network.close()


async def test_a_shelf_that_is_full_gets_all_when_there_is_room(
    caplog: pytest.LogCaptureFixture,
) -> None:
    network, shelf = Network(), AShelf()
    scheduler = network.a_scheduler(AGateway())
    settle = scheduler.hand_over_through(shelf)
    process = a_process_here()
    shelf.faults[process.id] = UnusableFile("gateway.sqlite", "the disk is full")
    await scheduler.schedule(process)
    settle()
    assert "is not given entry 1 yet: gateway.sqlite" in caplog.text

    shelf.faults.clear()
    await scheduler.schedule(a_message_to(process))
    settle()

    assert len(shelf.items) == 4
    await scheduler.close()
    await network.close()


async def test_what_was_owed_before_a_restart_is_shelved(tmp_path: Path) -> None:
    network, shelf = Network(tmp_path), AShelf()
    first = network.a_scheduler(AGateway(AWAY))
    process = a_process_here()
    await first.schedule(process)
    for number in range(70):
        await first.schedule(a_message_to(process, str(number)))
    await first.close()

    second = network.a_scheduler(AGateway())
    second.hand_over_through(shelf)
    await second.catch_up()

    assert [len(given) for given in shelf.given] == [128, 14]
    await second.close()
    await network.close()
