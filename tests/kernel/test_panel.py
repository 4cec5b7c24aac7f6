"""A front end's panel is served by a real kernel, over the shell and over a subshell, whatever cells do."""

import uuid
from typing import Any

from tests.kernel.conftest import Kernel, Message
from tests.kernel.test_comms import send


def open_panel(kernel: Kernel, **header: Any) -> str:
    """Opens a panel's comm; answers with its id."""
    comm = uuid.uuid4().hex
    opening = {"version": 1, "process": "", "letters": 20}
    content = {"comm_id": comm, "target_name": "ao.panel", "data": opening}
    send(kernel, "comm_open", content, **header)
    return comm


def say(kernel: Kernel, comm: str, data: Message, **header: Any) -> None:
    send(kernel, "comm_msg", {"comm_id": comm, "data": data}, **header)


def told(kernel: Kernel, comm: str) -> Message:
    """What the panel is told next."""
    while True:
        content = kernel.published("comm_msg")["content"]
        if content["comm_id"] == comm:
            return dict(content["data"])


def process_told(kernel: Kernel, comm: str, name: str) -> Message:
    """The process of that name, once the panel is told of it."""
    while True:
        said = told(kernel, comm)
        for process in said.get("processes", ()):
            if process["name"] == name:
                return dict(process)


def subshell(kernel: Kernel) -> str:
    request = kernel.client.session.msg("create_subshell_request", {})
    kernel.client.control_channel.send(request)
    while True:
        reply = kernel.client.get_control_msg(timeout=30)
        if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
            return str(reply["content"]["subshell_id"])


def test_a_panel_that_is_opened_first_of_all_is_told_of_the_session(kernel: Kernel) -> None:
    comm = open_panel(kernel)

    first = told(kernel, comm)

    assert (first["kind"], first["whole"]) == ("news", True)


def test_a_panel_is_told_and_answered_while_a_cell_runs(kernel: Kernel) -> None:
    kernel.run("%spawn alice")
    kernel.run("%spawn bob")
    shell = subshell(kernel)
    comm = open_panel(kernel, subshell_id=shell)
    alice = process_told(kernel, comm, "alice")["id"]
    request = kernel.client.execute("while true do end")
    kernel.wait_until_busy(request)

    message = {"kind": "send", "ask": 1, "process": alice, "action": "Hi", "data": "yo"}
    say(kernel, comm, message, subshell_id=shell)

    while (said := told(kernel, comm))["kind"] != "answer":
        assert said["kind"] == "news"
    assert said["text"] == "sent to alice"
    kernel.manager.interrupt_kernel()
    assert kernel.ran(request).status == "error"
