import pytest

from ao_kernel.world import World, with_ids
from tests.ao_kernel.network import FakeNetwork
from unitstack.errors import NotFound
from unitstack.wire.ids import ProcessId, TxId

BOB = ProcessId(TxId("b" * 43))


def find_bob(name: str) -> ProcessId | None:
    return BOB if name == "bob" else None


@pytest.fixture
def network() -> FakeNetwork:
    return FakeNetwork()


@pytest.fixture
def world(network: FakeNetwork) -> World:
    return World(network.units, network.address)


@pytest.mark.parametrize("field", ["Target", "From", "Recipient"])
@pytest.mark.parametrize("sign", ["=", "=="])
def test_a_name_where_ao_wants_an_id_becomes_the_id(field: str, sign: str) -> None:
    assert with_ids(f"{field} {sign} 'bob'", find_bob) == f'{field} {sign} "{BOB}"'


@pytest.mark.parametrize(
    "source",
    [
        'Target = "carol"',
        'Data = "bob"',
        'print("bob")',
        '-- Target = "bob"',
        "Target = bob",
        "x = 'Target = \"bob\"'",
    ],
)
def test_anything_else_stays_as_it_is(source: str) -> None:
    assert with_ids(source, find_bob) == source


def test_the_lines_stay_where_they_are() -> None:
    source = 'Send({\n  Target = "bob",\n  Data = "x" })\nSend({ Target = "bob" })'

    replaced = with_ids(source, find_bob)

    assert replaced == source.replace('"bob"', f'"{BOB}"')


def test_an_address_is_known_by_its_name(world: World, network: FakeNetwork) -> None:
    world.add("bob", BOB)

    assert [world.name_of(one) for one in (BOB, network.address, "c" * 43, "short")] == [
        "bob",
        "you",
        "cccccc…",
        "short",
    ]


def test_a_text_calls_processes_by_their_names(world: World) -> None:
    world.add("bob", BOB)

    assert (
        world.with_names(f"a message of process {BOB} was dropped")
        == "a message of process bob was dropped"
    )


def test_two_processes_of_one_name_are_told_apart(world: World) -> None:
    world.add("bob", BOB)

    assert world.add("bob", ProcessId(TxId("c" * 43))) == "bob-cccc"
    assert world.add("other", BOB) == "bob"


async def test_a_process_is_found_by_its_id(world: World, network: FakeNetwork) -> None:
    process = await network.spawn("carol", ())

    assert await world.process(process) == process
    assert world.find_id("carol") == process


async def test_what_processes_spawned_is_found_by_its_name(
    world: World, network: FakeNetwork
) -> None:
    process = await network.spawn("child", ())

    assert await world.process("child") == process
    assert await world.discover() == ()


async def test_what_nobody_knows_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.process("nobody")
    with pytest.raises(NotFound):
        await world.process("n" * 43)


def test_a_forgotten_name_is_free_again(world: World) -> None:
    world.add("bob", BOB)

    world.forget("bob")
    world.forget("bob")

    assert "bob" not in world
    assert world.name_of(BOB) == "bob (old)"
    world.check_free("bob")


async def test_of_a_shared_network_only_what_the_known_processes_spawned_is_looked_for(
    network: FakeNetwork,
) -> None:
    shared = World(network.units, network.address, is_shared=True)
    strangers = await network.spawn("stranger", ())
    parent = shared.add("parent", BOB)
    child = await network.spawn("child", (("From-Process", BOB),))

    assert await shared.discover() == ("child",)
    assert set(shared.names) == {parent, "child"}
    assert shared.find_id("child") == child != strangers


async def test_ones_own_process_on_a_shared_network_is_found_by_its_name(
    network: FakeNetwork,
) -> None:
    shared = World(network.units, network.address, is_shared=True)
    own = await network.spawn("keeper", ())

    assert await shared.process("keeper") == own
    with pytest.raises(NotFound):
        await shared.process("nobody")
