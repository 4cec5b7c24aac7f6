"""A log that is cut: what comes after a nonce is gone, and the log goes on from there."""

import pytest

from tests.unitstack.scheduler.builders import Network, a_message_to, a_process_here
from unitstack.errors import NotFound, Refused, UnitUnreachable
from unitstack.units import Gateway
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, ProcessId, TxId


class Away:
    """A gateway that does not answer."""

    async def upload(self, item: DataItem) -> TxId:
        raise UnitUnreachable("https://gateway", "it is away")


async def filled(network: Network, count: int = 4) -> tuple[ProcessId, list[DataItem]]:
    process = a_process_here()
    await network.scheduler.schedule(process)
    items = [a_message_to(process, str(number)) for number in range(count)]
    for item in items:
        await network.scheduler.schedule(item)
    return ProcessId(process.id), items


async def test_what_comes_after_is_gone_and_counted() -> None:
    network = Network()
    process, items = await filled(network)

    dropped = network.scheduler.cut(process, 2)

    page = await network.scheduler.messages(process)
    assert dropped == 2
    assert [each.assignment.nonce for each in page.items] == [0, 1, 2]
    with pytest.raises(NotFound):
        await network.scheduler.message(process, MessageId(items[-1].id))
    await network.close()


async def test_the_log_goes_on_from_there_with_what_was_dropped_too() -> None:
    network = Network()
    process, items = await filled(network)
    network.scheduler.cut(process, 2)

    again = await network.scheduler.schedule(items[-1])

    assert again.nonce == 3
    assert (await network.gateway.item(again.id)).id == again.id
    await network.close()


async def test_other_logs_stay_as_they_are() -> None:
    network = Network()
    process, _ = await filled(network)
    other = a_process_here("other")
    await network.scheduler.schedule(other)

    network.scheduler.cut(process, 0)

    assert (await network.scheduler.process(ProcessId(other.id))).assignment.nonce == 0
    await network.close()


async def test_the_ids_of_what_comes_after_are_told() -> None:
    network = Network()
    process, items = await filled(network)
    last = await network.scheduler.last(process)

    assert set(network.scheduler.ids(process, 3)) == {items[-1].id, last.id}
    await network.close()


async def test_an_unknown_process_has_no_end() -> None:
    network = Network()

    with pytest.raises(NotFound):
        await network.scheduler.last(ProcessId(TxId("P" * 43)))
    await network.close()


async def test_what_a_gateway_was_not_given_is_not_cut() -> None:
    network = Network()
    gateway: Gateway = Away()  # type: ignore[assignment]  # it plays what is asked of it
    scheduler = network.a_scheduler(gateway)
    process = a_process_here()
    await scheduler.schedule(process)

    with pytest.raises(Refused, match="cannot go back yet: the gateway is away"):
        scheduler.cut(ProcessId(process.id), 0)
    await scheduler.close()
    await network.close()
