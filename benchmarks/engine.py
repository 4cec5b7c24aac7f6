"""Our wasm engine beside the reference's loader, on the same module and messages: `python -m benchmarks.engine [--long]
[MODULE]`. The long run evaluates 100,000 messages and prints how much memory that takes.

Node runs the loader twice: with memory copied in and out, as its compute unit does, and with memory kept inside, where no
message can be undone. Ours can undo every message. The three take turns, a few messages each, so that whatever else the
machine does meets all of them."""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from threading import Thread

from benchmarks.figures import Figure, show, show_goal, show_ratio
from tests.field.dialect_modules import own_module
from tests.field.golden_cases import Record, eval_message, padded
from tests.field.reference import ENV, FIRST, HERE, MODULES, install
from unitstack.engines.envelope import Envelope
from unitstack.engines.linear_memory import Span
from unitstack.engines.wasm import WasmEngine, WasmInstance
from unitstack.errors import Interrupted
from unitstack.runtime import blueprint
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.results import Memory

GIGABYTE = 1 << 30
GAS = 9 * 10**12
TURNS = 8
# How many messages each handles at its turn, after two that only warm its caches.
AT_A_TURN = {"ours": 12, "keep": 12, "copy": 1}
WARMING = 2
SMALL = ("trivial eval", "ping handler", "token transfer")
PROCESSES = 50
OLD = 10_000
CURVE = (1_000, 10_000, 100_000)
ROUNDS = 9

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


@contextmanager
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
    resident: list[float] = []

    def tell(message: Record) -> float:
        given.write(json.dumps({"message": message, "env": ENV}) + "\n")
        given.flush()
        answer = json.loads(answers.readline())
        resident.append(answer["rss"] / 1e6)
        took: float = answer["took"]
        return took

    yield tell
    show(Figure(f"node {mode}: resident", "MB", resident[-1:]))
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


def in_turns(tellers: dict[str, Tell], names: Sequence[str]) -> dict[tuple[str, str], Figure]:
    """What each kind of work took each of them."""
    samples: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for tell in tellers.values():
        for message in prepared():
            tell(message)
    number, kinds = 10, work()
    for _ in range(TURNS):
        for name in names:
            for who, tell in tellers.items():
                for turn in range(AT_A_TURN[who] + WARMING):
                    number += 1
                    took = tell(kinds[name](number))
                    if turn >= WARMING:
                        samples[name, who].append(took)
    return {key: Figure(f"{key[1]}: {key[0]}", "ms", found) for key, found in samples.items()}


def compare(module: Path, format: ModuleFormat) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_:
        code = module.read_bytes()
        for name in ("first start", "cached start"):
            start = timed(lambda: ours(WasmEngine(Path(folder), format=format), code).close())
            show(Figure(f"ours: {name}", "ms", [start]))
        mine = teller(ours(WasmEngine(Path(folder), format=format), code))
        theirs = {
            mode: open_.enter_context(node(module, format, mode)) for mode in ("keep", "copy")
        }
        figures = in_turns({"ours": mine, **theirs}, list(work()))
    for name in work():
        goals = ("at least 60", "at most 1") if name in SMALL else ("-", "-")
        show_ratio(figures[name, "copy"], figures[name, "ours"], goals[0])
        show_ratio(figures[name, "ours"], figures[name, "keep"], goals[1])


