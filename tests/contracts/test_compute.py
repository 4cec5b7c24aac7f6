import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from tests.asgi import client_of
from tests.unitstack.compute.fakes import World
from unitstack.compute.http import RemoteCompute, compute_app
from unitstack.errors import NotFound
from unitstack.units import Compute
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Address, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.messages import Draft, Guise
from unitstack.wire.tags import Tag


def over_http(world: World) -> Compute:
    app = compute_app(world.unit, world.scheduler, Address("C" * 43))
    return RemoteCompute(client_of(app), world.scheduler, pace=(0.0,))


PLAYERS: dict[str, Callable[[World], Compute]] = {
    "local": lambda world: world.unit,
    "http": over_http,
}
SENDER = Address("A" * 43)
UNKNOWN = "U" * 43


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


@pytest.fixture(params=PLAYERS)
def compute(request: pytest.FixtureRequest, world: World) -> Compute:
    return PLAYERS[request.param](world)


async def test_a_result_is_the_fold_of_all_messages_up_to_it(
    world: World, compute: Compute
) -> None:
    process = world.a_process()
    world.say(process, "one")
    two = world.say(process, "two")
    world.say(process, "three")

    result = await compute.result(process, two)

    assert result.output.data == "boot@0 one@1000 two@2000"


async def test_a_process_id_asks_for_the_result_of_its_boot(world: World, compute: Compute) -> None:
    process = world.a_process()

    result = await compute.result(process, MessageId(process))

    assert result.output.data == "boot@0"


async def test_an_assignment_id_asks_for_its_message(world: World, compute: Compute) -> None:
    process = world.a_process()
    world.say(process, "one")

    result = await compute.result(process, world.last(process).id)

    assert result.output.data == "boot@0 one@1000"


async def test_an_unknown_message_is_not_found(world: World, compute: Compute) -> None:
    process = world.a_process()

    with pytest.raises(NotFound, match=UNKNOWN):
        await compute.result(process, MessageId(TxId(UNKNOWN)))


async def test_an_unknown_process_is_not_found(compute: Compute) -> None:
    with pytest.raises(NotFound, match=UNKNOWN):
        await compute.result(ProcessId(TxId(UNKNOWN)), MessageId(TxId(UNKNOWN)))


async def test_an_outbox_is_part_of_the_result(world: World, compute: Compute) -> None:
    process = world.a_process()

    result = await compute.result(process, world.say(process, "send hello"))

    assert [message.data for message in result.outbox.messages] == ["hello"]


async def test_an_error_is_a_result_and_the_state_goes_back(world: World, compute: Compute) -> None:
    process = world.a_process()
    failing = world.say(process, "fail")
    after = world.say(process, "after")

    assert (await compute.result(process, failing)).error == "it went wrong"
    assert (await compute.result(process, after)).output.data == "boot@0 after@2000"


async def test_results_leave_errors_out_before_they_count(world: World, compute: Compute) -> None:
    process = world.a_process()
    for data in ("fail", "fail", "one", "fail", "two", "three"):
        last = world.say(process, data)
    await compute.result(process, last)

    page = await compute.results(process, after=Ordinate(Nonce(0)), limit=2)

    assert [evaluation.ordinate.nonce for evaluation in page.items] == [3, 5]
    assert page.cursor is not None


async def test_the_last_page_of_results_has_no_cursor(world: World, compute: Compute) -> None:
    process = world.a_process()
    await compute.result(process, world.say(process, "one"))

    page = await compute.results(process, limit=2)

    assert len(page.items) == 2
    assert page.cursor is None


async def test_results_come_newest_first_when_asked(world: World, compute: Compute) -> None:
    process = world.a_process()
    world.say(process, "one")
    await compute.result(process, world.say(process, "two"))

    page = await compute.results(process, newest_first=True, limit=2)

    assert [evaluation.ordinate.nonce for evaluation in page.items] == [2, 1]


async def test_an_evaluation_says_which_message_at_which_block(
    world: World, compute: Compute
) -> None:
    process = world.a_process()
    one = world.say(process, "one")
    await compute.result(process, one)

    (evaluation,) = (await compute.results(process, after=Ordinate(Nonce(0)))).items

    assert (evaluation.process, evaluation.message) == (process, one)
    assert evaluation.block == world.last(process).block


