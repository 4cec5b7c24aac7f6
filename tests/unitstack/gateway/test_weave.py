"""Blocks and transactions as processes read them by their drives."""

import json

from tests.items import AN_ID, an_item
from unitstack.database import open_database
from unitstack.gateway import store
from unitstack.gateway.store import ItemStore
from unitstack.gateway.unit import GatewayUnit
from unitstack.gateway.weave import header
from unitstack.wire.chain import ORIGIN


def a_gateway() -> GatewayUnit:
    return GatewayUnit(ItemStore(open_database(None, store.MIGRATIONS)), clock=lambda: ORIGIN)


async def test_a_block_is_told_as_nodes_tell_it() -> None:
    told = await header(a_gateway(), f"/block/{ORIGIN.height}")

    assert told is not None
    assert json.loads(told)["timestamp"] == ORIGIN.timestamp // 1000


async def test_an_item_is_told_with_its_owners_address() -> None:
    gateway, item = a_gateway(), an_item(data=b"text")
    await gateway.upload(item)

    told = await header(gateway, f"/tx/{item.id}")

    assert told is not None
    assert json.loads(told)["ownerAddress"] == item.address


async def test_what_there_is_not_is_nothing() -> None:
    gateway = a_gateway()
    paths = (f"/block/{ORIGIN.height + 1}", "/block/x", f"/tx/{AN_ID}", "/tx/x", "/data/x", "")

    assert [await header(gateway, path) for path in paths] == [None] * 6
