import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.items import a_wallet
from tests.unitstack.worlds.networks import a_process, a_stack, length, mint, seen, state_of
from unitstack.clock import VirtualClock
from unitstack.errors import NotFound, Refused, UnusableFile
from unitstack.stack import open_stack
from unitstack.wire.ids import ProcessId
from unitstack.worlds.shelf import UNDERWAY


def half_restored(home: Path, name: str, unit: str) -> None:
    """As a program leaves it that is killed while it restores."""
    shelf = home / "snapshots"
    (shelf / UNDERWAY).write_text(name, encoding="utf-8")
    kept, own = (folder / f"{unit}.sqlite" for folder in (shelf / name, home))
    with closing(sqlite3.connect(own)) as live, closing(sqlite3.connect(kept)) as copy:
        copy.backup(live)


ENGINES = pytest.mark.parametrize("engine", ["lua", "wasm"])


@ENGINES
async def test_a_world_is_as_it_was_at_its_snapshot(engine: str) -> None:
    async with a_stack(engine) as stack:
        alice = await a_process(stack)
        await mint(alice)
        before, log = await state_of(alice), await length(stack, alice.id)
        await stack.snapshot("one")
        await mint(alice)
        bob = await a_process(stack, "bob")

        await stack.restore("one")

        assert (await state_of(alice), await length(stack, alice.id)) == (before, log)
        with pytest.raises(NotFound):
            await stack.units.scheduler.process(bob.id)


async def test_a_restored_world_goes_its_own_way_and_can_be_restored_again() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        for _ in range(2):
            await stack.restore("one")
            await mint(alice, quantity=5)

        assert await seen(alice, "Balances.ann") == "5"


async def test_what_the_snapshot_was_taken_of_goes_on_undisturbed() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")

        await mint(alice)

        assert await seen(alice, "Balances.ann") == "1"


async def test_the_clock_goes_back_with_the_world() -> None:
    async with a_stack() as stack:
        stack.world.clock.freeze()
        taken = (await stack.snapshot("one")).taken
        await stack.world.pass_time(86_400_000)

        await stack.restore("one")

        assert stack.world.clock() == taken
        assert await stack.units.scheduler.now() == taken
        assert not stack.world.clock.dial.runs


async def test_what_was_owed_at_the_snapshot_goes_on() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack), await a_process(stack, "bob")
        root = await alice.begin_eval(f'Send({{ Target = "{bob.id}", Data = "hello" }})')
        # Nothing of it has been carried out: the loop has not run since.
        await stack.snapshot("one")
        await stack.messenger.settled(root)
        assert await seen(bob, "Inbox[#Inbox].Data") == "hello"

        await stack.restore("one")
        await stack.messenger.settled(root)

        assert await seen(bob, "Inbox[#Inbox].Data") == "hello"
        assert await length(stack, bob.id) == 3


async def test_who_waits_for_a_cascade_is_told_that_the_world_went_back() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        root = await alice.begin_eval("while true do end")
        waiting = asyncio.create_task(stack.messenger.settled(root))
        await asyncio.sleep(0)

        await stack.restore("one")

        assert "snapshot one again" in (await waiting).stopped


async def test_an_evaluation_that_runs_meanwhile_leaves_nothing_in_the_restored_world() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        before = await state_of(alice)
        await stack.snapshot("one")
        endless = asyncio.create_task(alice.eval("Balances.ann = 7; while true do end"))
        await asyncio.sleep(0)

        await stack.restore("one")
        await asyncio.wait((endless,))

        assert await state_of(alice) == before
        assert endless.exception() is not None


async def test_a_name_that_is_used_again_means_the_new_snapshot() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        await mint(alice)
        await stack.snapshot("one")
        await mint(alice)

        await stack.restore("one")

        assert await seen(alice, "Balances.ann") == "1"
        assert [each.name for each in stack.world.snapshots()] == ["one"]


async def test_an_unknown_snapshot_changes_nothing() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)

        with pytest.raises(NotFound, match="snapshot two is not known here"):
            await stack.restore("two")

        assert await seen(alice, "1 + 1") == "2"


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "x" * 61])
async def test_a_name_that_could_be_a_path_is_refused(name: str) -> None:
    async with a_stack() as stack:
        with pytest.raises(Refused, match="a snapshot's name is a word"):
            await stack.snapshot(name)


