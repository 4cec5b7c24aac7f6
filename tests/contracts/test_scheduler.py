import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from tests.asgi import client_of
from tests.items import AN_ID, a_message, an_item
from tests.unitstack.scheduler.builders import NOON, Network, a_message_to, a_process_here
from unitstack.errors import Duplicate, InvalidItem, NotFound, Refused
from unitstack.scheduler.http import RemoteScheduler, scheduler_app
from unitstack.units import Scheduler
from unitstack.wire.assignments import Assignment, BlockTime, first_link, next_link
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.keys import verify
from unitstack.wire.tags import find


def over_http(network: Network) -> Scheduler:
    app = scheduler_app(network.scheduler, network.scheduler.address)
    return RemoteScheduler(client_of(app), network.gateway)


PLAYERS: dict[str, Callable[[Network], Scheduler]] = {
    "local": lambda network: network.scheduler,
    "http": over_http,
}
UNKNOWN = ProcessId(TxId("U" * 42 + "A"))


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    network = Network()
    yield network
    await network.close()


@pytest.fixture(params=PLAYERS)
def scheduler(request: pytest.FixtureRequest, network: Network) -> Scheduler:
    return PLAYERS[request.param](network)


async def spawned(scheduler: Scheduler, name: str = "") -> ProcessId:
    return (await scheduler.schedule(a_process_here(name))).process


async def log_of(scheduler: Scheduler, process: ProcessId) -> list[Assignment]:
    return [each.assignment for each in (await scheduler.messages(process)).items]


async def test_a_process_gets_nonce_0_of_its_own_log(scheduler: Scheduler) -> None:
    item = a_process_here()

    assignment = await scheduler.schedule(item)

    assert (assignment.process, assignment.message) == (item.id, item.id)
    assert (assignment.epoch, assignment.nonce) == (0, 0)
    assert find(assignment.item.tags, "Message") is None


