"""Comms for a kernel that is not IPython, so that ipywidgets work; ipywidgets itself is imported by the first widget."""

import asyncio
import inspect
import sys
import threading
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any

import comm
from comm.base_comm import BaseComm

CONTROL_TARGET = "jupyter.widget.control"
WIDGET_TARGET = "jupyter.widget"
PANEL_TARGET = "ao.panel"
MESSAGES = ("comm_open", "comm_msg", "comm_close")

Handler = Callable[[Any, Any, dict[str, Any]], Any]
"""What answers one message type: stream, identities, message, as ipykernel hands them on."""


Opened = Callable[[BaseComm, dict[str, Any]], None]
"""What a comm that a front end opens is handed to, with the message that opened it."""


def comm_handlers(loop: asyncio.AbstractEventLoop, open_panel: Opened) -> dict[str, Handler]:
    """A handler for each comm message. A front end may send them over a subshell, which is another thread with another
    loop, so each hops to the kernel's own loop before anything of ours runs."""
    manager = comm.get_comm_manager()
    manager.register_target(CONTROL_TARGET, _open_control)
    manager.register_target(WIDGET_TARGET, _open_widget)
    manager.register_target(PANEL_TARGET, open_panel)
    return {name: on_loop(getattr(manager, name), loop) for name in MESSAGES}


def on_loop(
    handler: Handler, loop: asyncio.AbstractEventLoop
) -> Callable[[Any, Any, dict[str, Any]], Awaitable[None]]:
    """The handler, run in the kernel's loop from whichever thread it is called."""
    home = threading.current_thread()

    async def hop(stream: Any, ident: Any, message: dict[str, Any]) -> None:
        if threading.current_thread() is home:
            await _call(handler, stream, ident, message)
            return
        context, done = copy_context(), asyncio.get_running_loop().create_future()
        here = asyncio.get_running_loop()

        def finish(_: asyncio.Task[None]) -> None:
            here.call_soon_threadsafe(done.set_result, None)

        def begin() -> None:
            asyncio.ensure_future(
                loop.create_task(_call(handler, stream, ident, message), context=context)
            ).add_done_callback(finish)

        loop.call_soon_threadsafe(begin)
        await done

    return hop


async def _call(handler: Handler, stream: Any, ident: Any, message: dict[str, Any]) -> None:
    answer = handler(stream, ident, message)
    if inspect.isawaitable(answer):
        await answer


def _open_control(opened: BaseComm, message: dict[str, Any]) -> None:
    # Every front end asks for the widgets there are when it connects. Without ipywidgets there are none to tell of, and
    # importing it for that answer would delay the first cell.
    if "ipywidgets" in sys.modules:
        _widget_class().handle_control_comm_opened(opened, message)
        return

    def answer(request: dict[str, Any]) -> None:
        if "ipywidgets" in sys.modules:
            _widget_class().handle_control_comm_opened(opened, message)
        elif request["content"]["data"].get("method") == "request_states":
            opened.send({"method": "update_states", "states": {}, "buffer_paths": []})

    opened.on_msg(answer)


def _open_widget(opened: BaseComm, message: dict[str, Any]) -> None:
    _widget_class().handle_comm_opened(opened, message)


def _widget_class() -> Any:
    from ipywidgets import (  # type: ignore[import-untyped]  # noqa: PLC0415
        Widget,  # it takes 130 ms, which only a notebook with widgets should pay
    )

    return Widget
