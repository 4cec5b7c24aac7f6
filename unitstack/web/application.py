"""What every unit's HTTP form is made of: an application with one way to answer errors, and readers of what is asked."""

import asyncio
import json
import logging
import math
import time
from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ExceptionHandler

from unitstack.errors import AoError, InvalidItem
from unitstack.web.metrics import Metrics
from unitstack.web.statuses import status_of
from unitstack.wire import data_item
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import TxId

MAX_BODY = 10_485_760
BODY_SECONDS = 60.0
ITEM_TYPE = "application/octet-stream"
BUG = "the unit met a bug in ao kernel; what it logged says more"
# No id is longer, and what is longer is not worth repeating to who asked for it.
_ID_SHOWN = 64
_EXPOSED = [
    *("Location", "Last-Timestamp", "Last-Ordinate", "Last-Block-Height"),
    *("process", "slot", "id", "timestamp", "ao-result", "ao-types", "content-digest"),
    *("signature", "signature-input"),
]

log = logging.getLogger(__name__)


class JsonResponse(JSONResponse):
    """JSON of whatever a process made: half a character stays an escape, and what is no number is null."""

    def render(self, content: object) -> bytes:
        try:
            text = _json(content)
        except ValueError:
            text = _json(_finite(content))
        return text.encode("utf-8", "backslashreplace")


def application(
    routes: Sequence[BaseRoute], *, unit: str, metrics: bool = False, cors: bool = True
) -> Starlette:
    """A unit's application; `/metrics` is there when asked for. Browsers of every origin may use it, as they may use ao's
    own units."""
    middleware = [_CORS] if cors else []
    counted: list[BaseRoute] = []
    if metrics:
        counter = Metrics(unit)
        middleware.append(Middleware(counter.middleware))
        counted.append(Route("/metrics", counter.expose))
    handlers: dict[Any, ExceptionHandler] = {
        AoError: _tell,
        HTTPException: _tell_status,
        ClientDisconnect: _tell_no_one,
        Exception: _tell_bug,
    }
    return Starlette(routes=[*counted, *routes], middleware=middleware, exception_handlers=handlers)


def refusal(status: int, text: str) -> JSONResponse:
    """An error as ao's units write it."""
    return JSONResponse({"error": text}, status)


def wall_milliseconds() -> int:
    """Now, for units that only say what time it is."""
    return time.time_ns() // 1_000_000


async def body_of(
    request: Request, most: int = MAX_BODY, *, seconds: float = BODY_SECONDS
) -> bytes:
    """The whole body. One that is too long, or takes longer than that, is not waited for."""
    stated = request.headers.get("content-length", "")
    _check_size(int(stated) if stated.isdigit() else 0, most)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                _check_size(len(body), most)
    except TimeoutError as error:
        raise HTTPException(408, f"the body took more than {seconds:.0f} s") from error
    return bytes(body)


async def item_of(request: Request) -> DataItem:
    """The body as an item. Whether its signature holds is for the part to say. Raises InvalidItem."""
    return data_item.decode(await body_of(request))


async def object_of(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises InvalidItem."""
    return object_in(await body_of(request))


def object_in(raw: bytes) -> dict[str, Any]:
    """What is written there as a JSON object. Raises InvalidItem."""
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidItem(f"the body is not JSON: {error}") from error
    if not isinstance(read, dict):
        raise InvalidItem("the body is not a JSON object")
    return read


def id_in_path(request: Request) -> TxId:
    """The id that the path names. What is no id is an id that nobody knows."""
    return TxId(request.path_params["id"][:_ID_SHOWN])


def id_in_query(request: Request, name: str) -> TxId | None:
    """The id under that name, if there is one."""
    written = request.query_params.get(name)
    return TxId(written[:_ID_SHOWN]) if written else None


def number_in_query(request: Request, name: str) -> int | None:
    """The number under that name. Clients of the field write `undefined` where they mean nothing."""
    written = request.query_params.get(name, "")
    digits = written.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return None
    return int(written)


def excluded_in_query(request: Request) -> tuple[str, ...]:
    """The names in `exclude`, in order."""
    return tuple(filter(None, request.query_params.get("exclude", "").split(",")))


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _finite(content: object) -> object:
    if isinstance(content, dict):
        return {name: _finite(value) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise HTTPException(413, f"the body has {size} bytes or more, {most} are allowed")


def _tell(request: Request, error: Exception) -> Response:
    assert isinstance(error, AoError)
    return refusal(status_of(error), str(error))


def _tell_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def _tell_no_one(request: Request, error: Exception) -> Response:
    log.debug("who asked for %s left before the end of it", request.url.path)
    return Response(status_code=400)


def _tell_bug(request: Request, error: Exception) -> Response:
    return refusal(500, BUG)


_CORS = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["*"],
    allow_headers=["*"],
    expose_headers=_EXPOSED,
)
