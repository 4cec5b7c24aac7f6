"""What a panel is told of a real network in this process."""

import asyncio
from functools import partial
from typing import Any

from ao_kernel.panel.messages import FromKernel
from ao_kernel.panel.panel import AHEAD, Panel
from ao_kernel.session import Session
from tests.ao_kernel.panel.conftest import Told, Watched, process_of, run
from tests.ao_kernel.panel.forms import fits

PONG = 'Handlers.add("ping", "Ping", function (msg) msg.reply({ Action = "Pong" }) end)'


def has_number(number: int, said: Any) -> bool:
    return bool(said["number"] == number)


class Rounds:
    """Paces a panel, and counts how often it has looked for what is new."""

    def __init__(self) -> None:
        self._done = 0
        self._bell = asyncio.Event()

    async def pace(self) -> None:
        self._done += 1
        self._bell.set()
        await asyncio.sleep(0)

    async def more(self, number: int) -> None:
        """Returns once it has looked so many times more."""
        last = self._done + number
        while self._done < last:
            self._bell.clear()
            await self._bell.wait()


async def test_it_is_told_first_of_all_there_is(session: Session, watched: Watched) -> None:
    first = await watched.told.until(lambda said: said["whole"])

    assert first["number"] == 1
    assert first["session"]["you"] == session.network.address
    assert first["session"]["place"] == {"is_shared": False, "host": ""}


async def test_it_is_told_of_processes_as_they_come_and_change(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice", PONG, "%spawn bob")
    await run(session, 'Send({ Target = "alice", Action = "Ping" })')

    alice = await watched.told.process(lambda each: each["name"] == "alice" and each["nonce"] == 2)
    bob = await watched.told.process(lambda each: each["name"] == "bob" and each["inbox"] == 2)
    assert "ping" in alice["handlers"]
    assert bob["queue"] == 0


async def test_it_is_told_which_process_cells_go_to(session: Session, watched: Watched) -> None:
    await run(session, "%spawn alice", "%spawn bob", "%use alice")

    alice = await process_of(session, "alice")
    await watched.told.until(
        lambda said: said["kind"] == "news" and (said["session"] or {}).get("current") == alice
    )


async def test_it_is_told_how_much_a_message_has_set_off(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice", PONG, "%spawn bob")
    await run(session, 'Send({ Target = "alice", Action = "Ping" })')

    said = await watched.told.until(
        lambda said: (
            said["kind"] == "news" and any(trace["messages"] == 3 for trace in said["traces"])
        )
    )
    trace = next(trace for trace in said["traces"] if trace["messages"] == 3)
    assert (trace["sender"], trace["receiver"], trace["action"]) == ("you", "bob", "Eval")


async def test_all_that_it_is_told_has_the_form_that_was_agreed(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice")
    watched.hear({"kind": "look", "process": await process_of(session, "alice"), "letters": 5})
    await watched.told.inbox(lambda inbox: True)

    assert [said for said in watched.told.messages if not fits(said, FromKernel)] == []


async def test_the_inbox_that_it_looks_at_is_told_and_kept_up_to_date(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice", "%spawn bob")
    watched.hear({"kind": "look", "process": await process_of(session, "alice"), "letters": 5})
    await watched.told.inbox(lambda inbox: len(inbox["letters"]) == 1)

    await run(session, 'Send({ Target = "alice", Action = "Hi", Data = "yo" })')

    inbox = await watched.told.inbox(lambda inbox: len(inbox["letters"]) == 2)
    letter = inbox["letters"][-1]
    assert (letter["name"], letter["action"], letter["data"]) == ("bob", "Hi", "yo")


async def test_an_inbox_is_told_while_a_cell_keeps_another_process_busy(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice", "%spawn bob")
    alice = await process_of(session, "alice")
    watched.hear({"kind": "look", "process": alice, "letters": 5})
    cell = asyncio.create_task(run(session, "while true do end"))
    try:
        watched.hear(
            {"kind": "send", "ask": 1, "process": alice, "action": "Meanwhile", "data": ""}
        )
        inbox = await watched.told.inbox(lambda inbox: len(inbox["letters"]) == 2)
    finally:
        session.interrupt()
        await asyncio.gather(cell, return_exceptions=True)

    assert inbox["letters"][-1]["action"] == "Meanwhile"


async def test_one_that_says_nothing_is_told_no_more_until_it_speaks_again(
    session: Session,
) -> None:
    told, rounds = Told(), Rounds()
    panel = Panel(session, {"version": 1, "process": "", "letters": 5}, told.take, rounds.pace)
    running = asyncio.create_task(panel.run())
    for number in range(AHEAD):
        await run(session, f"%spawn p{number}")
        await told.until(partial(has_number, number + 1))
    await run(session, "%spawn late")
    await rounds.more(3)
    assert len(told.messages) == AHEAD

    panel.hear({"kind": "seen", "number": AHEAD})

    await told.process(lambda each: each["name"] == "late")
    running.cancel()


async def test_one_that_has_missed_something_is_told_of_everything_again(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice")
    await watched.told.process(lambda each: each["name"] == "alice" and each["queue"] == 0)

    watched.hear({"kind": "whole"})

    again = await watched.told.until(
        lambda said: said["kind"] == "news" and said["whole"] and said["number"] > 1
    )
    assert [each["name"] for each in again["processes"]] == ["alice"]


async def test_after_a_restore_it_is_told_of_everything_again_and_what_never_was_is_gone(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice", "%snapshot before", "%spawn bob")
    await watched.told.process(lambda each: each["name"] == "bob")
    so_far = len(watched.told.messages)

    await run(session, "%restore before")

    again = await watched.told.until(
        lambda said: (
            said["kind"] == "news"
            and said["whole"]
            and said["session"]["snapshots"] == ["before"]
            and watched.told.messages.index(said) >= so_far
        )
    )
    assert [each["name"] for each in again["processes"]] == ["alice"]


async def test_after_a_rewind_the_process_is_told_of_as_it_was(
    session: Session, watched: Watched
) -> None:
    await run(session, "%spawn alice", "x = 1", "x = 2")
    await watched.told.process(lambda each: each["nonce"] == 2 and each["queue"] == 0)
    so_far = len(watched.told.messages)

    await run(session, "%rewind alice 1")

    await watched.told.until(
        lambda said: (
            said["kind"] == "news"
            and any(each["nonce"] == 1 for each in said["processes"])
            and watched.told.messages.index(said) >= so_far
        )
    )


async def test_a_clock_that_is_stopped_or_set_on_is_news(
    session: Session, watched: Watched
) -> None:
    await run(session, "%time freeze")
    stopped = await watched.told.until(
        lambda said: (
            said["kind"] == "news" and said["session"] and not said["session"]["clock"]["runs"]
        )
    )

    await run(session, "%time +1d")

    await watched.told.until(
        lambda said: (
            said["kind"] == "news"
            and said["session"]
            and said["session"]["clock"]["timestamp"]
            >= stopped["session"]["clock"]["timestamp"] + 86_400_000
        )
    )
