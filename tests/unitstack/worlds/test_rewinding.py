import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.items import a_wallet
from tests.unitstack.worlds.networks import (
    a_process,
    a_stack,
    forget_evaluations,
    length,
    mint,
    seen,
    state_of,
)
from unitstack.errors import Interrupted, NotFound, Refused
from unitstack.stack import EngineName, StackSettings, open_stack
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Nonce
from unitstack.wire.seeds import Seed

ENGINES = pytest.mark.parametrize("engine", ["lua", "wasm"])


@contextmanager
def a_fault(home: Path, unit: str, table: str) -> Iterator[None]:
    """Nothing can be taken out of a table meanwhile."""
    with closing(sqlite3.connect(home / f"{unit}.sqlite")) as other:
        other.execute(
            f"CREATE TRIGGER fault BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'cut short'); END"
        )
        yield
        other.execute("DROP TRIGGER fault")


@ENGINES
async def test_a_process_is_as_it_was_after_each_nonce(engine: str) -> None:
    async with a_stack(engine) as stack:
        alice = await a_process(stack)
        states = [await state_of(alice)]
        for number in range(6):
            await mint(alice, to=f"w{number % 2}")
            states.append(await state_of(alice))

        for number in (6, 4, 3, 0):
            rewound = await stack.rewind(alice.id, number + 1)

            assert await state_of(alice) == states[number]
            assert rewound.nonce == number + 1


async def test_what_came_after_is_dropped_and_counted() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        messages = [await mint(alice) for _ in range(5)]

        rewound = await stack.rewind(alice.id, 3)

        assert rewound.dropped == 3
        assert await length(stack, alice.id) == 4
        with pytest.raises(NotFound):
            await stack.units.scheduler.message(alice.id, messages[-1])
        with pytest.raises(NotFound):
            await stack.units.compute.result(alice.id, messages[-1])


async def test_the_process_goes_on_from_there() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        for _ in range(5):
            await mint(alice)
        await stack.rewind(alice.id, 3)

        message = await mint(alice, quantity=10)
        scheduled = await stack.units.scheduler.message(alice.id, message)

        assert scheduled.assignment.nonce == 4
        assert await seen(alice, "Balances.ann") == "12"


async def test_what_was_dropped_can_be_sent_again() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        message = await mint(alice)
        found = (await stack.units.scheduler.message(alice.id, message)).message
        assert found is not None
        await stack.rewind(alice.id, 1)

        await stack.units.messenger.send(found.item)
        await stack.messenger.settled(message)

        assert await seen(alice, "Balances.ann") == "1"


async def test_items_that_come_after_are_handed_over_to_the_gateway() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        for _ in range(3):
            await mint(alice)
        await stack.rewind(alice.id, 1)

        message = await mint(alice)

        assert (await stack.units.gateway.item(message)).id == message


async def test_others_are_not_disturbed() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack), await a_process(stack, "bob")
        root = await alice.begin_eval(f'Send({{ Target = "{bob.id}", Data = "hello" }})')
        await stack.messenger.settled(root)

        await stack.rewind(alice.id, 1)

        assert await seen(bob, "Inbox[#Inbox].Data") == "hello"


async def test_what_was_owed_of_dropped_messages_is_not_sent() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack), await a_process(stack, "bob")
        held = await stack.client(a_wallet()).spawn("held")
        hold = asyncio.create_task(held.eval("while true do end"))
        source = (
            f'Send({{ Target = "{held.id}" }}) for i = 1, 9 do Send({{ Target = "{bob.id}" }}) end'
        )
        root = await alice.begin_eval(source)
        await stack.units.compute.result(alice.id, root)

        await stack.rewind(alice.id, 1)
        while not hold.done():
            # An engine that is only about to begin does not hear it yet.
            stack.compute.interrupt()
            await asyncio.wait((hold,), timeout=0.05)
        cascade = await stack.messenger.settled(root)

        assert cascade.owed == 0
        assert [each for each in stack.messenger.owed() if each.cause.root == root] == []
        assert isinstance(hold.exception(), Interrupted)
        assert await length(stack, bob.id) + await length(stack, held.id) <= 2 + 2 + 10


async def test_what_others_are_owed_goes_on() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack), await a_process(stack, "bob")
        await mint(alice)
        root = await bob.begin_eval(f'Send({{ Target = "{bob.id}", Data = "hello" }})')

        await stack.rewind(alice.id, 1)
        await stack.messenger.settled(root)

        assert await seen(bob, "Inbox[#Inbox].Data") == "hello"


async def test_crons_that_were_due_since_are_due_again() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack, "alice", ("Cron-Interval", "1-hour"))
        await stack.messenger.monitor(alice.id)
        await stack.world.pass_time(5 * 3_600_000)
        await mint(alice)
        await stack.rewind(alice.id, 1)

        await stack.world.tick(alice.id)
        page = await stack.units.compute.results(alice.id, after=Ordinate(Nonce(1)))

        assert [each.ordinate.cron for each in page.items] == ["0-1-hour"] * 5


