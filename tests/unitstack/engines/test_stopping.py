"""A stop reaches the message that runs, from any thread, and never the next one."""

import threading

from unitstack.engines.stopping import Stopping


class Recorder:
    """Counts what was done, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def stop(self) -> None:
        self.done.append("stop")

    def prepare(self) -> None:
        self.done.append("prepare")

    def settle(self) -> None:
        self.done.append("settle")


def test_a_stop_before_a_message_or_after_it_does_nothing() -> None:
    stopping, told = Stopping(), Recorder()

    stopping.stop()
    stopping.begin(told.stop, told.prepare)
    stopping.end(told.settle)
    stopping.stop()

    assert told.done == ["prepare", "settle"]


def test_a_stop_of_a_running_message_reaches_it() -> None:
    stopping, told = Stopping(), Recorder()
    stopping.begin(told.stop, told.prepare)

    stopping.stop()

    assert told.done == ["prepare", "stop"]


def test_a_stop_while_a_message_is_made_ready_waits_until_it_can_reach_it() -> None:
    stopping, told = Stopping(), Recorder()
    thread = threading.Thread(target=stopping.stop)

    def prepare() -> None:
        thread.start()
        told.prepare()

    stopping.begin(told.stop, prepare)
    thread.join()

    assert told.done == ["prepare", "stop"]
