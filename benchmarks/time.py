"""Going back in time: a process of 10,000 messages taken to any nonce of its log, on each engine, and what that costs."""

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.figures import Figure, show, show_goal
from unitstack import EngineName, Process, SignatureType, Stack, StackSettings, open_stack
from unitstack.wire.keys import generate

MESSAGES = 10_000
REWINDS = 12
GOAL = 100.0
TOKEN = """Balances = {}
Handlers.add("mint", "Mint", function(msg)
  Balances[msg.To] = (Balances[msg.To] or 0) + 1
end)"""


async def filled(stack: Stack) -> Process:
    """A token whose 200 holders were given something in turn."""
    client = stack.client(generate(SignatureType.ED25519))
    process = await client.spawn("token")
    await process.eval(TOKEN)
    for number in range(2, MESSAGES):
        message = await process.send(tags={"Action": "Mint", "To": f"holder-{number % 200}"})
        await client.result(process.id, message)
    return process


def memories(home: Path) -> tuple[int, float]:
    """How many are kept, and their megabytes."""
    with closing(sqlite3.connect(home / "compute.sqlite")) as connection:
        row = connection.execute("SELECT count(*), sum(size) FROM places").fetchone()
    return int(row[0]), float(row[1]) / 1_000_000


async def rewound(stack: Stack, process: Process, nonce: int) -> tuple[float, float]:
    """Milliseconds by the clock, and of all processors: on a machine that is busy with other things the latter tells more."""
    worked = time.process_time()
    told = await stack.rewind(process.id, nonce)
    return told.seconds * 1000, (time.process_time() - worked) * 1000


async def rewinds(stack: Stack, process: Process) -> list[tuple[float, float]]:
    """To nonces all over the log, the last first, for each time drops what comes after."""
    nonces = [MESSAGES - 1 - (number * 7919 % 830) - number * 830 for number in range(REWINDS)]
    return [await rewound(stack, process, max(1, nonce)) for nonce in nonces]


async def measure(engine: EngineName) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        async with open_stack(home, settings=StackSettings(engine)) as stack:
            began = time.perf_counter()
            process = await filled(stack)
            each = (time.perf_counter() - began) * 1000 / MESSAGES
            show(Figure("a whole message", "ms", [each]))
            count, size = memories(home)
            show(Figure(f"{count} memories kept", "MB", [size]))
            taken = time.perf_counter()
            await stack.snapshot("full")
            show(Figure("snapshot of the world", "ms", [(time.perf_counter() - taken) * 1000]))
            walls, works = zip(*await rewinds(stack, process), strict=True)
            show_goal(Figure("rewind, of 10,000 messages", "ms", walls), GOAL)
            show(Figure("  of which worked", "ms", works))
            taken = time.perf_counter()
            await stack.restore("full")
            show(Figure("restore of the world", "ms", [(time.perf_counter() - taken) * 1000]))
            wall, work = await rewound(stack, process, 2)
            show(Figure("rewind by 9,997 at once", "ms", [wall]))
            show(Figure("  of which worked", "ms", [work]))


def main() -> None:
    for engine in EngineName:
        print(f"time travel, {engine} engine, SQLite files")
        asyncio.run(measure(engine))


if __name__ == "__main__":
    main()