async def test_a_rewound_process_survives_a_restart(tmp_path: Path) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        for _ in range(3):
            await mint(alice)
        await stack.rewind(alice.id, 2)

    async with a_stack(home=tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert await seen(again, "Balances.ann") == "1"
        assert await length(stack, alice.id) == 3


async def test_a_rewind_that_a_crash_cut_short_has_not_been(tmp_path: Path) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice = await a_process(stack)
        for _ in range(3):
            await mint(alice)
        await stack.compute.cut(alice.id, 2)
    # The program ended before the log was cut.

    async with a_stack(home=tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert await seen(again, "Balances.ann") == "3"


@pytest.mark.parametrize(
    ("unit", "table", "kept"), [("messenger", "owed", False), ("scheduler", "log", True)]
)
async def test_what_is_owed_after_a_crash_is_what_the_log_asks_for(
    tmp_path: Path, unit: str, table: str, kept: bool
) -> None:
    async with a_stack(home=tmp_path) as stack:
        alice, held = await a_process(stack), await a_process(stack, "held")
        hold = asyncio.create_task(held.eval("while true do end"))
        root = await alice.begin_eval(f'for i = 1, 3 do Send({{ Target = "{held.id}" }}) end')
        await stack.units.compute.result(alice.id, root)
        # The rewind comes as far as there.
        with a_fault(tmp_path, unit, table), pytest.raises(sqlite3.IntegrityError):
            await stack.rewind(alice.id, 1)
        stack.messenger.rest()
    await asyncio.wait((hold,))

    async with a_stack(home=tmp_path) as stack:
        owed = [each for each in stack.messenger.owed() if each.cause.root == root]

        assert bool(owed) == kept
        assert await length(stack, alice.id) == (3 if kept else 2)


async def test_it_tells_from_where_the_state_was_made_anew() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        for _ in range(3):
            await mint(alice)
        told: list[tuple[int, int]] = []

        rewound = await stack.world.rewind(
            alice.id, 3, progress=lambda done, whole: told.append((done, whole))
        )

        first = 0 if rewound.memory is None else rewound.memory.nonce + 1
        assert rewound.repeated == 4 - first
        assert told[-1:] == [(rewound.repeated, rewound.repeated)]


async def test_a_nonce_that_the_process_has_not_is_refused() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)

        with pytest.raises(NotFound, match="message 9 of process"):
            await stack.rewind(alice.id, 9)
        with pytest.raises(Refused, match="nonces begin with 0"):
            await stack.rewind(alice.id, -1)


async def test_results_past_the_nonce_are_gone() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        for _ in range(4):
            await mint(alice)

        await stack.rewind(alice.id, 2)
        page = await stack.units.compute.results(alice.id, limit=100)

        assert page.items[-1].ordinate == Ordinate(Nonce(2))


@ENGINES
async def test_a_rewound_state_is_that_of_a_fresh_replay(engine: str, tmp_path: Path) -> None:
    async with a_stack(engine, tmp_path) as stack:
        alice = await a_process(stack)
        for number in range(30):
            await mint(alice, to=f"w{number % 7}")
        await stack.rewind(alice.id, 21)
        rewound = await state_of(alice)
    # The record goes, the log stays: all is evaluated again from the first message.
    forget_evaluations(tmp_path)

    async with a_stack(engine, tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert await state_of(again) == rewound


@ENGINES
async def test_a_state_made_from_a_kept_memory_is_that_of_the_log(engine: str) -> None:
    # Grown from a seed, a world keeps a memory after each 128 messages, however long they take.
    settings = StackSettings(EngineName(engine), seed=Seed("1"))
    async with open_stack(None, settings=settings) as stack:
        alice = await a_process(stack)
        states = {}
        for nonce in range(2, 280):
            await mint(alice, to=f"w{nonce % 50}")
            if nonce in (126, 127, 200, 250):
                states[nonce] = await state_of(alice)

        for nonce in (250, 200, 127, 126):
            rewound = await stack.rewind(alice.id, nonce)

            assert await state_of(alice) == states[nonce]
            assert (rewound.memory is not None) == (nonce > 126)


async def test_on_wasm_the_memory_is_the_same_to_the_byte() -> None:
    settings = StackSettings(EngineName.WASM, seed=Seed("1"))
    async with open_stack(None, settings=settings) as stack:
        alice = await a_process(stack)
        memories = {}
        for nonce in range(2, 150):
            await mint(alice)
            if nonce in (100, 127, 140):
                memories[nonce] = (await stack.compute.checkpoint(alice.id)).memory

        for nonce in (140, 127, 100):
            await stack.rewind(alice.id, nonce)

            assert (await stack.compute.checkpoint(alice.id)).memory == memories[nonce]
