from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.items import A_PROCESS, AN_ID, a_transaction, a_wallet, an_item
from tests.unitstack.gateway.archives import World
from unitstack.gateway.blocks import block_id
from unitstack.gateway.graphql import answer, search_of
from unitstack.units import Search
from unitstack.wire import bundle, ids
from unitstack.wire.bundle import Bundle
from unitstack.wire.data_item import DataItem

IDS = "{ edges { node { id } } }"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


def numbered(*numbers: int) -> list[DataItem]:
    return [an_item((("App", "test"), ("Number", str(number)))) for number in numbers]


async def told(world: World, query: str, **variables: Any) -> Any:
    answered = await answer(world.unit, query, variables)
    assert "errors" not in answered
    return answered["data"]


async def found(world: World, arguments: str, **variables: Any) -> list[str]:
    data = await told(world, f"{{ transactions{arguments} {IDS} }}", **variables)
    return [edge["node"]["id"] for edge in data["transactions"]["edges"]]


async def test_an_item_is_told_whole(world: World) -> None:
    tags = (("Content-Type", "text/plain"), ("Name", "größe"))
    item = an_item(tags, b"data", A_PROCESS, b"a" * 32)
    await world.keep(item)

    data = await told(
        world,
        """query ($id: ID!) { transaction(id: $id) {
            id anchor signature recipient owner { address key } fee { winston ar } quantity { winston ar }
            data { size type } tags { name value } block { id } parent { id } bundledIn { id }
        } }""",
        id=item.id,
    )

    assert data["transaction"] == {
        "id": item.id,
        "anchor": ids.encode(b"a" * 32),
        "signature": ids.encode(item.signature),
        "recipient": A_PROCESS,
        "owner": {"address": item.address, "key": ids.encode(item.owner)},
        "fee": {"winston": "0", "ar": "0.000000000000"},
        "quantity": {"winston": "0", "ar": "0.000000000000"},
        "data": {"size": "4", "type": "text/plain"},
        "tags": [{"name": name, "value": value} for name, value in tags],
        "block": None,
        "parent": None,
        "bundledIn": None,
    }


async def test_a_transaction_of_the_base_layer_has_its_fee_and_its_quantity(world: World) -> None:
    transaction = a_transaction((("App", "test"),), b"data")
    await world.unit.keep(transaction, b"data")

    data = await told(
        world,
        "query ($id: ID!) { transaction(id: $id) { fee { winston ar } quantity { winston } } }",
        id=transaction.id,
    )

    assert data["transaction"] == {
        "fee": {"winston": "1", "ar": "0.000000000001"},
        "quantity": {"winston": "0"},
    }


async def test_what_a_bundle_carries_says_which(world: World) -> None:
    tags = (("Bundle-Format", "binary"), ("Bundle-Version", "2.0.0"))
    innermost = an_item(data=b"innermost")
    inner = an_item(tags, bundle.encode(Bundle((innermost,))))
    outer = an_item(tags, bundle.encode(Bundle((inner,))))
    await world.keep(outer)

    data = await told(
        world,
        "{ transactions { edges { node { id parent { id } bundledIn { id } } } } }",
    )

    nodes = [edge["node"] for edge in data["transactions"]["edges"]]
    parents = {node["id"]: node["bundledIn"] and node["bundledIn"]["id"] for node in nodes}
    assert parents == {innermost.id: inner.id, inner.id: outer.id, outer.id: None}
    assert [node["parent"] for node in nodes] == [node["bundledIn"] for node in nodes]


async def test_an_item_waits_for_the_next_block(world: World) -> None:
    (item,) = numbered(1)
    await world.keep(item)
    query = "{ transactions { edges { node { block { id height timestamp previous } } } } }"
    assert (await told(world, query))["transactions"]["edges"][0]["node"]["block"] is None

    world.height += 1

    assert (await told(world, query))["transactions"]["edges"][0]["node"]["block"] == {
        "id": block_id(101),
        "height": 101,
        "timestamp": 1001,
        "previous": block_id(100),
    }


async def test_what_is_unknown_is_no_error(world: World) -> None:
    assert await found(world, f'(ids: ["{AN_ID}"])') == []
    assert await told(world, f'{{ transaction(id: "{AN_ID}") {{ id }} }}') == {"transaction": None}


async def test_every_argument_narrows_what_is_found(world: World) -> None:
    sent = an_item((("App", "test"),), target=A_PROCESS, signer="ethereum")
    one, two = numbered(1, 2)
    await world.keep(one, sent, two)

    assert await found(world, f'(recipients: ["{A_PROCESS}"])') == [sent.id]
    assert await found(world, f'(owners: ["{a_wallet().address}"])') == [two.id, one.id]
    assert await found(world, '(tags: [{name: "Number", values: ["2", "3"]}])') == [two.id]
    assert await found(world, '(tags: {name: "Number", values: "1", op: EQ})') == [one.id]
    assert await found(world, f'(ids: ["{one.id}"], tags: [{{name: "App", values: ["no"]}}])') == []


async def test_the_oldest_comes_first_where_that_is_asked(world: World) -> None:
    one, two, three = numbered(1, 2, 3)
    await world.keep(one, two, three)

    assert await found(world, "(sort: HEIGHT_ASC)") == [one.id, two.id, three.id]
    assert await found(world, "(sort: HEIGHT_DESC)") == [three.id, two.id, one.id]


