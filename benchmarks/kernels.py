"""Kernels to measure: started, asked, and watched from outside, as a front end does it."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil  # type: ignore[import-untyped]  # it has no types of its own
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

TIMEOUT = 60


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel that runs, its client, and the milliseconds from start to ready."""

    manager: KernelManager
    client: BlockingKernelClient
    ready: float

    @property
    def process(self) -> psutil.Process:
        """The kernel's process."""
        return psutil.Process(self.manager.provisioner.process.pid)  # type: ignore[union-attr]  # a local one has it

    @property
    def megabytes(self) -> float:
        """What it holds of the memory."""
        return float(self.process.memory_info().rss) / 1e6

    def run(self, source: str) -> tuple[float, list[dict[str, Any]]]:
        """Milliseconds until the reply and idle are both there, and what was published meanwhile."""
        started = time.perf_counter()
        request = self.client.execute(source)
        published = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != request:
                continue
            published.append(message)
            state = message["content"].get("execution_state")
            if message["msg_type"] == "status" and state == "idle":
                break
        self.client.get_shell_msg(timeout=TIMEOUT)
        return (time.perf_counter() - started) * 1000, published

    def replies(self, source: str) -> bool:
        """Whether a cell is run and answered. What is published may be lost right after a start: the subscription is made
        anew then, and nobody says when it is."""
        asked = self.client.execute(source)
        reply = self.client.get_shell_msg(timeout=TIMEOUT)
        while reply["parent_header"]["msg_id"] != asked:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
        return bool(reply["content"]["status"] == "ok")

    def value(self, source: str) -> str:
        """What a cell returns, as text."""
        _, published = self.run(source)
        results = [m["content"] for m in published if m["msg_type"] == "execute_result"]
        return str(results[0]["data"]["text/plain"]) if results else ""

    def complete(self, code: str) -> float:
        """Milliseconds until what could follow is there."""
        started = time.perf_counter()
        asked = self.client.complete(code)
        while self.client.get_shell_msg(timeout=TIMEOUT)["parent_header"]["msg_id"] != asked:
            continue
        return (time.perf_counter() - started) * 1000


@contextmanager
def running(name: str, folder: str | None = None, **environment: str) -> Iterator[Kernel]:
    """A kernel of that name; what it keeps is in the folder, or goes with it."""
    with tempfile.TemporaryDirectory() as own:
        home = folder or own
        manager = KernelManager(kernel_name=name)
        started = time.perf_counter()
        folders = {"AO_DATA": home, "IPYTHONDIR": home}
        manager.start_kernel(env={**os.environ, **folders, **environment})
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        try:
            yield Kernel(manager, client, (time.perf_counter() - started) * 1000)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


@contextmanager
def warm_folder() -> Iterator[str]:
    """A folder in which a kernel has run before: its wallet is made, its module compiled."""
    with tempfile.TemporaryDirectory() as folder:
        with running("ao", folder) as kernel:
            kernel.run("1+1")
        yield folder
