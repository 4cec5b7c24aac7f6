import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ao_kernel.outputs import CellFailed, CellOutput
from ao_kernel.running import run_code
from ao_kernel.session import Session
from tests.ao_kernel.network import FakeNetwork
from tests.ao_kernel.worlds import Notebook, a_notebook


@pytest.fixture
async def notebook(tmp_path: Path) -> AsyncIterator[Notebook]:
    async with a_notebook(tmp_path) as notebook:
        yield notebook


async def test_a_world_is_put_aside_and_gone_back_to(notebook: Notebook) -> None:
    await notebook.run("%spawn alice")
    await notebook.run("X = 1")
    told = await notebook.run("%snapshot before")
    await notebook.run("X = 2")
    await notebook.run("%spawn bob")

    back = await notebook.run("%restore before")

    assert told == "snapshot before has the world as it is at 2026-01-01 00:00:02 UTC\n"
    assert back == "the world is as it was at 2026-01-01 00:00:02 UTC; cells go to alice\n"
    assert await notebook.run("X") == "1\n"
    assert "bob" not in await notebook.run("%ps")


async def test_the_world_before_the_first_cell_can_be_gone_back_to(notebook: Notebook) -> None:
    await notebook.run("%snapshot nothing")
    await notebook.run("X = 1")

    await notebook.run("%restore nothing")

    assert await notebook.run("X") == "spawned process default\n"


async def test_snapshots_are_listed(notebook: Notebook) -> None:
    empty = await notebook.run("%snapshot")
    await notebook.run("%snapshot one")
    listed = (await notebook.run("%snapshot")).splitlines()

    assert empty == "no snapshot yet: `%snapshot NAME` takes one\n"
    assert listed == [
        "snapshot  of",
        "one       2026-01-01 00:00:00 UTC",
    ]


async def test_where_it_need_not_be_the_same_each_time_their_sizes_are_told(
    tmp_path: Path,
) -> None:
    async with a_notebook(tmp_path, seed=None) as notebook:
        await notebook.run("%snapshot one")

        assert (await notebook.run("%snapshot")).rstrip().endswith(" MB")


async def test_what_waited_before_a_restore_is_not_told_as_the_next_cells(
    notebook: Notebook,
) -> None:
    await notebook.run("%spawn alice")
    waiting = await notebook.run('Receive({ Action = "Never" })')
    await notebook.run("%snapshot one")

    await notebook.run("%restore one")

    assert "waiting" in waiting
    assert await notebook.run("6 * 7") == "42\n"


async def test_live_output_goes_on_after_a_restore_and_is_not_repeated(notebook: Notebook) -> None:
    await notebook.run("%spawn alice")
    await notebook.run('Handlers.add("say", "Say", function(msg) print("said " .. msg.Data) end)')
    await notebook.run("%spawn bob")
    first = await notebook.run('Send({ Target = "alice", Action = "Say", Data = "one" })')
    await notebook.run("%snapshot here")
    await notebook.run('Send({ Target = "alice", Action = "Say", Data = "two" })')

    back = await notebook.run("%restore here")
    again = await notebook.run('Send({ Target = "alice", Action = "Say", Data = "three" })')

    assert "alice: said one" in first
    assert "said" not in back
    assert [line for line in again.splitlines() if "said" in line] == ["alice: said three"]


async def test_a_process_is_taken_back(notebook: Notebook) -> None:
    await notebook.run("%spawn alice")
    for number in range(5):
        await notebook.run(f"X = {number}")

    told = await notebook.run("%rewind alice 2")

    assert told == (
        "alice is as it was after message 2: 3 messages dropped; "
        "its state was made from its beginning with 3 messages repeated\n"
    )
    assert await notebook.run("X") == "1\n"
    assert [line.split()[0] for line in (await notebook.run("%log")).splitlines()[1:]] == list(
        "0123"
    )


async def test_where_time_counts_it_tells_how_long_it_took(tmp_path: Path) -> None:
    async with a_notebook(tmp_path, seed=None) as notebook:
        await notebook.run("%spawn alice")

        assert (await notebook.run("%rewind alice 0")).endswith(" ms\n")


