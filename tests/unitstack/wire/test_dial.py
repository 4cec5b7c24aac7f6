import pytest

from unitstack.errors import Refused
from unitstack.wire.dial import Dial, with_wall
from unitstack.wire.durations import LAST

DAY = 86_400_000


def test_a_clock_that_was_not_touched_shows_what_the_wall_clock_does() -> None:
    assert with_wall(1000).read(5000) == 5000


def test_a_clock_that_was_put_forward_stays_ahead() -> None:
    moved = with_wall(1000).moved(2000, 2000 + DAY)

    assert moved.read(3000) == 3000 + DAY
    assert moved.ahead(3000) == DAY


def test_a_frozen_clock_stands_still() -> None:
    assert with_wall(1000).frozen(2000).read(9000) == 2000


def test_a_frozen_clock_can_be_put_forward_and_stays_frozen() -> None:
    assert with_wall(1000).frozen(1000).moved(1000, 5000).read(9000) == 5000


def test_a_clock_that_runs_again_goes_on_from_where_it_stood() -> None:
    assert with_wall(1000).frozen(2000).running(8000).read(8500) == 2500


def test_a_wall_clock_that_is_set_back_does_not_take_the_clock_along() -> None:
    assert Dial(5000, 5000).read(1000) == 5000


def test_time_does_not_go_back() -> None:
    with pytest.raises(Refused, match="time does not go back to 1970-01-01 00:00:01 UTC"):
        with_wall(2000).moved(2000, 1000)


def test_time_ends_with_the_calendar() -> None:
    with pytest.raises(Refused, match="the clock goes up to 9999-12-31"):
        with_wall(0).moved(0, LAST + 1)