async def test_who_follows_is_woken_by_the_next_evaluation(world: World, compute: Compute) -> None:
    process = world.a_process()
    await compute.result(process, MessageId(process))
    place = Ordinate(Nonce(0))

    async with asyncio.TaskGroup() as tasks:
        follower = tasks.create_task(compute.evaluated(process, place))
        await asyncio.sleep(0)
        assert not follower.done()
        await compute.result(process, world.say(process, "one"))


async def test_an_error_does_not_wake_who_follows(world: World, compute: Compute) -> None:
    process = world.a_process()
    await compute.result(process, MessageId(process))

    async with asyncio.TaskGroup() as tasks:
        follower = tasks.create_task(compute.evaluated(process, Ordinate(Nonce(0))))
        await compute.result(process, world.say(process, "fail"))
        await asyncio.sleep(0)
        assert not follower.done()
        await compute.result(process, world.say(process, "one"))


async def test_who_follows_from_behind_does_not_wait(world: World, compute: Compute) -> None:
    process = world.a_process()
    await compute.result(process, world.say(process, "one"))

    async with asyncio.timeout(30):
        await compute.evaluated(process, Ordinate(Nonce(0)))


async def test_a_dry_run_sees_the_latest_state_and_leaves_no_trace(
    world: World, compute: Compute
) -> None:
    process = world.a_process()
    world.say(process, "one")

    dry = await compute.dry_run(process, Draft(data=b"dry"), sender=SENDER)
    after = await compute.result(process, world.say(process, "two"))

    assert dry.output.data == "boot@0 one@1000 dry@1000"
    assert after.output.data == "boot@0 one@1000 two@2000"
    assert len((await compute.results(process)).items) == 3


async def test_a_dry_run_can_ask_what_would_have_been(world: World, compute: Compute) -> None:
    process = world.a_process()
    one = world.say(process, "one")
    await compute.result(process, world.say(process, "two"))

    dry = await compute.dry_run(process, Draft(data=b"dry"), sender=SENDER, at=one)

    assert dry.output.data == "boot@0 one@1000 dry@1000"


async def test_a_dry_run_says_of_itself_what_it_is_to_say(world: World, compute: Compute) -> None:
    process = world.a_process()
    guise = Guise(id="an id", signature="a signature", timestamp=5, height=7)

    await compute.dry_run(process, Draft(data=b"dry"), sender=SENDER, guise=guise)

    message = world.engine.envelopes[-1].message
    said = [message[name] for name in ("Id", "Signature", "Timestamp", "Block-Height")]
    assert said == ["an id", "a signature", 5, 7]


async def test_a_checkpoint_is_the_memory_with_its_place(world: World, compute: Compute) -> None:
    process = world.a_process()
    world.say(process, "one")

    checkpoint = await compute.checkpoint(process)

    assert checkpoint.memory == b'["boot@0", "one@1000"]'
    assert checkpoint.ordinate == Ordinate(Nonce(1))
    assert checkpoint.assignment == world.last(process).id
    assert checkpoint.hash_chain == world.last(process).hash_chain


async def test_a_checkpoint_can_be_of_an_earlier_message(world: World, compute: Compute) -> None:
    process = world.a_process()
    one = world.say(process, "one")
    await compute.result(process, world.say(process, "two"))

    checkpoint = await compute.checkpoint(process, at=one)

    assert checkpoint.memory == b'["boot@0", "one@1000"]'
    assert checkpoint.ordinate == Ordinate(Nonce(1))


async def test_a_tick_evaluates_the_cron_messages_that_are_due(
    world: World, compute: Compute
) -> None:
    process = world.a_process(Tag("Cron-Interval", "10-seconds"), Tag("Cron-Tag-Action", "Tick"))
    world.scheduler.time = world.at(25_000)

    evaluations = await compute.tick(process)

    assert [(each.ordinate.cron, each.message) for each in evaluations] == [
        ("0-10-seconds", None)
    ] * 2
    assert evaluations[-1].result.output.data == "boot@0 Tick@10000 Tick@20000"


async def test_a_second_tick_does_not_evaluate_them_again(world: World, compute: Compute) -> None:
    process = world.a_process(Tag("Cron-Interval", "10-seconds"))
    world.scheduler.time = world.at(25_000)
    await compute.tick(process)

    assert await compute.tick(process) == ()


async def test_a_process_without_intervals_has_nothing_to_tick(
    world: World, compute: Compute
) -> None:
    process = world.a_process()
    world.scheduler.time = world.at(25_000)

    assert await compute.tick(process) == ()
