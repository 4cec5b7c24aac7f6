from pathlib import Path

import pytest

from tests.items import a_process as a_process_item
from tests.items import a_wallet
from tests.unitstack.worlds.networks import (
    a_process,
    a_stack,
    forget_evaluations,
    mint,
    seen,
    state_of,
)
from unitstack.client.process import Process
from unitstack.compute.sources import FORKED_STATE
from unitstack.errors import NotFound, Refused
from unitstack.stack import Stack
from unitstack.wire.ids import ProcessId, TxId
from unitstack.wire.keys import sign
from unitstack.wire.messages import Draft
from unitstack.wire.tags import find

ENGINES = pytest.mark.parametrize("engine", ["lua", "wasm"])


async def forked(stack: Stack, parent: Process, at: int | None = None) -> Process:
    copy = await stack.fork(parent.id, a_wallet(), "copy", at=at)
    return stack.client(a_wallet()).process(copy)


@ENGINES
async def test_a_fork_begins_as_its_parent_was(engine: str) -> None:
    async with a_stack(engine) as stack:
        alice = await a_process(stack)
        for _ in range(3):
            await mint(alice)
        before = await state_of(alice)
        await mint(alice)

        copy = await forked(stack, alice, at=4)

        assert await state_of(copy) == before


@ENGINES
async def test_each_goes_its_own_way(engine: str) -> None:
    async with a_stack(engine) as stack:
        alice = await a_process(stack)
        await mint(alice)
        copy = await forked(stack, alice)

        await mint(copy, quantity=10)
        await mint(alice, quantity=100)

        assert await seen(copy, "Balances.ann") == "11"
        assert await seen(alice, "Balances.ann") == "101"


async def test_a_fork_does_not_disturb_its_parent() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        await mint(alice)
        before = await state_of(alice)

        copy = await forked(stack, alice, at=1)
        await mint(copy)

        assert await state_of(alice) == before


@ENGINES
async def test_a_fork_knows_itself_by_its_own_id(engine: str) -> None:
    async with a_stack(engine) as stack:
        copy = await forked(stack, await a_process(stack))

        assert await seen(copy, "ao.id") == copy.id


async def test_what_a_fork_sends_comes_from_the_fork() -> None:
    async with a_stack() as stack:
        alice, bob = await a_process(stack), await a_process(stack, "bob")
        copy = await forked(stack, alice)

        root = await copy.begin_eval(f'Send({{ Target = "{bob.id}", Data = "hello" }})')
        await stack.messenger.settled(root)

        assert await seen(bob, "Inbox[#Inbox].From") == copy.id


async def test_a_fork_tells_where_it_comes_from() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)

        copy = await forked(stack, alice, at=1)

        message = (await stack.units.scheduler.process(copy.id)).message
        assert message is not None
        tags = message.item.tags
        assert (find(tags, "Forked-From"), find(tags, "Forked-At")) == (alice.id, "1")
        assert find(tags, "Name") == "copy"


@ENGINES
async def test_a_fork_survives_a_restart_and_what_becomes_of_its_parent(
    engine: str, tmp_path: Path
) -> None:
    async with a_stack(engine, tmp_path) as stack:
        alice = await a_process(stack)
        for _ in range(3):
            await mint(alice)
        copy = await forked(stack, alice)
        await mint(copy)
        before = await state_of(copy)
        await stack.rewind(alice.id, 1)
    # Nothing that was evaluated is remembered: the state follows from the fork's own log.
    forget_evaluations(tmp_path)

    async with a_stack(engine, tmp_path) as stack:
        again = stack.client(a_wallet()).process(copy.id)

        assert await state_of(again) == before


async def test_a_fork_can_be_forked_and_taken_back() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        await mint(alice)
        copy = await forked(stack, alice)
        await mint(copy)
        second = await forked(stack, copy)

        await stack.rewind(copy.id, 0)

        assert await seen(copy, "Balances.ann") == "1"
        assert await seen(second, "Balances.ann") == "2"


async def test_what_ran_at_the_parent_s_boot_does_not_run_again() -> None:
    async with a_stack() as stack:
        client = stack.client(a_wallet())
        boot = "Boots = (Boots or 0) + 1"
        alice = await client.spawn("alice", tags={"On-Boot": "Data"}, data=boot)
        assert await seen(alice, "Boots") == "1"

        copy = await forked(stack, alice)

        assert await seen(copy, "Boots") == "1"


async def test_only_its_owner_forks_a_process() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)

        with pytest.raises(Refused, match="who alone can fork it"):
            await stack.fork(alice.id, a_wallet("ethereum"), "copy")


async def test_what_a_process_spawned_can_be_forked() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)
        source = f'Spawn("{stack.module}", {{ Name = "child", Authority = ao.authorities[1] }})'
        root = await alice.begin_eval(source)
        await stack.messenger.settled(root)
        child = await seen(alice, "Inbox[#Inbox].Process")

        copy = await stack.fork(ProcessId(TxId(child)), a_wallet(), "copy")

        message = (await stack.units.scheduler.process(copy)).message
        assert message is not None
        assert find(message.item.tags, "From-Process") == alice.id


async def test_a_nonce_that_the_parent_has_not_is_refused() -> None:
    async with a_stack() as stack:
        alice = await a_process(stack)

        for nonce in (7, -1):
            with pytest.raises(NotFound, match=f"message {nonce} of process"):
                await forked(stack, alice, at=nonce)


async def test_a_state_that_a_stranger_made_is_not_taken_over() -> None:
    async with a_stack() as stack:
        state = sign(a_wallet(), Draft(data=b"anything"))
        await stack.units.gateway.upload(state)
        item = a_process_item(
            ((FORKED_STATE, state.id), ("Name", "strange")),
            module=stack.module,
            scheduler=stack.scheduler,
        )
        await stack.units.messenger.send(item)

        with pytest.raises(Refused, match="begins with a state that was not taken here"):
            await stack.units.compute.result(ProcessId(item.id), item.id)  # type: ignore[arg-type]  # a process is its own first message
