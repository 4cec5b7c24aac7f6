"""Stop, pressed again and again: in Lua that spins, in wasm that spins, in a storm of messages, in waiting for a unit
that does not answer. Each kind has its own figure: a quick one must not hide a slow one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from benchmarks.figures import Figure, show_goal, show_met
from benchmarks.kernels import Kernel, running

FEW = 25
MANY = 100
"""What is promised is promised of a hundred; the short run presses less often, and says so."""

P95 = 100.0
WASM_MEDIAN = 25.0
SPIN = "while true do end"
STORM = 'Send({ Target = ao.id, Action = "Storm" })'
TAKES_STORM = """
%budget 100000000
Handlers.add("storm", "Storm", function (msg) Send({ Target = ao.id, Action = "Storm" }) end)
"""


@contextmanager
def silent_unit() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    taken.append(server.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        for each in taken:
            each.close()


def stop(kernel: Kernel, source: str) -> float:
    """Milliseconds from Stop to the cell's reply, which is an error."""
    asked = kernel.client.execute(source)
    time.sleep(0.15)
    started = time.perf_counter()
    kernel.manager.interrupt_kernel()
    reply = kernel.client.get_shell_msg(timeout=60)
    while reply["parent_header"]["msg_id"] != asked:
        reply = kernel.client.get_shell_msg(timeout=60)
    assert reply["content"]["status"] == "error", reply["content"]
    return (time.perf_counter() - started) * 1000


def stops(kernel: Kernel, what: str, source: str, times: int) -> Figure:
    """Stops a cell again and again; what the process has is kept."""
    found, kept = [], 0
    for number in range(times):
        kernel.run(f"Kept = {number}")
        found.append(stop(kernel, source))
        kept += kernel.value("Kept") == str(number)
    return told(what, found, kept)


def stops_elsewhere(kernel: Kernel, remote: str, times: int) -> Figure:
    """Stops a cell that waits for a unit elsewhere; after each the kernel's own network is as it was."""
    kernel.run("Kept = 42")
    found, kept = [], 0
    for _ in range(times):
        found.append(stop(kernel, remote))
        kernel.run("%connect local")
        kept += kernel.value("Kept") == "42"
    return told("waiting for a unit elsewhere", found, kept)


def told(what: str, found: list[float], kept: int) -> Figure:
    """Shows the figure of one kind with its goals, and how often all was there afterwards."""
    figure = Figure(f"ao Stop of {what} to reply", "ms", found)
    show_goal(figure, P95, at_p95=True)
    show_met(f"state kept in all {len(found)}, here in {kept}", kept == len(found))
    return figure


def measure_interrupts(folder: str, times: int = FEW) -> None:
    if times < MANY:
        print(f"  Stop: {times} of each kind in this run, {MANY} with `kernel-long`")
    with running("ao", folder) as kernel, silent_unit() as url:
        kernel.run("%engine lua\n%spawn quick")
        stops(kernel, "Lua that spins", SPIN, times)
        kernel.run("%engine wasm\n%spawn exact")
        wasm = stops(kernel, "wasm that spins", SPIN, times)
        show_met(f"median at most {WASM_MEDIAN:g} ms", wasm.median <= WASM_MEDIAN)
        kernel.run(TAKES_STORM)
        stops(kernel, "a storm of messages", STORM, times)
        remote = f"%connect mu={url} su={url} cu={url} gateway={url}\nreturn 1"
        stops_elsewhere(kernel, remote, times)