async def test_snapshots_of_a_home_outlive_the_program(tmp_path: Path) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        await stack.world.snapshot("one", note="kept beside it")
        await mint(alice)

    async with a_stack(home=tmp_path) as stack:
        found = stack.world.snapshots()
        restored = await stack.restore("one")
        again = stack.client(a_wallet()).process(alice.id)

        assert await seen(again, "tostring(Balances.ann)") == "nil"
        assert [each.note for each in found] == [restored.note] == ["kept beside it"]


async def test_what_was_restored_outlives_the_program(tmp_path: Path) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        await mint(alice)
        await stack.restore("one")

    async with a_stack(home=tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert await seen(again, "tostring(Balances.ann)") == "nil"


@pytest.mark.parametrize("unit", ["gateway", "scheduler", "compute", "messenger"])
async def test_a_damaged_snapshot_leaves_the_world_as_it_is(tmp_path: Path, unit: str) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        await mint(alice)
        file = tmp_path / "snapshots" / "one" / f"{unit}.sqlite"
        file.write_bytes(file.read_bytes()[:5000].ljust(20_000, b"?"))

        with pytest.raises(UnusableFile, match=f"snapshot one cannot be used: its {unit}"):
            await stack.restore("one")

        assert await seen(alice, "Balances.ann") == "1"
        await mint(alice)
        assert await seen(alice, "Balances.ann") == "2"


class Stuck(VirtualClock):
    """It cannot be kept any more."""

    @property
    def dial(self):  # type: ignore[no-untyped-def]  # as the clock has it
        return self._dial

    @dial.setter
    def dial(self, dial):  # type: ignore[no-untyped-def]  # as the clock has it
        raise UnusableFile("clock.json", "the disk is full")


async def test_a_restore_that_fails_half_way_leaves_the_world_as_it_is(tmp_path: Path) -> None:
    async with open_stack(tmp_path, clock=Stuck()) as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        await mint(alice)

        with pytest.raises(UnusableFile, match="the disk is full"):
            await stack.restore("one")

        assert await seen(alice, "Balances.ann") == "1"
        assert not (tmp_path / "snapshots" / UNDERWAY).exists()


async def test_a_restore_that_a_crash_cut_short_is_finished(tmp_path: Path) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        stack.world.clock.freeze()
        taken = (await stack.snapshot("one")).taken
        await mint(alice)
        await stack.world.pass_time(86_400_000)
    # Some of the tables are those of the snapshot by now, others are not.
    half_restored(tmp_path, "one", "scheduler")

    async with a_stack(home=tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert await seen(again, "tostring(Balances.ann)") == "nil"
        assert await length(stack, alice.id) == 2
        assert stack.world.clock() == taken
        assert [each.name for each in stack.world.snapshots()] == ["one"]

    assert not (tmp_path / "snapshots" / UNDERWAY).exists()


async def test_a_restore_that_could_not_be_finished_is_finished_the_next_time(
    tmp_path: Path,
) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        stack.world.clock.freeze()
        taken = (await stack.snapshot("one")).taken
        await mint(alice)
        await stack.world.pass_time(86_400_000)
    half_restored(tmp_path, "one", "scheduler")
    with pytest.raises(UnusableFile, match="the disk is full"):
        async with open_stack(tmp_path, clock=Stuck()):
            pass

    async with a_stack(home=tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert await seen(again, "tostring(Balances.ann)") == "nil"
        assert stack.world.clock() == taken


@pytest.mark.parametrize("mark", [b"", b"\xff", b"../one"])
async def test_a_mark_that_names_no_snapshot_says_that_nothing_was_begun(
    tmp_path: Path, mark: bytes
) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        await mint(alice)
    (tmp_path / "snapshots" / UNDERWAY).write_bytes(mark)

    async with a_stack(home=tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert await seen(again, "Balances.ann") == "1"


async def test_a_snapshot_can_be_dropped() -> None:
    async with a_stack() as stack:
        await stack.snapshot("one")

        stack.world.drop("one")

        assert stack.world.snapshots() == ()
        with pytest.raises(NotFound):
            stack.world.drop("one")


async def test_an_id_that_was_made_after_the_snapshot_can_be_made_again() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        await stack.snapshot("one")
        message = await mint(alice)
        item = (await stack.units.scheduler.message(alice.id, message)).message
        assert item is not None
        await stack.restore("one")

        await stack.units.messenger.send(item.item)
        await alice.client.result(ProcessId(alice.id), message)

        assert await seen(alice, "Balances.ann") == "1"
