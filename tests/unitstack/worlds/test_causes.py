from collections.abc import AsyncIterator

import pytest

from tests.unitstack.worlds.networks import a_process, a_stack, mint, state_of
from unitstack.client.process import Process
from unitstack.errors import Refused
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.wire.seeds import Seed
from unitstack.worlds.difference import differences
from unitstack.worlds.states import state_at

ENGINES = pytest.mark.parametrize("engine", ["lua", "wasm"])


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with a_stack() as stack:
        yield stack


async def nonce_of(stack: Stack, process: Process, expression: str) -> int | None:
    cause = await stack.world.cause(process.id, expression)
    return cause.place.nonce if cause.place else None


@ENGINES
async def test_the_message_that_last_changed_a_value_is_found(engine: str) -> None:
    async with a_stack(engine) as stack:
        alice = await a_process(stack)
        for to in ("ann", "bob", "ann", "bob", "bob"):
            await mint(alice, to=to)

        cause = await stack.world.cause(alice.id, "Balances.ann")

        assert cause.place is not None
        assert (cause.place.nonce, cause.before, cause.after) == (4, "1", "2")


async def test_what_changed_and_changed_back_is_seen(stack: Stack) -> None:
    alice = await a_process(stack)
    for source in ("Busy = false", "Busy = true", "Busy = false", "X = 1"):
        await alice.eval(source)

    assert await nonce_of(stack, alice, "Busy") == 4


async def test_a_change_long_ago_is_found_behind_many_memories() -> None:
    # Grown from a seed, a world keeps a memory after each 128 messages, however long they take.
    settings = StackSettings(EngineName.LUA, seed=Seed("1"))
    async with open_stack(None, settings=settings) as stack:
        alice = await a_process(stack)
        await alice.eval("Balances.zoe = 1")
        for _ in range(300):
            await mint(alice)

        assert len(stack.compute.memories(alice.id)) == 4
        cause = await stack.world.cause(alice.id, "Balances.zoe")
        assert cause.place is not None
        assert (cause.place.nonce, cause.passed) == (2, 1)
        assert await nonce_of(stack, alice, "Balances.ann") == 302


async def test_a_value_that_never_changed_has_no_cause(stack: Stack) -> None:
    alice = await a_process(stack)

    cause = await stack.world.cause(alice.id, "Name")

    assert (cause.place, cause.after) == (None, '"alice"')


async def test_what_cannot_be_had_is_nil(stack: Stack) -> None:
    alice = await a_process(stack)

    assert (await stack.world.cause(alice.id, "Nothing.at.all")).after == "nil"


async def test_tables_can_be_asked_about(stack: Stack) -> None:
    alice = await a_process(stack)
    await mint(alice)

    cause = await stack.world.cause(alice.id, "Balances")

    assert (cause.before, cause.after) == ({}, {".ann": "1"})


async def test_a_cron_can_be_the_cause(stack: Stack) -> None:
    crons = (("Cron-Interval", "1-hour"), ("Cron-Tag-Action", "Tick"))
    alice = await a_process(stack, "alice", *crons)
    await alice.eval('Handlers.add("tick", "Tick", function() N = (N or 0) + 1 end)')
    await stack.messenger.monitor(alice.id)
    await stack.world.pass_time(3 * 3_600_000)

    cause = await stack.world.cause(alice.id, "N")

    assert cause.place is not None
    assert (cause.place.cron, cause.before, cause.after) == ("0-1-hour", "2", "3")


async def test_what_is_no_lua_is_refused(stack: Stack) -> None:
    alice = await a_process(stack)

    with pytest.raises(Refused, match=r"does not show its state: .*unexpected symbol"):
        await stack.world.cause(alice.id, "1 +")


async def test_looking_leaves_no_trace(stack: Stack) -> None:
    alice = await a_process(stack)
    await mint(alice)
    before = await state_of(alice)

    await stack.world.cause(alice.id, "Balances.ann")
    await state_at(stack.units, alice.id)

    assert await state_of(alice) == before


async def test_a_state_has_what_the_program_has_put_there(stack: Stack) -> None:
    alice = await a_process(stack)
    await alice.eval('Text, Odd, List = "a\\n\\"b\\"", { ["x y"] = true, [0.5] = 1 }, { 1, { 2 } }')

    state = await state_at(stack.units, alice.id)

    assert state["Text"] == '"a\\n\\"b\\""'
    assert state["Odd"] == {'["x y"]': "true", "[0.5]": "1"}
    assert state["List"] == {"[1]": "1", "[2]": {"[1]": "2"}}
    assert set(state["Handlers"]) == {"._eval", "._default", ".mint"}
    assert not {"ao", "string", "_G", "Utils", "Colors"} & state.keys()


async def test_a_table_that_holds_itself_ends(stack: Stack) -> None:
    alice = await a_process(stack)
    await alice.eval("Loop = {} Loop.self = Loop")

    state = await state_at(stack.units, alice.id)

    assert state["Loop"] == {".self": "a table that holds this"}


async def test_bytes_that_are_no_text_are_counted(stack: Stack) -> None:
    alice = await a_process(stack)
    await alice.eval('Raw = "\\255\\254"')

    assert (await state_at(stack.units, alice.id))["Raw"] == "<2 bytes>"


async def answering(stack: Stack, answer: str) -> Process:
    alice = await a_process(stack)
    await alice.eval(f"require('json').encode = function() return {answer} end")
    return alice


@pytest.mark.parametrize("answer", ['("["):rep(100000)', '"[1]"', '"no"', "nil"])
async def test_what_is_no_state_is_refused(stack: Stack, answer: str) -> None:
    alice = await answering(stack, answer)

    with pytest.raises(Refused, match="does not show its state, but"):
        await state_at(stack.units, alice.id)


async def test_what_is_too_deep_is_cut(stack: Stack) -> None:
    deep = """('{"a":'):rep(500) .. "1" .. ("}"):rep(500)"""

    state = await state_at(stack.units, (await answering(stack, deep)).id)

    assert str(state).count("a") == 20
    assert differences(state, {}) != ()


async def test_a_process_that_hides_itself_is_refused(stack: Stack) -> None:
    alice = await a_process(stack)
    await alice.eval("package.loaded.json = nil; require = function() error('hidden') end")

    with pytest.raises(Refused, match="does not show its state"):
        await state_at(stack.units, alice.id)
