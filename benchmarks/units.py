"""The units in process: one whole message, and how fast two processes play ping-pong with everything stored."""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, show_goal
from unitstack import EngineName, Process, SignatureType, Stack, StackSettings, open_stack
from unitstack.messenger.budget import Budget
from unitstack.wire.keys import generate

EVALS = 400
ROUNDS = 5
HOPS = 1_000
DELIVERIES = {EngineName.LUA: 1_000, EngineName.WASM: 400}
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


async def measure(engine: EngineName) -> None:
    with tempfile.TemporaryDirectory() as folder:
        budget = Budget(messages=10 * HOPS, depth=10 * HOPS)
        settings = StackSettings(engine=engine)
        async with open_stack(Path(folder) / "home", budget=budget, settings=settings) as stack:
            client = stack.client(generate(SignatureType.ED25519))
            alice, bob = await client.spawn("alice"), await client.spawn("bob")
            whole = Figure('Client.eval("1+1"), whole message', "ms", await eval_times(alice))
            show_goal(whole, 1.5)
            for process in (alice, bob):
                await process.eval(PONG)
            rates = [await deliveries(stack, alice, bob) for _ in range(ROUNDS)]
            pings = Figure("ping-pong, all stored", "deliveries/s", rates)
            show_goal(pings, DELIVERIES[engine], at_least=True)


def main() -> None:
    for engine in EngineName:
        print(f"units in process, {engine} engine, Ed25519 keys, SQLite files")
        asyncio.run(measure(engine))


if __name__ == "__main__":
    main()
