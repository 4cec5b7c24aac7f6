from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from tests.asgi import client_of
from tests.unitstack.messenger.fakes import World, a_letter, always, message, sends
from unitstack.errors import Duplicate, InvalidItem, NotFound
from unitstack.messenger.budget import Budget
from unitstack.messenger.http import RemoteMessenger, messenger_app
from unitstack.units import Messenger
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.tags import find


def over_http(world: World) -> Messenger:
    return RemoteMessenger(client_of(messenger_app(world.unit)))


LOCAL: dict[str, Callable[[World], Messenger]] = {"local": lambda world: world.unit}
PLAYERS = {**LOCAL, "http": over_http}
UNKNOWN = ProcessId(TxId("U" * 42 + "A"))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


@pytest.fixture(params=PLAYERS)
def messenger(request: pytest.FixtureRequest, world: World) -> Messenger:
    return PLAYERS[request.param](world)


@pytest.fixture(params=LOCAL)
def teller(request: pytest.FixtureRequest, world: World) -> Messenger:
    """A messenger that tells how far cascades have come, which ao's messenger units do not."""
    return LOCAL[request.param](world)


def echo(world: World, target: ProcessId, *texts: str) -> ProcessId:
    """A process that answers each message by sending these texts to another."""
    return world.network.a_process(
        answer=lambda item: sends(*(message(target, data=text) for text in texts))
    )


async def test_what_is_sent_is_in_its_process_log_when_send_returns(
    world: World, messenger: Messenger
) -> None:
    process = world.network.a_process()
    letter = a_letter(process)

    assert await messenger.send(letter) == letter.id
    assert world.network.received(process) == [letter]


async def test_a_process_item_is_sent_like_a_message(world: World, messenger: Messenger) -> None:
    process = (await world.network.process(world.network.a_process())).message
    assert process is not None
    world.network.logs.clear()

    await messenger.send(process.item)

    assert list(world.network.logs) == [process.item.id]


async def test_an_item_that_its_owner_did_not_sign_is_invalid(
    world: World, messenger: Messenger
) -> None:
    process = world.network.a_process()

    with pytest.raises(InvalidItem):
        await messenger.send(replace(a_letter(process), data=b"forged"))

    assert world.network.received(process) == []


async def test_a_message_for_an_unknown_process_is_not_found(messenger: Messenger) -> None:
    with pytest.raises(NotFound, match=UNKNOWN):
        await messenger.send(a_letter(UNKNOWN))


async def test_a_message_that_was_sent_before_is_a_duplicate(
    world: World, messenger: Messenger
) -> None:
    letter = a_letter(world.network.a_process())
    await messenger.send(letter)

    with pytest.raises(Duplicate):
        await messenger.send(letter)


async def test_what_a_process_sends_reaches_its_target(world: World, messenger: Messenger) -> None:
    target = world.network.a_process()
    sender = echo(world, target, "hello")

    root = await messenger.send(a_letter(sender))
    await world.unit.settled(root)

    (pushed,) = world.network.received(target)
    assert pushed.data == b"hello"
    assert (find(pushed.tags, "From-Process"), find(pushed.tags, "Pushed-For")) == (sender, root)


async def test_one_outbox_s_messages_to_one_target_arrive_in_order(
    world: World, messenger: Messenger
) -> None:
    target = world.network.a_process()
    texts = [str(number) for number in range(20)]
    sender = echo(world, target, *texts)

    await world.unit.settled(await messenger.send(a_letter(sender)))

    assert [item.data.decode() for item in world.network.received(target)] == texts


async def test_a_cascade_is_settled_when_all_that_it_set_off_is_evaluated(
    world: World, teller: Messenger
) -> None:
    last = world.network.a_process()
    middle = echo(world, last, "c", "d")
    first = echo(world, middle, "a", "b")

    cascade = await teller.settled(await teller.send(a_letter(first)))

    assert (cascade.owed, cascade.done, cascade.stopped) == (0, 6, "")


