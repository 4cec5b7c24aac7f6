"""What is asked of a gateway elsewhere, and how an item is made whole again from what it tells."""

from typing import Any

from unitstack.errors import InvalidItem
from unitstack.units import Search
from unitstack.wire import ids
from unitstack.wire.data_item import SIZES, DataItem
from unitstack.wire.signatures import verify
from unitstack.wire.tags import Tag

ITEMS = """
query Items(
    $ids: [ID!], $owners: [String!], $recipients: [String!], $tags: [TagFilter!], $first: Int!, $after: String
    $sort: SortOrder, $block: BlockFilter
) {
    transactions(
        ids: $ids, owners: $owners, recipients: $recipients, tags: $tags, first: $first, after: $after
        sort: $sort, block: $block
    ) {
        pageInfo { hasNextPage }
        edges { cursor node { id anchor signature recipient owner { key } tags { name value } data { size } } }
    }
}
"""


def variables_of(search: Search) -> dict[str, Any]:
    """The search as the variables of the query. What is not looked for is left out: gateways differ in what they make of
    an empty list."""
    wanted: dict[str, Any] = {
        "ids": list(search.ids),
        "owners": list(search.owners),
        "recipients": list(search.recipients),
        "tags": [{"name": name, "values": list(values)} for name, values in search.tags],
        "after": search.after,
        "block": _heights(search),
    }
    sort = "HEIGHT_ASC" if search.oldest_first else "HEIGHT_DESC"
    given = {name: value for name, value in wanted.items() if value not in ([], {}, None)}
    return {**given, "first": search.limit, "sort": sort}


def item_of(node: dict[str, Any], data: bytes) -> DataItem:
    """The item that a gateway tells of. Raises InvalidItem where the signature is not that of the id."""
    signature, owner = ids.decode(node["signature"]), ids.decode(node["owner"]["key"])
    target, anchor = ids.decode(node["recipient"] or ""), ids.decode(node["anchor"] or "")
    tags = tuple(Tag(tag["name"], tag["value"]) for tag in node["tags"])
    items = [
        DataItem(each, signature, owner, target, anchor, tags, data)
        for each, sizes in SIZES.items()
        if sizes == (len(signature), len(owner))
    ]
    if not items or items[0].id != node["id"]:
        raise InvalidItem(f"item {node['id']}: what the gateway tells of it is not what was signed")
    return next(filter(_holds, items), items[0])


def _holds(item: DataItem) -> bool:
    """Gateways do not tell which of several types a signature is of. A transaction of the base layer is of none."""
    try:
        verify(item)
    except InvalidItem:
        return False
    return True


def _heights(search: Search) -> dict[str, int]:
    ends = {"min": search.min_height, "max": search.max_height}
    return {name: height for name, height in ends.items() if height is not None}