async def test_messages_get_the_nonces_that_follow(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    assignments = [await scheduler.schedule(a_message_to(process, text)) for text in "abc"]

    assert [each.nonce for each in assignments] == [1, 2, 3]


async def test_each_process_has_a_log_of_its_own(scheduler: Scheduler) -> None:
    one, other = await spawned(scheduler, "one"), await spawned(scheduler, "other")

    await scheduler.schedule(a_message_to(one))
    assignment = await scheduler.schedule(a_message_to(other))

    assert assignment.nonce == 1


async def test_the_scheduler_signs_what_it_assigns(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    assignment = await scheduler.schedule(a_message_to(process))

    verify(assignment.item)
    assert [tag.name for tag in assignment.item.tags] == [
        *("Process", "Epoch", "Nonce", "Hash-Chain", "Block-Height", "Timestamp"),
        *("Data-Protocol", "Type", "Variant", "Message"),
    ]
    assert find(assignment.item.tags, "Block-Height") == "000001720000"


async def test_the_hash_chain_links_each_assignment_to_the_one_before(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    for text in "abc":
        await scheduler.schedule(a_message_to(process, text))

    log = await log_of(scheduler, process)

    chain = [first_link(process), *map(next_link, log[:-1])]
    assert [each.hash_chain for each in log] == chain


async def test_messages_of_one_millisecond_have_different_times(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    assignments = [await scheduler.schedule(a_message_to(process, text)) for text in "ab"]

    assert [each.block.timestamp - NOON.timestamp for each in assignments] == [1, 2]


async def test_time_does_not_go_back_with_the_clock(network: Network, scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    network.clock.set(NOON.height - 3, NOON.timestamp - 5000)

    assignment = await scheduler.schedule(a_message_to(process))

    assert assignment.block == BlockTime(NOON.height, NOON.timestamp + 1)
    assert await scheduler.now() == NOON


async def test_now_is_what_the_next_assignment_gets(network: Network, scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    network.clock.set(NOON.height + 1, NOON.timestamp + 1000)

    now = await scheduler.now()

    assert (await scheduler.schedule(a_message_to(process))).block == now


async def test_200_messages_at_once_leave_no_gap_and_share_no_nonce(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    items = [a_message_to(process, str(number)) for number in range(200)]

    assignments = await asyncio.gather(*map(scheduler.schedule, items))

    assert sorted(each.nonce for each in assignments) == list(range(1, 201))
    log = await log_of(scheduler, process)
    assert [each.hash_chain for each in log[1:]] == [next_link(each) for each in log[:-1]]


async def test_a_message_sent_again_is_a_duplicate_and_changes_nothing(
    scheduler: Scheduler,
) -> None:
    process = await spawned(scheduler)
    item = a_message_to(process)
    await scheduler.schedule(item)
    log = await log_of(scheduler, process)

    with pytest.raises(Duplicate, match=f"{item.id} is in process {process} already.* 1"):
        await scheduler.schedule(item)

    assert await log_of(scheduler, process) == log


async def test_a_process_sent_again_is_a_duplicate(scheduler: Scheduler) -> None:
    await spawned(scheduler)

    with pytest.raises(Duplicate, match="nonce is 0"):
        await spawned(scheduler)


async def test_a_message_for_an_unknown_process_is_not_found(scheduler: Scheduler) -> None:
    with pytest.raises(NotFound, match=UNKNOWN) as raised:
        await scheduler.schedule(a_message_to(UNKNOWN))

    assert raised.value.kind == "process"


async def test_a_process_for_another_scheduler_is_refused(scheduler: Scheduler) -> None:
    with pytest.raises(Refused, match=UNKNOWN):
        await scheduler.schedule(a_process_here(scheduler=UNKNOWN))  # type: ignore[arg-type]  # any address will do


async def test_a_forged_item_is_invalid_and_takes_no_nonce(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    with pytest.raises(InvalidItem, match="does not match"):
        await scheduler.schedule(replace(a_message_to(process), data=b"forged"))

    assert (await scheduler.schedule(a_message_to(process))).nonce == 1


async def test_an_item_of_no_use_is_invalid_and_takes_no_nonce(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    with pytest.raises(InvalidItem, match="no Type tag"):
        await scheduler.schedule(an_item(target=process))

    assert (await scheduler.schedule(a_message_to(process))).nonce == 1


async def test_a_process_is_found_with_its_assignment(scheduler: Scheduler) -> None:
    item = a_process_here()
    assignment = await scheduler.schedule(item)

    found = await scheduler.process(assignment.process)

    assert found.message is not None
    assert (found.assignment, found.message.item) == (assignment, item)


async def test_an_unknown_process_is_not_found(scheduler: Scheduler) -> None:
    with pytest.raises(NotFound, match=UNKNOWN):
        await scheduler.process(UNKNOWN)
    with pytest.raises(NotFound, match=UNKNOWN):
        await scheduler.messages(UNKNOWN)


async def test_a_message_is_found_by_its_id_and_by_its_assignments(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    item = a_message_to(process)
    assignment = await scheduler.schedule(item)

    by_message = await scheduler.message(process, MessageId(item.id))

    assert by_message == await scheduler.message(process, assignment.id)
    assert by_message.assignment == assignment
    assert by_message.message is not None
    assert by_message.message.item == item


async def test_a_message_of_another_process_is_not_found(scheduler: Scheduler) -> None:
    one, other = await spawned(scheduler, "one"), await spawned(scheduler, "other")
    assignment = await scheduler.schedule(a_message_to(one))

    for known in (assignment.id, assignment.message):
        with pytest.raises(NotFound, match=known):
            await scheduler.message(other, known)


async def test_messages_start_with_the_process_itself(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    await scheduler.schedule(a_message_to(process))

    page = await scheduler.messages(process)

    assert [each.assignment.nonce for each in page.items] == [0, 1]
    assert page.cursor is None


async def test_messages_after_a_nonce_do_not_repeat_it(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    for text in "abc":
        await scheduler.schedule(a_message_to(process, text))

    page = await scheduler.messages(process, after=1)

    assert [each.assignment.nonce for each in page.items] == [2, 3]


async def test_pages_of_messages_meet_without_gap_and_the_last_has_no_cursor(
    scheduler: Scheduler,
) -> None:
    process = await spawned(scheduler)
    for text in "abc":
        await scheduler.schedule(a_message_to(process, text))

    first = await scheduler.messages(process, limit=2)
    assert first.cursor is not None
    second = await scheduler.messages(process, after=int(first.cursor), limit=2)

    nonces = [each.assignment.nonce for page in (first, second) for each in page.items]
    assert nonces == [0, 1, 2, 3]
    assert second.cursor is None


async def test_after_the_last_message_there_is_nothing(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    page = await scheduler.messages(process, after=0)

    assert (page.items, page.cursor) == ((), None)


async def test_a_page_of_no_message_is_refused(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    with pytest.raises(Refused, match="limit is 0"):
        await scheduler.messages(process, limit=0)


async def test_an_item_of_the_gateway_is_assigned_to_a_process(
    network: Network, scheduler: Scheduler
) -> None:
    process = await spawned(scheduler)
    item = an_item(data=b"a picture")
    await network.gateway.upload(item)

    assignment = await scheduler.assign(process, item.id)

    assert (assignment.nonce, assignment.message) == (1, item.id)
    found = await scheduler.message(process, assignment.id)
    assert (found.assignment, found.message) == (assignment, None)


async def test_a_message_that_another_process_got_is_assigned_to_one_more(
    scheduler: Scheduler,
) -> None:
    one, other = await spawned(scheduler, "one"), await spawned(scheduler, "other")
    item = a_message_to(one)
    await scheduler.schedule(item)

    assignment = await scheduler.assign(other, item.id)

    assert (assignment.process, assignment.nonce, assignment.message) == (other, 1, item.id)


async def test_an_item_of_the_base_layer_is_assigned_once_it_is_settled(
    network: Network, scheduler: Scheduler
) -> None:
    process = await spawned(scheduler)
    item = an_item(data=b"a picture")
    await network.gateway.upload(item)

    network.clock.set(NOON.height + 19, NOON.timestamp)
    with pytest.raises(Refused, match=r"^Not enough confirmations to assign: .* has 19, .* 20;"):
        await scheduler.assign(process, item.id, base_layer=True)
    network.clock.set(NOON.height + 20, NOON.timestamp)
    assignment = await scheduler.assign(process, item.id, base_layer=True)

    assert (assignment.nonce, assignment.message) == (1, item.id)


async def test_what_is_not_on_the_base_layer_is_not_assigned_from_there(
    scheduler: Scheduler,
) -> None:
    process = await spawned(scheduler)

    with pytest.raises((NotFound, InvalidItem), match=AN_ID):
        await scheduler.assign(process, AN_ID, base_layer=True)
    with pytest.raises(NotFound, match=UNKNOWN):
        await scheduler.assign(UNKNOWN, AN_ID, base_layer=True)


async def test_an_assignment_says_what_is_excluded(scheduler: Scheduler) -> None:
    process, other = await spawned(scheduler), await spawned(scheduler, "other")

    assignment = await scheduler.assign(process, other, exclude=("Data", "Anchor"))

    assert assignment.exclude == ("Data", "Anchor")


async def test_an_item_assigned_twice_takes_two_nonces_and_its_id_names_the_first(
    scheduler: Scheduler,
) -> None:
    process, other = await spawned(scheduler), await spawned(scheduler, "other")

    first = await scheduler.assign(process, other)
    second = await scheduler.assign(process, other)

    assert (first.nonce, second.nonce) == (1, 2)
    assert (await scheduler.message(process, second.id)).assignment == second
    assert (await scheduler.message(process, MessageId(other))).assignment == first


async def test_a_message_that_was_assigned_before_it_was_sent_is_no_duplicate(
    network: Network, scheduler: Scheduler
) -> None:
    process = await spawned(scheduler)
    item = a_message_to(process)
    await network.gateway.upload(item)
    await scheduler.assign(process, item.id)

    sent = await scheduler.schedule(item)

    assert sent.nonce == 2
    assert (await scheduler.message(process, MessageId(item.id))).assignment == sent


async def test_what_no_one_has_is_not_assigned(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    with pytest.raises(NotFound, match=AN_ID):
        await scheduler.assign(process, AN_ID)


async def test_nothing_is_assigned_to_an_unknown_process(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    with pytest.raises(NotFound, match=UNKNOWN):
        await scheduler.assign(UNKNOWN, process)


async def test_what_is_no_id_is_not_assigned(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    with pytest.raises(InvalidItem, match="43 characters"):
        await scheduler.assign(process, TxId("short"))


async def test_a_process_is_not_assigned_to_itself(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)

    with pytest.raises(Refused, match="to itself"):
        await scheduler.assign(process, process)


async def test_more_exclusions_than_an_assignment_holds_take_no_nonce(scheduler: Scheduler) -> None:
    process, other = await spawned(scheduler), await spawned(scheduler, "other")

    with pytest.raises(InvalidItem, match="128 are allowed"):
        await scheduler.assign(process, other, exclude=["Data"] * 200)

    assert (await scheduler.schedule(a_message_to(process))).nonce == 1


async def test_message_and_assignment_are_at_the_gateway_when_scheduled(
    network: Network, scheduler: Scheduler
) -> None:
    process = await spawned(scheduler)
    item = a_message_to(process)

    assignment = await scheduler.schedule(item)

    assert await network.gateway.item(item.id) == item
    assert await network.gateway.item(assignment.id) == assignment.item


async def test_binary_data_and_anchors_come_back_as_they_were(scheduler: Scheduler) -> None:
    process = await spawned(scheduler)
    item = a_message(data=bytes(range(256)), target=process, anchor=b"\xff" * 32)
    await scheduler.schedule(item)

    found = await scheduler.message(process, MessageId(item.id))

    assert found.message is not None
    assert found.message.item == item
