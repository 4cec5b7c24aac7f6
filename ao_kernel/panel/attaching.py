"""Joins a comm that a front end has opened to a panel on the session."""

from collections.abc import Awaitable, Callable
from typing import Any

from comm.base_comm import BaseComm

from ao_kernel.panel.messages import FromKernel, Opening, Trouble
from ao_kernel.panel.panel import Panel, heard
from ao_kernel.session import Session
from unitstack.errors import AoError


async def attach(
    opened: BaseComm, message: dict[str, Any], session: Callable[[], Awaitable[Session]]
) -> None:
    """Serves the panel at the other end of the comm until it is cancelled. Where the session cannot be opened, the panel is
    told why."""

    def say(said: FromKernel) -> None:
        opened.send(dict(said))

    try:
        panel = Panel(await session(), opening_of(message), say)
    except AoError as error:
        trouble: Trouble = {"kind": "trouble", "text": str(error)}
        say(trouble)
        return
    opened.on_msg(lambda message: panel.hear(heard(message["content"]["data"])))
    await panel.run()


def opening_of(message: dict[str, Any]) -> Opening:
    """What the panel opened its comm with."""
    data: Opening = message["content"]["data"]
    return data
