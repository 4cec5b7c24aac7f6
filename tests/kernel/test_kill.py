"""A real kernel is killed again and again in one home: every cell that it answered is in the log, once, and all that the
cell set off comes to its end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from random import Random

import pytest

from tests.kernel.conftest import PATIENCE, Kernel, start
from unitstack.client.client import Client
from unitstack.stack import open_stack
from unitstack.units import Search
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.data_item import DataItem, SignatureType
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.keys import generate
from unitstack.wire.tags import find

HOPS = 10
CELLS = 40
PASS_ON = f"""Handlers.add("ping", "Ping", function (msg)
  local hop = tonumber(msg.Hop)
  if hop < {HOPS} then Send({{ Target = msg.From, Action = "Ping", Hop = tostring(hop + 1) }}) end
end)"""
SEND = 'Send({ Target = "bob", Action = "Ping", Hop = "1" }) --'


@dataclass(frozen=True, slots=True)
class Told:
    """The logs of all processes."""

    logs: tuple[tuple[ScheduledMessage, ...], ...]

    def items(self) -> Iterator[DataItem]:
        for log in self.logs:
            for scheduled in log:
                assert scheduled.message is not None
                yield scheduled.message.item

    def roots(self) -> dict[str, MessageId]:
        """The message of each cell, by the cell's own mark."""
        parted = ((item, item.data.decode().partition("--")) for item in self.items())
        return {
            mark: MessageId(TxId(item.id))
            for item, (_, _, mark) in parted
            if find(item.tags, "Action") == "Eval" and mark
        }


def run_until_killed(home: Path, life: int, moments: Random) -> list[str]:
    """Kills the kernel when it has answered some of the cells that wait, in the midst of another; tells which it answered."""
    kernel = start(AO_HOME=str(home))
    try:
        marks = begin(kernel, life)
        answered = [answer(kernel, marks, PATIENCE) for _ in range(moments.randint(1, CELLS // 2))]
        answered += answers(kernel, marks, moments.uniform(0.001, 0.03))
    finally:
        assert kernel.manager.provisioner is not None
        program = kernel.manager.provisioner.process  # type: ignore[attr-defined]  # that of a program of this machine
        program.kill()
        program.wait()
    # What it had answered when it was killed counts as well.
    answered += answers(kernel, marks, 0.1)
    kernel.client.stop_channels()
    kernel.manager.cleanup_resources()
    return answered


def begin(kernel: Kernel, life: int) -> dict[str, str]:
    """Has many cells wait; each one's mark, by its request."""
    if life == 0:
        for name in ("bob", "alice"):
            assert kernel.run(f"%spawn {name}\n{PASS_ON}").status == "ok"
    assert kernel.run("%use alice").status == "ok"
    return {kernel.client.execute(f"{SEND}{life}.{n}"): f"{life}.{n}" for n in range(CELLS)}


def answers(kernel: Kernel, marks: dict[str, str], patience: float) -> Iterator[str]:
    """Until none comes for so many seconds."""
    while True:
        try:
            yield answer(kernel, marks, patience)
        except Empty:
            return


def answer(kernel: Kernel, marks: dict[str, str], patience: float) -> str:
    message = kernel.client.get_shell_msg(timeout=patience)
    assert message["content"]["status"] == "ok"
    return marks[message["parent_header"]["msg_id"]]


async def told_after(client: Client) -> Told:
    """The logs, once nothing is owed any more."""
    page = await client.units.gateway.search(Search(tags=(("Type", ("Process",)),)))
    found = [client.process(ProcessId(item.id)) for item in page.items]
    before = Told(tuple([tuple([m async for m in each.messages()]) for each in found]))
    for root in before.roots().values():
        cascade = await client.settled(root)
        assert (cascade.owed, cascade.stopped, cascade.notes) == (0, "", ())
    return Told(tuple([tuple([m async for m in each.messages()]) for each in found]))


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.slow)])
async def test_answered_cells_are_in_the_log_once_with_all_that_they_set_off(
    tmp_path: Path, kills: int
) -> None:
    moments = Random(kills)
    answered: list[str] = []
    for life in range(kills):
        answered += run_until_killed(tmp_path, life, moments)

    async with open_stack(tmp_path) as stack:
        told = await told_after(stack.client(generate(SignatureType.ED25519)))

    roots = told.roots()
    assert set(answered) <= set(roots)
    assert max(Counter(item.id for item in told.items()).values()) == 1
    for log in told.logs:
        assert [each.assignment.nonce for each in log] == list(range(len(log)))
    pushed = Counter(find(item.tags, "Pushed-For") for item in told.items())
    del pushed[None]
    assert pushed == dict.fromkeys(roots.values(), HOPS)
