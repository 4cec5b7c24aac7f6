from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import httpx
import pytest

from tests.items import A_PROCESS, AN_ID, a_message, a_wallet, an_item
from unitstack.database import open_database
from unitstack.errors import InvalidItem, NotFound, Refused
from unitstack.gateway.http import RemoteGateway, gateway_app
from unitstack.gateway.store import MIGRATIONS, ItemStore
from unitstack.gateway.unit import GatewayUnit
from unitstack.units import Gateway, Search
from unitstack.wire import bundle
from unitstack.wire.bundle import Bundle
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import TxId


def over_http(unit: GatewayUnit) -> Gateway:
    transport = httpx.ASGITransport(gateway_app(unit))
    return RemoteGateway(httpx.AsyncClient(transport=transport, base_url="http://gateway"))


PLAYERS: dict[str, Callable[[GatewayUnit], Gateway]] = {
    "local": lambda unit: unit,
    "http": over_http,
}
BUNDLE_TAGS = (("Bundle-Format", "binary"), ("Bundle-Version", "2.0.0"))


@pytest.fixture
async def unit() -> AsyncIterator[GatewayUnit]:
    unit = GatewayUnit(ItemStore(open_database(None, MIGRATIONS)))
    yield unit
    await unit.close()


@pytest.fixture(params=PLAYERS)
def gateway(request: pytest.FixtureRequest, unit: GatewayUnit) -> Gateway:
    return PLAYERS[request.param](unit)


def a_bundle(*items: DataItem) -> DataItem:
    return an_item(BUNDLE_TAGS, bundle.encode(Bundle(items)))


def numbered(*numbers: int) -> list[DataItem]:
    return [an_item((("App", "test"), ("Number", str(number)))) for number in numbers]


async def uploaded(gateway: Gateway, *items: DataItem) -> None:
    for item in items:
        await gateway.upload(item)


async def found(gateway: Gateway, search: Search) -> list[DataItem]:
    return list((await gateway.search(search)).items)


async def test_an_item_comes_back_as_it_was_signed(gateway: Gateway) -> None:
    item = a_message(data=bytes(range(256)), anchor=b"\xff" * 32)

    tx = await gateway.upload(item)

    assert tx == item.id
    assert await gateway.item(tx) == item


@pytest.mark.parametrize("signer", ["arweave", "ed25519", "ethereum", "solana"])
async def test_items_of_every_kind_of_key_are_kept(gateway: Gateway, signer: str) -> None:
    item = an_item(signer=signer)

    await gateway.upload(item)

    assert await found(gateway, Search(owners=(a_wallet(signer).address,))) == [item]


async def test_an_item_has_as_many_confirmations_as_blocks_from_its_own_on(
    unit: GatewayUnit, gateway: Gateway
) -> None:
    tx = await gateway.upload(an_item())

    assert await gateway.confirmations(tx) == 0
    await unit.mine()
    assert await gateway.confirmations(tx) == 1


async def test_what_is_not_kept_has_no_confirmations(gateway: Gateway) -> None:
    with pytest.raises(NotFound, match=AN_ID):
        await gateway.confirmations(AN_ID)


async def test_data_is_told_without_its_item(gateway: Gateway) -> None:
    tx = await gateway.upload(an_item(data=b"the data"))

    assert await gateway.data(tx) == b"the data"


async def test_what_was_never_uploaded_is_not_found(gateway: Gateway) -> None:
    for asked in (gateway.item(AN_ID), gateway.data(AN_ID)):
        with pytest.raises(NotFound, match=f"item {AN_ID}"):
            await asked


async def test_what_is_no_id_is_not_found(gateway: Gateway) -> None:
    with pytest.raises(NotFound):
        await gateway.item(TxId("no id"))


async def test_a_second_upload_does_nothing(gateway: Gateway) -> None:
    first, second = numbered(1, 2)
    await uploaded(gateway, first, second, first)

    assert await found(gateway, Search()) == [second, first]


async def test_a_forged_item_is_invalid_and_not_kept(gateway: Gateway) -> None:
    forged = replace(an_item(data=b"signed"), data=b"forged")

    with pytest.raises(InvalidItem, match="does not match"):
        await gateway.upload(forged)

    with pytest.raises(NotFound):
        await gateway.item(forged.id)


async def test_nothing_is_found_where_nothing_is(gateway: Gateway) -> None:
    page = await gateway.search(Search())

    assert (page.items, page.cursor) == ((), None)


async def test_an_item_is_found_by_its_tag(gateway: Gateway) -> None:
    one, two = numbered(1, 2)
    await uploaded(gateway, one, two)

    assert await found(gateway, Search(tags=(("Number", ("1",)),))) == [one]


async def test_one_of_a_tags_values_is_enough(gateway: Gateway) -> None:
    one, two, three = numbered(1, 2, 3)
    await uploaded(gateway, one, two, three)

    assert await found(gateway, Search(tags=(("Number", ("1", "3")),))) == [three, one]


async def test_a_tag_without_values_is_never_found(gateway: Gateway) -> None:
    await uploaded(gateway, *numbered(1))

    assert await found(gateway, Search(tags=(("Number", ()),))) == []


async def test_every_tag_must_be_there(gateway: Gateway) -> None:
    one, two = numbered(1, 2)
    await uploaded(gateway, one, two)

    tags = (("App", ("test",)), ("Number", ("2",)))
    assert await found(gateway, Search(tags=tags)) == [two]
    assert await found(gateway, Search(tags=(*tags, ("Other", ("x",))))) == []


