"""A node elsewhere as units, and what such a node does not offer."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from tests.items import AN_ID, a_wallet
from tests.unitstack.hyperbeam.nodes import PERSON, Node, a_node, an_eval
from unitstack.client.client import Client
from unitstack.client.drafts import Defaults
from unitstack.errors import InvalidItem, NotFound, Refused, UnitUnreachable
from unitstack.hyperbeam.remote import NodeScheduler, RemoteNode
from unitstack.units import Search, Units
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Address, AssignmentId, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

P = ProcessId(AN_ID)
COUNTER = """
Handlers.add("count", "Count", function (msg)
  Counted = (Counted or 0) + 1
  msg.reply({ Data = Counted .. msg.Tags.Note .. msg.Data })
end)
"""


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with a_node() as node:
        yield node


@pytest.fixture
def remote(node: Node) -> RemoteNode:
    return RemoteNode(node.client, PERSON, delays=(), pace=(0.0,))


@pytest.fixture
def units(remote: RemoteNode) -> Units:
    return remote.units


async def test_it_knows_the_nodes_address(node: Node, remote: RemoteNode) -> None:
    assert await remote.address() == node.wallet.address


async def test_a_client_works_on_a_node_as_it_does_on_units_here(
    node: Node, remote: RemoteNode
) -> None:
    address = await remote.address()
    client = Client(remote.units, PERSON, Defaults(node.stack.module, address, (address,)))
    process = await client.spawn("far")

    assert (await process.eval("1 + 1")).output.data == "2"
    assert (await process.dry_run("#Inbox")).output.data == "1"


async def test_when_a_message_is_sent_all_that_it_set_off_is_done(node: Node, units: Units) -> None:
    process = await node.spawned()
    await units.messenger.send(an_eval(process, COUNTER))
    source = 'Send({ Target = ao.id, Action = "Count", Data = "", Tags = { Note = "!" } })'

    message = await units.messenger.send(an_eval(process, source))

    assert (await units.messenger.settled(message)).owed == 0
    assert len((await units.scheduler.messages(process, after=2)).items) == 2


async def test_a_result_is_that_of_the_message(node: Node, units: Units) -> None:
    process = await node.spawned()
    message = await units.messenger.send(an_eval(process, "1 + 1"))
    await units.messenger.send(an_eval(process, "1 + 2"))

    result = await units.compute.result(process, message)

    assert result == await node.stack.units.compute.result(process, message)


async def test_a_message_is_found_by_its_id_and_by_its_assignments(
    node: Node, units: Units
) -> None:
    process = await node.spawned()
    for number in range(3):
        last = await units.messenger.send(an_eval(process, f"{number}"))
    expected = await node.stack.units.scheduler.message(process, last)

    assert await units.scheduler.message(process, last) == expected
    assert await units.scheduler.message(process, expected.assignment.id) == expected


async def test_a_message_is_found_however_long_ago_it_was(node: Node) -> None:
    process = await node.spawned()
    first = an_eval(process, "0")
    for item in (first, *(an_eval(process, f"{number}") for number in range(1, 120))):
        await node.stack.units.scheduler.schedule(item)

    found = await RemoteNode(node.client, PERSON).units.scheduler.message(
        process, MessageId(first.id)
    )

    assert found.assignment.nonce == 1


async def test_where_a_message_is_is_looked_for_once(node: Node, units: Units) -> None:
    process = await node.spawned()
    message = await units.messenger.send(an_eval(process, "1"))
    found = await units.scheduler.message(process, message)

    assert await units.scheduler.message(process, message) == found


async def test_a_slot_that_is_not_there_is_not_found(node: Node, units: Units) -> None:
    process = await node.spawned()
    assert isinstance(units.scheduler, NodeScheduler)

    with pytest.raises(NotFound, match="slot 7"):
        await units.scheduler.at(process, 7)


async def test_a_message_that_no_one_sent_is_not_found(node: Node, units: Units) -> None:
    process = await node.spawned()

    with pytest.raises(NotFound, match=AN_ID):
        await units.scheduler.message(process, MessageId(AN_ID))


async def test_a_process_that_no_one_spawned_is_not_found(units: Units) -> None:
    with pytest.raises(NotFound, match=AN_ID):
        await units.scheduler.process(P)


async def test_a_process_is_as_it_was_signed(node: Node, units: Units) -> None:
    process = await node.spawned()

    assert await units.scheduler.process(process) == await node.stack.units.scheduler.process(
        process
    )


async def test_a_log_is_read_page_by_page(node: Node, units: Units) -> None:
    process = await node.spawned()
    for number in range(3):
        await units.messenger.send(an_eval(process, f"{number}"))

    first = await units.scheduler.messages(process, limit=3)
    rest = await units.scheduler.messages(process, after=2)

    assert [each.assignment.nonce for each in first.items] == [0, 1, 2]
    assert (first.cursor, rest.cursor) == ("2", None)
    assert [each.assignment.nonce for each in rest.items] == [3]


async def test_items_are_scheduled_without_being_pushed(node: Node, units: Units) -> None:
    item = node.a_process()
    process = (await units.scheduler.schedule(item)).process
    message = an_eval(process, "1")

    assignment = await units.scheduler.schedule(message)

    assert process == item.id
    assert (assignment.nonce, assignment.message) == (1, message.id)


async def test_the_time_is_the_nodes(node: Node, units: Units) -> None:
    before = await node.stack.units.scheduler.now()

    assert (await units.scheduler.now()).timestamp >= before.timestamp


async def test_results_come_in_both_directions_and_leave_errors_out(
    node: Node, units: Units
) -> None:
    process = await node.spawned()
    for source in ("1", 'error("no")', "3", "4"):
        await units.messenger.send(an_eval(process, source))
    local = node.stack.units.compute

    for newest_first in (False, True):
        page = await units.compute.results(process, newest_first=newest_first)
        expected = await local.results(process, newest_first=newest_first)
        assert page.items == expected.items
        assert page.cursor is None


async def test_a_page_of_results_ends_where_it_is_full_or_said_to(node: Node, units: Units) -> None:
    process = await node.spawned()
    for number in range(4):
        await units.messenger.send(an_eval(process, f"{number}"))

    page = await units.compute.results(process, after=Ordinate(Nonce(0)), limit=2)
    until = await units.compute.results(process, until=Ordinate(Nonce(1)))

    assert [each.ordinate.nonce for each in page.items] == [1, 2]
    assert page.cursor == "2"
    assert [each.ordinate.nonce for each in until.items] == [0, 1]


async def test_who_follows_is_woken_by_the_next_evaluation(node: Node, units: Units) -> None:
    process = await node.spawned()

    async with asyncio.TaskGroup() as tasks:
        follower = tasks.create_task(units.compute.evaluated(process, Ordinate(Nonce(0))))
        await asyncio.sleep(0)
        assert not follower.done()
        await units.messenger.send(an_eval(process, "1"))


async def test_a_dry_run_has_tags_of_any_characters_and_data(node: Node, units: Units) -> None:
    process = await node.spawned()
    await units.messenger.send(an_eval(process, COUNTER))
    tags = (Tag("Action", "Count"), Tag("Note", " a=b&c/d?e#f%41ü "))
    draft = Draft(process, tags, "tür\n".encode())

    result = await units.compute.dry_run(process, draft, sender=PERSON.process_address)

    assert result.outbox.messages[0].data == "1 a=b&c/d?e#f%41ü tür\n"


async def test_a_dry_run_is_from_the_wallets_owner_alone(node: Node, units: Units) -> None:
    process = await node.spawned()

    with pytest.raises(Refused, match=f"{PERSON.process_address}, not {AN_ID}"):
        await units.compute.dry_run(process, Draft(process), sender=Address(AN_ID))


async def test_a_dry_run_is_of_the_newest_state_alone(node: Node, units: Units) -> None:
    process = await node.spawned()

    with pytest.raises(Refused, match="newest"):
        await units.compute.dry_run(
            process, Draft(process), sender=PERSON.process_address, at=MessageId(AN_ID)
        )


async def test_without_a_wallet_all_but_dry_runs_works(node: Node) -> None:
    process = await node.spawned()
    units = RemoteNode(node.client).units

    message = await units.messenger.send(an_eval(process, "1 + 1"))

    assert (await units.compute.result(process, message)).output.data == "2"


async def test_an_item_is_found_by_its_id(node: Node, units: Units) -> None:
    process = await node.spawned()

    item = await units.gateway.item(process)

    assert (item.id, await units.gateway.data(process)) == (process, b"1984")


async def test_an_unknown_item_is_not_found(units: Units) -> None:
    with pytest.raises(NotFound, match=AN_ID):
        await units.gateway.item(AN_ID)


async def test_another_gateway_may_be_named(node: Node) -> None:
    gateway = node.stack.units.gateway

    assert RemoteNode(node.client, gateway=gateway).units.gateway is gateway


async def test_a_process_of_a_node_has_no_ticks(units: Units) -> None:
    assert await units.compute.tick(P) == ()


async def test_what_is_sent_to_a_node_is_done_and_cannot_be_halted(units: Units) -> None:
    cascade = await units.messenger.halt(MessageId(AN_ID), "enough")

    assert (cascade.owed, cascade.stopped) == (0, "")


Refusing = Callable[[Units], Awaitable[object]]
REFUSED: dict[str, Refusing] = {
    "messenger.assign": lambda units: units.messenger.assign(P, AN_ID),
    "messenger.monitor": lambda units: units.messenger.monitor(P),
    "scheduler.assign": lambda units: units.scheduler.assign(P, AN_ID),
    "compute.checkpoint": lambda units: units.compute.checkpoint(P),
    "gateway.upload": lambda units: units.gateway.upload(an_eval(P, "1")),
    "gateway.search": lambda units: units.gateway.search(Search()),
    "gateway.confirmations": lambda units: units.gateway.confirmations(AN_ID),
}


@pytest.mark.parametrize("asked", REFUSED)
async def test_a_node_does_not_offer(units: Units, asked: str) -> None:
    with pytest.raises(Refused, match=r"node \(http://unit\)"):
        await REFUSED[asked](units)


async def test_a_node_monitors_no_process(units: Units) -> None:
    with pytest.raises(NotFound):
        await units.messenger.unmonitor(P)


async def test_what_a_node_refuses_is_refused(node: Node, units: Units) -> None:
    process = await node.spawned()

    with pytest.raises(Refused, match="From-Process"):
        await units.messenger.send(
            an_eval(process, "1", ("From-Process", a_wallet("ed25519").address))
        )


async def test_what_a_node_finds_invalid_is_invalid(units: Units) -> None:
    with pytest.raises(InvalidItem):
        await units.compute.result(ProcessId(TxId("x")), AssignmentId(TxId("y")))


async def test_what_is_no_node_is_told_so() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"hello": "world"})

    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://elsewhere") as client:
        units = RemoteNode(client, PERSON, delays=()).units

        with pytest.raises(UnitUnreachable, match="what a node says of itself"):
            await units.scheduler.now()


async def test_anything_else_may_be_asked_of_a_node(node: Node, remote: RemoteNode) -> None:
    process = await node.spawned()

    address = await remote.request("~meta@1.0/info/address", method="GET")
    newest = await remote.request(f"/{process}/slot/current")
    pushed = await remote.request(
        f"/{process}~process@1.0/push",
        draft=Draft(process, (Tag("Action", "Eval"), Tag("Type", "Message")), b"1 + 1"),
    )

    assert (address.status, address.body.decode()) == (200, node.wallet.address)
    assert json.loads(newest.body)["body"] == "0"
    assert json.loads(pushed.body)["raw"]["Output"]["data"] == "2"
    assert pushed.headers["slot"] == "1"
    with pytest.raises(NotFound):
        await remote.request("/~no@1.0/such", method="GET")
    with pytest.raises(Refused, match="GET or POST, not DELETE"):
        await remote.request("/", method="DELETE")
