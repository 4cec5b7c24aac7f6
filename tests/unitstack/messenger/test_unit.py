import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unitstack.messenger.fakes import (
    WALLET,
    World,
    a_letter,
    a_wallets_address,
    always,
    message,
    sends,
    spawn,
)
from unitstack.errors import (
    EngineError,
    Interrupted,
    NotFound,
    Refused,
    UnitUnreachable,
    UnusableFile,
)
from unitstack.messenger.budget import Budget
from unitstack.units import Cascade
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.results import EvalResult, OutgoingAssignment
from unitstack.wire.tags import find, find_all


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path / "messenger.sqlite")
    yield world
    await world.unit.close()


def sender_to(world: World, *targets: ProcessId) -> ProcessId:
    """A process that sends each of the targets a message."""
    return world.network.a_process(answer=always(sends(*(message(each) for each in targets))))


async def until_received(world: World, process: ProcessId, count: int = 1) -> list[DataItem]:
    while len(world.network.received(process)) < count:
        world.network.arrived.clear()
        await world.network.arrived.wait()
    return world.network.received(process)


async def test_what_the_messenger_pushes_it_signs(world: World) -> None:
    target = world.network.a_process()

    await world.unit.settled(await world.unit.send(a_letter(sender_to(world, target))))

    assert world.network.received(target)[0].owner == WALLET.owner


async def test_nothing_is_owed_when_all_is_done(world: World) -> None:
    sender = sender_to(world, world.network.a_process())

    await world.unit.settled(await world.unit.send(a_letter(sender)))

    assert world.store.owed() == ()


async def test_nothing_is_owed_of_what_the_scheduler_refuses(world: World) -> None:
    world.network.away.append(Refused("not here"))

    with pytest.raises(Refused, match="not here"):
        await world.unit.send(a_letter(world.network.a_process()))

    assert world.store.owed() == ()


async def test_a_message_to_a_wallet_is_kept_by_the_gateway(world: World) -> None:
    wallet = a_wallets_address()
    sender = world.network.a_process(answer=always(sends(message(wallet))))

    cascade = await world.unit.settled(await world.unit.send(a_letter(sender)))

    kept = [item for item in world.network.items.values() if item.target_id == wallet]
    assert [item.data for item in kept] == [b"hello"]
    assert (cascade.done, cascade.notes) == (1, ())


async def test_a_name_reaches_the_process_that_has_it(world: World) -> None:
    target = world.network.a_process()
    sender = world.network.a_process(answer=always(sends(message("bob"))))
    world.unit.resolve = {"bob": target}.get

    await world.unit.settled(await world.unit.send(a_letter(sender)))

    assert len(world.network.received(target)) == 1


async def test_a_spawned_process_is_told_to_its_parent(world: World) -> None:
    parent = world.network.a_process()
    world.network.answers[parent] = lambda item: (
        EvalResult()
        if find(item.tags, "Action") == "Spawned"
        else sends(spawns=(spawn(("Authority", "mu")),))
    )

    root = await world.unit.send(a_letter(parent))
    cascade = await world.unit.settled(root)

    notice = world.network.received(parent)[-1]
    child = find(notice.tags, "Process")
    assert child in world.network.logs
    assert (cascade.done, cascade.notes) == (2, ())


async def test_a_child_that_will_trust_nobody_is_told_of(world: World) -> None:
    parent = world.network.a_process()
    world.network.answers[parent] = lambda item: (
        EvalResult() if find(item.tags, "Action") == "Spawned" else sends(spawns=(spawn(),))
    )

    cascade = await world.unit.settled(await world.unit.send(a_letter(parent)))

    assert "was spawned without an Authority tag" in cascade.notes[0]


async def test_a_spawn_that_no_scheduler_takes_is_told(world: World) -> None:
    asked = sends(spawns=(spawn(("Data-Protocol+link", "x")),))
    parent = world.network.a_process(answer=always(asked))

    cascade = await world.unit.settled(await world.unit.send(a_letter(parent)))

    assert "spawn of process" in cascade.notes[0]
    assert "+link" in cascade.notes[0]


