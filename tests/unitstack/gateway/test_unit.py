from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.items import a_wallet, an_item
from unitstack.database import open_database
from unitstack.errors import InvalidItem
from unitstack.gateway.store import MIGRATIONS, ItemStore
from unitstack.gateway.unit import GatewayUnit
from unitstack.units import Search
from unitstack.wire import bundle
from unitstack.wire.bundle import Bundle
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import TxId, encode

NAMES = ("A", "B")
VALUES = ("1", "2", "3")
SIGNERS = ("ed25519", "ethereum")
TARGETS = (TxId(encode(b"t" * 32)), TxId(encode(b"u" * 32)))
PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES))
ITEMS = st.builds(
    lambda tags, target, signer: an_item(tags, target=target, signer=signer),
    st.lists(PAIRS, max_size=3),
    st.sampled_from(("", *TARGETS)),
    st.sampled_from(SIGNERS),
)


def a_gateway(file: Path | None = None) -> GatewayUnit:
    return GatewayUnit(ItemStore(open_database(file, MIGRATIONS, durable=False)))


def a_bundle(item: DataItem) -> DataItem:
    tags = (("Bundle-Format", "binary"), ("Bundle-Version", "2.0.0"))
    return an_item(tags, bundle.encode(Bundle((item,))))


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


@st.composite
def searches(draw: st.DrawFn, items: list[DataItem]) -> Search:
    filters = st.tuples(st.sampled_from(NAMES), some(VALUES))
    return Search(
        ids=draw(some(tuple(item.id for item in items))) if items else (),  # type: ignore[arg-type]  # ids are text
        owners=draw(some(tuple(a_wallet(name).address for name in SIGNERS))),  # type: ignore[arg-type]  # and so are addresses
        recipients=draw(some(TARGETS)),
        tags=tuple(draw(st.lists(filters, max_size=2))),
        limit=draw(st.integers(1, 4)),
    )


def matches(item: DataItem, search: Search) -> bool:
    tags = {(tag.name, tag.value) for tag in item.tags}
    return (
        (not search.ids or item.id in search.ids)
        and (not search.owners or item.address in search.owners)
        and (not search.recipients or item.target_id in search.recipients)
        and all(any((name, value) in tags for value in values) for name, values in search.tags)
    )


async def all_pages(gateway: GatewayUnit, search: Search) -> AsyncIterator[list[DataItem]]:
    after: str | None = None
    while True:
        page = await gateway.search(
            Search(search.ids, search.owners, search.recipients, search.tags, after, search.limit)
        )
        yield list(page.items)
        if page.cursor is None:
            return
        after = page.cursor


@settings(max_examples=60, deadline=None)
@given(st.data())
async def test_a_search_finds_what_looking_at_every_item_finds(data: st.DataObject) -> None:
    items = list({item.id: item for item in data.draw(st.lists(ITEMS, max_size=8))}.values())
    search = data.draw(searches(items))
    gateway = a_gateway()
    for item in items:
        await gateway.upload(item)

    pages = [page async for page in all_pages(gateway, search)]

    expected = [item for item in reversed(items) if matches(item, search)]
    assert [item for page in pages for item in page] == expected
    assert all(len(page) == search.limit for page, _ in pairwise(pages))
    await gateway.close()


async def test_what_was_uploaded_is_found_after_a_restart(tmp_path: Path) -> None:
    item = an_item((("App", "test"),))
    first = a_gateway(tmp_path / "gateway.sqlite")
    await first.upload(item)
    await first.close()

    second = a_gateway(tmp_path / "gateway.sqlite")

    assert (await second.search(Search(tags=(("App", ("test",)),)))).items == (item,)
    await second.close()


async def test_what_a_crash_left_unindexed_is_found_by_its_tags(tmp_path: Path) -> None:
    items = [an_item((("App", "test"), ("Number", str(number)))) for number in range(100)]
    first = a_gateway(tmp_path / "gateway.sqlite")
    for item in items:
        await first.upload(item)

    second = a_gateway(tmp_path / "gateway.sqlite")

    page = await second.search(Search(tags=(("App", ("test",)),)))
    assert page.items == tuple(reversed(items))
    await second.close()
    await first.close()


@pytest.mark.parametrize("first_asked", ["one", "other"])
async def test_two_gateways_of_one_file_find_each_others_items(
    tmp_path: Path, first_asked: str
) -> None:
    gateways = {name: a_gateway(tmp_path / "gateway.sqlite") for name in ("one", "other")}
    items = [an_item((("App", "test"), ("Number", str(number)))) for number in range(4)]
    for number, item in enumerate(items):
        await gateways["one" if number % 2 else "other"].upload(item)

    for name in sorted(gateways, key=lambda name: name != first_asked):
        page = await gateways[name].search(Search(tags=(("App", ("test",)),)))
        assert page.items == tuple(reversed(items))

    for gateway in gateways.values():
        await gateway.close()


async def test_what_is_kept_back_for_it_is_there_for_who_asks(tmp_path: Path) -> None:
    back = [an_item((("Number", str(number)),)) for number in range(2)]
    gateway = a_gateway(tmp_path / "gateway.sqlite")
    gateway.settle = lambda: gateway.shelve((back.pop(),)) if back else None
    other, one = back

    assert await gateway.item(one.id) == one
    late = an_item((("Number", "late"),))
    await gateway.upload(late)

    assert (await gateway.search(Search(limit=9))).items == (late, other, one)
    await gateway.close()


async def test_what_is_shelved_brings_what_it_carries_if_that_is_valid() -> None:
    gateway = a_gateway()
    carried, forged = an_item(data=b"one"), replace(an_item(data=b"two"), data=b"three")

    gateway.shelve((a_bundle(carried),))
    with pytest.raises(InvalidItem, match="signature"):
        gateway.shelve((an_item(data=b"four"), a_bundle(forged)))

    assert await gateway.data(carried.id) == b"one"
    assert len((await gateway.search(Search())).items) == 2
    await gateway.close()
