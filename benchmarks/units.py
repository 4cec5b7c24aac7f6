"""The units in process: one whole message, and how fast two processes play ping-pong with everything stored."""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, show_goal
from unitstack import Process, SignatureType, Stack, open_stack
from unitstack.messenger.budget import Budget
from unitstack.wire.keys import generate

EVALS = 400
ROUNDS = 5
HOPS = 1_000
PONG = """Handlers.add("ping", "Ping", function (msg)
  local hop = tonumber(msg.Hop)
  if hop < tonumber(msg.Last) then
    Send({ Target = msg.From, Action = "Ping", Hop = tostring(hop + 1), Last = msg.Last })
  end
end)"""


async def eval_times(process: Process) -> list[float]:
    """Milliseconds of whole messages: signed, verified, scheduled, evaluated, stored."""
    times = []
    for _ in range(EVALS):
        started = time.perf_counter()
        await process.eval("1+1")
        times.append((time.perf_counter() - started) * 1000)
    return times


async def deliveries(stack: Stack, alice: Process, bob: Process) -> float:
    """Messages a second that went from one process to the other, every one evaluated and stored."""
    started = time.perf_counter()
    source = f'Send({{ Target = "{bob.id}", Action = "Ping", Hop = "1", Last = "{HOPS}" }})'
    cascade = await stack.messenger.settled(await alice.begin_eval(source))
    assert cascade.owed == 0, cascade
    return HOPS / (time.perf_counter() - started)


async def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        budget = Budget(messages=10 * HOPS, depth=10 * HOPS)
        async with open_stack(Path(folder) / "home", budget=budget) as stack:
            client = stack.client(generate(SignatureType.ED25519))
            alice, bob = await client.spawn("alice"), await client.spawn("bob")
            show_goal(
                Figure('Client.eval("1+1"), whole message', "ms", await eval_times(alice)), 1.5
            )
            for process in (alice, bob):
                await process.eval(PONG)
            rates = [await deliveries(stack, alice, bob) for _ in range(ROUNDS)]
            show_goal(Figure("ping-pong, all stored", "deliveries/s", rates), 1_000, at_least=True)


def main() -> None:
    print("units in process, Ed25519 keys, SQLite files")
    asyncio.run(measure())


if __name__ == "__main__":
    main()
