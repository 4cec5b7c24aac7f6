"""A whole network: every part played by its unit, processes in the bundled environment."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.items import a_wallet, an_item
from unitstack.client.client import Client
from unitstack.client.process import Process
from unitstack.clock import CHAIN, VirtualClock
from unitstack.errors import Interrupted, Refused
from unitstack.messenger.budget import Budget
from unitstack.stack import EngineName, Stack, open_stack
from unitstack.wire.assignments import BlockTime
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, ProcessId
from unitstack.wire.results import EvalResult
from unitstack.wire.tags import find, find_all

NOON = 1_760_000_000_000
PING = """
Handlers.add("ping", "Ping", function (msg)
  Seen = (Seen or 0) + 1
  if Seen < {times} then msg.reply({{ Action = "Ping", Data = tostring(Seen) }}) end
end)
"""


def a_clock(step: int = 5000) -> Callable[[], BlockTime]:
    """Each time that it is looked at, so many milliseconds have passed."""
    times = iter(range(NOON, NOON * 2, step))
    return lambda: CHAIN.at(next(times))


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with open_stack(None) as stack:
        yield stack


@pytest.fixture
def client(stack: Stack) -> Client:
    return stack.client(a_wallet())


async def received(process: Process, action: str) -> list[DataItem]:
    """The messages of an action in the process's log."""
    log = [scheduled.message async for scheduled in process.messages()]
    return [each.item for each in log if each and find(each.item.tags, "Action") == action]


async def run(client: Client, process: Process, source: str) -> MessageId:
    """Evaluates the source and waits until all that it set off has settled."""
    root = await process.begin_eval(source)
    result = await client.result(process.id, root)
    assert result.error is None
    await client.settled(root)
    return root


async def shown(process: Process, source: str) -> str:
    return str((await process.dry_run(source)).output.data)


async def test_lua_is_evaluated(client: Client) -> None:
    process = await client.spawn("alice")

    assert (await process.eval("6 * 7")).output.data == "42"


async def test_a_process_has_its_name(client: Client) -> None:
    process = await client.spawn("alice")

    assert (await process.eval("Name")).output.data == "alice"


async def test_each_kind_of_wallet_owns_its_processes(stack: Stack) -> None:
    for kind in ("arweave", "ed25519", "ethereum", "solana"):
        process = await stack.client(a_wallet(kind)).spawn()

        assert (await process.eval("1 + 1")).output.data == "2"


async def test_another_wallet_may_not_evaluate(stack: Stack, client: Client) -> None:
    process = await client.spawn("alice")
    stranger = stack.client(a_wallet("ethereum")).process(process.id)

    await stranger.eval("Stolen = true")

    assert await shown(process, "tostring(Stolen)") == "nil"


async def test_two_processes_talk_until_they_are_done(client: Client) -> None:
    alice, bob = await client.spawn("alice"), await client.spawn("bob")
    for process in (alice, bob):
        await process.eval(PING.format(times=10))

    root = await alice.begin_eval(f'Send({{ Target = "{bob.id}", Action = "Ping" }})')
    cascade = await client.settled(root)

    assert (cascade.done, cascade.owed, cascade.notes) == (19, 0, ())
    assert [await shown(process, "Seen") for process in (alice, bob)] == ["9", "10"]


async def test_what_was_pushed_names_its_sender_and_its_root(client: Client) -> None:
    alice, bob = await client.spawn("alice"), await client.spawn("bob")

    root = await run(client, alice, f'Send({{ Target = "{bob.id}", Action = "Hi" }})')

    (item,) = await received(bob, "Hi")
    assert (find(item.tags, "From-Process"), find(item.tags, "Pushed-For")) == (alice.id, root)


async def test_a_reply_wakes_who_waits_for_it(client: Client) -> None:
    alice, bob = await client.spawn("alice"), await client.spawn("bob")
    await bob.eval('Handlers.add("ask", "Ask", function (msg) msg.reply({ Data = "42" }) end)')

    await run(
        client, alice, f'Heard = Send({{ Target = "{bob.id}", Action = "Ask" }}).receive().Data'
    )

    assert await shown(alice, "Heard") == "42"


async def test_one_outbox_s_messages_arrive_in_order(client: Client) -> None:
    alice, bob = await client.spawn("alice"), await client.spawn("bob")
    source = (
        f'for n = 1, 50 do Send({{ Target = "{bob.id}", Action = "N", Data = tostring(n) }}) end'
    )

    await run(client, alice, source)

    data = [item.data.decode() for item in await received(bob, "N")]
    assert data == [str(number) for number in range(1, 51)]


