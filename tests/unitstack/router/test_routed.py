from collections.abc import AsyncIterator, Sequence

import pytest

from tests.items import AN_ID, a_message
from tests.unitstack.compute.fakes import World
from unitstack.errors import Duplicate, NotFound, UnitUnreachable
from unitstack.router import Choice, Origin, RoutedCompute, RoutedMessenger
from unitstack.units import Cascade, Compute
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.messages import Draft

PROCESS = ProcessId(TxId("process-123"))
SENDER = Address("A" * 43)


class Noting:
    """Plays `Messenger`: notes what it is asked, and raises what it is told to."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.asked: list[str] = []

    def note(self, what: str) -> None:
        self.asked.append(what)
        if self.problem is not None:
            raise self.problem

    async def send(self, item: DataItem) -> MessageId:
        self.note("send")
        return MessageId(item.id)

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> AssignmentId:
        self.note(f"assign {','.join(exclude)} {base_layer}")
        return AssignmentId(AN_ID)

    async def monitor(self, process: ProcessId) -> None:
        self.note("monitor")

    async def unmonitor(self, process: ProcessId) -> None:
        self.note("unmonitor")

    async def settled(self, root: MessageId) -> Cascade:
        self.asked.append("settled")
        return Cascade(root, 0, 7)

    async def halt(self, root: MessageId, reason: str) -> Cascade:
        self.asked.append("halt")
        return Cascade(root, 0, 7, reason)


AWAY = UnitUnreachable("http://mu", "connection refused")


def routed(*many: Noting) -> RoutedMessenger:
    """The first of many is the one that PROCESS is given to first."""
    return RoutedMessenger(Choice(many, processes={}))


def in_order(process: str, first: Noting, second: Noting) -> RoutedMessenger:
    straight = Choice((first, second)).of(process)[0] is first
    return routed(first, second) if straight else routed(second, first)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


async def test_everything_that_compute_is_asked_is_handed_to_one(world: World) -> None:
    compute: Compute = RoutedCompute(Choice((world.unit,)))
    process = world.a_process()
    one = world.say(process, "one")

    assert (await compute.result(process, one)).output.data == "boot@0 one@1000"
    await compute.evaluated(process, None)
    assert len((await compute.results(process)).items) == 2
    assert (await compute.dry_run(process, Draft(data=b"dry"), sender=SENDER)).error is None
    assert (await compute.checkpoint(process)).process == process
    assert await compute.tick(process) == ()


async def test_compute_that_is_away_is_not_missed(world: World) -> None:
    class Away:
        """Plays `Compute`, as far as it is asked: it is away."""

        def __getattr__(self, name: str) -> object:
            async def away(*_: object, **__: object) -> None:
                raise AWAY

            return away

    process = world.a_process()
    one = world.say(process, "one")
    for order in ((Away(), world.unit), (world.unit, Away())):
        compute = RoutedCompute(Choice(order))  # type: ignore[arg-type]  # it answers to every name
        assert (await compute.result(process, one)).error is None

    nobody = RoutedCompute(Choice((Away(), Away())))  # type: ignore[arg-type]  # as above
    with pytest.raises(UnitUnreachable):
        await nobody.result(process, one)


async def test_an_item_goes_to_the_next_messenger_where_the_first_is_away() -> None:
    item = a_message(target=AN_ID)
    away, there = Noting(AWAY), Noting()
    messenger = in_order(AN_ID, away, there)

    assert await messenger.send(item) == item.id
    assert (away.asked, there.asked) == (["send"], ["send"])


async def test_an_item_that_a_silent_messenger_scheduled_all_the_same_is_sent() -> None:
    item = a_message(target=AN_ID)
    messenger = in_order(AN_ID, Noting(AWAY), Noting(Duplicate("it is there")))

    assert await messenger.send(item) == item.id


async def test_a_duplicate_is_one_where_nobody_was_silent() -> None:
    messenger = in_order(AN_ID, Noting(Duplicate("it is there")), Noting())

    with pytest.raises(Duplicate):
        await messenger.send(a_message(target=AN_ID))


async def test_what_a_messenger_refuses_is_not_given_to_another() -> None:
    other = Noting()
    messenger = in_order(AN_ID, Noting(NotFound("process", AN_ID)), other)

    with pytest.raises(NotFound):
        await messenger.send(a_message(target=AN_ID))
    assert other.asked == []


async def test_where_all_are_away_that_is_told() -> None:
    messenger = routed(Noting(AWAY), Noting(AWAY))

    with pytest.raises(UnitUnreachable):
        await messenger.send(a_message(target=AN_ID))
    with pytest.raises(UnitUnreachable):
        await messenger.monitor(PROCESS)


async def test_everything_that_a_messenger_is_asked_is_handed_to_one() -> None:
    one = Noting()
    messenger = routed(one)

    root = await messenger.assign(PROCESS, AN_ID, exclude=("Data",), base_layer=True)
    await messenger.monitor(PROCESS)
    await messenger.unmonitor(PROCESS)

    assert one.asked == ["assign Data True", "monitor", "unmonitor"]
    assert (await messenger.settled(MessageId(root))).done == 7
    assert (await messenger.halt(MessageId(root), "enough")).stopped == "enough"


async def test_of_a_cascade_that_went_through_nobody_nothing_is_known() -> None:
    one = Noting()
    messenger = routed(one)

    assert await messenger.settled(MessageId(AN_ID)) == Cascade(MessageId(AN_ID), 0, 0)
    assert await messenger.halt(MessageId(AN_ID), "enough") == Cascade(MessageId(AN_ID), 0, 0)
    assert one.asked == []


async def test_where_a_process_comes_from_is_asked_only_where_it_matters() -> None:
    asked: list[str] = []

    async def origin_of(process: str) -> Origin:
        asked.append(process)
        return Origin("me")

    mine, other = Noting(), Noting()
    without = RoutedMessenger(Choice((other,)), origin_of)
    kept = RoutedMessenger(Choice((other,), owners={"me": mine}), origin_of)

    await without.monitor(PROCESS)
    assert asked == []
    await kept.monitor(PROCESS)
    assert (asked, mine.asked) == ([PROCESS], ["monitor"])
