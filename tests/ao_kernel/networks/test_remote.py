from typing import cast

import pytest

from ao_kernel.networks.remote import Named, RemoteNetwork
from tests.ao_kernel.network import WALLET, FakeNetwork
from tests.items import a_module
from unitstack.errors import Refused
from unitstack.units import Gateway, Messenger, Page, Search, Units
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, MessageId, ModuleId
from unitstack.wire.tags import find, find_all

SCHEDULER, AUTHORITY = Address("s" * 43), Address("a" * 43)


class Elsewhere:
    """A messenger that takes all it is sent, beside a gateway that has these items."""

    def __init__(self, *items: DataItem) -> None:
        self.sent: list[DataItem] = []
        self.asked: list[Search] = []
        self._items = items

    async def send(self, item: DataItem) -> MessageId:
        self.sent.append(item)
        return MessageId(item.id)

    async def search(self, search: Search) -> Page[DataItem]:
        self.asked.append(search)
        return Page(self._items, None)

    def network(self, named: Named) -> RemoteNetwork:
        parts = FakeNetwork().units
        units = Units(cast(Messenger, self), parts.scheduler, parts.compute, cast(Gateway, self))
        return RemoteNetwork(units, WALLET, named)


async def test_a_process_names_what_it_was_told_to() -> None:
    module = a_module()
    elsewhere = Elsewhere()

    await elsewhere.network(Named(SCHEDULER, AUTHORITY, ModuleId(module.id))).spawn("alice", ())

    (process,) = elsewhere.sent
    named = [find(process.tags, name) for name in ("Module", "Scheduler", "Authority")]
    assert named == [module.id, SCHEDULER, AUTHORITY]


@pytest.mark.parametrize(
    ("engine", "module_format"),
    [("wasm", "wasm32-unknown-emscripten4"), ("lua", "lua53-aos")],
)
async def test_a_process_runs_the_module_that_its_authority_has_published(
    engine: str, module_format: str
) -> None:
    module = a_module()
    elsewhere = Elsewhere(module)
    network = elsewhere.network(Named(SCHEDULER, AUTHORITY))
    network.engine = engine

    await network.spawn("alice", ())

    assert find_all(elsewhere.sent[0].tags, "Module") == (module.id,)
    assert elsewhere.asked[0].owners == (AUTHORITY,)
    assert ("Module-Format", (module_format,)) in elsewhere.asked[0].tags


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (Named(None, AUTHORITY), "which scheduler to name; add scheduler=ADDRESS"),
        (Named(SCHEDULER, None), "which messenger to trust; add authority=ADDRESS"),
        (Named(SCHEDULER, AUTHORITY), "add module=ID"),
    ],
)
async def test_what_a_new_process_lacks_is_asked_for(named: Named, told: str) -> None:
    with pytest.raises(Refused, match=told):
        await Elsewhere().network(named).spawn("alice", ())


async def test_limits_elsewhere_are_not_ours() -> None:
    network = Elsewhere().network(Named(SCHEDULER, AUTHORITY))

    with pytest.raises(Refused, match="sets its own limits"):
        network.budget = 10
    with pytest.raises(Refused, match="sets its own limits"):
        assert network.budget
