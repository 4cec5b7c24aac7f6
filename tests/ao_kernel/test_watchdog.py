import logging
from collections.abc import Callable

import pytest

from ao_kernel.watchdog import LONG, Watchdog


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def posted() -> list[Callable[[], None]]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watchdog(posted: list[Callable[[], None]], clock: Clock) -> Watchdog:
    return Watchdog(posted.append, logging.getLogger("watched"), clock)


def test_a_loop_that_answers_is_left_alone(
    watchdog: Watchdog, posted: list[Callable[[], None]], caplog: pytest.LogCaptureFixture
) -> None:
    watchdog.look()
    posted.pop()()
    watchdog.look()

    assert caplog.messages == []


def test_a_loop_that_does_not_answer_is_reported(
    watchdog: Watchdog, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    watchdog.look()
    clock.now = 7
    watchdog.look()

    assert caplog.messages == ["the kernel's loop has not answered for 7 s"]


def test_a_cell_that_takes_long_is_reported(
    watchdog: Watchdog, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    watchdog.cell_began()
    clock.now = LONG
    watchdog.look()

    assert caplog.messages == ["a cell has been running for 60 s"]


def test_a_cell_that_has_ended_is_not(
    watchdog: Watchdog, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    watchdog.cell_began()
    watchdog.cell_ended()
    clock.now = LONG
    watchdog.look()

    assert caplog.messages == []
