import pytest

from ao_kernel.world import World, with_ids
from tests.ao_kernel.network import STRANGER, WALLET, FakeNetwork
from unitstack.errors import NotFound, Refused
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
    shared = World(network.units, network.address, is_shared=True, authority=WALLET.process_address)
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


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("you", "you-bbbb"),
        ("nobody", "nobody-bbbb"),
        (" You", "You-bbbb"),
        ("\x1b[1myou", "you-bbbb"),
        ("\n", "-bbbb"),
        ("a\u202eb\nc", r"a\u202eb c"),
    ],
)
def test_a_process_that_would_pass_for_another_by_its_name_is_told_apart(
    world: World, name: str, known: str
) -> None:
    assert world.add(name, BOB) == known


def test_a_process_that_calls_itself_by_an_id_is_told_apart(world: World) -> None:
    assert world.add("c" * 43, BOB) == f"{'c' * 43}-bbbb"


def test_a_name_that_another_process_took_on_purpose_stays_its_own(world: World) -> None:
    first, second = (ProcessId(TxId(each * 43)) for each in "cd")
    world.add("bob", first)
    world.add("bob-bbbb", second)

    assert world.add("bob", BOB) == "bob-bbbbbbbb"
    assert world.find_id("bob-bbbb") == second


@pytest.mark.parametrize("name", ["you", "nobody"])
def test_nobody_spawns_a_process_of_a_name_that_others_are_called_by(
    world: World, name: str
) -> None:
    with pytest.raises(Refused, match="is what others are called here"):
        world.check_free(name)


async def test_only_who_signed_a_process_owns_it(world: World, network: FakeNetwork) -> None:
    own = await network.spawn("own", ())
    claimed = network.appear("claimed", (("From-Process", network.address),), STRANGER)
    pushed = network.appear("pushed", (("From-Process", network.address),), WALLET)
    foreign = network.appear("foreign", (), STRANGER)

    assert [await world.is_own(each) for each in (own, claimed, pushed, foreign)] == [
        True,
        False,
        False,
        False,
    ]


async def test_on_a_shared_network_only_the_authority_says_what_a_process_spawned(
    network: FakeNetwork,
) -> None:
    shared = World(network.units, network.address, is_shared=True, authority=WALLET.process_address)
    shared.add("parent", BOB)
    network.appear("impostor", (("From-Process", BOB),), STRANGER)
    network.appear("child", (("From-Process", BOB),), WALLET)

    assert await shared.discover() == ("child",)


async def test_without_an_authority_nobody_gives_names_on_a_shared_network(
    network: FakeNetwork,
) -> None:
    shared = World(network.units, network.address, is_shared=True)
    shared.add("parent", BOB)
    process = network.appear("bank", (("From-Process", BOB),), STRANGER)

    assert await shared.discover() == (process[:6],)
