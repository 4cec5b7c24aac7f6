"""A comm that a front end has opened is joined to a panel on the session."""

import asyncio
from pathlib import Path
from typing import Any

from comm.base_comm import BaseComm

from ao_kernel.host import Host
from ao_kernel.networks.local import open_network
from ao_kernel.outputs import Show
from ao_kernel.session import Session
from tests.ao_kernel.panel.conftest import Told, nowhere
from unitstack.errors import Refused

OPENED = {"content": {"data": {"version": 1, "process": "", "letters": 5}}}


class Comm(BaseComm):
    """A comm whose other end is the test."""

    def __init__(self) -> None:
        self.told = Told()
        super().__init__(target_name="ao.panel", primary=False)

    def publish_msg(self, msg_type: str, data: Any = None, *others: Any, **keys: Any) -> None:
        if msg_type == "comm_msg":
            self.told.take(data)

    def hear(self, data: dict[str, Any]) -> None:
        self.handle_msg({"content": {"data": data}})


async def test_a_panel_is_told_of_the_session_once_that_is_open(tmp_path: Path) -> None:
    async def opener(show: Show) -> Session:
        network = await open_network(tmp_path, None)
        network.engine = "lua"
        return Session(network, show)

    host, comm = Host(opener), Comm()
    host.open(nowhere)
    host.attach(comm, OPENED)
    await comm.told.until(lambda said: said["kind"] == "news" and said["whole"])

    comm.hear({"kind": "spawn", "ask": 1, "name": "alice"})

    assert (await comm.told.answer(1))["ok"]
    await comm.told.process(lambda each: each["name"] == "alice")
    await host.close()


async def test_a_panel_is_told_why_there_is_no_session() -> None:
    async def opener(show: Show) -> Session:
        raise Refused("the home is in use by another kernel")

    host, comm = Host(opener), Comm()
    host.open(nowhere)
    host.attach(comm, OPENED)

    trouble = await comm.told.until(lambda said: said["kind"] == "trouble")

    assert trouble["text"] == "the home is in use by another kernel"
    await host.close()


async def test_a_panel_that_closes_its_comm_is_told_nothing_more(tmp_path: Path) -> None:
    async def opener(show: Show) -> Session:
        return Session(await open_network(tmp_path, None), show)

    host, comm = Host(opener), Comm()
    host.open(nowhere)
    before = asyncio.all_tasks()
    host.attach(comm, OPENED)
    await comm.told.until(lambda said: said["kind"] == "news")
    serving = asyncio.all_tasks() - before

    comm.handle_close({})
    await asyncio.wait(serving, timeout=5)

    assert [task for task in serving if not task.done()] == []
    await host.close()
