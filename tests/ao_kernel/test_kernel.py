import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from jupyter_client.session import Session as Messages

from ao_kernel.history import History
from ao_kernel.host import Host
from ao_kernel.kernel import AoKernel
from ao_kernel.outputs import Printed, Show
from ao_kernel.session import Session
from tests.ao_kernel.network import ENDLESS, FakeNetwork, failing, printed, returned

ANSWERS = {
    "6 * 7": returned("42"),
    'print("a")': printed("a"),
    "boom()": failing("boom"),
    "loop()": ENDLESS,
    "red": returned("\x1b[31mred\x1b[0m"),
}


class Socket:
    """Keeps what is sent."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.sent: list[dict[str, Any]] = []
        self._came = asyncio.Event()

    def send_multipart(self, frames: list[bytes], **options: Any) -> None:
        _, parts = self.messages.feed_identities(frames)
        self.sent.append(self.messages.deserialize(parts))
        self._came.set()

    async def until(self, kind: str) -> None:
        while kind not in self.kinds():
            self._came.clear()
            await self._came.wait()

    def kinds(self) -> list[str]:
        return [message["msg_type"] for message in self.sent if message["msg_type"] != "status"]

    def last(self, kind: str) -> dict[str, Any]:
        return next(m["content"] for m in reversed(self.sent) if m["msg_type"] == kind)


@pytest.fixture
def messages() -> Messages:
    return Messages(key=b"key")


@pytest.fixture
def iopub(messages: Messages) -> Socket:
    return Socket(messages)


@pytest.fixture
def shell(messages: Messages) -> Socket:
    return Socket(messages)


@pytest.fixture
async def kernel(messages: Messages, iopub: Socket, shell: Socket) -> AsyncIterator[AoKernel]:
    async def open_fake(show_live: Show) -> Session:
        return Session(FakeNetwork(dict(ANSWERS)), show_live)

    AoKernel.make_host = staticmethod(lambda: Host(open_fake))
    AoKernel.make_history = staticmethod(lambda: History(None))
    kernel = AoKernel(session=messages, iopub_socket=iopub, log=logging.getLogger("kernel"))
    kernel.start()
    for name, handler in kernel.shell_handlers.items():
        kernel.shell_handlers[name] = answering(handler, shell)
    yield kernel
    await kernel._host.close()


def answering(handler: Callable[..., Any], shell: Socket) -> Callable[..., Any]:
    """The handler, whose answers go to the socket instead of the stream that there is none of here."""
    return lambda stream, ident, parent: handler(shell, ident, parent)


class Frame:
    """A part of a message as it comes from the network."""

    def __init__(self, raw: bytes) -> None:
        self.bytes = self.buffer = raw


async def request(kernel: AoKernel, shell: Socket, kind: str, **content: Any) -> dict[str, Any]:
    """Sends a request the way that the shell channel does; its reply's content."""
    message = shell.messages.msg(kind, content)
    frames = [Frame(frame) for frame in (b"client", *shell.messages.serialize(message))]
    await kernel.shell_main(None, frames)
    return dict(shell.last(kind.replace("_request", "_reply")))


def cell(code: str, **options: Any) -> dict[str, Any]:
    return {"code": code, "silent": False, "store_history": True, "user_expressions": {}, **options}


async def test_a_cell_is_answered_with_what_it_gave(
    kernel: AoKernel, iopub: Socket, shell: Socket
) -> None:
    reply = await request(kernel, shell, "execute_request", **cell("6 * 7"))

    assert reply["status"] == "ok"
    assert iopub.kinds() == ["execute_input", "stream", "execute_result"]
    assert iopub.last("execute_result")["data"] == {"text/plain": "42"}


async def test_a_cell_that_failed_is_answered_with_its_error(
    kernel: AoKernel, iopub: Socket, shell: Socket
) -> None:
    reply = await request(kernel, shell, "execute_request", **cell("boom()"))

    assert (reply["status"], reply["ename"]) == ("error", "LuaError")
    assert iopub.kinds() == ["execute_input", "error"]