async def test_a_tag_of_the_same_name_asked_twice_must_have_both_values(gateway: Gateway) -> None:
    both = an_item((("Topic", "a"), ("Topic", "b"), ("Topic", "a")))
    await uploaded(gateway, both, an_item((("Topic", "a"),)))

    assert await found(gateway, Search(tags=(("Topic", ("a",)), ("Topic", ("b",))))) == [both]
    assert await found(gateway, Search(tags=(("Topic", ("a", "b")),), limit=1)) != [both]


async def test_case_matters_in_names_and_values(gateway: Gateway) -> None:
    await uploaded(gateway, an_item((("Topic", "Lua"),)))

    assert await found(gateway, Search(tags=(("topic", ("Lua",)),))) == []
    assert await found(gateway, Search(tags=(("Topic", ("lua",)),))) == []


async def test_an_item_is_found_by_who_signed_it(gateway: Gateway) -> None:
    mine, other = an_item(signer="ed25519"), an_item(signer="ethereum")
    await uploaded(gateway, mine, other)
    owners = (a_wallet("ed25519").address, a_wallet("ethereum").address)

    assert await found(gateway, Search(owners=owners[:1])) == [mine]
    assert await found(gateway, Search(owners=owners)) == [other, mine]


async def test_an_item_is_found_by_its_target(gateway: Gateway) -> None:
    sent = an_item(target=A_PROCESS)
    await uploaded(gateway, sent, an_item(target=AN_ID), an_item())

    assert await found(gateway, Search(recipients=(A_PROCESS,))) == [sent]


async def test_an_owner_is_no_recipient_and_no_tag(gateway: Gateway) -> None:
    address = a_wallet().address
    await uploaded(gateway, an_item())

    assert await found(gateway, Search(recipients=(address,))) == []
    assert await found(gateway, Search(tags=(("owner", (address,)),))) == []


async def test_items_are_found_by_their_ids_newest_first(gateway: Gateway) -> None:
    one, two, three = numbered(1, 2, 3)
    await uploaded(gateway, one, two, three)

    assert await found(gateway, Search(ids=(one.id, three.id, AN_ID))) == [three, one]


async def test_ids_and_tags_must_both_hold(gateway: Gateway) -> None:
    one, two = numbered(1, 2)
    await uploaded(gateway, one, two)

    search = Search(ids=(one.id, two.id), tags=(("Number", ("2",)),))
    assert await found(gateway, search) == [two]


@pytest.mark.parametrize(
    "search",
    [Search(), Search(tags=(("App", ("test", "none")),)), Search(owners=(a_wallet().address,))],
)
async def test_pages_meet_without_gap_also_where_items_come_in_between(
    gateway: Gateway, search: Search
) -> None:
    items = numbered(1, 2, 3, 4, 5)
    await uploaded(gateway, *items)

    first = await gateway.search(replace(search, limit=2))
    await uploaded(gateway, *numbered(6, 7))
    second = await gateway.search(replace(search, limit=2, after=first.cursor))
    third = await gateway.search(replace(search, limit=2, after=second.cursor))

    assert [*first.items, *second.items, *third.items] == items[::-1]
    assert third.cursor is None


async def test_a_full_last_page_has_no_cursor(gateway: Gateway) -> None:
    await uploaded(gateway, *numbered(1, 2))

    page = await gateway.search(Search(tags=(("App", ("test",)),), limit=2))

    assert len(page.items) == 2
    assert page.cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "²", "9" * 30])
async def test_a_cursor_that_was_never_given_is_refused(gateway: Gateway, cursor: str) -> None:
    with pytest.raises(Refused, match="cursor"):
        await gateway.search(Search(after=cursor))


async def test_a_page_of_no_item_is_refused(gateway: Gateway) -> None:
    with pytest.raises(Refused, match="limit is 0"):
        await gateway.search(Search(limit=0))


async def test_what_a_bundle_carries_is_found_too(gateway: Gateway) -> None:
    one, two = numbered(1, 2)
    carrier = a_bundle(one, a_bundle(two))

    await gateway.upload(carrier)

    assert await gateway.item(two.id) == two
    assert set(await found(gateway, Search(tags=(("App", ("test",)),)))) == {one, two}
    assert (await found(gateway, Search()))[0] == carrier


async def test_a_bundle_with_a_forged_item_is_invalid_and_nothing_of_it_is_kept(
    gateway: Gateway,
) -> None:
    one, two = numbered(1, 2)

    with pytest.raises(InvalidItem, match=two.id):
        await gateway.upload(a_bundle(one, replace(two, data=b"forged")))

    assert await found(gateway, Search()) == []


async def test_a_bundle_that_is_cut_off_is_invalid(gateway: Gateway) -> None:
    whole = bundle.encode(Bundle(tuple(numbered(1, 2))))

    with pytest.raises(InvalidItem, match="bundle"):
        await gateway.upload(an_item(BUNDLE_TAGS, whole[:-1]))


async def test_a_bundle_of_bundles_without_end_is_invalid(gateway: Gateway) -> None:
    carrier = a_bundle()
    for _ in range(16):
        carrier = a_bundle(carrier)

    with pytest.raises(InvalidItem, match="16 bundles deep"):
        await gateway.upload(carrier)


async def test_the_gateway_goes_on_after_bad_input(gateway: Gateway) -> None:
    (item,) = numbered(1)
    with pytest.raises(InvalidItem):
        await gateway.upload(replace(item, signature=b""))

    await gateway.upload(item)

    assert await found(gateway, Search()) == [item]