async def test_a_process_spawns_a_process_and_hears_of_it(client: Client) -> None:
    alice = await client.spawn("alice")

    await run(client, alice, 'Child = Spawn(ao._module, { Name = "kid" }).receive().Process')

    (notice,) = await received(alice, "Spawned")
    child = find(notice.tags, "Process")
    assert await shown(alice, "Child") == child
    assert find(notice.tags, "From-Process") == alice.id


async def test_a_message_is_assigned_to_another_process(client: Client) -> None:
    alice, bob = await client.spawn("alice"), await client.spawn("bob")
    await bob.eval('ao.addAssignable("all", function (msg) return true end)')
    await bob.eval('Handlers.add("note", "Note", function (msg) Noted = msg.Data end)')
    letter = await alice.send(data="read me", tags={"Action": "Note"})

    assignment = await client.assign(bob.id, letter)

    assert (await client.result(bob.id, assignment)).error is None
    assert await shown(bob, "Noted") == "read me"


async def test_a_process_assigns_a_message_to_another(client: Client) -> None:
    alice, bob = await client.spawn("alice"), await client.spawn("bob")
    await bob.eval('ao.addAssignable("all", function (msg) return true end)')
    await bob.eval('Handlers.add("note", "Note", function (msg) Noted = msg.Data end)')
    letter = await alice.send(data="read me", tags={"Action": "Note"})

    await run(client, alice, f'Assign({{ Processes = {{ "{bob.id}" }}, Message = "{letter}" }})')

    assert await shown(bob, "Noted") == "read me"


async def test_a_storm_is_stopped_with_its_figures(stack: Stack, client: Client) -> None:
    stack.messenger.budget = Budget(messages=50)
    storm = await client.spawn("storm")
    await storm.eval(
        'Handlers.add("more", "More", function () Send({ Target = ao.id, Action = "More" })'
        ' Send({ Target = ao.id, Action = "More" }) end)'
    )

    root = await storm.begin_eval('Send({ Target = ao.id, Action = "More" })')
    cascade = await client.settled(root)

    assert cascade.done == 50
    assert "set off 50 others and more are owed; the budget allows 50" in cascade.stopped
    assert (await storm.eval("1 + 1")).output.data == "2"


async def test_what_cannot_leave_is_told(client: Client) -> None:
    alice = await client.spawn("alice")

    root = await alice.begin_eval("Send({ Target = ao.id, Quantity = 5 })")
    cascade = await client.settled(root)

    assert "its tag Quantity is the number 5" in cascade.notes[0]


async def test_a_name_is_sent_to(stack: Stack, client: Client) -> None:
    alice, bob = await client.spawn("alice"), await client.spawn("bob")
    stack.messenger.resolve = {"bob": bob.id}.get

    await run(client, alice, 'Send({ Target = "bob", Action = "Hi" })')

    assert len(await received(bob, "Hi")) == 1


async def test_a_watched_clock_sets_messages_off() -> None:
    async with open_stack(None, clock=a_clock()) as stack:
        client = stack.client(a_wallet())
        cron = {"Cron-Interval": "2-seconds", "Cron-Tag-Action": "Tick"}
        other, clock = await client.spawn("other"), await client.spawn("clock", tags=cron)
        await clock.eval(
            f'Handlers.add("tick", "Tick", function () Send({{ Target = "{other.id}", Action = "Tock" }}) end)'
        )

        await client.monitor(clock.id)
        evaluations = other.follow()
        await anext(evaluations)
        await anext(evaluations)

        first, *_ = await received(other, "Tock")
        assert find_all(first.tags, "Pushed-For") == ()
        await evaluations.aclose()


async def test_a_message_that_is_followed_is_told_of_once(client: Client) -> None:
    alice = await client.spawn("alice")
    await alice.eval("1 + 1")
    await alice.eval("2 + 2")

    evaluations = alice.follow()
    told = [(await anext(evaluations)).result.output.data for _ in range(3)]
    await evaluations.aclose()

    assert told[1:] == ["2", "4"]


async def test_an_inbox_shows_what_no_handler_took(client: Client) -> None:
    alice = await client.spawn("alice")
    await alice.send(data="hello", tags={"Action": "Greet"})

    letter = (await alice.inbox())[-1]

    assert (letter.action, letter.data, letter.sender) == ("Greet", "hello", client.address)
    assert ("Action", "Greet") in letter.tags


