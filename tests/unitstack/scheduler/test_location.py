import pytest

from tests.items import a_wallet
from tests.unitstack.scheduler.builders import Network
from unitstack.scheduler.location import announce, location_draft
from unitstack.units import Search
from unitstack.wire.tags import find

WALLET = a_wallet()


async def urls_told(network: Network) -> list[str | None]:
    search = Search(owners=(WALLET.address,), tags=(("Type", ("Scheduler-Location",)),))
    return [find(item.tags, "Url") for item in (await network.gateway.search(search)).items]


@pytest.fixture
def network() -> Network:
    return Network()


def test_a_location_has_all_that_clients_refuse_it_without() -> None:
    draft = location_draft("http://here")

    assert {tag.name for tag in draft.tags} >= {"Data-Protocol", "Type", "Url", "Time-To-Live"}
    assert draft.data


async def test_a_scheduler_that_moved_is_told_at_its_new_place(network: Network) -> None:
    for url in ("http://here", "http://there", "http://here"):
        await announce(network.gateway, WALLET, WALLET.address, url)

    assert await urls_told(network) == ["http://here", "http://there", "http://here"]


async def test_a_scheduler_that_stayed_is_not_told_again(network: Network) -> None:
    for _ in range(2):
        await announce(network.gateway, WALLET, WALLET.address, "http://here")

    assert await urls_told(network) == ["http://here"]
