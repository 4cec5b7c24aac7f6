"""Widgets while Lua is busy: a counter's updates a second, what a live inbox does in a storm, how late a message shows."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import inf, isfinite
from queue import Empty

from jupyter_client.blocking.client import BlockingKernelClient

from benchmarks.figures import Figure, show, show_goal, show_met
from benchmarks.kernels import Kernel, running

SECONDS = 2.0
ROUNDS = 3
STORM = 1000

MOST, LEAST = 10.0, 2.0
"""Updates a second of a view that is neither frantic nor frozen."""

RATES = (10, 200, 1000)
"""Messages a second. The last is the promised one; the others tell a slow view from a network that carries less."""

BEATS = 50
PERIOD = 0.1
"""A beat each tenth of a second sets off a tenth of the messages that come in a second."""

COUNTER = """%%python
import asyncio, ipywidgets
label = ipywidgets.Label("0")
async def count():
    for number in range(10_000):
        label.value = str(number)
        await asyncio.sleep(0.02)
counting = asyncio.run_coroutine_threadsafe(count(), ao._portal.loop)
label"""
"""The counter lives in the kernel's own loop, as the widgets do: what holds that up holds them up."""


def updates(client: BlockingKernelClient, seconds: float) -> Iterator[tuple[float, str]]:
    """When widgets were given a value in the time that follows, and what it was."""
    ends = time.perf_counter() + seconds
    with suppress(Empty):
        while (left := ends - time.perf_counter()) > 0:
            message = client.get_iopub_msg(timeout=left)
            if message["msg_type"] == "comm_msg":
                yield time.perf_counter(), str(message["content"]["data"].get("state", {}))


def measure_counter() -> None:
    """A counter that a task of the kernel's sets fifty times a second, idle and while a cell is busy."""
    rates: list[float] = []
    with running("ao") as kernel:
        client, manager = kernel.client, kernel.manager
        kernel.run("%spawn busy")
        kernel.run("x = 1")
        kernel.run(COUNTER)
        for _ in range(ROUNDS):
            client.execute("while true do end")
            seen = sum(1 for _ in updates(client, SECONDS))
            manager.interrupt_kernel()
            client.get_shell_msg(timeout=60)
            rates.append(seen / SECONDS)
    show_goal(Figure("widget updates while Lua is busy", "/s", rates), 15, at_least=True)


BEATING = """%%python
import asyncio, ipywidgets
from unitstack.wire.tags import Tag
label = ipywidgets.Label("")
sender = ao.process("sender")._process
arrived, keeper, count = ipywidgets.Label(""), ao.process("keeper").id, 0
def evaluated(process):
    global count
    if process == keeper:
        if count % EACH == 0:
            arrived.value = f"came-{count // EACH}!"
        count += 1
ao._session.network.stack.compute.listeners.append(evaluated)
async def beat():
    begins = asyncio.get_running_loop().time()
    for number in range(BEATS):
        await asyncio.sleep(begins + number * PERIOD - asyncio.get_running_loop().time())
        label.value = f"beat-{number}!"
        await sender.send(data=str(number), tags=(Tag("Action", "Beat"),))
beating = asyncio.run_coroutine_threadsafe(beat(), ao._portal.loop)
label"""
"""A person's messages at a steady pace, handed in by the kernel's own loop, so that they come while a cell runs too. The
labels say when each is handed in, and when keeper has evaluated the first letter of it."""

HANDLER = """
Handlers.add("beat", "Beat", function (msg)
  for _ = 1, EACH do Send({ Target = "keeper", Action = "Note", Data = "note-" .. msg.Data .. "!" }) end
end)
"""


def with_inbox(kernel: Kernel) -> None:
    """A live inbox of keeper, and sender, whom the next cells go to."""
    cells = ("%summary off", "%budget 1000000", "%spawn keeper", "%inbox live")
    for cell in (*cells, "%spawn sender"):
        kernel.run(cell)


