from pathlib import Path

import pytest

from tests.unitstack.worlds.networks import a_process, a_stack, seen
from unitstack.clock import CHAIN, VirtualClock, wall_clock
from unitstack.errors import Refused
from unitstack.stack import open_stack
from unitstack.worlds.beginning import CLOCK

HOUR = 3_600_000
TICK = """
Handlers.add("tick", "Tick", function(msg)
  Ticks = (Ticks or 0) + 1
  Send({ Target = "%s", Action = "Heard", Data = tostring(Ticks) })
end)
"""
EVERY_HOUR = (("Cron-Interval", "1-hour"), ("Cron-Tag-Action", "Tick"))


async def test_a_monitored_process_gets_its_crons_as_time_passes() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack, "alice", *EVERY_HOUR), await a_process(stack, "bob")
        await alice.eval(TICK % bob.id)
        await stack.messenger.monitor(alice.id)

        ticks = await stack.world.pass_time(24 * HOUR)

        assert len(ticks) == 24
        assert await seen(alice, "Ticks") == "24"
        assert await seen(bob, "#Inbox") == "25"


async def test_what_a_cron_sends_is_sent_when_the_cron_is_due() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack, "alice", *EVERY_HOUR), await a_process(stack, "bob")
        await alice.eval(TICK % bob.id)
        await stack.messenger.monitor(alice.id)

        await stack.world.pass_time(3 * HOUR)

        apart = "Inbox[#Inbox].Timestamp - Inbox[#Inbox - 1].Timestamp"
        assert await seen(bob, apart) == str(HOUR)


async def test_the_crons_of_others_wait_until_they_are_run() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack, "alice", *EVERY_HOUR), await a_process(stack, "bob")
        await alice.eval(TICK % bob.id)

        passed = await stack.world.pass_time(5 * HOUR + 1000)
        ticks = await stack.world.tick(alice.id)

        assert (len(passed), len(ticks)) == (0, 5)
        assert await seen(bob, "Inbox[#Inbox].Data") == "5"


async def test_the_clock_goes_on_as_it_went() -> None:
    async with a_stack() as stack:
        await stack.world.pass_time(HOUR)
        ran = stack.world.clock.dial.runs
        stack.world.clock.freeze()
        await stack.world.pass_time(HOUR)

        assert ran
        assert not stack.world.clock.dial.runs


async def test_a_clock_that_ran_goes_on_after_a_crash_while_time_passes(tmp_path: Path) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack, "alice", *EVERY_HOUR)
        await stack.messenger.monitor(alice.id)
        runs: list[bool] = []

        def look(done: int, whole: int) -> None:
            after_a_crash = VirtualClock(file=tmp_path / CLOCK)
            runs.append(after_a_crash.dial.runs)

        await stack.world.pass_time(2 * HOUR, look)

        assert runs == [True, True]


async def test_time_does_not_go_back_and_the_clock_goes_on() -> None:
    async with a_stack() as stack:
        with pytest.raises(Refused, match="time does not go back"):
            await stack.world.pass_time(-1)

        assert stack.world.clock.dial.runs


async def test_blocks_are_mined_by_letting_time_pass() -> None:
    async with a_stack() as stack:
        every = (("Cron-Interval", "10-blocks"), ("Cron-Tag-Action", "Tick"))
        alice = await a_process(stack, "alice", *every)
        await stack.messenger.monitor(alice.id)
        before = (await stack.units.scheduler.now()).height

        ticks = await stack.world.mine(100)

        assert (await stack.units.scheduler.now()).height == before + 100
        assert len(ticks) in (9, 10)


async def test_an_interval_tells_when_it_is_due_and_when_it_was() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack, "alice", *EVERY_HOUR)
        (before,) = await stack.world.intervals(alice.id)
        await stack.world.pass_time(HOUR + 1000)
        await stack.world.tick(alice.id)
        (after,) = await stack.world.intervals(alice.id)

        assert before.last is None
        assert after.last is not None
        assert (after.due or 0) - (before.due or 0) == HOUR
        assert after.last.block.timestamp == before.due
        assert (after.cron, after.monitored) == ("0-1-hour", False)


async def test_a_process_without_crons_has_no_intervals() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)

        assert await stack.world.intervals(alice.id) == ()
        assert await stack.world.tick(alice.id) == ()


async def test_progress_is_told_on_the_way() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack, "alice", *EVERY_HOUR)
        await stack.messenger.monitor(alice.id)
        told: list[tuple[int, int]] = []

        await stack.world.pass_time(3 * HOUR, lambda done, whole: told.append((done, whole)))

        assert len(told) == 3
        assert all(done <= whole == 3 * HOUR for done, whole in told)


async def test_a_clock_that_was_given_is_not_moved() -> None:
    async with open_stack(None, clock=wall_clock) as stack:
        with pytest.raises(Refused, match="the clock of this network was given to it"):
            await stack.world.pass_time(1)


async def test_blocks_and_time_agree_after_a_jump() -> None:
    async with a_stack() as stack:
        stack.world.clock.freeze()
        await stack.world.pass_time(1000 * HOUR)

        now = await stack.units.scheduler.now()

        assert now == CHAIN.at(now.timestamp)
