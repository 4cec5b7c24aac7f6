"""GraphQL as Arweave's gateways speak it: the schema, what a query's arguments ask for, what an item says."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    build_schema,
    execute,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import VariablesInAllowedPositionRule

from unitstack.errors import AoError, Refused
from unitstack.gateway.archive import Archive, Filed
from unitstack.gateway.blocks import block_id, seconds
from unitstack.units import Search
from unitstack.wire import ids
from unitstack.wire.assignments import BlockTime
from unitstack.wire.ids import TxId
from unitstack.wire.tags import find

MAX_PAGE = 1000
# A query names some dozens of fields; one that repeats a search hundreds of times is not asking for anything.
MAX_TOKENS = 3000
_WINSTON = 10**12

SCHEMA = build_schema(
    """
    type Query {
        transaction(id: ID!): Transaction
        transactions(
            ids: [ID!], owners: [String!], recipients: [String!], tags: [TagFilter!], block: BlockFilter,
            first: Int = 10, after: String, sort: SortOrder = HEIGHT_DESC
        ): TransactionConnection!
        block(height: Int): Block
        blocks(
            height: BlockFilter, first: Int = 10, after: String, sort: SortOrder = HEIGHT_DESC
        ): BlockConnection!
    }
    enum SortOrder { HEIGHT_ASC HEIGHT_DESC }
    enum TagOperator { EQ }
    input TagFilter { name: String!, values: [String!]!, op: TagOperator = EQ }
    input BlockFilter { min: Int, max: Int }
    type PageInfo { hasNextPage: Boolean! }
    type TransactionConnection { pageInfo: PageInfo!, edges: [TransactionEdge!]! }
    type TransactionEdge { cursor: String!, node: Transaction! }
    type Transaction {
        id: ID!, anchor: String!, signature: String!, recipient: String!, owner: Owner!,
        fee: Amount!, quantity: Amount!, data: MetaData!, tags: [Tag!]!, block: Block,
        parent: Parent, bundledIn: Bundle
    }
    type Owner { address: String!, key: String! }
    type Amount { winston: String!, ar: String! }
    type MetaData { size: String!, type: String }
    type Tag { name: String!, value: String! }
    type Parent { id: ID! }
    type Bundle { id: ID! }
    type BlockConnection { pageInfo: PageInfo!, edges: [BlockEdge!]! }
    type BlockEdge { cursor: String!, node: Block! }
    type Block { id: ID!, timestamp: Int!, height: Int!, previous: ID! }
    """
)
# Clients declare ids as texts and the other way round; gateways have always let them.
_RULES = tuple(rule for rule in specified_rules if rule is not VariablesInAllowedPositionRule)

Json = dict[str, Any]  # JSON is the subject of this module


async def answer(
    archive: Archive,
    query: str,
    variables: Mapping[str, Any] | None = None,
    operation: str | None = None,
) -> Json:
    """What a gateway answers with: `data`, `errors` that say what went wrong, or both."""
    document = _document(query)
    if isinstance(document, GraphQLError):
        return {"errors": [document.formatted]}
    running = execute(
        SCHEMA,
        document,
        root_value=_Query(archive),
        variable_values=dict(variables or {}),
        operation_name=operation,
    )
    result = running if isinstance(running, ExecutionResult) else await running
    for error in result.errors or ():
        cause = error.original_error
        if cause is not None and not isinstance(cause, AoError | GraphQLError):
            raise cause
    return dict(result.formatted)


def search_of(arguments: Mapping[str, Any]) -> Search:
    """What a query's arguments look for."""
    block = arguments.get("block") or {}
    return Search(
        ids=tuple(TxId(each) for each in arguments.get("ids") or ()),
        owners=tuple(arguments.get("owners") or ()),
        recipients=tuple(arguments.get("recipients") or ()),
        tags=tuple((tag["name"], tuple(tag["values"])) for tag in arguments.get("tags") or ()),
        after=arguments.get("after") or None,
        limit=_limit(arguments),
        oldest_first=arguments.get("sort") == "HEIGHT_ASC",
        min_height=block.get("min"),
        max_height=block.get("max"),
    )