async def test_what_was_typed_is_in_the_history(kernel: AoKernel, shell: Socket) -> None:
    await request(kernel, shell, "execute_request", **cell("6 * 7"))
    await request(kernel, shell, "execute_request", **cell('print("a")', store_history=False))

    reply = await request(
        kernel, shell, "history_request", hist_access_type="tail", output=True, raw=True, n=5
    )

    assert reply["history"] == [[1, 1, ["6 * 7", "42"]]]


async def test_completion_help_and_completeness_are_answered(
    kernel: AoKernel, shell: Socket
) -> None:
    completion = await request(kernel, shell, "complete_request", code="Handlers.ad", cursor_pos=11)
    described = await request(kernel, shell, "inspect_request", code="Send", cursor_pos=4)
    nothing = await request(kernel, shell, "inspect_request", code="nonesuch", cursor_pos=4)
    unfinished = await request(kernel, shell, "is_complete_request", code="function f()")
    finished = await request(kernel, shell, "is_complete_request", code="x = 1")

    assert completion["matches"] == ["add"]
    assert (described["found"], nothing["found"]) == (True, False)
    assert unfinished == {"status": "incomplete", "indent": "  "}
    assert finished == {"status": "complete"}


async def test_the_kernel_announces_only_what_it_answers(kernel: AoKernel, shell: Socket) -> None:
    info = await request(kernel, shell, "kernel_info_request")

    assert info["supported_features"] == []
    assert info["language_info"]["name"] == "lua"
    assert (await kernel.do_debug_request({"seq": 3, "command": "x"}))["success"] is False


async def test_questions_are_answered_while_a_cell_runs_and_stop_ends_it(
    kernel: AoKernel, iopub: Socket, shell: Socket
) -> None:
    control = Socket(shell.messages)
    running = asyncio.create_task(request(kernel, shell, "execute_request", **cell("loop()")))
    await iopub.until("execute_input")

    completion = await request(kernel, shell, "complete_request", code="tab", cursor_pos=3)
    status = iopub.sent[-1]
    await kernel.interrupt_request(control, b"client", shell.messages.msg("interrupt_request", {}))
    await asyncio.wait_for(running, 5)

    assert completion["matches"] == ["table"]
    assert (status["content"]["execution_state"], status["parent_header"]["msg_type"]) == (
        "busy",
        "execute_request",
    )
    assert control.kinds() == ["interrupt_reply"]
    assert iopub.last("error")["ename"] == "Interrupted"


async def test_late_output_stands_under_the_latest_cell(
    kernel: AoKernel, iopub: Socket, shell: Socket
) -> None:
    await request(kernel, shell, "execute_request", **cell("6 * 7"))

    kernel._show_live(Printed("tick\n"))

    latest = iopub.sent[-1]
    assert latest["content"] == {"name": "stdout", "text": "tick\n"}
    assert latest["parent_header"]["msg_type"] == "execute_request"


async def test_a_message_that_makes_no_sense_is_dropped(kernel: AoKernel, shell: Socket) -> None:
    assert kernel._header([]) == {}


async def test_live_prints_of_a_tenth_of_a_second_are_one_message(
    kernel: AoKernel, iopub: Socket, shell: Socket
) -> None:
    control = Socket(shell.messages)
    running = asyncio.create_task(request(kernel, shell, "execute_request", **cell("loop()")))
    await iopub.until("execute_input")

    for _ in range(3):
        kernel._show_live(Printed("tick\n"))
    pending = kernel._flushing
    kernel._show_live(Printed("tick\n"))

    assert pending is not None
    assert kernel._flushing is pending
    await iopub.until("stream")
    assert iopub.last("stream")["text"] == "tick\n" * 4
    await kernel.interrupt_request(control, b"client", shell.messages.msg("interrupt_request", {}))
    await asyncio.wait_for(running, 5)


async def test_an_expressions_text_is_without_colours(kernel: AoKernel, shell: Socket) -> None:
    asked = cell("", user_expressions={"x": "red"})

    reply = await request(kernel, shell, "execute_request", **asked)

    assert reply["user_expressions"]["x"]["data"] == {"text/plain": "red"}