async def test_output_of_what_comes_after_a_rewind_is_shown(notebook: Notebook) -> None:
    await notebook.run("%spawn alice")
    await notebook.run('Handlers.add("say", "Say", function(msg) print("said " .. msg.Data) end)')
    await notebook.run("%spawn bob")
    say = 'Send({ Target = "alice", Action = "Say", Data = "hello" })'
    for _ in range(3):
        await notebook.run(say)
    await notebook.run("%rewind alice 1")

    assert "alice: said hello" in await notebook.run(say)


async def test_a_copy_goes_its_own_way(notebook: Notebook) -> None:
    await notebook.run("%spawn alice")
    await notebook.run("X = 1")
    told = await notebook.run("%fork alice")
    await notebook.run("X = 2")
    await notebook.run("%use alice-2")

    assert told == "alice-2 begins as alice is now; `%use alice-2` sends cells to it\n"
    assert await notebook.run("X") == "1\n"


async def test_a_copy_can_have_a_name_and_begin_earlier(notebook: Notebook) -> None:
    await notebook.run("%spawn alice")
    await notebook.run("X = 1")
    await notebook.run("X = 2")

    told = await notebook.run("%fork alice as kid at 1")
    await notebook.run("%use kid")

    assert told == "kid begins as alice was after message 1; `%use kid` sends cells to it\n"
    assert await notebook.run("X") == "1\n"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("%restore two", "there is no snapshot two"),
        ("%snapshot a/b", "a snapshot's name is a word"),
        ("%rewind alice", "%rewind wants a process and a nonce"),
        ("%rewind alice 9", "message 9 of process alice is not known here"),
        ("%rewind", "%rewind wants a process and a nonce"),
        ("%fork", "%fork wants a process"),
        ("%fork alice at x", "%fork cannot be read"),
        ("%fork alice as alice", "there is a process alice already"),
        ("%fork alice at 9", "message 9 of process alice is not known here"),
    ],
)
async def test_what_cannot_be_meant_is_refused(notebook: Notebook, code: str, message: str) -> None:
    await notebook.run("%spawn alice")

    told = await notebook.run(code)

    assert message in told
    assert "\nhint: " in told


async def test_snapshots_of_a_home_are_there_after_a_restart(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with a_notebook(tmp_path, home, seed=None) as notebook:
        await notebook.run("%spawn alice")
        await notebook.run("X = 1")
        await notebook.run("%snapshot one")
        await notebook.run("X = 2")

    async with a_notebook(tmp_path, home, seed=None) as notebook:
        assert (await notebook.run("%restore one")).endswith("; cells go to alice\n")
        assert await notebook.run("X") == "1\n"


async def test_a_damaged_snapshot_is_told_and_the_world_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with a_notebook(tmp_path, home, seed=None) as notebook:
        await notebook.run("X = 1")
        await notebook.run("%snapshot one")
        await asyncio.to_thread((home / "snapshots/one/scheduler.sqlite").write_bytes, b"?" * 9000)

        told = await notebook.run("%restore one")

        assert "snapshot one cannot be used: its scheduler is of no use" in told
        assert await notebook.run("X") == "1\n"


async def test_stop_ends_a_long_rewind_and_the_process_is_rewound(tmp_path: Path) -> None:
    async with a_notebook(tmp_path, engine="wasm") as notebook:
        await notebook.run("%spawn alice")
        for _ in range(3):
            await notebook.run("for i = 1, 2e6 do X = i end")
        await notebook.run("X = 'last'")
        rewinding = asyncio.create_task(notebook.run("%rewind alice 3"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        notebook.host.stop()
        told = await rewinding

        assert "stopped while the state of alice was being made: it is rewound to 3" in told
        assert await notebook.run("X") in ("2000000\n", "2000000.0\n")


async def test_what_others_run_is_not_taken_back() -> None:
    outputs: list[CellOutput] = []
    network = FakeNetwork()
    network.host = "ao.example"
    session = Session(network, outputs.append)

    for code in ("%snapshot one", "%restore one", "%rewind alice 1", "%fork alice"):
        with pytest.raises(CellFailed, match=r"is for a network of one's own.*ao\.example"):
            await run_code(session, code, outputs.append)