async def test_an_assignment_that_no_scheduler_takes_is_told(world: World) -> None:
    nobody = ProcessId(TxId(a_wallets_address()))
    asked = OutgoingAssignment(a_letter(nobody).id, (nobody,))
    sender = world.network.a_process(answer=always(sends(assignments=(asked,))))

    cascade = await world.unit.settled(await world.unit.send(a_letter(sender)))

    assert f"to process {nobody}: process {nobody} is not known here" in cascade.notes[0]


async def test_a_process_s_own_item_is_looked_up_where_the_scheduler_has_it_not(
    world: World,
) -> None:
    target = world.network.a_process()
    sender = sender_to(world, target)
    own = world.network.logs[sender][0]
    assert own.message is not None
    world.network.items[own.message.item.id] = own.message.item
    world.network.logs[sender][0] = replace(own, message=None)

    await world.unit.settled(await world.unit.send(a_letter(sender)))

    assert len(world.network.received(target)) == 1


async def test_what_the_program_cannot_sign_is_told(world: World) -> None:
    long = "x" * 4000
    asked = sends(message(a_wallets_address(), ("Long", long)), spawns=(spawn(("Long", long)),))
    sender = world.network.a_process(answer=always(asked))

    cascade = await world.unit.settled(await world.unit.send(a_letter(sender)))

    assert "a message for" in cascade.notes[0]
    assert "4000 bytes" in cascade.notes[0]
    assert cascade.notes[1].startswith("a spawn of process")


async def test_a_halted_cascade_s_work_that_waits_its_turn_is_not_done(world: World) -> None:
    target = world.network.a_process()
    world.network.hold(target)
    root = await world.unit.send(a_letter(sender_to(world, target, target)))
    await world.network.evaluating[target].wait()
    await world.unit.halt(root, "enough")

    world.network.release(target)
    other = await world.unit.settled(await world.unit.send(a_letter(sender_to(world, target))))

    assert other.done == 1
    assert len(world.network.received(target)) == 2


async def test_a_halted_message_that_nobody_knows_set_nothing_off(world: World) -> None:
    root = MessageId(TxId(a_wallets_address()))

    assert await world.unit.halt(root, "enough") == Cascade(root, 0, 0)


async def test_what_a_process_sends_at_its_birth_goes_out(world: World) -> None:
    target = world.network.a_process()
    process = sender_to(world, target)
    own = (await world.network.process(process)).message
    assert own is not None
    world.network.logs.pop(process)

    await world.unit.settled(await world.unit.send(own.item))

    assert len(world.network.received(target)) == 1


async def test_an_assignment_hands_the_item_to_each_process(world: World) -> None:
    first, second = world.network.a_process(), world.network.a_process()
    letter = a_letter(world.network.a_process())
    world.network.items[letter.id] = letter
    asked = OutgoingAssignment(letter.id, (first, second), exclude=("Data",))
    sender = world.network.a_process(answer=always(sends(assignments=(asked,))))

    await world.unit.settled(await world.unit.send(a_letter(sender)))

    handed = [world.network.logs[process][-1].assignment for process in (first, second)]
    assert [(each.message, each.exclude) for each in handed] == [(letter.id, ("Data",))] * 2


async def test_what_an_assignment_sets_off_is_pushed_for_nothing(world: World) -> None:
    target = world.network.a_process()
    middle = sender_to(world, target)
    letter = a_letter(world.network.a_process())
    world.network.items[letter.id] = letter
    asked = OutgoingAssignment(letter.id, (middle,))
    sender = world.network.a_process(answer=always(sends(assignments=(asked,))))

    cascade = await world.unit.settled(await world.unit.send(a_letter(sender)))

    assert find_all(world.network.received(target)[0].tags, "Pushed-For") == ()
    assert cascade.done == 2


async def test_processes_do_not_wait_for_one_another(world: World) -> None:
    slow, quick = world.network.a_process(), world.network.a_process()
    world.network.hold(slow)

    root = await world.unit.send(a_letter(sender_to(world, slow, quick)))
    await until_received(world, quick)

    world.network.release(slow)
    assert (await world.unit.settled(root)).done == 2


