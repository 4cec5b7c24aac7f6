"""JSON values as Lua takes them, and back: bytes for strings, holes for nulls, floats for integers past 64 bits."""

import json
from typing import Any

from unitstack.wire.results import Json

NESTING = 150

_decoder = json.JSONDecoder(strict=False)


def to_lua(value: Json, depth: int = 0) -> Any:
    """What lupa's `table_from` makes a Lua value of. Raises ValueError for a value nested too deeply for the C stack."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else float(value)
    if depth == NESTING:
        raise ValueError(f"the message is nested more than {NESTING} deep")
    if isinstance(value, dict):
        return {
            name.encode("utf-8", "surrogatepass"): to_lua(item, depth + 1)
            for name, item in value.items()
            if item is not None
        }
    if None in value:
        return {at: to_lua(item, depth + 1) for at, item in enumerate(value, 1) if item is not None}
    return [to_lua(item, depth + 1) for item in value]


def from_lua(text: bytes) -> Json:
    """The value of JSON text that a process wrote; bytes that are not UTF-8 become replacement characters, as in ao."""
    value: Json = _decoder.decode(text.decode("utf-8", "replace"))
    return value
