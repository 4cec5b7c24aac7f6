"""The `handle(message, env)` contract between a host and a process, as JSON (what §2.4 of the protocol lists). A key that
does not apply to a kind of message is absent, never null."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from json import JSONEncoder

from unitstack.errors import EngineError
from unitstack.wire import ids, results
from unitstack.wire.addresses import process_address
from unitstack.wire.assignments import Assignment, BlockTime, CronMessage, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address
from unitstack.wire.messages import PLAIN, Draft, Guise, Module, Process, sender_of
from unitstack.wire.results import EvalResult, Json
from unitstack.wire.tags import Tag, find, without

_ENCODER = JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a process is handed: a message and the environment that it runs in, as JSON objects. For one process the
    `env` is one object through its life, so that an engine may keep what it made of it."""

    message: dict[str, Json]
    env: dict[str, Json]


def encoded(value: Mapping[str, Json]) -> bytes:
    """The object as a module reads it."""
    return _ENCODER.encode(value).encode("utf-8", "replace")


def scheduled(message: ScheduledMessage, found: DataItem | None = None) -> dict[str, Json]:
    """A message at its place in the log. Where an existing item was assigned, `found` is that item."""
    if message.message is not None:
        return _sent(message.assignment, message.message.item)
    if found is None:
        raise ValueError(f"assignment {message.assignment.id} has no message, and none was found")
    return _assigned(message.assignment, found)


def cold_start(process: Process, block: BlockTime) -> dict[str, Json]:
    """A process's own item as its first message, where its scheduler did not put it into the log."""
    item = process.item
    return {
        **_signed(process.id, item),
        **_anchor(item),
        "Target": process.id,
        **_at(block),
    }


def cron(message: CronMessage, process: Process) -> dict[str, Json]:
    """A message that no one sent: it comes from the process's owner."""
    return {
        "Owner": process.owner,
        "From": process.owner,
        "Target": process.id,
        "Tags": tag_list(message.tags),
        **_at(message.block),
        "Cron": True,
    }


def dry_run(
    draft: Draft, process: Process, sender: Address, block: BlockTime, guise: Guise = PLAIN
) -> dict[str, Json]:
    """A draft as if the sender had sent it, at that block time unless it says another."""
    anchor = draft.anchor.decode("utf-8", "replace")
    time = block.timestamp if guise.timestamp is None else guise.timestamp
    height = block.height if guise.height is None else guise.height
    return {
        "Id": guise.id,
        **({"Signature": guise.signature} if guise.signature else {}),
        "Data": _text(draft.data),
        "Owner": sender,
        "Target": draft.target or process.id,
        **({"Anchor": anchor} if anchor else {}),
        "From": find(draft.tags, "From-Process") or sender,
        "Tags": tag_list(draft.tags),
        **_at(BlockTime(height, time)),
        "Read-Only": True,
    }


def environment(process: Process, module: Module) -> dict[str, Json]:
    """Who a process is and what it runs, with all of their tags."""
    return {
        "Process": _declared(process.id, process.item),
        "Module": _declared(module.id, module.item),
    }


def tag_list(tags: Iterable[Tag]) -> list[Json]:
    """Tags as processes see them."""
    return [{"name": tag.name, "value": tag.value} for tag in tags]


def decoded(answer: bytes) -> tuple[Json, Json]:
    """What a module answered: whether it went well (`ok`), and its `response`. Raises EngineError for what is no answer."""
    try:
        given = json.loads(answer.decode("utf-8", "replace"))
        return given["ok"], given["response"]
    except RecursionError as error:
        raise EngineError(
            f"the module's result of {len(answer)} bytes is nested too deeply, "
            f"{results.MOST_NESTED} levels may be read"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(
            f"the module's result of {len(answer)} bytes is not the JSON of a result: {error}"
        ) from error


def parse_result(written: Json) -> EvalResult:
    """Reads what a process answered, leniently; an `Error` of false or null is no error."""
    if written == []:
        written = {}  # in Lua nothing tells an empty object from an empty list
    if not isinstance(written, dict):
        return EvalResult(error=f"the process answered with {written!r:.60}, an object is needed")
    if written.get("Output") == []:
        written = {**written, "Output": {}}
    result = results.from_json(written)
    return replace(result, error=None) if result.error is False else result


def _sent(assignment: Assignment, item: DataItem) -> dict[str, Json]:
    forwarded = find(item.tags, "From-Process") is not None
    return {
        **_signed(assignment.message, item),
        **_anchor(item),
        "Target": assignment.process,
        **({"Forwarded-By": process_address(item.owner)} if forwarded else {}),
        **_placed(assignment),
    }


def _assigned(assignment: Assignment, item: DataItem) -> dict[str, Json]:
    message = {
        **_signed(assignment.message, item),
        **({"Anchor": ids.encode(item.anchor)} if item.anchor else {}),  # as gateways write it
        "Target": item.target_id,
        **_placed(assignment),
    }
    if "Data" in assignment.exclude:
        del message["Data"]
    return message


def _signed(id: str, item: DataItem) -> dict[str, Json]:
    return {
        "Id": id,
        "Signature": ids.encode(item.signature),
        "Data": _text(item.data),
        "Owner": process_address(item.owner),
        "From": sender_of(item),
        # A tag of these names could pass for the field.
        "Tags": tag_list(without(item.tags, "From", "Owner")),
    }


def _anchor(item: DataItem) -> dict[str, Json]:
    return {} if item.anchor_text is None else {"Anchor": item.anchor_text}


def _placed(assignment: Assignment) -> dict[str, Json]:
    placed: dict[str, Json] = {"Epoch": assignment.epoch, "Nonce": assignment.nonce}
    if assignment.hash_chain:
        placed["Hash-Chain"] = assignment.hash_chain
    return placed | _at(assignment.block)


def _at(block: BlockTime) -> dict[str, Json]:
    return {
        "Timestamp": block.timestamp,
        "Block-Height": block.height,
        "Cron": False,
        "Read-Only": False,
    }


def _declared(id: str, item: DataItem) -> Json:
    return {"Id": id, "Owner": process_address(item.owner), "Tags": tag_list(item.tags)}


def _text(data: bytes) -> str:
    # The reference reads all data as UTF-8, so binary data is damaged: processes see the same damage here.
    return data.decode("utf-8", "replace")
