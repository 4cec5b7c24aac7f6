"""Widgets work: what they show arrives, what is done to them comes back, from the shell and from a subshell."""

import uuid
from typing import Any

from tests.kernel.conftest import PATIENCE, Kernel, Message

VIEW = "application/vnd.jupyter.widget-view+json"


def show_inbox(kernel: Kernel) -> tuple[dict[str, Message], Message]:
    """A live inbox: the models that it opened, by kind, and what was shown."""
    kernel.run("%spawn keeper")
    ran = kernel.run("%inbox live")
    models = {content["data"]["state"]["_model_name"]: content for content in ran.of("comm_open")}
    return models, ran.of("execute_result")[-1]["data"]


def send(kernel: Kernel, kind: str, content: Message, **header: Any) -> str:
    message = kernel.client.session.msg(kind, content, metadata={"version": "1.0.0"})
    message["header"].update(header)
    kernel.client.shell_channel.send(message)
    return str(message["header"]["msg_id"])


def next_value(kernel: Kernel, comm: str) -> str:
    """The next value that the model is given."""
    while True:
        content = kernel.published("comm_msg")["content"]
        if content["comm_id"] == comm and "value" in content["data"].get("state", {}):
            return str(content["data"]["state"]["value"])


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

    assert {"HTMLModel", "ButtonModel", "VBoxModel"} <= models.keys()
    assert shown[VIEW]["model_id"] == models["VBoxModel"]["comm_id"]
    assert {"text/plain", "text/html"} <= shown.keys()


def test_a_widget_follows_what_its_process_is_sent(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)

    kernel.client.execute('Send({ Target = ao.id, Action = "Note", Data = "hello widget" })')

    assert "hello widget" in next_value(kernel, models["HTMLModel"]["comm_id"])


def test_what_is_done_to_a_widget_is_answered_while_a_cell_runs(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)
    button = models["ButtonModel"]["comm_id"]
    kernel.run("%spawn other")
    request = kernel.client.execute("while true do end")
    kernel.wait_until_busy(request)

    changed = {"method": "update", "state": {"description": "Again"}, "buffer_paths": []}
    send(kernel, "comm_msg", {"comm_id": button, "data": changed})

    echo = kernel.published("comm_msg")["content"]
    kernel.manager.interrupt_kernel()
    assert kernel.reply(request)["content"]["ename"] == "Interrupted"
    assert (echo["comm_id"], echo["data"]["method"]) == (button, "echo_update")


def test_the_comms_that_are_open_are_told(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)

    info = kernel.reply(kernel.client.comm_info("jupyter.widget"))["content"]

    assert {content["comm_id"] for content in models.values()} <= info["comms"].keys()


def test_a_page_that_was_loaded_again_gets_its_widgets_back(kernel: Kernel) -> None:
    models, _ = show_inbox(kernel)

    states = states_of(kernel)

    assert states["method"] == "update_states"
    assert models["HTMLModel"]["comm_id"] in states["states"]


def test_a_subshells_comms_are_answered_too(kernel: Kernel) -> None:
    message = kernel.client.session.msg("create_subshell_request", {})
    kernel.client.control_channel.send(message)
    subshell = kernel.client.get_control_msg(timeout=PATIENCE)["content"]["subshell_id"]
    models, _ = show_inbox(kernel)

    states = states_of(kernel, subshell_id=subshell)

    assert models["HTMLModel"]["comm_id"] in states["states"]
