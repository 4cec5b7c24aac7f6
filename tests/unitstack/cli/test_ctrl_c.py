import signal
from collections.abc import Iterator

import pytest

from unitstack.cli.ctrl_c import CtrlC


def press() -> None:
    signal.raise_signal(signal.SIGINT)


@pytest.fixture
def ctrl_c() -> Iterator[CtrlC]:
    heard = CtrlC()
    with heard.heard():
        yield heard


def test_ctrl_c_drops_what_is_typed(ctrl_c: CtrlC) -> None:
    with pytest.raises(KeyboardInterrupt), ctrl_c.raising():
        press()


def test_ctrl_c_stops_what_runs(ctrl_c: CtrlC) -> None:
    stopped: list[bool] = []

    with ctrl_c.stopping(lambda: stopped.append(True)):
        press()

    assert stopped == [True]


def test_ctrl_c_between_the_two_does_nothing(ctrl_c: CtrlC) -> None:
    with ctrl_c.raising():
        pass
    with ctrl_c.stopping(lambda: pytest.fail("nothing runs any more")):
        pass

    press()