async def test_an_interrupted_evaluation_is_told_and_the_others_go_on(world: World) -> None:
    stopped, other = world.network.a_process(), world.network.a_process()
    world.network.problems[stopped].append(Interrupted("a person stopped it"))

    cascade = await world.unit.settled(
        await world.unit.send(a_letter(sender_to(world, stopped, other)))
    )

    assert (cascade.done, cascade.owed) == (2, 0)
    assert f"for {stopped}: a person stopped it" in cascade.notes[0]


async def test_a_broken_engine_is_told_and_the_others_go_on(world: World) -> None:
    broken, other = world.network.a_process(), world.network.a_process()
    world.network.problems[broken].append(EngineError("module is unfit"))

    cascade = await world.unit.settled(
        await world.unit.send(a_letter(sender_to(world, broken, other)))
    )

    assert "module is unfit" in cascade.notes[0]
    assert len(world.network.received(other)) == 1


async def test_a_bug_stops_its_cascade_and_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken, target = world.network.a_process(), world.network.a_process()
    world.network.problems[broken].append(ZeroDivisionError("division by zero"))

    stopped = await world.unit.settled(await world.unit.send(a_letter(broken)))
    other = await world.unit.settled(await world.unit.send(a_letter(sender_to(world, target))))

    assert "ZeroDivisionError: division by zero; this is a bug in ao kernel" in stopped.stopped
    assert other.done == 1
    assert "division by zero" in caplog.text


async def test_what_a_full_disk_stopped_goes_on_after_a_restart(world: World) -> None:
    target = world.network.a_process()
    world.network.problems[target].append(UnusableFile("compute.sqlite", "disk is full"))
    root = await world.unit.send(a_letter(sender_to(world, target)))

    stopped = await world.unit.settled(root)
    again = await (await world.restart()).settled(root)

    assert "disk is full; what is owed is kept" in stopped.stopped
    assert (again.owed, again.stopped) == (0, "")
    assert len(world.network.received(target)) == 1


async def test_a_unit_that_was_away_is_asked_again(world: World) -> None:
    target = world.network.a_process()
    world.network.problems[target].append(UnitUnreachable("http://cu", "connection refused"))

    cascade = await world.unit.settled(await world.unit.send(a_letter(sender_to(world, target))))

    assert (cascade.done, cascade.notes) == (1, ())


async def test_a_unit_that_stays_away_is_told(world: World) -> None:
    target = world.network.a_process()
    world.network.problems[target] += [UnitUnreachable("http://cu", "refused") for _ in range(3)]

    cascade = await world.unit.settled(await world.unit.send(a_letter(sender_to(world, target))))

    assert "http://cu did not answer: refused" in cascade.notes[0]


async def test_a_chain_ends_when_its_budget_of_depth_does(world: World) -> None:
    world.unit.budget = Budget(depth=7)
    endless = world.network.a_process()
    world.network.answers[endless] = lambda item: sends(message(endless))

    cascade = await world.unit.settled(await world.unit.send(a_letter(endless)))

    assert (cascade.done, cascade.owed) == (7, 1)
    assert "a chain of 8 messages" in cascade.stopped
    assert world.store.owed() == ()


async def test_a_cascade_ends_when_its_time_does(world: World) -> None:
    endless = world.network.a_process()

    def answer(item: DataItem) -> EvalResult:
        world.seconds += 25.0
        return sends(message(endless))

    world.network.answers[endless] = answer

    cascade = await world.unit.settled(await world.unit.send(a_letter(endless)))

    assert cascade.done == 3
    assert "75.0 s" in cascade.stopped


async def test_after_a_restart_what_is_owed_goes_on(world: World) -> None:
    target = world.network.a_process()
    world.network.hold(target)
    root = await world.unit.send(a_letter(sender_to(world, target, target, target)))
    await until_received(world, target)

    unit = await world.restart()
    world.network.release(target)
    cascade = await unit.settled(root)

    received = [item.id for item in world.network.received(target)]
    assert (len(received), len(set(received)), cascade.owed) == (3, 3, 0)


