"""The topics of the public kernel-testbed, whose scorecards compare kernels: 27 of them, in its four tiers, one test each."""

import uuid
from collections.abc import Iterator

import pytest
from jupyter_client.manager import KernelManager

from ao_kernel.__main__ import NAME
from tests.kernel.conftest import PATIENCE, Kernel, Message, stop

SHOW = 'ilua.display.display_data(ilua.display.html("<b>one</b>"), {}, { display_id = "spot" })'
UPDATE = (
    'ilua.display.update_display_data(ilua.display.html("<b>two</b>"), {}, { display_id = "spot" })'
)


@pytest.fixture(scope="module", autouse=True)
def process(kernel: Kernel) -> None:
    """The first cell spawns a process, and says so."""
    kernel.run("x = 1")


@pytest.fixture(scope="module")
def info(kernel: Kernel) -> Message:
    return dict(kernel.reply(kernel.client.kernel_info())["content"])


@pytest.fixture
def unheard() -> Iterator[Kernel]:
    """A kernel that nobody has listened to yet."""
    manager = KernelManager(kernel_name=NAME)
    manager.start_kernel()
    kernel = Kernel(manager, manager.blocking_client())
    yield kernel
    stop(kernel)


# Tier 1: the basic protocol


def test_01_the_heartbeat_responds(kernel: Kernel) -> None:
    assert kernel.client.hb_channel.is_beating()


def test_02_a_new_subscriber_is_welcomed(unheard: Kernel) -> None:
    unheard.client.start_channels()

    message = unheard.client.get_iopub_msg(timeout=PATIENCE)

    assert (message["msg_type"], message["content"]) == ("iopub_welcome", {"subscription": ""})


def test_03_kernel_info_is_answered(info: Message) -> None:
    assert info["status"] == "ok"


def test_04_kernel_info_names_the_language(info: Message) -> None:
    assert info["language_info"]["name"] == "lua"


def test_05_kernel_info_names_the_protocol(info: Message) -> None:
    assert info["protocol_version"].startswith("5.")


def test_06_stdout_arrives(kernel: Kernel) -> None:
    assert kernel.run('print("hello")').stdout == "hello\n"


def test_07_stderr_arrives(kernel: Kernel) -> None:
    assert kernel.run('io.stderr:write("error\\n")').stderr == "error\n"


def test_08_a_cell_is_answered(kernel: Kernel) -> None:
    assert kernel.run("local x = 1").status == "ok"


def test_09_busy_comes_before_idle(kernel: Kernel) -> None:
    request = kernel.client.execute("local x = 1")

    states: list[str] = []
    while "idle" not in states:
        message = kernel.published("status")
        if message["parent_header"].get("msg_id") == request:
            states.append(message["content"]["execution_state"])
    assert states == ["busy", "idle"]


def test_10_the_input_is_broadcast(kernel: Kernel) -> None:
    (told,) = kernel.run("local x = 1").of("execute_input")

    assert told["code"] == "local x = 1"


# Tier 2: interactive features


def test_11_a_name_is_completed(kernel: Kernel) -> None:
    kernel.run("test_variable_for_completion = 42")

    reply = kernel.reply(kernel.client.complete("test_variable_for"))["content"]

    assert (reply["status"], reply["matches"]) == ("ok", ["test_variable_for_completion"])


def test_12_a_name_is_inspected(kernel: Kernel) -> None:
    kernel.run("test_variable_for_completion = 42")

    reply = kernel.reply(kernel.client.inspect("test_variable_for_completion", 20))["content"]

    assert (reply["status"], reply["found"]) == ("ok", True)


def test_13_complete_code_is_complete(kernel: Kernel) -> None:
    assert kernel.reply(kernel.client.is_complete("x = 1"))["content"]["status"] == "complete"


def test_14_incomplete_code_is_incomplete(kernel: Kernel) -> None:
    reply = kernel.reply(kernel.client.is_complete("function foo("))["content"]

    assert reply["status"] == "incomplete"


