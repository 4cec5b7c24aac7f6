import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.unitstack.compute.fakes import PATIENCE, World
from unitstack.compute.keeper import MemoryPolicy
from unitstack.compute.unit import ComputeUnit, Settings
from unitstack.errors import EngineError, Interrupted, NotFound
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Address, MessageId, Nonce, ProcessId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

SENDER = Address("A" * 43)
OFTEN = Settings(policy=MemoryPolicy(messages=3))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


async def spinning(world: World) -> None:
    assert await asyncio.to_thread(world.engine.spinning.wait, PATIENCE)


async def state(unit: ComputeUnit, process: ProcessId) -> object:
    """What a process has been told, by asking it without a trace."""
    result = await unit.dry_run(process, Draft(data=b"?"), sender=SENDER)
    return str(result.output.data).rpartition(" ")[0]


async def test_the_same_log_gives_the_same_state(world: World) -> None:
    process = world.a_process(Tag("Cron-Interval", "2-seconds"))
    for data in ("one", "fail", "two", "gas", "three"):
        last = world.say(process, data)
    await world.unit.result(process, last)
    other = World()
    other.scheduler, other.gateway = world.scheduler, world.gateway
    fresh = other.another_unit()

    assert await state(fresh, process) == await state(world.unit, process)


async def test_an_error_of_the_engine_is_the_result_and_the_log_goes_on(world: World) -> None:
    process = world.a_process()
    dear = world.say(process, "gas")
    after = world.say(process, "after")

    assert (await world.unit.result(process, dear)).error == "out of gas"
    assert (await world.unit.result(process, after)).output.data == "boot@0 after@2000"


async def test_messages_are_evaluated_once_however_many_ask(world: World) -> None:
    process = world.a_process()
    messages = [world.say(process, str(n)) for n in range(5)]

    await asyncio.gather(*(world.unit.result(process, m) for m in reversed(messages)))

    assert world.engine.handled == ["boot", "0", "1", "2", "3", "4"]
    assert world.engine.made == 1


async def test_processes_run_side_by_side(world: World) -> None:
    one, other = world.a_process(), world.a_process()
    both = [(process, world.say(process, "meet")) for process in (one, other)]

    results = await asyncio.gather(*(world.unit.result(*each) for each in both))

    assert [result.error for result in results] == [None, None]


async def test_a_process_that_is_stuck_holds_up_no_other(world: World) -> None:
    stuck, free = world.a_process(), world.a_process()
    waiting = asyncio.create_task(world.unit.result(stuck, world.say(stuck, "spin")))
    await spinning(world)

    assert (await world.unit.result(free, world.say(free, "one"))).error is None

    world.unit.interrupt(stuck)
    with pytest.raises(Interrupted):
        await waiting


async def test_an_interrupt_reaches_everyone_who_waits_for_the_message(world: World) -> None:
    process = world.a_process()
    spin = world.say(process, "spin")
    waiting = [asyncio.create_task(world.unit.result(process, spin)) for _ in range(2)]
    await spinning(world)

    world.unit.interrupt(process)

    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Interrupted, Interrupted]


async def test_the_log_goes_on_past_an_interrupted_message(world: World) -> None:
    process = world.a_process()
    spin = world.say(process, "spin")
    waiting = asyncio.create_task(world.unit.result(process, spin))
    await spinning(world)
    world.unit.interrupt()
    with pytest.raises(Interrupted):
        await waiting

    after = await world.unit.result(process, world.say(process, "after"))

    assert after.output.data == "boot@0 after@2000"


async def test_who_asks_later_is_told_that_the_message_was_interrupted(world: World) -> None:
    process = world.a_process()
    spin = world.say(process, "spin")
    waiting = asyncio.create_task(world.unit.result(process, spin))
    await spinning(world)
    world.unit.interrupt(process)
    with pytest.raises(Interrupted):
        await waiting

    result = await world.unit.result(process, spin)

    assert result.error == "interrupted: a person stopped the evaluation"


async def test_an_interrupted_message_is_left_out_of_a_replay(world: World) -> None:
    process = world.a_process()
    spin = world.say(process, "spin")
    waiting = asyncio.create_task(world.unit.result(process, spin))
    await spinning(world)
    world.unit.interrupt(process)
    with pytest.raises(Interrupted):
        await waiting
    after = world.say(process, "after")

    result = await world.another_unit().result(process, after)

    assert result.output.data == "boot@0 after@2000"


async def test_a_dry_run_can_be_interrupted_without_a_trace(world: World) -> None:
    process = world.a_process()
    waiting = asyncio.create_task(world.unit.dry_run(process, Draft(data=b"spin"), sender=SENDER))
    await spinning(world)

    world.unit.interrupt(process)

    with pytest.raises(Interrupted):
        await waiting
    assert await state(world.unit, process) == "boot@0"


