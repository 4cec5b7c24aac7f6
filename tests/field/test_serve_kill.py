"""What survives `kill -9` of `ao serve` under load from aoconnect: all that was acknowledged, once, and what it set off."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.field.ping_pong import PING, process_named
from tests.field.served import FIELD, ROOT, fetch_packages, wallets
from tests.items import a_wallet
from unitstack.client.client import Client
from unitstack.client.process import Process
from unitstack.stack import open_stack
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, TxId
from unitstack.wire.tags import find

KILLS = (6, pytest.param(20, marks=pytest.mark.slow))
CHAIN_LENGTH = 3
OWNER = a_wallet("arweave")


@contextmanager
def a_load() -> Iterator[subprocess.Popen[str]]:
    fetch_packages("aoconnect")
    command, pipe = ["node", "load.mjs"], subprocess.PIPE
    where = FIELD / "aoconnect"
    with subprocess.Popen(command, cwd=where, stdin=pipe, stdout=pipe, text=True) as load:
        try:
            yield load
        finally:
            load.kill()


def acknowledged_until_killed(
    home: Path, load: subprocess.Popen[str], messages: int, alice: str, source: str
) -> list[str]:
    """Kills the network when it has acknowledged so many messages; answers with the ids of all that it did."""
    assert load.stdin is not None
    assert load.stdout is not None
    options = ["--home", str(home), "--port", "0", "--json"]
    command = [sys.executable, "-m", "unitstack.cli", "serve", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as network:
        assert network.stdout is not None
        environment = json.loads(network.stdout.readline())["environment"]
        asked = {"environment": environment, "process": alice, "source": source, **wallets()}
        load.stdin.write(json.dumps(asked) + "\n")
        load.stdin.flush()
        ids = [load.stdout.readline().strip() for _ in range(messages)]
        network.kill()
    while (line := load.stdout.readline().strip()) != "down":
        ids.append(line)
    return ids


def item_of(scheduled: ScheduledMessage) -> DataItem:
    assert scheduled.message is not None
    return scheduled.message.item


async def settled_roots(client: Client, process: Process, source: str) -> set[str]:
    """The ids of all messages with that source, when nothing is owed for any of them. What was taken in and not yet
    scheduled when the network was killed is scheduled only now."""
    settled = set[str]()
    while True:
        items = [item_of(each) async for each in process.messages()]
        fresh = {item.id for item in items if item.data == source.encode()} - settled
        if not fresh:
            return settled
        for root in fresh:
            cascade = await client.settled(MessageId(TxId(root)))
            assert (cascade.owed, cascade.stopped, cascade.notes) == (0, "", ())
        settled |= fresh


async def assert_kept(client: Client, log: list[ScheduledMessage]) -> None:
    """The gateway has all that was scheduled, also what it had not been given when the network was killed."""
    gateway = client.units.gateway
    for each in log:
        assert await gateway.item(each.assignment.id) == each.assignment.item
        assert await gateway.item(item_of(each).id) == item_of(each)


@pytest.mark.parametrize("kills", KILLS)
async def test_what_was_acknowledged_is_there_once_with_all_that_it_set_off(
    tmp_path: Path, kills: int
) -> None:
    async with open_stack(tmp_path) as stack:
        client = stack.client(OWNER)
        alice, bob = [await process_named(client, name) for name in ("alice", "bob")]
        for process in (alice, bob):
            await process.eval(PING)
    source = f'Send({{ Target = "{bob.id}", Action = "Ping", Left = "{CHAIN_LENGTH - 1}" }})'

    moments, acknowledged = Random(7), list[str]()
    with a_load() as load:
        for _ in range(kills):
            messages = moments.randint(1, 12)
            acknowledged += acknowledged_until_killed(tmp_path, load, messages, alice.id, source)

    async with open_stack(tmp_path) as stack:
        client = stack.client(OWNER)
        alice, bob = [await process_named(client, name) for name in ("alice", "bob")]
        roots = await settled_roots(client, alice, source)
        logs = [[each async for each in process.messages()] for process in (alice, bob)]
        for log in logs:
            await assert_kept(client, log)

    for log in logs:
        assert [each.assignment.nonce for each in log] == list(range(len(log)))
    ids = Counter(item_of(each).id for log in logs for each in log)
    assert set(ids.values()) == {1}
    assert len(acknowledged) >= kills
    assert set(acknowledged) <= roots
    pushed = Counter(find(item_of(each).tags, "Pushed-For") for log in logs for each in log)
    del pushed[None]
    assert pushed == dict.fromkeys(roots, CHAIN_LENGTH)
