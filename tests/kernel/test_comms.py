"""Widgets work: what they show arrives, what is done to them comes back, from the shell and from a subshell."""

import uuid
from typing import Any

from tests.kernel.conftest import PATIENCE, Kernel, Message

VIEW = "application/vnd.jupyter.widget-view+json"


def show_inbox(kernel: Kernel) -> tuple[dict[str, list[Message]], Message]:
    """A live inbox of a new process: the models that it opened, by kind, and what was shown."""
    kernel.run(f"%spawn keeper-{uuid.uuid4().hex[:6]}")
    ran = kernel.run("%inbox live")
    models: dict[str, list[Message]] = {}
    for content in ran.of("comm_open"):
        models.setdefault(content["data"]["state"]["_model_name"], []).append(content)
    return models, ran.of("execute_result")[-1]["data"]


def id_of(models: dict[str, list[Message]], kind: str, **state: str) -> str:
    """The comm of the one model of that kind with that state."""
    (found,) = [
        content["comm_id"]
        for content in models[kind]
        if state.items() <= content["data"]["state"].items()
    ]
    return str(found)


def send(kernel: Kernel, kind: str, content: Message, **header: Any) -> str:
    message = kernel.client.session.msg(kind, content, metadata={"version": "1.0.0"})
    message["header"].update(header)
    kernel.client.shell_channel.send(message)
    return str(message["header"]["msg_id"])


def next_of(kernel: Kernel, comm: str) -> Message:
    """The next message on that comm."""
    while True:
        content = kernel.published("comm_msg")["content"]
        if content["comm_id"] == comm:
            return dict(content["data"])


def states_of(kernel: Kernel, **header: Any) -> Message:
    """What the control comm answers when a page that was loaded again asks for all widgets."""
    opening = {
        "comm_id": uuid.uuid4().hex,
        "target_name": "jupyter.widget.control",
        "data": {},
    }
    send(kernel, "comm_open", opening, **header)
    send(
        kernel,
        "comm_msg",
        {"comm_id": opening["comm_id"], "data": {"method": "request_states"}},
        **header,
    )
    while True:
        content = kernel.published("comm_msg")["content"]
        if content["comm_id"] == opening["comm_id"]:
            return dict(content["data"])


def test_before_the_first_widget_there_is_nothing_to_give_back(kernel: Kernel) -> None:
    assert states_of(kernel)["states"] == {}


def test_a_widget_is_shown_with_the_forms_that_last(kernel: Kernel) -> None:
    models, shown = show_inbox(kernel)

    boxes = [content["comm_id"] for content in models["VBoxModel"]]
    assert {"HTMLModel", "ButtonModel", "SelectModel"} <= models.keys()
    assert shown[VIEW]["model_id"] in boxes
    assert {"text/plain", "text/html"} <= shown.keys()


def test_a_widget_follows_what_its_process_is_sent(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)
    letters = id_of(models, "SelectModel")

    kernel.client.execute('Send({ Target = ao.id, Action = "Note", Data = "hello widget" })')

    state = next_of(kernel, letters)["state"]
    assert "hello\u00a0widget" in state["_options_labels"][0]


def test_what_is_done_to_a_widget_is_answered_while_a_cell_runs(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)
    button = id_of(models, "ButtonModel", description="Close")
    kernel.run(f"%spawn other-{uuid.uuid4().hex[:6]}")
    request = kernel.client.execute("while true do end")
    kernel.wait_until_busy(request)

    pressed = {"method": "custom", "content": {"event": "click"}}
    send(kernel, "comm_msg", {"comm_id": button, "data": pressed})

    closed = kernel.published("comm_close")["content"]["comm_id"]
    kernel.manager.interrupt_kernel()
    assert kernel.reply(request)["content"]["ename"] == "Interrupted"
    assert closed in {content["comm_id"] for content in models["VBoxModel"]}


def test_a_widget_that_is_closed_leaves_no_comm_behind(kernel: Kernel) -> None:
    before = open_comms(kernel)
    models, _ = show_inbox(kernel)
    button = id_of(models, "ButtonModel", description="Close")

    send(
        kernel,
        "comm_msg",
        {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}},
    )
    kernel.run("1")

    assert open_comms(kernel) == before


def open_comms(kernel: Kernel) -> set[str]:
    info = kernel.reply(kernel.client.comm_info("jupyter.widget"))["content"]
    return set(info["comms"])


def test_the_comms_that_are_open_are_told(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)

    opened = {content["comm_id"] for kind in models.values() for content in kind}
    assert opened <= open_comms(kernel)


def test_a_page_that_was_loaded_again_gets_its_widgets_back(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)

    states = states_of(kernel)

    assert states["method"] == "update_states"
    assert id_of(models, "SelectModel") in states["states"]


def test_a_subshells_comms_are_answered_too(kernel: Kernel) -> None:
    message = kernel.client.session.msg("create_subshell_request", {})
    kernel.client.control_channel.send(message)
    subshell = kernel.client.get_control_msg(timeout=PATIENCE)["content"]["subshell_id"]
    models, _ = show_inbox(kernel)

    states = states_of(kernel, subshell_id=subshell)

    assert id_of(models, "SelectModel") in states["states"]
