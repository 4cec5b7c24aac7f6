"""What a chronicle tells of a real network in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from ao_kernel.chronicle import Chronicle, Event
from ao_kernel.networks.local import open_network
from ao_kernel.outputs import CellFailed, CellOutput
from ao_kernel.running import run_code
from ao_kernel.session import Session
from unitstack.errors import Interrupted, NotFound, Refused
from unitstack.wire.ids import MessageId, ProcessId

PONG = (
    'Handlers.add("ping", "Ping", function (msg) msg.reply({ Action = "Pong", Data = "pong" }) end)'
)
PING = 'Send({ Target = "alice", Action = "Ping", Data = "hello" })'
NO_EVAL = 'Handlers.prepend("all", function () return true end, function () end)'


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    network = await open_network(tmp_path, None)
    network.engine = "lua"
    session = Session(network, _nowhere)
    yield session
    await session.close()


@pytest.fixture
def chronicle(session: Session) -> Chronicle:
    return session.chronicle


def _nowhere(output: CellOutput) -> None:
    """Nobody looks at what is shown."""


async def run(session: Session, *cells: str) -> None:
    for cell in cells:
        with suppress(CellFailed):
            await run_code(session, cell, _nowhere)


async def two_who_talk(session: Session) -> tuple[ProcessId, ProcessId]:
    await run(session, "%spawn alice", PONG, "%spawn bob", PING)
    return await session.world.process("alice"), await session.world.process("bob")


def root_of_last_cell(events: tuple[Event, ...]) -> MessageId:
    return next(event.message for event in reversed(events) if event.action == "Eval")


async def test_a_log_is_told_as_events_from_the_process_itself_on(
    session: Session, chronicle: Chronicle
) -> None:
    await run(session, "%spawn alice", "return 6 * 7")

    events = await chronicle.events(await session.process())

    assert [(event.nonce, event.action) for event in events] == [(0, "Process"), (1, "Eval")]
    assert events[1].data == "return 6 * 7"
    assert events[1].sender == session.network.address
    assert events[1].result is not None
    assert events[1].result.output.values == ("42",)


async def test_events_go_on_past_a_nonce(session: Session, chronicle: Chronicle) -> None:
    await run(session, "%spawn alice", "x = 1", "x = 2", "x = 3")

    events = await chronicle.events(await session.process(), after=1, limit=1)

    assert [event.data for event in events] == ["x = 2"]


async def test_a_nonce_that_is_not_there_is_not_found(
    session: Session, chronicle: Chronicle
) -> None:
    await run(session, "%spawn alice")

    with pytest.raises(NotFound, match="alice, nonce 7"):
        await chronicle.event(await session.process(), 7)


async def test_what_a_cell_set_off_is_told_in_order_with_its_causes(
    session: Session, chronicle: Chronicle
) -> None:
    alice, bob = await two_who_talk(session)
    root = root_of_last_cell(await chronicle.events(bob))

    cell, ping, pong = await chronicle.set_off(root)

    assert [event.action for event in (cell, ping, pong)] == ["Eval", "Ping", "Pong"]
    assert (ping.process, ping.sender, ping.cause) == (alice, bob, cell.message)
    assert (pong.process, pong.sender, pong.cause) == (bob, alice, ping.message)
    assert {event.root for event in (cell, ping, pong)} == {root}


async def test_an_error_of_a_process_is_told_with_its_message(
    session: Session, chronicle: Chronicle
) -> None:
    await run(session, "%spawn alice", 'error("boom")')

    (event,) = await chronicle.events(await session.process(), after=0)

    assert event.result is not None
    assert "boom" in str(event.result.error)


async def test_a_process_is_told_of_at_a_glance(session: Session) -> None:
    # Of a network that others run, answers are waited for: here they are not to depend on how busy the machine is.
    units, world = session.units, session.world
    chronicle = Chronicle(units, world, session.network.address, is_shared=True)
    alice, bob = await two_who_talk(session)
    await run(session, 'error("boom")')

    facts = {each.name: each for each in await chronicle.overview()}

    assert facts["alice"].process == alice
    assert "ping" in facts["alice"].handlers
    assert (facts["alice"].inbox, facts["alice"].queue, facts["alice"].errors) == (1, 0, 0)
    assert (facts["bob"].inbox, facts["bob"].errors, facts["bob"].owner) == (2, 1, "you")
    chronicle.close()
    assert facts["bob"].nonce == facts["bob"].evaluated == await chronicle.length(bob) - 1


async def test_an_inbox_is_told_letter_by_letter(session: Session, chronicle: Chronicle) -> None:
    alice, bob = await two_who_talk(session)

    (letter,) = await chronicle.inbox(bob, 1)

    assert (letter.number, letter.sender, letter.action, letter.data) == (2, alice, "Pong", "pong")


async def test_a_process_that_answers_no_eval_does_not_show_its_inbox(
    session: Session, chronicle: Chronicle
) -> None:
    await run(session, "%spawn alice", NO_EVAL)

    with pytest.raises(Refused, match="alice does not show its inbox"):
        await chronicle.inbox(await session.process(), 10)


async def test_a_process_that_is_busy_is_told_of_without_waiting(
    session: Session, chronicle: Chronicle
) -> None:
    await run(session, "%spawn alice")
    alice = await session.process()
    before = await chronicle.facts(alice)
    cell = asyncio.create_task(run(session, "while true do end"))
    async with aclosing(chronicle.changes()) as changes:
        await anext(changes)

        facts = await chronicle.facts(alice)

    assert (facts.queue, facts.evaluated, facts.handlers) == (1, 0, before.handlers)
    session.interrupt()
    with suppress(Interrupted):
        await cell


async def test_those_who_follow_are_told_what_has_changed(
    session: Session, chronicle: Chronicle
) -> None:
    await run(session, "%spawn alice")
    alice = await session.process()

    async with aclosing(chronicle.changes()) as changes:
        following = asyncio.ensure_future(anext(changes))
        await run(session, "x = 1")

        assert await following == {alice}


async def test_following_ends_with_the_chronicle(chronicle: Chronicle) -> None:
    async with aclosing(chronicle.changes()) as changes:
        following = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        chronicle.close()

        with pytest.raises(StopAsyncIteration):
            await following


async def test_after_it_has_forgotten_all_is_read_anew(
    session: Session, chronicle: Chronicle
) -> None:
    _, bob = await two_who_talk(session)
    root = root_of_last_cell(await chronicle.events(bob))
    before = await chronicle.set_off(root)

    chronicle.forget()

    assert [each.message for each in await chronicle.set_off(root)] == [
        each.message for each in before
    ]
