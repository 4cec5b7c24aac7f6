"""What a node says of messages, results and logs, as messages of its own."""

from collections.abc import Sequence

from unitstack.errors import NotFound
from unitstack.hyperbeam.answers import JSON_MEDIA, json_text
from unitstack.hyperbeam.encoding import Message
from unitstack.units import Cascade
from unitstack.web.written import message_json
from unitstack.wire import ids
from unitstack.wire.assignments import Assignment, BlockTime, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import ID_BYTES, Address, ProcessId
from unitstack.wire.results import EvalResult, Json, to_json

# Units know heights and times. Nodes that know no hash write this one.
NO_HASH = ids.encode(bytes(ID_BYTES))
_VARIANT = "ao.N.1"


def node_json(address: Address, now: BlockTime) -> Message:
    """What a node says of itself."""
    return {"address": address, "timestamp": now.timestamp, "block-height": now.height}


def placed_json(assignment: Assignment) -> Message:
    """Where a message got its place."""
    return {
        "process": assignment.process,
        "slot": assignment.nonce,
        "id": assignment.message,
        "timestamp": assignment.block.timestamp,
    }


def current_json(assignment: Assignment, address: Address) -> Message:
    """How far a process's log has come."""
    return {
        "process": assignment.process,
        "current": assignment.nonce,
        "timestamp": assignment.block.timestamp,
        "block-height": assignment.block.height,
        "block-hash": NO_HASH,
        "wallet-address": address,
        "cache-control": "no-store",
    }


def result_json(assignment: Assignment, result: EvalResult) -> dict[str, Json]:
    """What a message gave. Clients of today read `raw`, those before them the text."""
    raw = to_json(result)
    outbox = {str(number): each for number, each in enumerate(_list(raw["Messages"]), 1)}
    written: Json = {"body": json_text(raw), "content-type": JSON_MEDIA}
    results: dict[str, Json] = {"json": written, "outbox": outbox, "output": raw["Output"]}
    return {
        "process": assignment.process,
        "slot": assignment.nonce,
        "at-slot": assignment.nonce,
        "id": assignment.message,
        "raw": raw,
        "results": results,
    }


def notes_json(cascade: Cascade) -> dict[str, Json]:
    """What could not be done of all that a message set off; nothing where all was."""
    notes: list[Json] = [*cascade.notes, *filter(None, (cascade.stopped,))]
    return {"notes": notes} if notes else {}


def found_at(message: Json, keys: Sequence[str]) -> Json:
    """What is there, by keys in any case. Raises NotFound."""
    found = message
    for key in keys:
        members = found if isinstance(found, dict) else {}
        named = {name.lower(): value for name, value in members.items()}
        if key.lower() not in named:
            raise NotFound("key", "/".join(keys)[:100])
        found = named[key.lower()]
    return found


def page_json(
    process: ProcessId, log: Sequence[ScheduledMessage], now: BlockTime, *, more: bool
) -> dict[str, Json]:
    """A part of a log as older units read it."""
    info: Json = {
        "process": process,
        "has_next_page": more,
        "timestamp": str(now.timestamp),
        "block-height": str(now.height),
        "block-hash": NO_HASH,
    }
    edges: Json = [
        {"cursor": each.assignment.nonce, "node": message_json(each, shows_anchor=True)}
        for each in log
    ]
    return {"page_info": info, "edges": edges}


def schedule_json(
    process: ProcessId, log: Sequence[ScheduledMessage], now: BlockTime, *, more: bool
) -> dict[str, Json]:
    """A part of a log as nodes read it."""
    return {
        "type": "schedule",
        "process": process,
        "continues": more,
        "timestamp": now.timestamp,
        "block-height": now.height,
        "block-hash": NO_HASH,
        "assignments": {str(each.assignment.nonce): _assignment_json(each) for each in log},
    }


def item_json(item: DataItem) -> dict[str, Json]:
    """An item as nodes show it: what its tags say, and what it is."""
    tags: dict[str, Json] = {name.lower(): value for name, value in item.tags}
    own: dict[str, Json] = {
        "id": item.id,
        "owner": item.address,
        "target": item.target_id or None,
        "anchor": item.anchor_text,
        "data": item.data.decode("utf-8", "replace"),
    }
    return {**tags, **{name: value for name, value in own.items() if value is not None}}


def _assignment_json(scheduled: ScheduledMessage) -> Json:
    assignment, message = scheduled.assignment, scheduled.message
    written: dict[str, Json] = {
        "path": "compute",
        "data-protocol": "ao",
        "variant": _VARIANT,
        "process": assignment.process,
        "epoch": str(assignment.epoch),
        "slot": assignment.nonce,
        "block-height": assignment.block.height,
        "block-hash": NO_HASH,
        "block-timestamp": assignment.block.timestamp,
        "timestamp": assignment.block.timestamp,
        "hash-chain": assignment.hash_chain,
    }
    named: Json = assignment.message if message is None else item_json(message.item)
    return {**written, "message" if message is None else "body": named}


def _list(written: Json) -> list[Json]:
    return written if isinstance(written, list) else []
