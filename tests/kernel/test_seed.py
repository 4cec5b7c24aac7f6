"""The same cells, run by two kernels in processes of their own whose worlds grow from one seed, give the same bytes."""

import json
from typing import Any

import pytest

from tests.kernel.conftest import Kernel, Ran, start, stop

CELLS = (
    "%spawn bob",
    'Handlers.add("ping", "Ping", function(msg) msg.reply({ Data = tostring(math.random(1000)) }) end)',
    "%spawn alice Cron-Interval=1-hour Cron-Tag-Action=Tick",
    'Handlers.add("tick", "Tick", function() print("tick " .. os.time()) Send({ Target = "bob", Action = "Ping" }) end)',
    'Send({ Target = "bob", Action = "Ping" })\nreturn ao.id',
    'Receive({ From = "bob" })',
    'Spawn({ Name = "kid", Authority = ao.authorities[1] })',
    "%monitor",
    "%time +3h",
    "%snapshot here",
    "Inbox[#Inbox]",
    "X = 1",
    "%rewind alice 2",
    "%fork alice as copy",
    "%restore here",
    "%cron",
    "%ps",
    "%log",
    "%inbox",
    "error('on purpose')",
)
KEPT = ("stream", "display_data", "execute_result", "error")


def outputs_of(ran: Ran) -> list[Any]:
    """What the cell published, without what Jupyter itself adds; a stream's pieces are one, as they are in a notebook."""
    outputs: list[Any] = []
    for message in ran.published:
        content = {key: value for key, value in message["content"].items() if key != "transient"}
        if message["msg_type"] not in KEPT:
            continue
        if outputs and "text" in content and outputs[-1].get("name") == content["name"]:
            outputs[-1]["text"] += content["text"]
            continue
        outputs.append(content)
    return outputs


def outputs(kernel: Kernel) -> bytes:
    return json.dumps([outputs_of(kernel.run(code)) for code in CELLS], indent=1).encode()


def played(first: str, **environment: str) -> str:
    """What the cells give after a first one, in a kernel of their own."""
    kernel = start(**environment)
    try:
        kernel.run(first)
        return outputs(kernel).decode()
    finally:
        stop(kernel)


@pytest.mark.parametrize("engine", ["wasm", "lua"])
def test_a_notebook_gives_the_same_bytes_in_any_kernel(engine: str) -> None:
    one, other = (played(f"%engine {engine}", AO_SEED="42") for _ in range(2))

    assert one == other


def test_a_world_grows_from_a_seed_later_as_it_does_from_the_start() -> None:
    assert played("%seed 42") == played("%engine wasm", AO_SEED="42")


def test_other_seeds_give_other_ids() -> None:
    assert played("%seed 42") != played("%seed 43")
