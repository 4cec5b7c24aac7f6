from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from unitstack.compute.sparing import Kept, spare


def grown(count: int, allowed: int, size: int = 10**9) -> list[Kept]:
    """What is left after so many memories, one kept after each message."""
    kept: list[Kept] = []
    for nonce in range(1, count + 1):
        kept.append(Kept(nonce, 0, 1000))
        for each in spare(kept, allowed, size):
            kept.remove(each)
    return kept


def test_where_there_are_few_none_goes() -> None:
    assert spare([Kept(1, 0, 10), Kept(2, 0, 10)], 2, 20) == ()


def test_what_goes_is_what_the_least_is_repeated_for() -> None:
    kept = [Kept(100, 0, 1), Kept(110, 0, 1), Kept(200, 0, 1), Kept(300, 0, 1)]

    assert spare(kept, 3, 10) == (kept[1],)


def test_the_newest_stays_even_where_it_is_too_large() -> None:
    kept = [Kept(1, 0, 10), Kept(2, 0, 10)]

    assert spare(kept, 5, 5) == (kept[0],)


def test_no_more_bytes_are_kept_than_are_allowed() -> None:
    assert sum(each.size for each in grown(100, 50, 20_000)) <= 20_000


@given(st.integers(1, 300), st.integers(1, 20))
def test_no_message_is_far_from_a_memory(count: int, allowed: int) -> None:
    kept = [0, *(each.nonce for each in grown(count, allowed))]

    gaps = [after - before for before, after in pairwise(kept)]

    assert len(kept) <= allowed + 1
    assert max(gaps) <= 4 * count / allowed + 1


def test_the_messages_of_clocks_count_too() -> None:
    kept = [Kept(1, 0, 1), Kept(1, 100, 1), Kept(1, 101, 1), Kept(1, 200, 1)]

    assert spare(kept, 3, 10) == (kept[2],)
