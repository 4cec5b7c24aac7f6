"""What survives `kill -9`: everything that was acknowledged, once, and all that it set off."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.field.ping_pong import CHAIN_LENGTH, PING, process_named
from tests.items import a_wallet
from unitstack.stack import open_stack
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, TxId
from unitstack.wire.tags import find

ROOT = Path(__file__).parents[2]
KILLS = (6, pytest.param(20, marks=pytest.mark.slow))


def run_until_killed(home: Path, messages: int) -> list[str]:
    """Kills the program when it has acknowledged so many messages; answers with their ids."""
    command = [sys.executable, "-m", "tests.field.ping_pong", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        acknowledged = [program.stdout.readline().strip() for _ in range(messages)]
        program.kill()
        # Lines that it had written when it was killed count as well.
        acknowledged += [line.strip() for line in program.stdout if line.endswith("\n")]
    return acknowledged


def item_of(scheduled: ScheduledMessage) -> DataItem:
    assert scheduled.message is not None
    return scheduled.message.item


@pytest.mark.parametrize("kills", KILLS)
async def test_what_was_acknowledged_is_there_once_with_all_that_it_set_off(
    tmp_path: Path, kills: int
) -> None:
    moments = Random(7)
    acknowledged: list[str] = []
    for _ in range(kills):
        acknowledged += run_until_killed(tmp_path, moments.randint(1, 12))

    async with open_stack(tmp_path) as stack:
        client = stack.client(a_wallet())
        alice, bob = [await process_named(client, name) for name in ("alice", "bob")]
        first = [scheduled async for scheduled in alice.messages()]
        roots = [
            item.id
            for item in map(item_of, first)
            if find(item.tags, "Action") == "Eval" and item.data != PING.encode()
        ]
        for root in roots:
            cascade = await client.settled(MessageId(TxId(root)))
            assert (cascade.owed, cascade.stopped, cascade.notes) == (0, "", ())
        logs = [[each async for each in process.messages()] for process in (alice, bob)]

    for log in logs:
        assert [each.assignment.nonce for each in log] == list(range(len(log)))
    ids = Counter(item_of(each).id for log in logs for each in log)
    assert set(ids.values()) == {1}
    assert set(acknowledged) <= set(roots)
    pushed = Counter(find(item_of(each).tags, "Pushed-For") for log in logs for each in log)
    del pushed[None]
    assert pushed == dict.fromkeys(roots, CHAIN_LENGTH)
