"""The kernel beside ipykernel: start to ready, a trivial cell, ten thousand prints, completion, memory, interrupts.
`python -m benchmarks kernel-long` adds what takes minutes: ten thousand cells, a hundred restarts, a hundred Stops of each
kind."""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it has no types of its own

from benchmarks.figures import Figure, show, show_goal, show_met, show_ratio
from benchmarks.interrupts import MANY, measure_interrupts
from benchmarks.kernels import Kernel, running, warm_folder

ROUNDS = 5
CELLS = 60
COMPLETIONS = 50
PRINTS = 10_000
MANY_CELLS = 10_000
WARM_CELLS = 1_000
RESTARTS = 100
AT_REST = 2.0
PRINTING = {
    "ao": f"for i = 1, {PRINTS} do print(i) end",
    "python3": f"for i in range({PRINTS}): print(i)",
}
BUSY = {
    "ao": "local n = 0 for i = 1, 4e8 do n = n + i end",
    "python3": "n = 0\nfor i in range(40_000_000): n += i",
}
BEGUN = {"ao": "Handlers.ad", "python3": "import os\nos.pat"}


def measure_start() -> None:
    samples: dict[str, list[float]] = {"ao": [], "python3": []}
    for _ in range(ROUNDS):
        for name, found in samples.items():
            with running(name) as kernel:
                found.append(kernel.ready)
    ours, peer = (
        Figure("ao start to ready", "ms", samples["ao"]),
        Figure("ipykernel start to ready", "ms", samples["python3"]),
    )
    show_ratio(ours, peer, "ours at most 150 ms more")
    print(f"  difference: {ours.median - peer.median:+.0f} ms")


def measure_cells(ao: Kernel, python: Kernel) -> None:
    first, _ = ao.run("1+1")
    python.run("1+1")
    print(f"  ao first cell after ready: {first:.0f} ms (goal: under 1000)")
    pairs = [(ao.run("1+1")[0], python.run("1+1")[0]) for _ in range(CELLS)]
    ours, peers = zip(*pairs, strict=True)
    show_ratio(
        Figure("ao trivial cell", "ms", ours),
        Figure("ipykernel trivial cell", "ms", peers),
        "at most 1",
    )


def measure_prints(ao: Kernel, python: Kernel) -> None:
    printed = [ao.run(PRINTING["ao"]) for _ in range(ROUNDS)]
    peer_prints = [python.run(PRINTING["python3"]) for _ in range(ROUNDS)]
    streams = [float(sum(m["msg_type"] == "stream" for m in found)) for _, found in printed]
    show_goal(Figure("ao 10,000 prints", "ms", [ms for ms, _ in printed]), 200)
    show_goal(Figure("ao 10,000 prints", "messages", streams), 100)
    show(Figure("ipykernel 10,000 prints", "ms", [ms for ms, _ in peer_prints]))


def measure_completion(ao: Kernel, python: Kernel) -> None:
    pairs = [
        (ao.complete(BEGUN["ao"]), python.complete(BEGUN["python3"])) for _ in range(COMPLETIONS)
    ]
    ours, peers = zip(*pairs, strict=True)
    show_goal(Figure("ao completion, idle", "ms", ours), 10)
    show(Figure("ipykernel completion, idle", "ms", peers))
    show_goal(Figure("ao completion, busy", "ms", while_busy(ao, "ao", COMPLETIONS)), 10)
    show(Figure("ipykernel completion, busy", "ms", while_busy(python, "python3", 1)))


def while_busy(kernel: Kernel, name: str, times: int) -> list[float]:
    """Milliseconds of completions while a cell is computing; the cell is stopped after them."""
    cell = kernel.client.execute(BUSY[name])
    time.sleep(0.2)
    found = [kernel.complete(BEGUN[name]) for _ in range(times)]
    kernel.manager.interrupt_kernel()
    if times > 1:
        while kernel.client.get_shell_msg(timeout=60)["parent_header"]["msg_id"] != cell:
            continue
    return found


def measure_memory(folder: str) -> None:
    with running("ao", folder) as ao, running("python3") as python:
        time.sleep(AT_REST)
        show_goal(Figure("ao at rest, no process yet", "MB", [ao.megabytes]), 90)
        ao.run("1+1")
        time.sleep(AT_REST)
        show_goal(Figure("ao at rest with a process", "MB", [ao.megabytes]), 90)
        show(Figure("ipykernel at rest", "MB", [python.megabytes]))


def measure_growth(folder: str) -> None:
    """From when what is kept in memory is full: the newest cascades, traces and messages."""
    with running("ao", folder) as ao:
        for number in range(WARM_CELLS):
            ao.run(f"x = {number}")
        before = ao.megabytes
        for number in range(MANY_CELLS):
            ao.run(f"x = {number} return x")
        after = ao.megabytes
    print(f"  {MANY_CELLS:,} cells: from {before:.1f} to {after:.1f} MB")
    show_goal(Figure("growth", "%", [100 * (after - before) / before]), 10)


def measure_restarts() -> None:
    """What the kernel leaves behind: processes, files that it keeps, files that were to be for a while only. Sockets of the
    client's own are jupyter_client's, and not counted."""
    with tempfile.TemporaryDirectory() as folder:
        home, temporary = Path(folder, "home"), Path(folder, "temporary")
        temporary.mkdir()
        with running("ao", str(home), TMPDIR=str(temporary)) as ao:
            answered, grown = restarts(ao, home)
        left = {
            "processes": processes_with(temporary),
            "kept files": grown,
            "temporary files": len(files_in(temporary)),
        }
    show_met(f"{RESTARTS} restarts answer, {answered} did", answered == RESTARTS)
    show_met(f"nothing is left, there is {left}", not any(left.values()))


def restarts(ao: Kernel, home: Path) -> tuple[int, int]:
    """After how many restarts the first cell was answered, and how many files more are kept after the last."""
    ao.run("1+1")
    before, answered = files_in(home), 0
    for _ in range(RESTARTS):
        ao.manager.restart_kernel(now=False)
        ao.client.wait_for_ready(timeout=60)
        answered += ao.replies("1+1")
    return answered, len(files_in(home) - before)


def processes_with(temporary: Path) -> int:
    """How many run that were given this folder, whoever is their parent by now."""
    given = 0
    for each in psutil.process_iter():
        # A process that ends meanwhile, or is another person's, is none of ours.
        with suppress(psutil.Error):
            given += each.environ().get("TMPDIR") == str(temporary)
    return given


def files_in(folder: Path) -> set[str]:
    """Names, but for those that a database has beside it while it is open."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in found if not str(path).endswith(("-wal", "-shm"))}


def main() -> None:
    print("kernel, beside ipykernel")
    measure_start()
    with running("ao") as ao, running("python3") as python:
        measure_cells(ao, python)
        measure_prints(ao, python)
        measure_completion(ao, python)
    with warm_folder() as folder:
        measure_memory(folder)
        measure_interrupts(folder)


def long() -> None:
    print(f"kernel, in the long run (process {os.getpid()})")
    with warm_folder() as folder:
        measure_growth(folder)
        measure_interrupts(folder, MANY)
    measure_restarts()


if __name__ == "__main__":
    main()
