import pytest

from tests.unitstack.compute.fakes import START, World, an_item
from unitstack.compute.program import Program
from unitstack.compute.sources import ChainView, Sources
from unitstack.compute.standing import Standing, beginning
from unitstack.compute.timeline import Step
from unitstack.errors import InvalidItem, NotFound
from unitstack.wire.assignments import BlockTime
from unitstack.wire.ids import Nonce, ProcessId, TxId
from unitstack.wire.tags import Tag

TO = "T" * 42 + "A"


@pytest.fixture
def world() -> World:
    return World()


def sources(world: World) -> Sources:
    return Sources(world.scheduler, world.gateway, lambda _: world.engine)


async def walk(
    sources: Sources, program: Program, standing: Standing, to: Nonce | None = None
) -> list[Step]:
    steps = []
    async for step in sources.steps(program, standing, to=to):
        standing.take(step)
        steps.append(step)
    return steps


async def test_the_log_is_walked_page_by_page_to_its_end(world: World) -> None:
    process = world.a_process()
    for n in range(1500):
        world.say(process, str(n))
    program = await sources(world).program(process)

    steps = await walk(sources(world), program, beginning(program.crons.origin))

    assert [step.ordinate.nonce for step in steps] == list(range(1501))


async def test_a_walk_ends_at_the_message_that_it_was_asked_for(world: World) -> None:
    process = world.a_process()
    for n in range(5):
        world.say(process, str(n))
    program = await sources(world).program(process)

    steps = await walk(sources(world), program, beginning(program.crons.origin), Nonce(3))

    assert [step.ordinate.nonce for step in steps] == [0, 1, 2, 3]


async def test_an_assigned_item_is_read_from_the_gateway_with_its_own_target(world: World) -> None:
    process = world.a_process()
    item = an_item(target=TO, data="found", tags=(Tag("Name", "x"),))
    await world.gateway.upload(item)
    world.scheduler.put_assigned(process, item.id)

    await world.unit.result(process, world.last(process).id)

    message = world.engine.envelopes[-1].message
    assert (message["Id"], message["Data"], message["Target"]) == (item.id, "found", TO)


async def test_what_an_assignment_excludes_is_absent(world: World) -> None:
    process = world.a_process()
    item = an_item(data="found", tags=(Tag("From-Process", "F" * 43),), anchor="0" * 32)
    await world.gateway.upload(item)
    world.scheduler.put_assigned(process, item.id, exclude=("Data", "Tags", "Signature", "Anchor"))
    program = await sources(world).program(process)
    steps = await walk(sources(world), program, beginning(program.crons.origin))

    message = await sources(world).read(program, steps[-1])

    assert not {"Data", "Tags", "Signature", "Anchor"} & set(message)
    assert message["From"] == message["Owner"]


async def test_an_item_that_is_assigned_once_more_is_evaluated_once(world: World) -> None:
    process = world.a_process()
    item = an_item(data="found")
    await world.gateway.upload(item)
    world.scheduler.put_assigned(process, item.id)
    world.scheduler.put_assigned(process, item.id)

    result = await world.unit.result(process, world.last(process).id)

    assert world.engine.handled == ["boot", "found"]
    assert result.output.data == "boot@0 found@1000"


async def test_an_assigned_item_that_no_gateway_has_is_not_found(world: World) -> None:
    process = world.a_process()
    world.scheduler.put_assigned(process, TxId("U" * 43))

    with pytest.raises(NotFound):
        await world.unit.result(process, world.last(process).id)


async def test_a_log_whose_hash_chain_is_broken_is_not_evaluated_past_it(world: World) -> None:
    world.scheduler.time = BlockTime(1_500_000, START)
    process = world.a_process()
    world.say(process, "one")
    bad = world.forge(process)
    program = await sources(world).program(process)

    with pytest.raises(InvalidItem, match=f"HashChain invalid on message {bad}"):
        await walk(sources(world), program, beginning(program.crons.origin))


async def test_blocks_are_asked_for_only_where_a_process_has_intervals(world: World) -> None:
    asked: list[tuple[BlockTime, BlockTime]] = []

    async def blocks(left: BlockTime, right: BlockTime) -> tuple[BlockTime, ...]:
        asked.append((left, right))
        return (BlockTime(left.height + 1, left.timestamp + 500),)

    source = Sources(
        world.scheduler, world.gateway, lambda _: world.engine, chain=ChainView(blocks)
    )
    plain, counting = world.a_process(), world.a_process(Tag("Cron-Interval", "1-block"))
    for process in (plain, counting):
        world.say(process, "one", at=2000)

    walks = [await walked(source, process) for process in (plain, counting)]

    assert [[step.ordinate.cron for step in steps] for steps in walks] == [
        ["", ""],
        ["", "0-1-block", ""],
    ]
    assert len(asked) == 1


async def walked(source: Sources, process: ProcessId) -> list[Step]:
    program = await source.program(process)
    return await walk(source, program, beginning(program.crons.origin))
