"""Stop, pressed a hundred times: in Lua that spins, in wasm that spins, in a storm of messages, in waiting for a unit that
does not answer."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from benchmarks.figures import Figure, show_goal
from benchmarks.kernels import Kernel, running

EACH = 25
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


def stops(kernel: Kernel, what: str, source: str) -> list[float]:
    """Stops a cell again and again; what the process has is kept."""
    found, kept = [], 0
    for number in range(EACH):
        kernel.run(f"Kept = {number}")
        found.append(stop(kernel, source))
        kept += kernel.value("Kept") == str(number)
    print(f"  Stop of {what}: {len(found)} of {EACH} stopped, state kept in {kept}")
    return found


def measure_interrupts(folder: str) -> None:
    with running("ao", folder) as kernel, silent_unit() as url:
        kernel.run("%engine lua\n%spawn quick")
        samples = stops(kernel, "Lua that spins", SPIN)
        kernel.run("%engine wasm\n%spawn exact")
        samples += stops(kernel, "wasm that spins", SPIN)
        kernel.run(TAKES_STORM)
        samples += stops(kernel, "a storm of messages", STORM)
        remote = f"%connect mu={url} su={url} cu={url} gateway={url}\nreturn 1"
        samples += stops_elsewhere(kernel, remote)
    figure = Figure("ao Stop to reply", "ms", samples)
    show_goal(figure, 100)
    print(f"  p95 {figure.p95:.1f} ms: {'met' if figure.p95 <= 100 else 'MISSED'} (goal: 100)")


def stops_elsewhere(kernel: Kernel, remote: str) -> list[float]:
    """Stops a cell that waits for a unit elsewhere; after each the kernel's own network is as it was."""
    kernel.run("Kept = 42")
    found, kept = [], 0
    for _ in range(EACH):
        found.append(stop(kernel, remote))
        kernel.run("%connect local")
        kept += kernel.value("Kept") == "42"
    print(f"  Stop of waiting for a unit: {len(found)} of {EACH} stopped, state kept in {kept}")
    return found
