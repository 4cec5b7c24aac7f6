import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ao_kernel.outputs import CellFailed, CellOutput
from ao_kernel.running import run_code
from ao_kernel.session import Session
from tests.ao_kernel.network import FakeNetwork
from tests.ao_kernel.worlds import CLOCK, TICK, Notebook, a_notebook


@pytest.fixture
async def notebook(tmp_path: Path) -> AsyncIterator[Notebook]:
    async with a_notebook(tmp_path) as notebook:
        yield notebook


async def test_the_time_is_told_with_the_block(notebook: Notebook) -> None:
    assert await notebook.run("%time") == (
        "2026-01-01 00:00:00 UTC, block 1,851,880; a second passes with each message that you send\n"
    )


async def test_an_untouched_world_goes_with_the_wall_clock(tmp_path: Path) -> None:
    async with a_notebook(tmp_path, seed=None) as notebook:
        assert (await notebook.run("%time")).endswith("; with the wall clock\n")
        assert (await notebook.run("%time +2d")).endswith("; 2d ahead of the wall clock\n")
        assert (await notebook.run("%time freeze")).endswith(
            "; the clock stands still; `%time run` lets it go on\n"
        )
        assert (await notebook.run("%time run")).endswith("; 2d ahead of the wall clock\n")


async def test_a_clock_that_was_moved_is_where_it_was_after_a_restart(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with a_notebook(tmp_path, home, seed=None) as notebook:
        await notebook.run("%time +2d")

    async with a_notebook(tmp_path, home, seed=None) as notebook:
        assert (await notebook.run("%time")).endswith("; 2d ahead of the wall clock\n")


async def test_time_can_pass_up_to_a_day(notebook: Notebook) -> None:
    assert (await notebook.run("%time 2030-01-01")).startswith("2030-01-01 00:00:00 UTC, block ")


async def test_blocks_are_mined(notebook: Notebook) -> None:
    assert (await notebook.run("%block")).split("; ")[0].endswith("block 1,851,880")
    assert (await notebook.run("%block +100")).split("; ")[0].endswith("block 1,851,980")


async def test_the_crons_of_a_monitored_process_run_as_time_passes(notebook: Notebook) -> None:
    await notebook.run(CLOCK)
    await notebook.run(TICK)
    await notebook.run("%monitor")

    told = await notebook.run("%time +1d")

    assert told == (
        "clock: tick 10\nclock: tick 20\nclock: 24 cron messages\n"
        "2026-01-02 00:00:02 UTC, block 1,852,600; a second passes with each message that you send\n"
    ).replace("00:00:02", "00:00:02")
    assert await notebook.run("N") == "24\n"


async def test_the_crons_of_others_are_run_on_demand(notebook: Notebook) -> None:
    await notebook.run(CLOCK)
    await notebook.run(TICK)
    await notebook.run("%time +1d")

    assert await notebook.run("%cron run clock") == (
        "clock: tick 10\nclock: tick 20\nclock: 24 cron messages\n"
    )
    assert await notebook.run("%cron run") == "nothing is due; `%time +1h` lets time pass\n"


async def test_crons_that_fail_are_told(notebook: Notebook) -> None:
    await notebook.run(CLOCK)
    await notebook.run('Handlers.add("tick", "Tick", function(msg) error("broken") end)')
    await notebook.run("%time +2h")

    told = await notebook.run("%cron run")

    assert "clock: 2 cron messages\n" in told
    assert "clock: 2 of 2 failed, the first: " in told
    assert "broken" in told


async def test_crons_are_listed_with_when_they_are_due(notebook: Notebook) -> None:
    await notebook.run(CLOCK)
    first = await notebook.run("%cron")
    await notebook.run("%time +90m")
    overdue = await notebook.run("%cron")
    await notebook.run("%cron run")
    await notebook.run("%monitor")
    last = await notebook.run("%cron")

    assert [line.split() for line in first.splitlines()] == [
        ["process", "cron", "next", "last", "monitored"],
        ["clock", "1-hour", "2026-01-01", "01:00:01", "UTC"],
    ]
    assert overdue.splitlines()[1].endswith("01:00:01 UTC (due)")
    assert last.splitlines()[1].split()[2:] == [
        "2026-01-01", "02:00:01", "UTC", "2026-01-01", "01:00:01", "UTC", "yes"
    ]  # fmt: skip


async def test_without_crons_it_tells_how_to_get_one(notebook: Notebook) -> None:
    assert (await notebook.run("%cron")).startswith("no process has a cron: `%spawn clock ")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("%time tomorrow", "'tomorrow' is no moment"),
        ("%time +5", "'+5' is no span of time"),
        ("%time 1999-12-31", "time does not go back to 1999-12-31 00:00:00 UTC"),
        ("%block +x", "%block wants a count, not 'x'"),
        ("%cron walk", "%cron knows run, not 'walk'"),
        ("%seed", "%seed wants a number, or a word"),
    ],
)
async def test_what_cannot_be_meant_is_refused(notebook: Notebook, code: str, message: str) -> None:
    told = await notebook.run(code)

    assert message in told
    assert "\nhint: " in told


@pytest.mark.parametrize("code", ["%time +900d", "%cron run"])
async def test_stop_ends_what_crons_do(tmp_path: Path, code: str) -> None:
    async with a_notebook(tmp_path, seed=None) as notebook:
        await notebook.run("%spawn clock Cron-Interval=1-second Cron-Tag-Action=Tick")
        await notebook.run(
            'Handlers.add("tick", "Tick", function() for i = 1, 1e5 do N = i end end)'
        )
        await notebook.run("%monitor" if code != "%cron run" else "%time +1h")
        running = asyncio.create_task(notebook.run(code))
        for _ in range(200):
            await asyncio.sleep(0)

        notebook.host.stop()
        told = await running

        assert "topped" in told
        assert not (await notebook.run("%time")).endswith("`%time run` lets it go on\n")


async def test_a_seed_begins_a_new_world_and_local_goes_back(tmp_path: Path) -> None:
    async with a_notebook(tmp_path, seed=None) as notebook:
        await notebook.run("%spawn mine")

        told = await notebook.run("%seed 42")

        assert told == (
            "cells go to a new world that grows from seed 42; `%connect local` goes back\n"
        )
        assert await notebook.run("%ps") == "no process yet: the first cell makes one\n"
        assert (await notebook.run("%connect local")).endswith(", to mine\n")


async def test_the_time_of_a_network_that_others_run_is_not_moved() -> None:
    outputs: list[CellOutput] = []
    network = FakeNetwork()
    network.host = "ao.example"
    session = Session(network, outputs.append)

    with pytest.raises(CellFailed, match="%time is for a network of one's own"):
        await run_code(session, "%time +1d", outputs.append)
