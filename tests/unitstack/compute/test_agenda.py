from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from unitstack.compute.agenda import agenda
from unitstack.compute.cron import Beat, Crons, Gap, due
from unitstack.compute.timeline import Boundary
from unitstack.wire.assignments import BlockTime, CronMessage, Ordinate
from unitstack.wire.chain import Chain
from unitstack.wire.ids import Nonce, ProcessId, TxId

PROCESS = ProcessId(TxId("P" * 43))
CHAIN = Chain(BlockTime(100, 1_000_000), 3_000)
NONCE = Nonce(7)
FAR = 200_000


def crons(
    by_block: tuple[int | None, ...] = (),
    by_time: tuple[int | None, ...] = (),
    origin: int = 1_000_000,
) -> Crons:
    return Crons(
        PROCESS,
        CHAIN.at(origin),
        tuple(Beat(f"{i}-{n}-blocks", n, ()) for i, n in enumerate(by_block)),
        tuple(Beat(f"{i}-{n}-seconds", n, ()) for i, n in enumerate(by_time)),
    )


def place_of(cron: CronMessage) -> Ordinate:
    return Ordinate(NONCE, cron.block.timestamp, cron.cron)


def walked(some: Crons, left: BlockTime, after: Ordinate | None) -> list[CronMessage]:
    right = BlockTime(0, left.timestamp + FAR)
    return list(due(some, Gap(left, right, CHAIN.between(left, right)), after))


every = st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=3).map(tuple)


@given(every, every, st.integers(990_000, 1_060_000), st.integers(1_000_000, 1_009_999), st.data())
def test_what_is_next_is_what_the_walk_meets_next(
    by_block: tuple[int | None, ...],
    by_time: tuple[int | None, ...],
    left: int,
    origin: int,
    data: st.DataObject,
) -> None:
    some, boundary = crons(by_block, by_time, origin), Boundary(NONCE, CHAIN.at(left))
    met = walked(some, boundary.block, None)
    passed = data.draw(st.integers(0, min(len(met), 20)))
    after = place_of(met[passed - 1]) if passed else None
    rest = walked(some, boundary.block, after)

    told = agenda(some, boundary, after, CHAIN)

    for each in told:
        own = [cron for cron in rest if cron.cron == each.cron]
        if each.moment is None or not own:
            assert own == []
            continue
        right = BlockTime(0, each.moment + 1)
        gap = Gap(boundary.block, right, CHAIN.between(boundary.block, right))
        assert own[0] in list(due(some, gap, after))
        gap = replace(gap, right=BlockTime(0, each.moment))
        assert own[0] not in list(due(some, gap, after))


def test_what_never_falls_due_has_no_moment() -> None:
    told = agenda(crons((None,), (None,)), Boundary(NONCE, CHAIN.at(1_000_000)), None, CHAIN)

    assert [each.moment for each in told] == [None, None]


def test_a_process_without_intervals_has_no_agenda() -> None:
    assert agenda(crons(), Boundary(NONCE, CHAIN.at(1_000_000)), None, CHAIN) == ()
