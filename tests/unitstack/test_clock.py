from pathlib import Path

import pytest

from unitstack.clock import CHAIN, VirtualClock
from unitstack.errors import Refused, UnusableFile
from unitstack.wire.dial import Dial

NOON = 1_760_000_000_000


class Wall:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> int:
        return self.time


@pytest.fixture
def wall() -> Wall:
    return Wall()


def test_it_begins_with_the_wall_clock(wall: Wall) -> None:
    clock = VirtualClock(wall=wall)
    wall.time += 5

    assert clock() == CHAIN.at(NOON + 5)
    assert clock.ahead == 0


def test_what_passes_at_once_passes_for_the_blocks_too(wall: Wall) -> None:
    clock = VirtualClock(wall=wall)
    before = clock().height

    clock.move(10 * CHAIN.interval)

    assert clock().height == before + 10


def test_so_many_blocks_are_mined_when_the_last_of_them_is(wall: Wall) -> None:
    clock = VirtualClock(wall=wall)
    wanted = clock().height + 100

    clock.move_to(clock.after_blocks(100))

    assert clock() == CHAIN.block(wanted)


def test_it_stands_still_and_goes_on(wall: Wall) -> None:
    clock = VirtualClock(wall=wall)
    clock.freeze()
    wall.time += 1000
    stood = clock().timestamp
    clock.run()
    wall.time += 10

    assert (stood, clock().timestamp) == (NOON, NOON + 10)


def test_it_is_not_put_back(wall: Wall) -> None:
    with pytest.raises(Refused, match="time does not go back"):
        VirtualClock(wall=wall).move_to(NOON - 1)


def test_after_a_restart_it_goes_on_as_it_did(wall: Wall, tmp_path: Path) -> None:
    file = tmp_path / "home" / "clock.json"
    clock = VirtualClock(file=file, wall=wall)
    clock.move(1000)
    clock.freeze()
    wall.time += 50

    again = VirtualClock(file=file, wall=wall)

    assert again().timestamp == NOON + 1000
    assert again.dial == clock.dial


def test_a_clock_that_nobody_moved_writes_nothing(wall: Wall, tmp_path: Path) -> None:
    VirtualClock(file=tmp_path / "clock.json", wall=wall)()

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    file.write_text("noon", encoding="utf-8")

    with pytest.raises(
        UnusableFile, match=r"clock\.json cannot be used: it says nothing of a clock"
    ):
        VirtualClock(file=file)


def test_a_file_that_cannot_be_written_is_named(wall: Wall, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder", encoding="utf-8")
    clock = VirtualClock(file=tmp_path / "home" / "clock.json", wall=wall)

    with pytest.raises(UnusableFile, match="the clock cannot be kept"):
        clock.move(1)


def test_a_clock_can_be_given_another_dial(wall: Wall) -> None:
    clock = VirtualClock(wall=wall)

    clock.dial = Dial(5, NOON, runs=False)

    assert clock().timestamp == 5


def test_held_it_stands_still_but_goes_on_after_a_crash(wall: Wall, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = VirtualClock(file=file, wall=wall)

    with clock.held():
        clock.move(5000)
        wall.time += 5
        after_a_crash = VirtualClock(file=file, wall=wall)
        shown, shown_then = clock().timestamp, after_a_crash().timestamp

    assert (shown, shown_then) == (NOON + 5000, NOON + 5005)
    assert after_a_crash.dial.runs
    assert clock.dial.runs


def test_a_clock_that_stood_still_does_so_after_it_was_held(wall: Wall, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = VirtualClock(file=file, wall=wall)
    clock.freeze()

    with clock.held():
        clock.move(5000)

    assert not clock.dial.runs
    assert not VirtualClock(file=file, wall=wall).dial.runs


def test_held_twice_it_goes_on_when_the_first_is_over(wall: Wall, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = VirtualClock(file=file, wall=wall)

    with clock.held():
        with clock.held():
            clock.move(1)
        clock.move(1)
        inner = VirtualClock(file=file, wall=wall).dial.runs, clock.dial.runs

    assert inner == (True, False)
    assert clock.dial.runs