def resident() -> float:
    """Megabytes now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def many(code: bytes) -> None:
    """Fifty processes, each of which has evaluated its first message."""
    engine = WasmEngine()
    ours(engine, code).close()
    before, start = resident(), time.perf_counter()
    alive = [ours(engine, code) for _ in range(PROCESSES)]
    for instance in alive:
        instance.handle(Envelope(FIRST, ENV))
    show_goal(Figure(f"{PROCESSES} processes", "s", [time.perf_counter() - start]), 3)
    taken = resident() - before
    show_goal(Figure(f"{PROCESSES} processes", "MB", [taken]), 300)
    show(Figure("memory of each", "MB", [taken / PROCESSES]))
    for instance in alive:
        instance.close()


def old(code: bytes) -> None:
    """A process that has handled ten thousand messages: put aside, and back."""
    engine = WasmEngine()
    instance = ours(engine, code)
    tell = teller(instance)
    for message in prepared():
        tell(message)
    kinds = work()
    for number in range(OLD):
        tell(kinds[SMALL[number % len(SMALL)]](number))
    both, sizes = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        memory = instance.snapshot()
        other = restored(engine, code, memory)
        both.append((time.perf_counter() - start) * 1000)
        sizes.append(len(memory) / 1e6)
        whole = (Span(0, instance.live().end),)
        same = other.digest(whole) == instance.digest(whole)
        assert same, "the restored memory is another"
        other.close()
    show_goal(Figure(f"checkpoint and restore after {OLD:,} messages", "ms", both), 50)
    show(Figure("its checkpoint", "MB", sizes))
    print("  memory after it: the same, by its hash")


def restored(engine: WasmEngine, code: bytes, memory: Memory) -> WasmInstance:
    return engine.instantiate(code, memory=memory, memory_limit=GIGABYTE, compute_limit=GAS)


def side_by_side(code: bytes) -> None:
    """Two processes, each in a thread: one after the other, and at once."""
    engine = WasmEngine()
    tells = [teller(ours(engine, code)) for _ in range(2)]
    for tell in tells:
        tell(FIRST)
    numbers = iter(range(1, 1_000_000))

    def work_through(tell: Tell) -> None:
        for _ in range(12):
            tell(eval_message(FIB, next(numbers), ENV))

    ratios = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for tell in tells:
            work_through(tell)
        alone = time.perf_counter() - start
        threads = [Thread(target=work_through, args=(tell,)) for tell in tells]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ratios.append(alone / (time.perf_counter() - start))
    show(Figure("two processes at once, against one after the other", "times as fast", ratios))


def stopped(code: bytes) -> None:
    """From another thread's stop to the end of an evaluation without end."""
    instance = ours(WasmEngine(), code)
    instance.handle(Envelope(FIRST, ENV))
    took = []
    for number in range(ROUNDS):
        message = eval_message("while true do pcall(error) end", number, ENV)
        ended: list[float] = []

        def spin(message: Record = message, ended: list[float] = ended) -> None:
            with suppress(Interrupted):
                instance.handle(Envelope(message, ENV))
            ended.append(time.perf_counter())

        thread = Thread(target=spin)
        thread.start()
        time.sleep(0.05)
        start = time.perf_counter()
        instance.interrupt()
        thread.join()
        took.append((ended[0] - start) * 1000)
    show_goal(Figure("stop to end, rolled back", "ms", took), 25)


def long(code: bytes) -> None:
    instance = ours(WasmEngine(), code)
    instance.handle(Envelope(FIRST, ENV))
    show(Figure("resident at first", "MB", [resident()]))
    for done, until in pairwise((0, *CURVE)):
        for number in range(done, until):
            instance.handle(Envelope(eval_message("1 + 1", number, ENV), ENV))
        show(Figure(f"resident after {until:,} evals", "MB", [resident()]))


def main(given: Sequence[str] = ()) -> None:
    install()
    code = own_module(32)
    if "--long" in given:
        print("100,000 evals on our own module, 32 bits")
        long(code)
        return
    module = Path(given[0]) if given else MODULES / "aos2_0_6.wasm"
    print(f"{module.name}, beside the reference's loader")
    compare(module.resolve(), ModuleFormat.WASM64)
    print("our own module, 32 bits")
    tell = teller(ours(WasmEngine(), code))
    figures = in_turns({"ours": tell}, list(work()))
    show_goal(figures["trivial eval", "ours"], 0.6)
    for name in list(work())[1:]:
        show(figures[name, "ours"])
    many(code)
    old(code)
    side_by_side(code)
    stopped(code)


if __name__ == "__main__":
    main(sys.argv[1:])
