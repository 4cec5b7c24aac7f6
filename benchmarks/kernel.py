"""The kernel beside ipykernel: start to ready, a trivial cell, ten thousand prints; interrupts."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from benchmarks.figures import Figure, show, show_goal, show_ratio

ROUNDS = 5
CELLS = 60
PRINTS = 10_000
SOURCES = {"ao": "1+1", "python3": "1+1"}
PRINTING = {
    "ao": f"for i = 1, {PRINTS} do print(i) end",
    "python3": f"for i in range({PRINTS}): print(i)",
}


@contextmanager
def running(name: str) -> Iterator[tuple[KernelManager, BlockingKernelClient, float]]:
    """A started kernel, its client, and the milliseconds from start to ready."""
    manager = KernelManager(kernel_name=name)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as home:
        manager.start_kernel(env={**os.environ, "AO_DATA": home, "IPYTHONDIR": home})
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        try:
            yield manager, client, (time.perf_counter() - started) * 1000
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def run_cell(client: BlockingKernelClient, source: str) -> tuple[float, int]:
    """Milliseconds until the reply and idle are both there, and how many stream messages came."""
    started = time.perf_counter()
    request = client.execute(source)
    streams = 0
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != request:
            continue
        streams += message["msg_type"] == "stream"
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
    client.get_shell_msg(timeout=60)
    return (time.perf_counter() - started) * 1000, streams


def interrupted(manager: KernelManager, client: BlockingKernelClient) -> float:
    """Milliseconds from Stop to the cell's reply."""
    client.execute("while true do end")
    time.sleep(0.2)
    started = time.perf_counter()
    manager.interrupt_kernel()
    client.get_shell_msg(timeout=60)
    return (time.perf_counter() - started) * 1000


def measure_start() -> None:
    samples: dict[str, list[float]] = {"ao": [], "python3": []}
    for _ in range(ROUNDS):
        for name, found in samples.items():
            with running(name) as (_, _, ready):
                found.append(ready)
    ours, peer = (
        Figure("ao start to ready", "ms", samples["ao"]),
        Figure("ipykernel start to ready", "ms", samples["python3"]),
    )
    show_ratio(ours, peer, "ours at most 150 ms more")
    print(f"  difference: {ours.median - peer.median:+.0f} ms")


def measure_cells() -> None:
    with running("ao") as (manager, ao, _), running("python3") as (_, python, _):
        first, _ = run_cell(ao, "1+1")
        run_cell(python, "1+1")
        print(f"  ao first cell after ready: {first:.0f} ms (goal: under 1000)")
        pairs = [
            (run_cell(ao, SOURCES["ao"])[0], run_cell(python, SOURCES["python3"])[0])
            for _ in range(CELLS)
        ]
        ours, peers = zip(*pairs, strict=True)
        show_ratio(
            Figure("ao trivial cell", "ms", ours),
            Figure("ipykernel trivial cell", "ms", peers),
            "at most 1",
        )
        prints = [run_cell(ao, PRINTING["ao"]) for _ in range(ROUNDS)]
        peer_prints = [run_cell(python, PRINTING["python3"]) for _ in range(ROUNDS)]
        show_goal(Figure("ao 10,000 prints", "ms", [ms for ms, _ in prints]), 200)
        show_goal(
            Figure("ao 10,000 prints", "messages", [float(count) for _, count in prints]), 100
        )
        show(Figure("ipykernel 10,000 prints", "ms", [ms for ms, _ in peer_prints]))
        stops = [interrupted(manager, ao) for _ in range(30)]
        show_goal(Figure("ao Stop to reply, of a wasm process", "ms", stops), 25)


def main() -> None:
    print("kernel, beside ipykernel")
    measure_start()
    measure_cells()


if __name__ == "__main__":
    main()