async def result_on_record(client: Client, process: ProcessId, message: MessageId) -> EvalResult:
    """What the message gave, asked for until it has been evaluated: it may be stopped before it was begun."""
    while True:
        with suppress(Interrupted):
            return await client.result(process, message)


async def test_an_endless_evaluation_is_stopped(stack: Stack, client: Client) -> None:
    alice = await client.spawn("alice")
    root = await alice.begin_eval("while true do end")
    recorded = asyncio.create_task(result_on_record(client, alice.id, root))
    while not recorded.done():
        stack.compute.interrupt()
        await asyncio.wait((recorded,), timeout=0.01)

    assert "stopped" in str(recorded.result().error)
    assert (await client.settled(root)).owed == 0
    assert (await alice.eval("1 + 1")).output.data == "2"


async def test_a_home_keeps_processes_and_keys(tmp_path: Path) -> None:
    async with open_stack(tmp_path) as stack:
        alice = await stack.client(a_wallet()).spawn("alice")
        await alice.eval("Kept = 42")
        before = (stack.module, stack.scheduler, stack.authority)

    async with open_stack(tmp_path) as stack:
        again = stack.client(a_wallet()).process(alice.id)

        assert (await again.eval("Kept")).output.data == "42"
        assert (stack.module, stack.scheduler, stack.authority) == before


async def test_only_their_owner_may_read_the_keys(tmp_path: Path) -> None:
    async with open_stack(tmp_path):
        modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}

    assert modes == {0o600}


async def test_what_was_owed_goes_on_when_a_home_is_opened_again(tmp_path: Path) -> None:
    async with open_stack(tmp_path) as stack:
        client = stack.client(a_wallet())
        alice, bob = await client.spawn("alice"), await client.spawn("bob")
        for process in (alice, bob):
            await process.eval(PING.format(times=100))
        root = await alice.begin_eval(f'Send({{ Target = "{bob.id}", Action = "Ping" }})')
        await client.result(alice.id, root)

    async with open_stack(tmp_path) as stack:
        client = stack.client(a_wallet())
        cascade = await client.settled(root)

        assert (cascade.owed, cascade.stopped) == (0, "")
        assert await shown(client.process(bob.id), "Seen") == "100"


async def test_a_home_is_open_in_one_program_at_a_time(tmp_path: Path) -> None:
    async with open_stack(tmp_path):
        with pytest.raises(Refused, match="is open in another program"):
            async with open_stack(tmp_path):
                pass


async def test_an_error_of_who_opened_it_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_stack(None):
            raise ZeroDivisionError


async def test_what_the_base_layer_keeps_reaches_a_process_once_it_is_settled() -> None:
    clock = VirtualClock()
    async with open_stack(None, clock=clock) as stack:
        client, picture = stack.client(a_wallet()), an_item(data=b"a picture")
        process = await client.spawn(tags=(("Settlement-Depth", "2"),))
        await process.eval('ao.addAssignable("all", function () return true end)')
        await stack.units.gateway.upload(picture)
        source = (
            f'Assign({{ Processes = {{ ao.id }}, Message = "{picture.id}", BaseLayer = true }})'
        )

        early = await client.settled(await process.begin_eval(source))
        clock.move_to(clock.after_blocks(2))
        await run(client, process, source)

        assert "Not enough confirmations to assign" in early.notes[0]
        assert (await process.eval("return Inbox[#Inbox].Data")).output.data == "a picture"


@pytest.mark.parametrize("engine", EngineName)
async def test_a_message_that_no_answer_can_be_read_of_does_not_end_its_process(
    stack: Stack, client: Client, engine: EngineName
) -> None:
    process = await client.spawn("echo", module=stack.modules[engine])
    handler = "function (msg) Seen = (Seen or 0) + 1; msg.reply({ Body = require('json').decode(msg.Data) }) end"
    await process.eval(f"Handlers.add('echo', 'Echo', {handler})")
    for levels in (600, 1000, 3000):
        message = await process.send(
            tags={"Action": "Echo"}, data='{"a":' * levels + "1" + "}" * levels
        )

        result = await client.result(process.id, message)

        assert "nested" in str(result.error) or "stack overflow" in str(result.error)
        assert await shown(process, "tostring(Seen)") == "nil"