def test_15_the_history_is_told(kernel: Kernel) -> None:
    kernel.run("local x = 15")

    reply = kernel.reply(kernel.client.history(hist_access_type="tail", n=10))["content"]

    assert reply["status"] == "ok"
    assert reply["history"][-1][2] == "local x = 15"


def test_16_open_comms_are_told(kernel: Kernel) -> None:
    assert kernel.reply(kernel.client.comm_info())["content"]["status"] == "ok"


def test_17_a_syntax_error_is_an_error(kernel: Kernel) -> None:
    ran = kernel.run("x = = 1")

    assert ran.status == "error"
    assert len(ran.of("error")) == 1


# Tier 3: rich output


def test_18_something_rich_is_displayed(kernel: Kernel) -> None:
    (shown,) = kernel.run('ilua.display.display_data(ilua.display.html("<b>x</b>"))').of(
        "display_data"
    )

    assert shown["data"]["text/html"] == "<b>x</b>"
    assert shown["data"]["text/plain"]


def test_19_what_was_displayed_is_updated(kernel: Kernel) -> None:
    ran = kernel.run(f"{SHOW}\n{UPDATE}")

    (shown,), (updated,) = ran.of("display_data"), ran.of("update_display_data")
    assert shown["transient"] == updated["transient"] == {"display_id": "spot"}
    assert updated["data"]["text/html"] == "<b>two</b>"


def test_20_an_expression_has_a_result(kernel: Kernel) -> None:
    assert kernel.run("1 + 1").result == "2"


def test_21_a_result_may_be_rich(kernel: Kernel) -> None:
    (result,) = kernel.run('ilua.display.html("<b>x</b>")').of("execute_result")

    assert result["data"]["text/html"] == "<b>x</b>"


# Tier 4: advanced features


def test_22_a_cell_asks_for_input(kernel: Kernel) -> None:
    request = kernel.client.execute("print(io.read())", allow_stdin=True)
    asked = kernel.client.get_stdin_msg(timeout=PATIENCE)

    kernel.client.input("test_input_42")

    assert asked["msg_type"] == "input_request"
    ran = kernel.ran(request)
    assert (ran.status, ran.stdout) == ("ok", "test_input_42\n")


def test_23_a_comm_for_nobody_is_closed_and_the_kernel_goes_on(kernel: Kernel) -> None:
    comm = uuid.uuid4().hex
    opening = {"comm_id": comm, "target_name": "jupyter.kernel_testbed.test", "data": {}}
    kernel.client.shell_channel.send(kernel.client.session.msg("comm_open", opening))

    assert kernel.published("comm_close")["content"]["comm_id"] == comm
    assert kernel.run("1 + 1").result == "2"


def test_24_an_interrupt_is_answered(kernel: Kernel) -> None:
    kernel.client.control_channel.send(kernel.client.session.msg("interrupt_request", {}))

    reply = kernel.client.get_control_msg(timeout=PATIENCE)

    assert (reply["msg_type"], reply["content"]["status"]) == ("interrupt_reply", "ok")


def test_25_the_execution_count_grows(kernel: Kernel) -> None:
    first, second = kernel.run("local x = 1"), kernel.run("local x = 1")

    counts = [ran.reply["content"]["execution_count"] for ran in (first, second)]
    assert counts[1] == counts[0] + 1


def test_26_all_that_is_sent_names_its_request(kernel: Kernel) -> None:
    request = kernel.client.execute('print("hello")')

    ran = kernel.ran(request)

    parents = {message["parent_header"]["msg_id"] for message in ran.published}
    assert parents == {request} == {ran.reply["parent_header"]["msg_id"]}


def test_27_a_shutdown_is_answered(unheard: Kernel) -> None:
    client = unheard.client
    client.start_channels()
    client.control_channel.send(client.session.msg("shutdown_request", {"restart": False}))

    reply = client.get_control_msg(timeout=PATIENCE)

    assert (reply["msg_type"], reply["content"]["status"]) == ("shutdown_reply", "ok")