def transaction_of(filed: Filed, archive: Archive) -> Json:
    """An item as a query sees it. What is seldom asked for is looked up only then."""
    item = filed.item

    async def fee(_: GraphQLResolveInfo[None]) -> Json:
        known = await archive.transaction(item.id)
        return _amount(known.reward if known else 0)

    async def quantity(_: GraphQLResolveInfo[None]) -> Json:
        known = await archive.transaction(item.id)
        return _amount(known.quantity if known else 0)

    def bundle(_: GraphQLResolveInfo[None]) -> Json | None:
        found = archive.find_bundle(item.id)
        return {"id": found} if found else None

    return {
        "id": item.id,
        "anchor": ids.encode(item.anchor),
        "signature": ids.encode(item.signature),
        "recipient": item.target_id,
        "owner": {"address": item.address, "key": ids.encode(item.owner)},
        "fee": fee,
        "quantity": quantity,
        "data": {"size": str(filed.size), "type": find(item.tags, "Content-Type")},
        "tags": [{"name": tag.name, "value": tag.value} for tag in item.tags],
        "block": None if filed.block is None else block_of(filed.block),
        "parent": bundle,
        "bundledIn": bundle,
    }


def block_of(block: BlockTime) -> Json:
    """A block as a query sees it."""
    return {
        "id": block_id(block.height),
        "timestamp": seconds(block),
        "height": block.height,
        "previous": block_id(block.height - 1),
    }


def heights_of(arguments: Mapping[str, Any], newest: int) -> range:
    """The blocks that a query's arguments ask for, in the order in which they are told."""
    span = arguments.get("height") or {}
    low, high = max(0, span.get("min") or 0), min(newest, span.get("max", newest))
    after = arguments.get("after")
    if arguments.get("sort") == "HEIGHT_ASC":
        return range(low if not after else max(low, _height(after) + 1), high + 1)
    return range(high if not after else min(high, _height(after) - 1), low - 1, -1)


class _Query:
    """The fields of a query, each under its own name, as graphql-core looks them up."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    async def transactions(self, _: GraphQLResolveInfo[None], **arguments: Any) -> Json:
        page = await self._archive.find(search_of(arguments))
        nodes = {each.cursor: transaction_of(each, self._archive) for each in page.items}
        return _connection(nodes, more=page.cursor is not None)

    async def transaction(self, _: GraphQLResolveInfo[None], id: str) -> Json | None:
        page = await self._archive.find(Search(ids=(TxId(id),), limit=1))
        return transaction_of(page.items[0], self._archive) if page.items else None

    def blocks(self, _: GraphQLResolveInfo[None], **arguments: Any) -> Json:
        limit = _limit(arguments)
        heights = heights_of(arguments, self._archive.newest().height)
        shown = {str(each): block_of(self._archive.block(each)) for each in heights[:limit]}
        return _connection(shown, more=len(heights) > limit)

    def block(self, _: GraphQLResolveInfo[None], height: int | None = None) -> Json | None:
        newest = self._archive.newest()
        if height is None:
            return block_of(newest)
        return block_of(self._archive.block(height)) if 0 <= height <= newest.height else None


@lru_cache(maxsize=128)
def _document(query: str) -> DocumentNode | GraphQLError:
    """The query, or what is wrong with it. Clients send the same few over and over."""
    try:
        document = parse(query, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        return error
    faults = validate(SCHEMA, document, _RULES)
    return faults[0] if faults else document


def _connection(nodes: Mapping[str, Json], *, more: bool) -> Json:
    return {
        "pageInfo": {"hasNextPage": more},
        "edges": [{"cursor": cursor, "node": node} for cursor, node in nodes.items()],
    }


def _limit(arguments: Mapping[str, Any]) -> int:
    """Raises Refused for a page of nothing."""
    limit = arguments.get("first")
    if limit is not None and limit < 1:
        raise Refused(f"limit is {limit}, at least 1 is needed")
    return 10 if limit is None else min(limit, MAX_PAGE)


def _amount(winston: int) -> Json:
    return {"winston": str(winston), "ar": f"{winston // _WINSTON}.{winston % _WINSTON:012}"}


def _height(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Refused(f"cursor {cursor[:60]!r} is not one that this gateway gave")
    return int(cursor)
