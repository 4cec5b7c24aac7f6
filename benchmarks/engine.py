"""Our wasm engine beside the reference's loader, on the same module and messages: `python -m benchmarks.engine [MODULE]`.

Node runs the loader twice: with memory copied in and out, as its compute unit does, and with memory kept inside, where no
message can be undone. Ours can undo every message."""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks.figures import Figure, show, show_goal, show_ratio
from tests.field.dialect_modules import own_module
from tests.field.golden_cases import Record, eval_message, padded
from tests.field.reference import ENV, FIRST, HERE, MODULES, install
from unitstack.engines.envelope import Envelope
from unitstack.engines.wasm import WasmEngine, WasmInstance
from unitstack.runtime import blueprint
from unitstack.wire.messages import ModuleFormat

GIGABYTE = 1 << 30
GAS = 9 * 10**12
ROUNDS = {"copy": 9, "keep": 60, "ours": 60}
PROCESSES = 50
CURVE = (1_000, 10_000, 100_000)

FIB = "(function() local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end return fib(25) end)()"
STRINGS = "(function() local t = {} for i = 1, 20000 do t[i] = ('%d:%s'):format(i, ('x'):rep(i % 9)) end return #table.concat(t) end)()"
JSON = "(function() local j = require('json') local t = {} for i = 1, 500 do t[i] = {id = i, name = 'n' .. i, tags = {'a', 'b'}} end return #j.encode(j.decode(j.encode(t))) end)()"
PING = "Handlers.add('ping', Handlers.utils.hasMatchingTag('Action', 'Ping'), function(m) ao.send({Target = m.From, Data = 'pong'}) end)"

Tell = Callable[[Record], float]


def acting(number: int, action: str, **tags: str) -> Record:
    """A message of the owner's with that action."""
    message = eval_message("", number, ENV)
    given = {"Data-Protocol": "ao", "Type": "Message", "Action": action, **tags}
    return message | {"Tags": [{"name": name, "value": value} for name, value in given.items()]}


def prepared() -> list[Record]:
    """What a process is told before anything is measured."""
    token = eval_message(blueprint("token"), 2, ENV)
    return [
        FIRST,
        eval_message(PING, 1, ENV),
        token,
        eval_message("Balances[Owner] = '100000000'", 3, ENV),
    ]


def work() -> dict[str, Callable[[int], Record]]:
    transfer = {"Recipient": padded("ALICE"), "Quantity": "1"}
    return {
        "trivial eval": lambda n: eval_message("1 + 1", n, ENV),
        "ping handler": lambda n: acting(n, "Ping"),
        "token transfer": lambda n: acting(n, "Transfer", **transfer),
        "fib(25)": lambda n: eval_message(FIB, n, ENV),
        "strings": lambda n: eval_message(STRINGS, n, ENV),
        "json": lambda n: eval_message(JSON, n, ENV),
    }


def node(module: Path, format: ModuleFormat, mode: str) -> Iterator[Tell]:
    """The reference's loader as something to tell messages to."""
    found = shutil.which("node")
    assert found is not None
    script = Path(__file__).with_name("engine.cjs")
    command = [found, "--experimental-wasm-memory64", str(script), str(module), format, mode]
    process = subprocess.Popen(
        command, cwd=HERE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    given, answers = process.stdin, process.stdout
    show(Figure(f"node {mode}: start", "ms", [json.loads(answers.readline())["started"]]))

    def tell(message: Record) -> float:
        given.write(json.dumps({"message": message, "env": ENV}) + "\n")
        given.flush()
        took: float = json.loads(answers.readline())["took"]
        return took

    yield tell
    process.kill()
    process.communicate()


def ours(engine: WasmEngine, module: bytes) -> WasmInstance:
    return engine.instantiate(module, memory=None, memory_limit=GIGABYTE, compute_limit=GAS)


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def teller(instance: WasmInstance) -> Tell:
    def tell(message: Record) -> float:
        envelope = Envelope(message, ENV)
        took = timed(lambda: results.append(instance.handle(envelope)))
        assert results.pop().error is None
        return took

    results: list = []  # type: ignore[type-arg]  # one result at a time
    return tell


def measured(who: str, tell: Tell) -> dict[str, Figure]:
    for message in prepared():
        tell(message)
    figures, number = {}, 10
    for name, message_of in work().items():
        samples = []
        for _ in range(ROUNDS[who]):
            number += 1
            samples.append(tell(message_of(number)))
        figures[name] = Figure(f"{who}: {name}", "ms", samples)
    return figures


def compare(module: Path, format: ModuleFormat) -> None:
    with tempfile.TemporaryDirectory() as folder:
        code = module.read_bytes()
        for name in ("first start", "cached start"):
            start = timed(lambda: ours(WasmEngine(Path(folder), format=format), code).close())
            show(Figure(f"ours: {name}", "ms", [start]))
        instance = ours(WasmEngine(Path(folder), format=format), code)
        mine = measured("ours", teller(instance))
    theirs = {}
    for mode in ("copy", "keep"):
        for tell in node(module, format, mode):
            theirs[mode] = measured(mode, tell)
    for name, figure in mine.items():
        show_ratio(theirs["copy"][name], figure, "at least 60 on small messages")
        show_ratio(figure, theirs["keep"][name], "at most 1 on small messages")


def resident() -> float:
    """Megabytes now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def many(code: bytes) -> None:
    """Fifty processes, and one that goes on for long."""
    engine = WasmEngine()
    ours(engine, code).close()
    before, start = resident(), time.perf_counter()
    alive = [ours(engine, code) for _ in range(PROCESSES)]
    for instance in alive:
        instance.handle(Envelope(FIRST, ENV))
    show_goal(Figure(f"{PROCESSES} processes", "s", [time.perf_counter() - start]), 3)
    show_goal(Figure(f"{PROCESSES} processes", "MB", [resident() - before]), 300)
    for done, until in pairwise((0, *CURVE)):
        for number in range(done, until):
            alive[0].handle(Envelope(eval_message("1 + 1", number, ENV), ENV))
        show(Figure(f"resident after {until:,} evals", "MB", [resident()]))


def main(given: list[str]) -> None:
    install()
    module = Path(given[0]) if given else MODULES / "aos2_0_6.wasm"
    print(f"{module.name}, beside the reference's loader")
    compare(module.resolve(), ModuleFormat.WASM64)
    print("our own module, 32 bits")
    code = own_module(32)
    tell = teller(ours(WasmEngine(), code))
    for figure in measured("ours", tell).values():
        show(figure)
    many(code)


if __name__ == "__main__":
    main(sys.argv[1:])