def measure_storm() -> None:
    """A live inbox that a storm of messages comes to: it keeps up, shows the last, and does not flicker."""
    rates: list[float] = []
    arrived = 0
    with running("ao") as kernel:
        with_inbox(kernel)
        for number in range(ROUNDS):
            last = f"storm-{number}-{STORM}!"
            started = time.perf_counter()
            asked = kernel.client.execute(
                f"for i = 1, {STORM} do Send({{ Target = 'keeper', Action = 'Note', "
                f"Data = 'storm-{number}-' .. i .. '!' }}) end"
            )
            times = shown_until(kernel.client, last)
            arrived += bool(times)
            rates.append(len(times) / max(times[-1] - started, 1.0) if times else 0.0)
            while kernel.client.get_shell_msg(timeout=60)["parent_header"]["msg_id"] != asked:
                continue
    figure = Figure(f"updates of an inbox that gets {STORM} messages", "/s", rates)
    show_goal(figure, MOST)
    show_met(f"median at least {LEAST:g} /s", figure.median >= LEAST)
    show_met(
        f"the last message is shown in {ROUNDS} of {ROUNDS}, here in {arrived}", arrived == ROUNDS
    )


def shown_until(client: BlockingKernelClient, last: str) -> list[float]:
    """When the inbox was given a new list, up to the one with that text in it; nothing where that never came."""
    times: list[float] = []
    for at, state in updates(client, 30.0):
        if "_options_labels" in state:
            times.append(at)
            if last in state:
                return times
    return []


def measure_delays() -> None:
    """How late a letter is shown, at each rate, also while a cell runs: after its process has evaluated it, which is the
    view's own doing; and after the message that set it off was handed in, which is the network's too."""
    for rate in RATES:
        for busy in (False, True):
            beat = beats(int(rate * PERIOD), busy=busy)
            what = f"{rate} messages/s offered, {'while a cell runs' if busy else 'idle'}"
            own = Figure(f"lateness of an inbox, {what}", "ms", beat.after_arrival)
            show_goal(own, 200, at_p95=True)
            show(Figure("  since what set it off was handed in", "ms", beat.after_sending))
            shown = sum(map(isfinite, beat.after_arrival))
            show_met(f"all {BEATS} beats shown, here {shown}", shown == BEATS)
            print(f"  the network carried {beat.rate:.0f} messages/s of {rate} offered")


@dataclass(frozen=True, slots=True)
class Beats:
    """How late each beat was shown, in milliseconds, and how many messages a second there were up to the last."""

    after_arrival: list[float]
    after_sending: list[float]
    rate: float


def beats(each: int, *, busy: bool) -> Beats:
    """Hands in beats of so many messages at a steady pace."""
    with running("ao") as kernel:
        with_inbox(kernel)
        kernel.run(HANDLER.replace("EACH", str(each)))
        kernel.run("%spawn busy")
        kernel.run("x = 1")
        beating = BEATING.replace("BEATS", str(BEATS)).replace("PERIOD", str(PERIOD))
        beating = beating.replace("EACH", str(each))
        kernel.client.execute(beating)
        if busy:
            kernel.client.execute("while true do end")
        begun, came, shown = heard(kernel.client)
        if busy:
            kernel.manager.interrupt_kernel()
    spent = max(shown.values(), default=0.0) - min(begun.values(), default=0.0)
    rate = len(shown) * each / spent if spent else 0.0
    return Beats(lateness(came, shown), lateness(begun, shown), rate)


def lateness(since: dict[int, float], shown: dict[int, float]) -> list[float]:
    """Milliseconds for each beat that was shown. Where nothing ever was, no goal is met."""
    return [(shown[number] - since[number]) * 1000 for number in sorted(shown)] or [inf]


def heard(
    client: BlockingKernelClient,
) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
    """When each beat began, when its first letter was evaluated, and when a list first had a letter of it, or of one after
    it: letters come in order."""
    begun: dict[int, float] = {}
    came: dict[int, float] = {}
    shown: dict[int, float] = {}
    for at, state in updates(client, BEATS * PERIOD + 10.0):
        for number in re.findall(r"beat-(\d+)!", state):
            begun.setdefault(int(number), at)
        for number in re.findall(r"came-(\d+)!", state):
            came.setdefault(int(number), at)
        newest = max((int(n) for n in re.findall(r"note-(\d+)!", state)), default=-1)
        for number in range(len(shown), newest + 1):
            shown[number] = at
        if len(shown) == BEATS:
            break
    return begun, came, shown


def main() -> None:
    print("widgets")
    measure_counter()
    measure_storm()
    measure_delays()


if __name__ == "__main__":
    main()
