import asyncio
from functools import partial

from unitstack.messenger.lanes import Lanes


async def test_jobs_of_one_lane_follow_one_another() -> None:
    lanes, told, gate = Lanes(), asyncio.Queue[str](), asyncio.Event()

    async def job(name: str) -> None:
        told.put_nowait(f"{name} begins")
        await gate.wait()
        told.put_nowait(f"{name} ends")

    lanes.add("lane", partial(job, "first"))
    lanes.add("lane", partial(job, "second"))
    begun = [await told.get()]
    gate.set()

    assert begun + [await told.get() for _ in range(3)] == [
        "first begins",
        "first ends",
        "second begins",
        "second ends",
    ]


async def test_lanes_do_not_wait_for_one_another() -> None:
    lanes, told = Lanes(), asyncio.Queue[str]()

    async def endless() -> None:
        await asyncio.Event().wait()

    async def other() -> None:
        told.put_nowait("other")

    lanes.add("lane", endless)
    lanes.add("another", other)

    assert await told.get() == "other"
    await lanes.close()


async def test_closed_lanes_end_what_runs_and_never_begin_what_waits() -> None:
    lanes, begun, ended = Lanes(), list[str](), list[str]()
    running = asyncio.Event()

    async def job(name: str) -> None:
        begun.append(name)
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    lanes.add("lane", partial(job, "first"))
    lanes.add("lane", partial(job, "second"))
    await running.wait()
    await lanes.close()

    assert (begun, ended) == (["first"], ["first"])
