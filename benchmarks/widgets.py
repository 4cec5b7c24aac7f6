"""Widgets while Lua is busy: a counter's updates a second, what a live inbox does in a storm, how late one message shows."""

import time
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty

from jupyter_client.blocking.client import BlockingKernelClient

from benchmarks.figures import Figure, show_goal
from benchmarks.kernels import running

SECONDS = 2.0
ROUNDS = 3
STORM = 1000
NOTES = 20

COUNTER = """%%python
import asyncio, ipywidgets
label = ipywidgets.Label("0")
async def count():
    for number in range(10_000):
        label.value = str(number)
        await asyncio.sleep(0.02)
counting = asyncio.run_coroutine_threadsafe(count(), ao._portal.loop)
label"""
"""The counter lives in the kernel's own loop, as the widgets do: what holds that up holds them up."""


def updates(client: BlockingKernelClient, seconds: float) -> Iterator[tuple[float, str]]:
    """When widgets were given a value in the time that follows, and what it was."""
    ends = time.perf_counter() + seconds
    with suppress(Empty):
        while (left := ends - time.perf_counter()) > 0:
            message = client.get_iopub_msg(timeout=left)
            if message["msg_type"] == "comm_msg":
                yield time.perf_counter(), str(message["content"]["data"].get("state", {}))


def measure_counter() -> None:
    """A counter that a task of the kernel's sets fifty times a second, idle and while a cell is busy."""
    rates: list[float] = []
    with running("ao") as kernel:
        client, manager = kernel.client, kernel.manager
        kernel.run("%spawn busy")
        kernel.run("x = 1")
        kernel.run(COUNTER)
        for _ in range(ROUNDS):
            client.execute("while true do end")
            seen = sum(1 for _ in updates(client, SECONDS))
            manager.interrupt_kernel()
            client.get_shell_msg(timeout=60)
            rates.append(seen / SECONDS)
    show_goal(Figure("widget updates while Lua is busy", "/s", rates), 15, at_least=True)


def measure_storm() -> None:
    """A live inbox that a thousand messages come to."""
    rates: list[float] = []
    with running("ao") as kernel:
        client = kernel.client
        for cell in (
            "%engine lua",
            "%summary off",
            "%budget 100000",
            "%spawn keeper",
            "%inbox live",
            "%spawn sender",
        ):
            kernel.run(cell)
        for _ in range(ROUNDS):
            started = time.perf_counter()
            client.execute(
                f'for i = 1, {STORM} do Send({{ Target = "keeper", Action = "Note" }}) end'
            )
            times = [at for at, state in updates(client, SECONDS) if "_options_labels" in state]
            client.get_shell_msg(timeout=60)
            rates.append(len(times) / max(times[-1] - started, 1.0))
    show_goal(Figure(f"updates of an inbox that gets {STORM} messages", "/s", rates), 10)


def measure_delay() -> None:
    """From the message that a cell sends to the letter in an inbox, while nothing else is done."""
    delays: list[float] = []
    with running("ao") as kernel:
        client = kernel.client
        for cell in ("%spawn keeper", "%inbox live", "%spawn sender", "x = 1"):
            kernel.run(cell)
        for number in range(NOTES):
            started = time.perf_counter()
            client.execute(f'Send({{ Target = "keeper", Data = "note-{number}" }})')
            times = [at for at, state in updates(client, 1.0) if f"note-{number}'" in state]
            client.get_shell_msg(timeout=60)
            delays.append((times[0] - started) * 1000)
    show_goal(Figure("a message to its line in an inbox", "ms", delays), 200)


def main() -> None:
    print("widgets")
    measure_counter()
    measure_storm()
    measure_delay()


if __name__ == "__main__":
    main()
