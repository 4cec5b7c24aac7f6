from hypothesis import given
from hypothesis import strategies as st

from unitstack.wire.assignments import BlockTime
from unitstack.wire.chain import Chain

CHAIN = Chain(BlockTime(100, 1_000_000), interval=1000)
TIMES = st.integers(0, 3_000_000)


def test_the_origin_has_its_own_height() -> None:
    assert CHAIN.at(1_000_000) == BlockTime(100, 1_000_000)


def test_a_block_lasts_until_the_next_is_mined() -> None:
    assert CHAIN.at(1_000_999).height == 100
    assert CHAIN.at(1_001_000).height == 101


def test_blocks_before_the_origin_have_lower_heights() -> None:
    assert CHAIN.at(999_999).height == 99


def test_no_height_is_negative() -> None:
    assert CHAIN.at(0).height == 0
    assert CHAIN.between(CHAIN.at(0), CHAIN.at(901_001)) == (BlockTime(1, 901_000),)


@given(TIMES, TIMES)
def test_a_later_time_is_never_lower(one: int, other: int) -> None:
    early, late = sorted((one, other))

    assert CHAIN.at(early).height <= CHAIN.at(late).height


@given(st.integers(950_000, 1_100_000), st.integers(950_000, 1_100_000))
def test_between_two_times_are_the_blocks_mined_after_one_and_before_the_other(
    left: int, right: int
) -> None:
    found = CHAIN.between(CHAIN.at(left), CHAIN.at(right))

    expected = [time for time in range(950_000, 1_100_001, 1000) if left < time < right]
    assert [block.timestamp for block in found] == expected
    assert all(CHAIN.at(block.timestamp) == block for block in found)
