"""The runtime on the Lua engine, without the units: dispatching, a token transfer, JSON, and booting."""

import json
import time
from collections.abc import Callable

from benchmarks.figures import Figure, show_goal
from unitstack.engines.envelope import Envelope
from unitstack.engines.lua import LuaEngine, LuaInstance
from unitstack.runtime import blueprint, bundle
from unitstack.wire.results import Json

ROUNDS = 5
MESSAGES = 2_000
PROCESS, OWNER, MODULE = "P" * 43, "O" * 43, "M" * 43
PROCESS_TAGS: list[Json] = [
    {"name": name, "value": value}
    for name, value in (
        ("Data-Protocol", "ao"),
        ("Type", "Process"),
        ("Module", MODULE),
        ("Name", "bench"),
    )
]
ENV: dict[str, Json] = {
    "Process": {"Id": PROCESS, "Owner": OWNER, "Tags": PROCESS_TAGS},
    "Module": {"Id": MODULE, "Owner": OWNER, "Tags": []},
}


def a_message(number: int, data: str = "", **tags: str) -> Envelope:
    """A message of the owner."""
    written: list[Json] = [{"name": name, "value": value} for name, value in tags.items()]
    message: dict[str, Json] = {
        "Id": f"{number:043}",
        "Target": PROCESS,
        "From": OWNER,
        "Owner": OWNER,
        "Data": data,
        "Tags": written,
        "Timestamp": 1_700_000_000_000 + number,
        "Block-Height": 1_300_000,
        "Nonce": number,
        "Epoch": 0,
        "Cron": False,
        "Read-Only": False,
    }
    return Envelope(message, ENV)


def booted() -> LuaInstance:
    """An instance that has evaluated its process message."""
    engine = LuaEngine()
    instance = engine.instantiate(bundle(), memory=None, memory_limit=1 << 30, compute_limit=10**13)
    first = a_message(0, Type="Process", Module=MODULE)
    first.message.update({"Id": PROCESS, "Tags": PROCESS_TAGS})
    assert instance.handle(first).error is None
    return instance


def evaluate(instance: LuaInstance, source: str) -> None:
    result = instance.handle(a_message(1, source, Action="Eval"))
    assert result.error is None, result.error


def rate(instance: LuaInstance, message: Callable[[int], Envelope]) -> list[float]:
    """Messages a second, each handed over as JSON values and its result read."""
    rates = []
    for turn in range(ROUNDS):
        envelopes = [message(2 + turn * MESSAGES + n) for n in range(MESSAGES)]
        started = time.perf_counter()
        for envelope in envelopes:
            assert instance.handle(envelope).error is None
        rates.append(MESSAGES / (time.perf_counter() - started))
    return rates


def inner_rate(instance: LuaInstance) -> list[float]:
    """Dispatches a second inside one instance: the handlers are walked in Lua, with no host between."""
    source = """local msg = { Action = "Ping", From = "x", Tags = {}, reply = function() end }
count = 0
for _ = 1, 10000 do Handlers.evaluate(msg, ao.env) end
assert(count == 10000, count)"""
    rates = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        evaluate(instance, source)
        rates.append(10_000 / (time.perf_counter() - started))
    return rates


def main() -> None:
    print("runtime on the Lua engine")
    boots = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        booted().close()
        boots.append((time.perf_counter() - started) * 1000)
    show_goal(Figure("boot, process message included", "ms", boots), 15)
    ping = booted()
    evaluate(ping, 'Handlers.add("ping", "Ping", function (msg) count = (count or 0) + 1 end)')
    show_goal(
        Figure("Ping dispatch in one instance", "dispatches/s", inner_rate(ping)),
        10_000,
        at_least=True,
    )
    messages = rate(ping, lambda n: a_message(n, Action="Ping"))
    show_goal(
        Figure("Ping, message in and result out", "messages/s", messages), 5_000, at_least=True
    )
    token = booted()
    evaluate(token, blueprint("token"))
    evaluate(token, f'Balances["{OWNER}"] = "1000000000000"')
    transfers = rate(
        token, lambda n: a_message(n, Action="Transfer", Recipient="R" * 43, Quantity="1")
    )
    show_goal(Figure("token Transfer", "messages/s", transfers), 3_000, at_least=True)
    text = json.dumps(
        {"list": list(range(100)), "text": "x" * 500, "nested": {"a": [1.5, True, None]}}
    )
    evaluate(
        token,
        'local json = require("json") Handlers.add("json", "Json", function (msg) json.encode(json.decode(msg.Data)) end)',
    )
    trips = rate(token, lambda n: a_message(n, text, Action="Json"))
    show_goal(Figure("JSON round trip of 1 kB", "messages/s", trips), 1_000, at_least=True)


if __name__ == "__main__":
    main()
