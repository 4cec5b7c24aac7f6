from pathlib import Path

import pytest

from tests.unitstack.worlds.networks import seen
from unitstack.errors import Refused
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.wire.seeds import GENESIS, Seed

PING = """Handlers.add("ping", "Ping", function(msg) msg.reply({ Action = "Pong", Data = msg.Data .. math.random() }) end)"""


async def played(stack: Stack) -> list[str]:
    """Two processes that write to each other; every id and time that comes of it."""
    client = stack.client(Seed("42").wallet("you"))
    alice, bob = await client.spawn("alice"), await client.spawn("bob")
    await bob.eval(PING)
    for number in range(3):
        source = f'Send({{ Target = "{bob.id}", Action = "Ping", Data = "{number}" }})'
        await client.settled(await alice.begin_eval(source))
    logs = [each for process in (alice, bob) async for each in process.messages()]
    ids = [f"{each.assignment.id} {each.assignment.message}" for each in logs]
    times = [str(each.assignment.block.timestamp) for each in logs]
    return [*ids, *times, await seen(alice, "Inbox[#Inbox].Data")]


@pytest.mark.parametrize("engine", list(EngineName))
async def test_a_world_is_the_same_each_time_that_it_grows_from_a_seed(engine: EngineName) -> None:
    runs = []
    for _ in range(2):
        async with open_stack(None, settings=StackSettings(engine, seed=Seed("42"))) as stack:
            runs.append(await played(stack))

    assert runs[0] == runs[1]


async def test_other_seeds_give_other_worlds() -> None:
    authorities = set()
    for text in ("42", "43"):
        async with open_stack(None, settings=StackSettings(seed=Seed(text))) as stack:
            authorities.add(stack.authority)

    assert len(authorities) == 2


async def test_its_clock_moves_a_second_with_all_that_a_person_sends() -> None:
    settings = StackSettings(EngineName.LUA, seed=Seed("42"))
    async with open_stack(None, settings=settings) as stack:
        alice = await stack.client(Seed("42").wallet("you")).spawn("alice")
        await alice.eval("1")

        log = [each.assignment.block.timestamp async for each in alice.messages()]

    assert log == [GENESIS.timestamp + 1000, GENESIS.timestamp + 2000]


async def test_time_passes_in_it_when_it_is_told_to() -> None:
    settings = StackSettings(EngineName.LUA, seed=Seed("42"))
    async with open_stack(None, settings=settings) as stack:
        crons = [("Cron-Interval", "1-minute")]
        alice = await stack.client(Seed("42").wallet("you")).spawn("alice", tags=crons)
        await stack.messenger.monitor(alice.id)

        ticks = await stack.world.pass_time(3_600_000)

    assert len(ticks) == 60


async def test_it_is_not_kept_in_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="a world that grows from a seed is in memory"):
        async with open_stack(tmp_path, settings=StackSettings(seed=Seed("42"))):
            raise AssertionError("it was opened")
