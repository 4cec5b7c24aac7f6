"""The command that goes to another network: what it takes, and what it says to the rest."""

import pytest

from ao_kernel.outputs import CellFailed, Printed
from ao_kernel.running import run_code
from ao_kernel.session import Session
from tests.ao_kernel.network import FakeNetwork

UNITS = "mu=http://m su=http://s cu=http://c gateway=http://g"


@pytest.fixture
async def session() -> Session:
    session = Session(FakeNetwork(), lambda output: None)
    await session.spawn("alice")
    return session


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("", "%connect wants mu=URL and su=URL and cu=URL and gateway=URL"),
        ("mu=http://m su=http://s", "%connect wants cu=URL and gateway=URL"),
        ("somewhere", "%connect does not know 'somewhere'"),
        (f"{UNITS} colour=red", "%connect does not know 'colour=red'"),
        ("http://a http://b", "%connect wants one node, not 2 of them"),
        ("http://a mu=http://m", "%connect wants a node or the units, not both"),
        ("mu=m su=http://s cu=http://c gateway=http://g", "mu wants a URL, not 'm'"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_the_ways_to_use_it(
    session: Session, argument: str, told: str
) -> None:
    with pytest.raises(CellFailed) as raised:
        await run_code(session, f"%connect {argument}", lambda output: None)

    assert raised.value.failure.message == told
    assert "%connect local" in raised.value.failure.traceback[-1]


async def test_a_session_at_home_stays_there(session: Session) -> None:
    outputs: list[object] = []

    await run_code(session, "%connect local", outputs.append)

    assert outputs == [Printed("cells go to your own network from now on, to alice\n")]
    assert session.world.names == ("alice",)


async def test_another_network_is_closed_when_it_is_left_and_ones_own_is_not(
    session: Session,
) -> None:
    own, first, second = session.network, FakeNetwork(), FakeNetwork()

    await session.move(first)
    await session.spawn("bob")
    await session.move(second)

    assert first.closed
    assert session.world.names == ()
    await session.move(None)
    assert second.closed
    assert session.network is own
    assert session.current == "alice"
    assert session.world.find_id("alice") is not None


async def test_a_session_ends_on_all_its_networks(session: Session) -> None:
    own, other = session.network, FakeNetwork()
    await session.move(other)

    await session.close()

    assert isinstance(own, FakeNetwork)
    assert own.closed
    assert other.closed
