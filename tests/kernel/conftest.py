"""Real kernels, told apart from those of the person who runs the tests by folders of their own."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from ao_kernel.__main__ import NAME, write_kernelspec

PATIENCE = 30.0
Message = dict[str, Any]


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Jupyter finds this very interpreter's kernel, whose data goes to a folder of the tests."""
    jupyter = tmp_path_factory.mktemp("jupyter")
    write_kernelspec(jupyter / "kernels" / NAME)
    private = {
        "JUPYTER_PATH": str(jupyter),
        "AO_DATA": str(tmp_path_factory.mktemp("data")),
        "IPYTHONDIR": str(tmp_path_factory.mktemp("ipython")),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in private.items():
            patch.setenv(name, value)
        patch.delenv("AO_HOME", raising=False)
        yield


@dataclass(frozen=True, slots=True)
class Ran:
    """What one cell gave: its reply, and what was published for it."""

    reply: Message
    published: tuple[Message, ...]

    @property
    def status(self) -> str:
        return str(self.reply["content"]["status"])

    def of(self, kind: str) -> list[Message]:
        return [message["content"] for message in self.published if message["msg_type"] == kind]

    @property
    def stdout(self) -> str:
        return "".join(
            content["text"] for content in self.of("stream") if content["name"] == "stdout"
        )

    @property
    def stderr(self) -> str:
        return "".join(
            content["text"] for content in self.of("stream") if content["name"] == "stderr"
        )

    @property
    def result(self) -> str | None:
        results = self.of("execute_result")
        return str(results[-1]["data"]["text/plain"]) if results else None


@dataclass(frozen=True, slots=True)
class Kernel:
    """A running kernel and a client of it."""

    manager: KernelManager
    client: BlockingKernelClient

    def run(self, source: str, **options: Any) -> Ran:
        """Runs a cell to its end."""
        return self.ran(self.client.execute(source, **options))

    def ran(self, request: str) -> Ran:
        """Waits for a cell's end."""
        published: list[Message] = []
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return Ran(self.reply(request), tuple(published))
            published.append(message)

    def reply(self, request: str) -> Message:
        """The reply to a request on the shell channel."""
        while True:
            message = self.client.get_shell_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == request:
                return message

    def wait_until_busy(self, request: str) -> None:
        """Waits until a cell has begun."""
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            begun = message["msg_type"] == "execute_input"
            if begun and message["parent_header"].get("msg_id") == request:
                return

    def published(self, kind: str) -> Message:
        """The next message of that kind, whoever it belongs to."""
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] == kind:
                return message


def start(**environment: str) -> Kernel:
    """Starts a kernel and waits until it answers."""
    manager = KernelManager(kernel_name=NAME)
    manager.start_kernel(env={**os.environ, **environment})
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    return Kernel(manager, client)


def stop(kernel: Kernel) -> None:
    """Ends a kernel."""
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel()


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    kernel = start()
    yield kernel
    stop(kernel)


def milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


@pytest.fixture
def lua_file(tmp_path: Path) -> Path:
    return tmp_path / "main.lua"