@pytest.mark.parametrize("sort", ["HEIGHT_ASC", "HEIGHT_DESC"])
async def test_pages_meet_without_gap(world: World, sort: str) -> None:
    items = numbered(1, 2, 3, 4, 5)
    await world.keep(*items)
    query = """query ($after: String, $sort: SortOrder) {
        transactions(first: 2, after: $after, sort: $sort) { pageInfo { hasNextPage } edges { cursor node { id } } }
    }"""
    seen: list[str] = []
    after, more = None, True
    while more:
        page = (await told(world, query, after=after, sort=sort))["transactions"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["edges"][-1]["cursor"], page["pageInfo"]["hasNextPage"]

    expected = [item.id for item in items]
    assert seen == (expected if sort == "HEIGHT_ASC" else expected[::-1])


async def test_ten_are_told_where_no_number_is_asked(world: World) -> None:
    await world.keep(*numbered(*range(12)))

    assert len(await found(world, "")) == 10


async def test_items_are_found_by_the_blocks_that_hold_them(world: World) -> None:
    one, two, three = numbered(1, 2, 3)
    for item in (one, two, three):
        await world.keep(item)
        world.height += 1
    world.height = 102

    assert await found(world, "(block: {min: 0, max: 101})") == [one.id]
    assert await found(world, "(block: {min: 102})") == [two.id]
    assert await found(world, "(block: {max: 1000})") == [two.id, one.id]
    assert await found(world, "(block: {min: 103})") == []


async def test_what_was_mined_at_once_is_in_the_newest_block(world: World) -> None:
    one, two = numbered(1, 2)
    await world.keep(one)
    await world.unit.mine()
    await world.keep(two)

    assert await found(world, "(block: {min: 100, max: 100})") == [one.id]
    world.height += 1
    assert await found(world, "(block: {min: 101})") == [two.id]


async def test_a_directive_skips_fields_and_comments_are_read_over(world: World) -> None:
    (item,) = numbered(1)
    await world.keep(item)
    query = """query ($ids: [ID!]!, $skipTags: Boolean!) {
        # what the compute unit asks
        transactions(ids: $ids) { edges { node { id tags @skip(if: $skipTags) { name } } } }
    }"""

    data = await told(world, query, ids=[item.id], skipTags=True)

    assert data["transactions"]["edges"][0]["node"] == {"id": item.id}


async def test_ids_may_be_declared_as_texts(world: World) -> None:
    (item,) = numbered(1)
    await world.keep(item)
    query = f"query ($ids: [String!]!) {{ transactions(ids: $ids) {IDS} }}"

    assert len((await told(world, query, ids=[item.id]))["transactions"]["edges"]) == 1


async def test_blocks_are_told_oldest_first_from_a_height(world: World) -> None:
    world.height = 103
    query = """query ($min: Int!, $after: String) {
        blocks(height: {min: $min}, first: 2, sort: HEIGHT_ASC, after: $after) {
            pageInfo { hasNextPage } edges { cursor node { timestamp height } }
        }
    }"""

    first = (await told(world, query, min=101))["blocks"]
    second = (await told(world, query, min=101, after=first["edges"][-1]["cursor"]))["blocks"]

    assert [edge["node"] for edge in first["edges"]] == [
        {"timestamp": 1001, "height": 101},
        {"timestamp": 1002, "height": 102},
    ]
    assert [edge["node"]["height"] for edge in second["edges"]] == [103]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_the_newest_block_comes_first_and_none_is_told_before_it_is_mined(
    world: World,
) -> None:
    data = await told(world, "{ blocks(first: 1) { edges { node { height } } } }")
    one = await told(world, "{ here: block { height } then: block(height: 101) { height } }")

    assert data["blocks"]["edges"][0]["node"]["height"] == 100
    assert one == {"here": {"height": 100}, "then": None}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "{",
        "{ unknown }",
        "{ transactions { edges { node { unknown } } } }",
        '{ transactions(tags: [{name: "A", values: ["x"], op: NEQ}]) { edges { cursor } } }',
        "{ " + "transactions { edges { cursor } } " * 1000 + "}",
    ],
)
async def test_a_query_that_cannot_be_answered_says_why(world: World, query: str) -> None:
    answered = await answer(world.unit, query)

    assert answered["errors"][0]["message"]
    assert "data" not in answered


@pytest.mark.parametrize("arguments", ['(after: "x")', "(first: 0)", "(first: -1)"])
@pytest.mark.parametrize("field", ["transactions", "blocks"])
async def test_an_argument_that_is_refused_says_why(
    world: World, field: str, arguments: str
) -> None:
    answered = await answer(world.unit, f"{{ {field}{arguments} {{ edges {{ cursor }} }} }}")

    assert answered["data"] is None
    assert answered["errors"][0]["path"] == [field]


async def test_a_missing_variable_says_why(world: World) -> None:
    answered = await answer(world.unit, f"query ($a: [ID!]!) {{ transactions(ids: $a) {IDS} }}")

    assert "$a" in answered["errors"][0]["message"]


def test_arguments_that_are_null_ask_for_nothing() -> None:
    arguments = {"ids": None, "owners": None, "tags": None, "block": None, "after": None}

    assert search_of(arguments) == Search(limit=10)


def test_no_page_is_endless() -> None:
    assert search_of({"first": 10**6}).limit == 1000
