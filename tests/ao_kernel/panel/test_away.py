"""What a panel is told while a unit elsewhere is away."""

import asyncio
from typing import Any

from ao_kernel.panel.panel import Panel
from ao_kernel.panel.reading import Reading
from ao_kernel.session import Session
from tests.ao_kernel.network import FakeNetwork
from tests.ao_kernel.panel.conftest import Told, nowhere, run
from unitstack.errors import Interrupted, UnitUnreachable

URL = "http://cu.example"


class Unsteady(FakeNetwork):
    """A network whose units are away for a time."""

    def __init__(self) -> None:
        super().__init__()
        self.host = "cu.example"
        self.is_away = False
        self.was_missed = asyncio.Event()
        self.interruptions = 0

    async def search(self, *asked: Any, **more: Any) -> Any:
        if self.is_away:
            self.was_missed.set()
            raise UnitUnreachable(URL, "it is away")
        return await super().search(*asked, **more)

    async def messages(self, *asked: Any, **more: Any) -> Any:
        if self.is_away:
            raise UnitUnreachable(URL, "it is away")
        return await super().messages(*asked, **more)

    async def dry_run(self, *asked: Any, **more: Any) -> Any:
        if self.is_away:
            raise UnitUnreachable(URL, "it is away")
        if self.interruptions:
            self.interruptions -= 1
            raise Interrupted("stopped")
        return await super().dry_run(*asked, **more)


async def test_all_is_told_once_the_units_are_back() -> None:
    network, told = Unsteady(), Told()
    session = Session(network, nowhere)
    network.is_away = True
    running = asyncio.create_task(
        Panel(session, {"version": 1, "process": "", "letters": 5}, told.take).run()
    )
    await network.was_missed.wait()
    assert told.messages == []

    network.is_away = False

    first = await told.until(lambda said: said["whole"])
    assert first["session"]["place"] == {"is_shared": False, "host": "cu.example"}
    assert first["session"]["clock"] is None
    running.cancel()
    await session.close()


async def test_an_inbox_that_cannot_be_reached_says_why() -> None:
    network = Unsteady()
    session = Session(network, nowhere)
    await run(session, "%spawn alice")
    network.is_away = True

    inbox = await Reading(session).inbox(await session.process(), 5)

    assert URL in inbox["refused"]
    await session.close()


async def test_of_a_process_that_cannot_be_reached_there_is_nothing_new() -> None:
    network = Unsteady()
    session = Session(network, nowhere)
    await run(session, "%spawn alice")
    process = await session.process()
    network.is_away = True
    reading = Reading(session)

    assert await reading.processes([process]) == []
    assert await reading.traces([process]) == []
    await session.close()


async def test_an_inbox_whose_reading_was_stopped_along_with_a_cell_is_read_again() -> None:
    network, told = Unsteady(), Told()
    session = Session(network, nowhere)
    await run(session, "%spawn alice")
    network.interruptions = 2
    process = await session.process()
    panel = Panel(session, {"version": 1, "process": process, "letters": 5}, told.take)
    running = asyncio.create_task(panel.run())

    inbox = await told.inbox(lambda inbox: True)

    assert inbox["process"] == process
    running.cancel()
    await session.close()


async def test_another_network_that_the_session_goes_to_is_told_of_from_the_beginning() -> None:
    first, second, told = FakeNetwork(), Unsteady(), Told()
    session = Session(first, nowhere)
    running = asyncio.create_task(
        Panel(session, {"version": 1, "process": "", "letters": 5}, told.take).run()
    )
    await told.until(lambda said: said["whole"])

    await session.move(second)

    again = await told.until(lambda said: said["number"] > 1 and said["whole"])
    assert again["session"]["place"]["host"] == "cu.example"
    running.cancel()
    await session.close()
