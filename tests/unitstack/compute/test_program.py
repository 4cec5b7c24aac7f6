import pytest

from tests.unitstack.compute.fakes import World
from unitstack.compute.sources import Sources
from unitstack.errors import EngineError, NotFound, Refused
from unitstack.wire.ids import ProcessId, TxId
from unitstack.wire.messages import Limits
from unitstack.wire.tags import Tag

MB = 1 << 20


@pytest.fixture
def world() -> World:
    return World()


def sources(world: World, caps: Limits | None = None) -> Sources:
    caps = caps or Limits(memory=1024 * MB, compute=9_000_000)
    return Sources(world.scheduler, world.gateway, lambda _: world.engine, caps=caps)


async def test_a_process_runs_its_modules_code_within_its_modules_limits(world: World) -> None:
    program = await sources(world).program(world.a_process())

    assert program.code == b"code"
    assert program.limits == Limits(memory=64 * MB, compute=1000)


async def test_a_processs_own_limits_go_before_its_modules(world: World) -> None:
    process = world.a_process(Tag("Memory-Limit", "128-mb"), Tag("Compute-Limit", "5000"))

    program = await sources(world).program(process)

    assert program.limits == Limits(memory=128 * MB, compute=5000)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (Tag("Memory-Limit", "128-mb"), f"{128 * MB} is asked for, {64 * MB} is allowed"),
        (Tag("Compute-Limit", "5000"), "5000 is asked for, 1000 is allowed"),
    ],
)
async def test_more_than_the_unit_allows_is_refused(world: World, tag: Tag, text: str) -> None:
    process = world.a_process(tag)

    with pytest.raises(Refused, match=f'{tag.name} for process "{process}" exceeds .*: {text}'):
        await sources(world, Limits(memory=64 * MB, compute=1000)).program(process)


async def test_a_module_that_no_gateway_has_is_named_with_its_process(world: World) -> None:
    module = TxId("M" * 43)
    process = world.a_process(module=module)

    with pytest.raises(EngineError, match=f"module {module} of process {process} is not known"):
        await sources(world).program(process)


async def test_a_module_that_needs_an_unknown_extension_is_refused(world: World) -> None:
    tags = Tag("Extension", "WeaveDrive"), Tag("Extension", "Oracle")
    process = world.a_process(module=world.a_module(*tags))

    with pytest.raises(Refused, match="are not supported: Oracle"):
        await sources(world).program(process)


async def test_only_modules_that_can_read_the_weave_are_given_it(world: World) -> None:
    reading = world.a_process(module=world.a_module(Tag("Extension", "WeaveDrive")))

    assert (await sources(world).program(reading)).weave is not None
    assert (await sources(world).program(world.a_process())).weave is None


async def test_a_process_that_its_scheduler_does_not_know_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await sources(world).program(ProcessId(TxId("U" * 43)))


async def test_the_env_names_the_process_and_its_module(world: World) -> None:
    module = world.a_module()
    process = world.a_process(module=module)

    env = (await sources(world).program(process)).env

    assert isinstance(env["Process"], dict)
    assert isinstance(env["Module"], dict)
    assert (env["Process"]["Id"], env["Module"]["Id"]) == (process, module)
    assert {"name": "Compute-Limit", "value": "1000"} in list(env["Module"]["Tags"])  # type: ignore[arg-type]  # JSON


async def test_a_log_that_begins_with_the_process_needs_no_boot(world: World) -> None:
    process = world.a_process()

    assert (await sources(world).program(process)).scheduled

    world.scheduler.leave_out_the_process(process)
    assert not (await sources(world).program(process)).scheduled
