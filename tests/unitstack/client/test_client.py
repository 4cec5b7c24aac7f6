from collections.abc import AsyncIterator

import pytest

from tests.items import A_SCHEDULER, AN_ID, a_wallet
from tests.unitstack.messenger.fakes import World
from unitstack.client.client import Client
from unitstack.client.drafts import Defaults
from unitstack.errors import InvalidItem, NotFound
from unitstack.units import Units
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, ModuleId, ProcessId, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.results import EvalResult, Output
from unitstack.wire.tags import find

NOBODY = ProcessId(TxId("U" * 42 + "A"))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


@pytest.fixture
def client(world: World) -> Client:
    units = Units(world.unit, world.network, world.network, world.network)
    defaults = Defaults(ModuleId(AN_ID), Address(A_SCHEDULER), (Address("messenger"),))
    return Client(units, a_wallet("ethereum"), defaults)


def test_a_client_goes_by_the_address_that_processes_see(client: Client) -> None:
    assert client.address.startswith("0x")


async def test_a_spawned_process_is_in_its_own_log(world: World, client: Client) -> None:
    process = await client.spawn("alice", data="On-Boot", tags={"X": "1"})

    (own,) = world.network.logs[process.id]
    assert own.message is not None
    item = own.message.item
    assert [find(item.tags, name) for name in ("Name", "X", "Module")] == ["alice", "1", AN_ID]
    assert (item.data, process.name) == (b"On-Boot", "alice")


async def test_a_limit_that_cannot_be_read_is_refused_before_anything_is_sent(
    world: World, client: Client
) -> None:
    with pytest.raises(InvalidItem, match="Memory-Limit is 'lots', a size such as '500-mb'"):
        await client.spawn(tags={"Memory-Limit": "lots"})

    assert not world.network.logs


async def test_a_process_may_run_another_module(world: World, client: Client) -> None:
    process = await client.spawn(module=ModuleId(NOBODY))

    own = world.network.logs[process.id][0].message
    assert own is not None
    assert find(own.item.tags, "Module") == NOBODY


async def test_a_message_arrives_as_it_was_given(world: World, client: Client) -> None:
    process = world.network.a_process()

    await client.message(process, data="hello", tags={"Action": "Greet"}, anchor="a" * 32)

    (item,) = world.network.received(process)
    assert (item.data, item.anchor, find(item.tags, "Action")) == (b"hello", b"a" * 32, "Greet")


async def test_a_draft_is_signed_and_sent_as_a_message(world: World, client: Client) -> None:
    process = world.network.a_process()

    message = await client.send(Draft(process))

    (item,) = world.network.received(process)
    assert (item.id, item.owner) == (message, client.wallet.owner)


async def test_a_message_for_nobody_is_not_found(client: Client) -> None:
    with pytest.raises(NotFound):
        await client.message(NOBODY, data="hello")


async def test_an_eval_gives_what_the_process_answers(world: World, client: Client) -> None:
    def answer(item: DataItem) -> EvalResult:
        return EvalResult(Output(f"{find(item.tags, 'Action')} {item.data.decode()}"))

    process = client.process(world.network.a_process(answer=answer), "alice")

    assert (await process.eval("1 + 1")).output.data == "Eval 1 + 1"


async def test_an_item_is_assigned_and_its_cascade_settles(world: World, client: Client) -> None:
    letter = client.sign(Draft(world.network.a_process()))
    world.network.items[letter.id] = letter

    assignment = await client.assign(world.network.a_process(), letter.id)

    assert str((await client.settled(assignment)).root) == assignment


async def test_a_clock_is_watched_until_it_is_left(world: World, client: Client) -> None:
    process = world.network.a_process()
    await client.monitor(process)
    await client.unmonitor(process)

    with pytest.raises(NotFound):
        await client.unmonitor(process)


async def test_a_long_log_is_read_to_its_end(world: World, client: Client) -> None:
    process = world.network.a_process()
    for number in range(1001):
        world.network._append(process, TxId(str(number)), None)

    log = [scheduled.assignment.nonce async for scheduled in client.process(process).messages()]

    assert log == list(range(1002))


async def test_a_log_is_read_from_past_a_place(world: World, client: Client) -> None:
    process = client.process(world.network.a_process())
    await process.send(data="one")
    await process.send(data="two")

    log = [scheduled.assignment.nonce async for scheduled in process.messages(after=0)]

    assert log == [1, 2]
