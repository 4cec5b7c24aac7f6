"""Messages and processes as scheduler units write them in JSON, and read from it again as they were signed."""

from typing import Any

from unitstack.errors import InvalidItem, NotFound
from unitstack.units import Gateway
from unitstack.wire import ids, keys
from unitstack.wire.assignments import (
    Assignment,
    BlockTime,
    ScheduledMessage,
    first_link,
    read_assignment,
)
from unitstack.wire.data_item import SIZES, DataItem, SignatureType
from unitstack.wire.ids import ID_BYTES, AssignmentId, Epoch, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.messages import read_message
from unitstack.wire.tags import Tag

Json = dict[str, Any]

_REPLACED = "\N{REPLACEMENT CHARACTER}"


def message_json(scheduled: ScheduledMessage, *, shows_anchor: bool = False) -> Json:
    """A message with its assignment. The message of a pure assignment is null."""
    message, signed = scheduled.message, scheduled.assignment.item
    given = None
    if message is not None:
        # What is no text is damaged here, for everyone alike: compute units make the process's state from it.
        given = _item_json(message.item, shows_anchor, data=_text(message.item.data))
    return {"message": given, "assignment": _item_json(signed, shows_anchor)}


def process_json(scheduled: ScheduledMessage) -> Json:
    """A process alone. Its data and target are null where there is nothing, or nothing that is text."""
    assignment, message = scheduled.assignment, scheduled.message
    if message is None:
        raise NotFound("process", assignment.process)
    item = message.item
    try:
        data: str | None = item.data.decode()
    except UnicodeDecodeError:
        data = None
    return {
        "process_id": item.id,
        "block": f"{assignment.block.height:012}",
        "owner": _owner_json(item),
        "tags": _tags_json(item),
        "timestamp": assignment.block.timestamp,
        "data": data,
        "anchor": item.anchor_text,
        "signature": ids.encode(item.signature),
        "target": item.target_id or None,
    }


def _item_json(item: DataItem, shows_anchor: bool, **data: str) -> Json:
    anchor = item.anchor_text
    if shows_anchor and item.anchor and anchor is None:
        anchor = ids.encode(item.anchor)
    return {
        "id": item.id,
        "owner": _owner_json(item),
        **data,
        "tags": _tags_json(item),
        "signature": ids.encode(item.signature),
        "anchor": anchor,
        "target": item.target_id,
    }


def _owner_json(item: DataItem) -> Json:
    return {"address": item.address, "key": ids.encode(item.owner)}


def _tags_json(item: DataItem) -> list[Json]:
    return [{"name": name, "value": value} for name, value in item.tags]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


class Scheduled:
    """Reads items as they were signed. `url` is whose words they are."""

    def __init__(self, gateway: Gateway, url: str) -> None:
        self._gateway = gateway
        self._url = url
        self._types: dict[bytes, SignatureType] = {}

    async def item(self, written: Json) -> DataItem:
        """Data that the text may have damaged is taken from the gateway, if it has the item."""
        if _REPLACED in (written.get("data") or ""):
            try:
                return await self._gateway.item(TxId(written["id"]))
            except NotFound:
                return self._checked(written)
        return self._checked(written)

    def signed(self, written: Json) -> DataItem:
        """An item of the scheduler's own: it signs all in the same way."""
        owner = ids.decode(written["owner"]["key"])
        item = _item(written, self._types.get(owner))
        self._types[owner] = item.signature_type
        return self._same(written, item)

    def _checked(self, written: Json) -> DataItem:
        return self._same(written, _item(written, None))

    def _same(self, written: Json, item: DataItem) -> DataItem:
        if item.id != written.get("id", item.id):
            told = str(written["id"])[:60]
            raise InvalidItem(f"{self._url} says that item {item.id} is {told}")
        return item


async def read_scheduled(read: Scheduled, written: Json) -> ScheduledMessage:
    """What `message_json` wrote. Raises InvalidItem, or KeyError and the like for something else."""
    assignment = read_assignment(read.signed(written["assignment"]))
    if written["message"] is None:
        return ScheduledMessage(assignment, None)
    item = await read.item(written["message"])
    return ScheduledMessage(assignment, read_message(item))


async def read_listed_process(read: Scheduled, written: Json) -> ScheduledMessage:
    """What `process_json` wrote, of a process that its scheduler did not assign."""
    item = await read.item({**written, "id": written["process_id"]})
    process = ProcessId(item.id)
    block = BlockTime(int(written["block"]), int(written["timestamp"]))
    assignment = Assignment(
        id=AssignmentId(item.id),
        process=process,
        message=MessageId(process),
        epoch=Epoch(0),
        nonce=Nonce(0),
        hash_chain=first_link(process),
        block=block,
        exclude=(),
        item=item,
    )
    return ScheduledMessage(assignment, read_message(item))


def _item(written: Json, signature_type: SignatureType | None) -> DataItem:
    signature = ids.decode(written["signature"])
    owner = ids.decode(written["owner"]["key"])
    possible = [kind for kind, sizes in SIZES.items() if sizes == (len(signature), len(owner))]
    if not possible:
        raise InvalidItem(
            f"no kind of key has signatures of {len(signature)} bytes and owners of {len(owner)}"
        )
    made = [
        _made(written, kind, signature, owner)
        for kind in ((signature_type,) if signature_type in possible else possible)
    ]
    return made[0] if len(made) == 1 else next(filter(_is_verified, made), made[0])


def _made(written: Json, signature_type: SignatureType, signature: bytes, owner: bytes) -> DataItem:
    return DataItem(
        signature_type,
        signature,
        owner,
        ids.decode(written.get("target") or ""),
        _anchor(written.get("anchor") or ""),
        tuple(Tag(tag["name"], tag["value"]) for tag in written["tags"]),
        (written.get("data") or "").encode("utf-8", "replace"),
    )


def _anchor(text: str) -> bytes:
    """An anchor has 32 bytes: what is shorter or longer as it stands was written in base64url."""
    raw = text.encode("utf-8", "replace")
    return raw if len(raw) in (0, ID_BYTES) else ids.decode(text)


def _is_verified(item: DataItem) -> bool:
    try:
        keys.verify(item)
    except InvalidItem:
        return False
    return True
