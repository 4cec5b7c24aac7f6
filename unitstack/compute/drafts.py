"""Drafts as compute units take them for dry runs: JSON of the message that a process would see."""

import json
from typing import Any

from unitstack.errors import InvalidItem
from unitstack.wire.ids import Address, ProcessId
from unitstack.wire.messages import PLAIN, Draft, Guise
from unitstack.wire.tags import Tag

_DIGITS = 19


def draft_json(draft: Draft, process: ProcessId, sender: Address, guise: Guise = PLAIN) -> bytes:
    """The draft as clients of the field write it."""
    anchor = draft.anchor.decode("utf-8", "replace")
    told = {
        "Signature": guise.signature or None,
        "Timestamp": guise.timestamp,
        "Block-Height": guise.height,
    }
    written = {
        "Id": guise.id,
        "Target": draft.target or process,
        "Owner": sender,
        **({"Anchor": anchor} if anchor else {}),
        "Data": draft.data.decode("utf-8", "replace"),
        "Tags": [{"name": tag.name, "value": tag.value} for tag in draft.tags],
        **{name: value for name, value in told.items() if value is not None},
    }
    return json.dumps(written).encode()


def read_draft(written: dict[str, Any]) -> tuple[Draft, Address, Guise]:
    """The draft, who would send it, and what it is to say of itself. Raises InvalidItem."""
    owner = written.get("Owner")
    if not (isinstance(owner, str) and owner):
        raise InvalidItem("'Owner': Required.")
    draft = Draft(
        _text(written, "Target"),
        _tags(written.get("Tags")),
        _data(written.get("Data")),
        _bytes(_text(written, "Anchor")),
    )
    return draft, Address(owner), _guise(written)


def _guise(written: dict[str, Any]) -> Guise:
    return Guise(
        id=_text(written, "Id") or PLAIN.id,
        signature=_text(written, "Signature"),
        timestamp=_number(written, "Timestamp"),
        height=_number(written, "Block-Height"),
    )


def _tags(written: object) -> tuple[Tag, ...]:
    if not isinstance(written, list):
        raise InvalidItem("'Tags': Required.")
    return tuple(_tag(each, number) for number, each in enumerate(written, 1))


def _tag(written: object, number: int) -> Tag:
    name, value = (
        (written.get("name"), written.get("value")) if isinstance(written, dict) else (None, None)
    )
    if not (isinstance(name, str) and isinstance(value, str)):
        raise InvalidItem(f"'Tags': tag {number} needs a name and a value, both texts")
    return Tag(name, value)


def _text(written: dict[str, Any], name: str) -> str:
    value = written.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidItem(f"'{name}': a text is needed")
    return value


def _number(written: dict[str, Any], name: str) -> int | None:
    """Schedulers write heights as texts, and so may who repeats them."""
    value = written.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _DIGITS:
        return int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InvalidItem(f"'{name}': a whole number is needed")


def _data(written: object) -> bytes:
    """Data that is no text is seen by the process as its JSON."""
    if written is None:
        return b""
    return _bytes(written if isinstance(written, str) else json.dumps(written))


def _bytes(text: str) -> bytes:
    # JSON can say halves of characters, which no bytes can.
    return text.encode("utf-8", "replace")
