"""Pages of evaluations as compute units write them, and the places in them: base64 of JSON, which clients look into."""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from unitstack.errors import InvalidItem
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Nonce
from unitstack.wire.results import EvalResult, Evaluation, Json, from_json, to_json

ASCENDING = "ASC"
DESCENDING = "DESC"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place, when it was, and the direction in which it was come by."""

    ordinate: Ordinate
    timestamp: int
    sort: str = ASCENDING


def write(cursor: Cursor) -> str:
    """What clients hand back. The ordinate is a text, because they compare it with the tag Nonce, and so is one."""
    ordinate = cursor.ordinate
    written = {
        "timestamp": cursor.timestamp,
        "ordinate": str(ordinate.nonce),
        "cron": ordinate.cron or None,
        "sort": cursor.sort,
    }
    return b64encode(json.dumps(written, separators=(",", ":")).encode()).decode()


def read(text: str) -> Cursor | int:
    """A cursor, or a bare time in milliseconds. Raises InvalidItem."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    try:
        written = json.loads(b64decode(text, validate=True))
        timestamp, cron = int(written["timestamp"]), str(written.get("cron") or "")
        nonce = Nonce(int(written["ordinate"]))
    except (
        binascii.Error,
        ValueError,
        RecursionError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        raise InvalidItem(f"{text[:_SHOWN]!r} is neither a cursor nor a time") from error
    ordinate = Ordinate(nonce, timestamp, cron) if cron else Ordinate(nonce)
    sort = DESCENDING if written.get("sort") == DESCENDING else ASCENDING
    return Cursor(ordinate, timestamp, sort)


def connection_json(evaluations: Iterable[Evaluation], sort: str, *, more: bool) -> dict[str, Any]:
    """A page: each evaluation with its cursor, and whether there are more."""
    edges = [
        {
            "node": _node(each.result),
            "cursor": write(Cursor(each.ordinate, each.block.timestamp, sort)),
        }
        for each in evaluations
    ]
    return {"pageInfo": {"hasNextPage": more}, "edges": edges}


def read_connection(written: dict[str, Any]) -> tuple[list[tuple[Cursor, EvalResult]], str | None]:
    """What such a page holds, and the cursor of the next; KeyError and the like for something else."""
    edges = written["edges"]
    read_edges = [(read(each["cursor"]), from_json(dict(each["node"]))) for each in edges]
    placed = [(each, result) for each, result in read_edges if isinstance(each, Cursor)]
    return placed, edges[-1]["cursor"] if written["pageInfo"]["hasNextPage"] else None


def _node(result: EvalResult) -> dict[str, Json]:
    return {name: value for name, value in to_json(result).items() if name != "GasUsed"}
