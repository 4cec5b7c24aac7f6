"""A thread of its own for each live instance: the loop never runs an engine, and one that is stuck holds up no other."""

from asyncio import AbstractEventLoop, Future, get_running_loop
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_Call = tuple[Future[Any], Callable[[], Any]]


class Worker:
    """Runs calls one after another in one thread; each is awaited on the loop."""

    def __init__(self, name: str) -> None:
        self._loop = get_running_loop()
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        # A daemon, so that an evaluation without end does not keep a notebook from leaving.
        Thread(target=_work, args=(self._loop, self._calls), name=name, daemon=True).start()

    def run(self, call: Callable[[], T]) -> Future[T]:
        """The call's outcome. A queue and a future of one's own cost two thirds of what `asyncio.to_thread` does."""
        outcome: Future[T] = self._loop.create_future()
        self._calls.put((outcome, call))
        return outcome

    def end(self) -> None:
        """Lets the thread end after what it was given."""
        self._calls.put(None)


def _work(loop: AbstractEventLoop, calls: SimpleQueue[_Call | None]) -> None:
    while (given := calls.get()) is not None:
        outcome, call = given
        value, error = _outcome(call)
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, outcome, value, error)


def _outcome(call: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return call(), None
    except BaseException as error:  # whatever it is, it belongs to who waits
        return None, error


def _settle(outcome: Future[Any], value: object, error: BaseException | None) -> None:
    if outcome.done():
        return
    if error is None:
        outcome.set_result(value)
    else:
        outcome.set_exception(error)