async def test_an_interrupt_with_nothing_running_stops_nothing(world: World) -> None:
    process = world.a_process()
    await world.unit.result(process, MessageId(process))

    world.unit.interrupt(process)

    assert (await world.unit.result(process, world.say(process, "one"))).error is None


async def test_an_interrupt_that_comes_too_late_for_a_message_stops_before_the_next(
    world: World,
) -> None:
    process = world.a_process()
    held, two = world.say(process, "hold"), world.say(process, "two")
    waiting = asyncio.create_task(world.unit.result(process, two))
    await spinning(world)

    world.unit.interrupt(process)
    world.engine.release.set()

    with pytest.raises(Interrupted, match="before the next message was begun"):
        await waiting
    assert (await world.unit.result(process, held)).error is None
    assert (await world.unit.result(process, two)).output.data == "boot@0 hold@1000 two@2000"


async def test_a_replay_can_be_interrupted_and_begun_again(world: World) -> None:
    process = world.a_process()
    world.engine.release.set()
    world.say(process, "hold")
    await world.unit.result(process, world.say(process, "two"))
    world.engine.release.clear()
    world.engine.spinning.clear()
    unit = world.another_unit()
    waiting = asyncio.create_task(unit.result(process, world.say(process, "three")))
    await spinning(world)

    unit.interrupt(process)
    world.engine.release.set()

    with pytest.raises(Interrupted):
        await waiting
    assert await state(unit, process) == "boot@0 hold@1000 two@2000 three@3000"


async def test_a_message_that_was_withdrawn_is_not_begun_and_the_log_goes_on_past_it(
    world: World,
) -> None:
    process = world.a_process()
    spin = world.say(process, "spin")

    world.unit.withdraw(process, spin)

    after = await world.unit.result(process, world.say(process, "after"))
    assert after.output.data == "boot@0 after@2000"
    result = await world.unit.result(process, spin)
    assert result.error == "interrupted: a person stopped the evaluation"


async def test_withdrawing_a_message_that_was_evaluated_changes_nothing(world: World) -> None:
    process = world.a_process()
    one = world.say(process, "one")
    before = await world.unit.result(process, one)

    world.unit.withdraw(process, one)

    assert await world.unit.result(process, one) == before


async def test_a_message_that_was_withdrawn_while_it_ran_is_evaluated_when_the_process_goes_back(
    world: World,
) -> None:
    process = world.a_process()
    hold = world.say(process, "hold")
    running = asyncio.create_task(world.unit.result(process, hold))
    await spinning(world)
    world.unit.withdraw(process, hold)
    world.engine.release.set()
    first = await running

    await world.unit.cut(process, 0)

    assert first.error is None
    assert await world.unit.result(process, hold) == first


async def test_who_goes_back_in_time_takes_back_what_was_withdrawn(world: World) -> None:
    process = world.a_process()
    one = world.say(process, "one")
    world.unit.withdraw(process, one)

    await world.unit.cut(process, 0)

    assert (await world.unit.result(process, one)).error is None


async def test_a_dry_run_whose_caller_left_before_its_turn_is_not_begun(world: World) -> None:
    process = world.a_process()
    held = asyncio.create_task(world.unit.result(process, world.say(process, "hold")))
    await spinning(world)
    left = asyncio.create_task(world.unit.dry_run(process, Draft(data=b"spin"), sender=SENDER))
    await asyncio.sleep(0)

    left.cancel()
    world.engine.release.set()

    assert (await held).error is None
    assert (await world.unit.result(process, world.say(process, "after"))).error is None


async def test_a_caller_who_leaves_is_not_told_of_the_end(world: World) -> None:
    process = world.a_process()
    spin = world.say(process, "spin")
    waiting = asyncio.create_task(world.unit.result(process, spin))
    await spinning(world)

    waiting.cancel()
    world.unit.interrupt(process)

    assert (await world.unit.result(process, world.say(process, "after"))).error is None
    assert (await world.unit.result(process, spin)).error is not None


async def test_who_asks_while_the_unit_closes_is_told(world: World) -> None:
    process = world.a_process()
    spin, after = world.say(process, "spin"), world.say(process, "after")
    waiting = [asyncio.create_task(world.unit.result(process, each)) for each in (spin, after)]
    await spinning(world)

    await world.unit.close()

    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Interrupted, Interrupted]


