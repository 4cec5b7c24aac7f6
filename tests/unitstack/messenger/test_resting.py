"""A messenger that stops, is told that the world is another, and goes on; clocks that are run when they are told to."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unitstack.messenger.fakes import WALLET, World, a_letter, always, message, sends
from unitstack.database import open_database
from unitstack.errors import Interrupted
from unitstack.messenger.carrier import Parts
from unitstack.messenger.owed import Undone
from unitstack.messenger.store import MIGRATIONS, MessengerStore
from unitstack.messenger.unit import MessengerUnit, Settings
from unitstack.wire.ids import Nonce


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path / "messenger.sqlite")
    yield world
    await world.unit.close()


async def test_what_was_owed_when_it_rested_goes_on(world: World) -> None:
    target = world.network.a_process()
    process = world.network.a_process(answer=always(sends(message(target))))
    world.network.hold(process)
    root = await world.unit.send(a_letter(process))
    await world.network.evaluating[process].wait()

    world.unit.rest()
    world.network.release(process)
    await world.unit.resume()
    cascade = await world.unit.settled(root)

    assert (cascade.done, cascade.owed) == (1, 0)
    assert len(world.network.received(target)) == 1
    assert world.unit.owed() == ()


async def test_what_is_undone_while_it_rests_is_not_done(world: World) -> None:
    process = world.network.a_process()
    world.network.hold(process)
    root = await world.unit.send(a_letter(process))
    await world.network.evaluating[process].wait()

    world.unit.rest()
    world.unit.undo(Undone(process, Nonce(0), frozenset((root,))))
    await world.unit.resume()

    assert (await world.unit.settled(root)).owed == 0
    assert world.unit.owed() == ()


async def test_what_was_to_be_undone_is_not_done_after_a_crash_if_the_log_was_cut(
    world: World,
) -> None:
    process = world.network.a_process()
    world.network.hold(process)
    kept, root = [await world.unit.send(a_letter(process, data)) for data in (b"one", b"two")]
    (last,) = (await world.network.messages(process, after=1)).items
    undone = Undone(process, Nonce(1), frozenset((root,)))

    world.unit.rest()
    world.unit.intend(undone)
    world.network.logs[process].remove(last)
    await world.unit.resume()

    assert {each.cause.root for each in world.unit.owed()} == {kept}


async def test_what_was_to_be_undone_is_done_if_the_log_was_not_cut(world: World) -> None:
    process = world.network.a_process()
    world.network.hold(process)
    root = await world.unit.send(a_letter(process))

    world.unit.rest()
    world.unit.intend(Undone(process, Nonce(0), frozenset((root,))))
    await world.unit.resume()
    await world.unit.resume()

    assert {each.cause.root for each in world.unit.owed()} == {root}


async def test_who_waits_is_told_why_the_world_is_another(world: World) -> None:
    process = world.network.a_process()
    world.network.hold(process)
    root = await world.unit.send(a_letter(process))
    waiting = asyncio.create_task(world.unit.settled(root))
    await world.network.evaluating[process].wait()

    world.unit.rest()
    world.unit.reread("the world is another")
    await world.unit.resume()

    assert (await waiting).stopped == "the world is another"


async def test_a_clock_that_is_not_watched_can_be_run(world: World) -> None:
    target, process = world.network.a_process(), world.network.a_process()
    world.network.falls_due(process, sends(message(target)))

    ticks = await world.unit.tick(process)

    assert len(ticks) == 1
    assert len(world.network.received(target)) == 1
    assert world.unit.monitored == ()


async def test_a_watched_clock_that_is_run_strikes_once(world: World) -> None:
    target, process = world.network.a_process(), world.network.a_process()
    await world.unit.monitor(process)
    world.network.falls_due(process, sends(message(target)))

    await world.unit.tick(process)
    again = await world.unit.tick(process)
    world.turns.put_nowait(None)
    await asyncio.sleep(0)

    assert again == ()
    assert world.unit.monitored == (process,)
    assert len(world.network.received(target)) == 1


async def test_what_a_clock_set_off_before_it_was_stopped_is_sent(world: World) -> None:
    target, process = world.network.a_process(), world.network.a_process()
    world.network.falls_due(process, sends(message(target)))
    world.network.problems[process].append(Interrupted("stopped"))

    with pytest.raises(Interrupted):
        await world.unit.tick(process)
    while not world.network.received(target):
        world.network.arrived.clear()
        await world.network.arrived.wait()

    assert len(world.network.received(target)) == 1


async def test_in_order_one_thing_is_done_at_a_time(world: World) -> None:
    network, arrivals = world.network, list[str]()
    settings = Settings(in_order=True, arrive=lambda: arrivals.append("one"))
    store = MessengerStore(open_database(None, MIGRATIONS))
    unit = MessengerUnit(store, WALLET, Parts(network, network, network), settings=settings)
    slow, quick = network.a_process(), network.a_process()
    network.hold(slow)
    first = await unit.send(a_letter(slow))
    second = await unit.send(a_letter(quick))
    await network.evaluating[slow].wait()
    began = network.evaluating[quick].is_set()

    network.release(slow)
    await asyncio.gather(unit.settled(first), unit.settled(second))
    await unit.close()

    assert not began
    assert network.evaluating[quick].is_set()
    assert arrivals == ["one", "one"]