async def test_a_message_that_sets_nothing_off_is_settled(
    world: World, messenger: Messenger
) -> None:
    root = await messenger.send(a_letter(world.network.a_process()))

    assert (await messenger.settled(root)).done == 0


async def test_asked_again_a_settled_cascade_is_the_same(world: World, teller: Messenger) -> None:
    root = await teller.send(a_letter(echo(world, world.network.a_process(), "a")))

    assert await teller.settled(root) == await teller.settled(root)


async def test_a_message_that_nobody_knows_set_nothing_off(messenger: Messenger) -> None:
    cascade = await messenger.settled(MessageId(UNKNOWN))

    assert (cascade.owed, cascade.done) == (0, 0)


async def test_what_cannot_leave_a_process_is_told(world: World, teller: Messenger) -> None:
    sender = world.network.a_process(answer=always(sends(message("nobody"))))

    cascade = await teller.settled(await teller.send(a_letter(sender)))

    assert "'nobody' is neither an id nor the name of a process" in cascade.notes[0]


async def test_a_storm_ends_when_its_budget_does(world: World, teller: Messenger) -> None:
    world.unit.budget = Budget(messages=10)
    storm = world.network.a_process()
    world.network.answers[storm] = lambda item: sends(message(storm), message(storm))

    cascade = await teller.settled(await teller.send(a_letter(storm)))

    assert cascade.done == 10
    assert cascade.owed > 0
    assert "set off 10 others and more are owed; the budget allows 10 messages" in cascade.stopped


async def test_what_a_halted_message_still_owes_is_dropped(world: World, teller: Messenger) -> None:
    target = world.network.a_process()
    world.network.hold(target)
    root = await teller.send(a_letter(echo(world, target, "a", "b", "c")))
    await world.network.evaluating[target].wait()

    cascade = await teller.halt(root, "enough")

    assert (cascade.stopped, cascade.done, cascade.owed) == ("enough", 1, 2)
    assert await teller.settled(root) == cascade
    assert len(world.network.received(target)) == 1


async def test_halting_what_is_settled_changes_nothing(world: World, teller: Messenger) -> None:
    root = await teller.send(a_letter(world.network.a_process()))
    settled = await teller.settled(root)

    assert await teller.halt(root, "enough") == settled


async def test_an_assigned_item_is_evaluated_and_what_it_sets_off_is_pushed_for_it(
    world: World, messenger: Messenger
) -> None:
    target = world.network.a_process()
    sender = echo(world, target, "hello")
    item = a_letter(world.network.a_process())
    world.network.items[item.id] = item

    assignment = await messenger.assign(sender, item.id, exclude=("Data",))
    await world.unit.settled(MessageId(assignment))

    (pushed,) = world.network.received(target)
    assert find(pushed.tags, "Pushed-For") == assignment
    assert world.network.logs[sender][-1].assignment.exclude == ("Data",)


async def test_an_item_cannot_be_assigned_to_an_unknown_process(messenger: Messenger) -> None:
    with pytest.raises(NotFound, match=UNKNOWN):
        await messenger.assign(UNKNOWN, UNKNOWN)


async def test_a_clock_of_an_unknown_process_is_not_watched(messenger: Messenger) -> None:
    with pytest.raises(NotFound, match=UNKNOWN):
        await messenger.monitor(UNKNOWN)


async def test_a_clock_that_is_not_watched_cannot_be_left(
    world: World, messenger: Messenger
) -> None:
    with pytest.raises(NotFound):
        await messenger.unmonitor(world.network.a_process())


async def test_a_clock_is_watched_until_it_is_left(world: World, messenger: Messenger) -> None:
    process = world.network.a_process()
    await messenger.monitor(process)
    await messenger.monitor(process)

    await messenger.unmonitor(process)

    with pytest.raises(NotFound):
        await messenger.unmonitor(process)
