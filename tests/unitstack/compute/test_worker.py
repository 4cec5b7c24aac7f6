from functools import partial
from threading import current_thread, main_thread

import pytest

from unitstack.compute.worker import Worker


async def test_a_call_runs_in_the_workers_own_thread() -> None:
    worker = Worker("it")

    name = await worker.run(lambda: current_thread().name)

    assert name == "it"
    assert name != main_thread().name
    worker.end()


async def test_calls_run_in_order() -> None:
    worker, done = Worker("it"), list[int]()

    outcomes = [worker.run(partial(done.append, n)) for n in range(9)]
    for outcome in outcomes:
        await outcome

    assert done == list(range(9))
    worker.end()


async def test_an_error_belongs_to_who_waits() -> None:
    worker = Worker("it")

    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)

    assert await worker.run(lambda: 1) == 1
    worker.end()


async def test_a_caller_who_left_is_not_told() -> None:
    worker = Worker("it")

    left = worker.run(lambda: 1)
    left.cancel()

    assert await worker.run(lambda: 2) == 2
    worker.end()
