import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.items import KEYS, a_wallet
from unitstack.client.aoconnect import AoConnect, blocking, create_signer, serialize_cron
from unitstack.errors import InvalidItem, NotFound
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.units import Units
from unitstack.wire.ids import ProcessId, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

SIGNER = a_wallet("ed25519")
EVAL = (Tag("Action", "Eval"),)
PONG = 'Handlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)'


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with open_stack(None, settings=StackSettings(engine=EngineName.LUA)) as stack:
        yield stack


@pytest.fixture
def ao(stack: Stack) -> AoConnect:
    return AoConnect(stack.units)


@pytest.fixture
async def process(stack: Stack, ao: AoConnect) -> ProcessId:
    return await ao.spawn(
        module=stack.module,
        scheduler=stack.scheduler,
        signer=SIGNER,
        tags={"Authority": stack.authority},
    )


async def test_a_message_has_a_result(ao: AoConnect, process: ProcessId) -> None:
    message = await ao.message(process=process, signer=SIGNER, data="6 * 7", tags=EVAL)

    assert (await ao.result(process=process, message=message)).output.data == "42"
    newest = await ao.results(process=process, sort="DESC", limit=1)
    assert newest.items[0].message == message


async def test_a_message_is_signed_first_and_sent_later(ao: AoConnect, process: ProcessId) -> None:
    item = ao.sign_message(Draft(process, EVAL, b"1 + 1"), SIGNER)

    message = await ao.send_signed_message(item)

    assert message == item.id
    assert (await ao.get_message_by_id(process=process, message=message)).message is not None


async def test_a_dry_run_leaves_no_trace(ao: AoConnect, process: ProcessId) -> None:
    draft = Draft(process, EVAL, b"Kept = 1; return Kept")

    assert (await ao.dryrun(process=process, draft=draft, signer=SIGNER)).output.data == "1"
    assert await ao.get_last_slot(process=process) == 0


async def test_a_dry_run_of_nobodys_is_a_strangers(ao: AoConnect, process: ProcessId) -> None:
    result = await ao.dryrun(process=process, draft=Draft(process, EVAL, b"return 1"))

    assert result.output.data != "1"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 6])
async def test_the_last_slot_is_that_of_the_newest_message(
    ao: AoConnect, process: ProcessId, count: int
) -> None:
    for _ in range(count):
        await ao.message(process=process, signer=SIGNER, data="x")

    assert await ao.get_last_slot(process=process) == count
    assert len((await ao.get_messages(process=process)).items) == count + 1


async def test_a_message_is_assigned_to_one_more_process(
    stack: Stack, ao: AoConnect, process: ProcessId
) -> None:
    other = await ao.spawn(module=stack.module, scheduler=stack.scheduler, signer=SIGNER)
    message = await ao.message(process=process, signer=SIGNER, data="x")

    assignment = await ao.assign(process=other, message=message)

    found = await ao.get_message_by_id(process=other, message=assignment)
    assert found.assignment.message == message


async def test_a_process_is_monitored_until_it_is_not(ao: AoConnect, process: ProcessId) -> None:
    await ao.monitor(process=process)
    await ao.unmonitor(process=process)

    with pytest.raises(NotFound):
        await ao.unmonitor(process=process)


def test_a_cron_is_told_by_tags() -> None:
    assert serialize_cron("10-minutes", {"Action": "Tick"}) == (
        Tag("Cron-Interval", "10-minutes"),
        Tag("Cron-Tag-Action", "Tick"),
    )


@pytest.mark.parametrize("interval", ["", "1-minutes", "2-minute", "0-blocks", "1.5-hours", "soon"])
def test_an_interval_that_is_none_is_refused(interval: str) -> None:
    with pytest.raises(InvalidItem, match="a cron interval is such as"):
        serialize_cron(interval)


def test_a_signer_is_made_of_a_key() -> None:
    jwk = json.loads((KEYS / "arweave.json").read_text(encoding="utf-8"))

    assert create_signer(jwk).address == a_wallet("arweave").address


@asynccontextmanager
async def opened() -> AsyncIterator[Units]:
    async with open_stack(None) as stack:
        yield stack.units


def test_a_program_without_an_event_loop_waits_for_each_call() -> None:
    with blocking(opened()) as ao, pytest.raises(NotFound):
        ao.wait(ao.client.get_messages(process=ProcessId(TxId("p" * 43))))