async def test_after_a_restart_an_item_is_not_handed_over_twice(world: World) -> None:
    target = world.network.a_process()
    letter = a_letter(world.network.a_process())
    world.network.items[letter.id] = letter
    world.network.hold(target)
    asked = OutgoingAssignment(letter.id, (target,))
    sender = world.network.a_process(answer=always(sends(assignments=(asked,))))
    root = await world.unit.send(a_letter(sender))
    await world.network.evaluating[target].wait()

    unit = await world.restart()
    world.network.release(target)
    await unit.settled(root)

    assert len(world.network.logs[target]) == 2


async def test_after_a_restart_an_item_that_was_not_handed_over_is(world: World) -> None:
    target = world.network.a_process()
    blocked = world.network.a_process()
    letter = a_letter(world.network.a_process())
    world.network.items[letter.id] = letter
    world.network.hold(target)
    asked = OutgoingAssignment(letter.id, (target,))
    sender = world.network.a_process(
        answer=always(sends(message(target), message(blocked), assignments=(asked,)))
    )
    root = await world.unit.send(a_letter(sender))
    await until_received(world, target)

    unit = await world.restart()
    world.network.release(target)
    await unit.settled(root)

    assert world.network.logs[target][-1].assignment.message == letter.id


async def test_who_waits_for_a_cascade_is_told_when_the_messenger_is_closed(world: World) -> None:
    target = world.network.a_process()
    world.network.hold(target)
    root = await world.unit.send(a_letter(sender_to(world, target)))
    waiting = asyncio.create_task(world.unit.settled(root))
    await until_received(world, target)

    await world.restart()

    assert "was closed" in (await waiting).stopped


async def test_what_a_clock_sets_off_is_pushed_for_nothing(world: World) -> None:
    target, process = world.network.a_process(), world.network.a_process()
    world.network.falls_due(process, sends(message(target)))

    await world.unit.monitor(process)
    (pushed,) = await until_received(world, target)

    assert find_all(pushed.tags, "Pushed-For") == ()
    assert find(pushed.tags, "From-Process") == process


async def test_a_clock_is_looked_at_again_and_again(world: World) -> None:
    target, process = world.network.a_process(), world.network.a_process()
    await world.unit.monitor(process)

    world.network.falls_due(process, sends(message(target)), 1000)
    world.turns.put_nowait(None)
    await until_received(world, target, 1)
    world.network.falls_due(process, sends(message(target)), 2000)
    world.turns.put_nowait(None)

    assert len(await until_received(world, target, 2)) == 2


async def test_after_a_restart_a_clock_goes_on_where_it_was_left(world: World) -> None:
    target, process = world.network.a_process(), world.network.a_process()
    world.network.falls_due(process, sends(message(target)), 1000)
    await world.unit.monitor(process)
    await until_received(world, target)

    world.network.falls_due(process, sends(message(target)), 2000)
    await world.restart()

    assert len(await until_received(world, target, 2)) == 2
    assert world.store.owed() == ()


async def test_a_clock_survives_what_goes_wrong(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    target, process = world.network.a_process(), world.network.a_process()
    world.network.falls_due(process, sends(message(target), message("nobody")))
    world.network.problems[process] += [EngineError("gas"), ZeroDivisionError("a bug")]

    await world.unit.monitor(process)
    world.turns.put_nowait(None)
    world.turns.put_nowait(None)

    await until_received(world, target)
    assert [text in caplog.text for text in ("gas", "a bug", "'nobody' is neither")] == [True] * 3


async def test_a_clock_that_is_left_is_not_watched_after_a_restart(world: World) -> None:
    process = world.network.a_process()
    await world.unit.monitor(process)
    await world.unit.unmonitor(process)

    unit = await world.restart()

    with pytest.raises(NotFound):
        await unit.unmonitor(process)


async def test_a_message_for_a_process_that_is_gone_is_told_after_a_restart(world: World) -> None:
    process = world.network.a_process()
    world.network.hold(process)
    root = await world.unit.send(a_letter(process))
    world.network.logs.clear()

    unit = await world.restart()
    cascade = await unit.settled(root)

    assert f"process {process} is not known here" in cascade.notes[0]