async def test_an_engine_that_gives_no_memory_costs_time_alone(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    process = world.a_process()
    world.engine.no_memory = True
    await world.unit.result(process, world.say(process, "one"))

    await world.unit.close()

    assert f"no memory of process {process} is kept" in caplog.text
    result = await world.another_unit().result(process, world.say(process, "two"))
    assert result.output.data == "boot@0 one@1000 two@2000"


async def test_where_nothing_was_evaluated_there_is_no_checkpoint(world: World) -> None:
    process = world.a_process()
    world.scheduler.leave_out_the_process(process)

    with pytest.raises(NotFound):
        await world.unit.checkpoint(process)
    with pytest.raises(NotFound):
        await world.unit.result(process, MessageId(process))


async def test_a_caller_who_leaves_does_does_not_end_the_evaluation(world: World) -> None:
    process = world.a_process()
    one = world.say(process, "hold")
    waiting = asyncio.create_task(world.unit.result(process, one))
    await spinning(world)

    waiting.cancel()
    world.engine.release.set()

    assert (await world.unit.result(process, one)).output.data == "boot@0 hold@1000"
    assert world.engine.handled.count("hold") == 1


async def test_closing_stops_what_runs_and_leaves_it_to_be_evaluated_again(world: World) -> None:
    process = world.a_process()
    spin = world.say(process, "spin")
    waiting = asyncio.create_task(world.unit.result(process, spin))
    await spinning(world)

    await world.unit.close()

    with pytest.raises(Interrupted):
        await waiting
    assert world.store.find(process, spin) is None
    assert world.engine.closed == world.engine.made


async def test_a_restart_repeats_the_log_and_keeps_the_results(world: World) -> None:
    process = world.a_process()
    one = world.say(process, "one")
    await world.unit.result(process, one)
    unit = world.another_unit()

    result = await unit.result(process, world.say(process, "two"))

    assert result.output.data == "boot@0 one@1000 two@2000"
    assert world.engine.handled == ["boot", "one", "boot", "one", "two"]
    assert [e.message for e in (await unit.results(process)).items][:2] == [process, one]


async def test_a_known_result_needs_no_instance_after_a_restart(world: World) -> None:
    process = world.a_process()
    one = world.say(process, "one")
    await world.unit.result(process, one)

    result = await world.another_unit().result(process, one)

    assert result.output.data == "boot@0 one@1000"
    assert world.engine.made == 1


async def test_a_restart_after_a_close_begins_from_the_memory(world: World) -> None:
    process = world.a_process()
    await world.unit.result(process, world.say(process, "one"))
    await world.unit.close()

    result = await world.another_unit().result(process, world.say(process, "two"))

    assert result.output.data == "boot@0 one@1000 two@2000"
    assert world.engine.handled == ["boot", "one", "two"]


async def test_a_memory_and_what_follows_equal_a_replay_of_all(world: World) -> None:
    process = world.a_process(Tag("Cron-Interval", "2-seconds"))
    unit = world.another_unit(OFTEN)
    for n in range(10):
        await unit.result(process, world.say(process, f"fail {n}" if n % 4 == 0 else str(n)))

    restored = await world.another_unit().checkpoint(process)
    begun = world.engine.handled.count("boot")
    other = World()
    other.scheduler, other.gateway = world.scheduler, world.gateway
    replayed = await other.another_unit().checkpoint(process)

    assert restored == replayed
    assert begun == 1


async def test_a_memory_that_no_engine_can_use_gives_way_to_the_log(world: World) -> None:
    process = world.a_process()
    await world.unit.result(process, world.say(process, "one"))
    await world.unit.close()
    world.engine.unfit_memory = True

    result = await world.another_unit().result(process, world.say(process, "two"))

    assert result.output.data == "boot@0 one@1000 two@2000"
    assert world.store.find_memory(process) is None


async def test_a_dry_run_of_the_past_begins_from_the_memory_before_it(world: World) -> None:
    process = world.a_process()
    unit = world.another_unit(OFTEN)
    messages = [world.say(process, str(n)) for n in range(9)]
    await unit.result(process, messages[-1])
    world.engine.handled.clear()

    dry = await unit.dry_run(process, Draft(data=b"?"), sender=SENDER, at=messages[5])

    assert str(dry.output.data).endswith("5@6000 ?@6000")
    assert len(world.engine.handled) <= 3


async def test_cron_messages_due_before_a_message_are_evaluated_before_it(world: World) -> None:
    process = world.a_process(Tag("Cron-Interval", "10-seconds"))
    late = world.say(process, "late", at=25_000)

    result = await world.unit.result(process, late)

    assert result.output.data == "boot@0 cron@10000 cron@20000 late@25000"


async def test_a_cron_message_that_fails_is_passed_once(world: World) -> None:
    process = world.a_process(Tag("Cron-Interval", "10-seconds"), Tag("Cron-Tag-Action", "fail"))
    world.scheduler.time = world.at(25_000)
    ticked = await world.unit.tick(process)

    again = await world.another_unit().tick(process)

    assert [each.result.error for each in ticked] == ["it went wrong"] * 2
    assert again == ()


async def test_a_restart_between_cron_messages_goes_on_with_the_next(world: World) -> None:
    process = world.a_process(Tag("Cron-Interval", "10-seconds"), Tag("Cron-Interval", "5-seconds"))
    world.scheduler.time = world.at(12_000)
    await world.unit.tick(process)
    world.scheduler.time = world.at(21_000)

    evaluations = await world.another_unit().tick(process)

    assert [each.ordinate for each in evaluations] == [
        Ordinate(Nonce(0), world.at(15_000).timestamp, "0-5-seconds"),
        Ordinate(Nonce(0), world.at(20_000).timestamp, "0-5-seconds"),
        Ordinate(Nonce(0), world.at(20_000).timestamp, "1-10-seconds"),
    ]


async def test_a_tick_with_a_place_finds_what_a_message_brought_along(world: World) -> None:
    process = world.a_process(Tag("Cron-Interval", "10-seconds"))
    await world.unit.result(process, world.say(process, "late", at=15_000))
    world.scheduler.time = world.at(25_000)

    evaluations = await world.unit.tick(process, after=Ordinate(Nonce(0)))

    assert [each.block.timestamp for each in evaluations] == [
        world.at(10_000).timestamp,
        world.at(20_000).timestamp,
    ]


async def test_a_push_that_comes_twice_is_evaluated_once(world: World) -> None:
    process = world.a_process()
    pushed = Tag("From-Process", "F" * 43)
    world.say(process, "one", pushed)
    again = world.say(process, "one", pushed)

    result = await world.unit.result(process, again)

    assert world.engine.handled == ["boot", "one"]
    assert result.output.data == "boot@0 one@1000"


async def test_a_duplicate_asks_for_nothing_again(world: World) -> None:
    process = world.a_process()
    pushed = Tag("From-Process", "F" * 43)
    world.say(process, "send x", pushed)
    again = world.say(process, "send x", pushed)

    result = await world.unit.result(process, again)

    assert result.outbox.messages == ()


async def test_a_duplicate_is_skipped_after_a_restart_too(world: World) -> None:
    process = world.a_process()
    pushed = Tag("From-Process", "F" * 43)
    world.say(process, "one", pushed)
    world.say(process, "one", pushed)
    await world.unit.result(process, world.say(process, "two"))
    unit = world.another_unit()

    result = await unit.result(process, world.say(process, "three"))

    assert result.output.data == "boot@0 one@1000 two@3000 three@4000"


async def test_what_a_person_sends_twice_is_evaluated_twice(world: World) -> None:
    process = world.a_process()
    world.say(process, "one")

    result = await world.unit.result(process, world.say(process, "one"))

    assert result.output.data == "boot@0 one@1000 one@2000"


async def test_a_module_that_is_unfit_is_told_to_who_asks_and_others_go_on(world: World) -> None:
    process = world.a_process()
    world.engine.unfit = True

    with pytest.raises(EngineError, match="the module is unfit"):
        await world.unit.result(process, MessageId(process))

    world.engine.unfit = False
    assert await state(world.unit, process) == "boot@0"


async def test_only_so_many_instances_stay_alive(world: World) -> None:
    unit = world.another_unit(Settings(live=2))
    processes = [world.a_process() for _ in range(4)]

    for process in processes:
        await unit.result(process, MessageId(process))

    assert world.engine.made - world.engine.closed == 2


async def test_an_instance_that_was_let_go_comes_back_as_it_was(world: World) -> None:
    unit = world.another_unit(Settings(live=1))
    one, other = world.a_process(), world.a_process()
    await unit.result(one, world.say(one, "one"))
    await unit.result(other, world.say(other, "other"))

    result = await unit.result(one, world.say(one, "two"))

    assert str(result.output.data).startswith("boot@0 one@1000 two@")
    assert world.engine.handled.count("one") == 1


async def test_where_the_log_does_not_hold_the_process_it_is_still_its_first_message(
    world: World,
) -> None:
    process = world.a_process()
    world.scheduler.leave_out_the_process(process)
    zero = world.say(process, "zero")

    result = await world.unit.result(process, zero)
    again = await world.another_unit().result(process, world.say(process, "one"))

    assert result.output.data == "boot@0 zero@1000"
    assert again.output.data == "boot@0 zero@1000 one@2000"
    assert world.last(process).nonce == 1


async def test_an_instance_runs_within_the_limits_of_its_process(world: World) -> None:
    process = world.a_process(Tag("Memory-Limit", "128-mb"))

    await world.unit.result(process, MessageId(process))

    assert world.engine.limits == [(128 << 20, 1000)]
