"""The router over HTTP: hands each request on to the unit that has its process, or tells its asker where that is."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from urllib.parse import quote

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from unitstack.errors import InvalidItem, NotFound, UnitUnreachable
from unitstack.router.choice import UNKNOWN, Choice, Origin, OriginOf, no_origin, order_of
from unitstack.web.application import application, body_of
from unitstack.web.asking import Site, expecting, path_of, unreachable, was_sent
from unitstack.wire import data_item, keys
from unitstack.wire.messages import read_message
from unitstack.wire.tags import Tag, find

_METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH"]
# What speaks of one connection only, or is said anew for the next.
_HOP = frozenset(
    {
        *("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
        *("proxy-authenticate", "proxy-authorization", "host", "content-length"),
    }
)
_NO_PROCESS = "process"


class Unit(StrEnum):
    """What kind of unit is routed to."""

    COMPUTE = "cu"
    MESSENGER = "mu"


class Strategy(StrEnum):
    """How: the router asks for its asker, or tells it whom to ask."""

    PROXY = "proxy"
    REDIRECT = "redirect"


def router_app(
    unit: Unit,
    hosts: Choice[str],
    client: httpx.AsyncClient,
    *,
    strategy: Strategy = Strategy.PROXY,
    origin_of: OriginOf = no_origin,
    metrics: bool = False,
) -> Starlette:
    """ao's unit router for those hosts; it asks them with that client."""
    switch = _Switch(hosts, origin_of, client, may_repeat=unit is Unit.COMPUTE)
    process_of = _READERS[unit]

    async def route(request: Request) -> Response:
        body = await body_of(request)
        order = await switch.order(process_of(request, body))
        if strategy is Strategy.REDIRECT:
            return RedirectResponse(order[0] + path_and_query(request))
        return await switch.forward(request, body, order)

    routes = [
        Route("/healthcheck", _healthcheck),
        Route("/{path:path}", route, methods=_METHODS),
    ]
    return application(routes, unit="router", metrics=metrics)


def open_hosts() -> httpx.AsyncClient:
    """A client for any number of hosts; where they send their askers is for the askers to follow."""
    return httpx.AsyncClient(timeout=httpx.Timeout(60.0, connect=5.0, pool=None))


def origins_of(client: httpx.AsyncClient) -> OriginOf:
    """Asks a scheduler unit, or its router, where a process comes from. Of one that it does not know, that is unknown."""
    site = Site(client)

    async def origin_of(process: str) -> Origin:
        try:
            answer = await site.get(path_of("processes", process))
        except (NotFound, InvalidItem):
            return UNKNOWN
        with expecting("a process", site.url):
            told = answer.json()
            tags = [Tag(tag["name"], tag["value"]) for tag in told["tags"]]
            return Origin(str(told["owner"]["address"]), find(tags, "From-Module") or "")

    return origin_of


async def _healthcheck(request: Request) -> Response:
    return PlainTextResponse("OK")


class _Switch:
    """Hands requests on. What may be repeated is given to the next host also where a host fell silent half-way."""

    def __init__(
        self,
        hosts: Choice[str],
        origin_of: OriginOf,
        client: httpx.AsyncClient,
        *,
        may_repeat: bool,
    ) -> None:
        self._hosts = hosts
        self._origin_of = origin_of
        self._client = client
        self._may_repeat = may_repeat

    async def order(self, process: str) -> tuple[str, ...]:
        order = await order_of(self._hosts, process, self._origin_of)
        return tuple(host.rstrip("/") for host in order)

    async def forward(self, request: Request, body: bytes, order: tuple[str, ...]) -> Response:
        silent: UnitUnreachable | None = None
        for host in order:
            asked = self._client.build_request(
                request.method,
                host + path_and_query(request),
                content=body,
                headers=_headers(request),
            )
            try:
                answer = await self._client.send(asked, stream=True)
            except httpx.TransportError as error:
                silent = unreachable(asked, error)
                if was_sent(error) and not self._may_repeat:
                    break
                continue
            return _passed_on(answer)
        assert silent is not None
        raise silent


def path_and_query(request: Request) -> str:
    """The path and the query as they were written."""
    path = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    query = request.scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def _headers(request: Request) -> Mapping[str, str]:
    asker = {"x-forwarded-for": request.client.host} if request.client else {}
    given = {name: value for name, value in request.headers.items() if name not in _HOP}
    return {**asker, **given}


def _passed_on(answer: httpx.Response) -> Response:
    response = StreamingResponse(
        answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
    )
    response.raw_headers = [
        (name.lower(), value)
        for name, value in answer.headers.raw
        if name.decode("latin-1").lower() not in _HOP - {"content-length"}
    ]
    return response


def _parts(request: Request) -> tuple[str, str]:
    """The first word of the path, and what follows it."""
    first, _, rest = request.scope["path"].strip("/").partition("/")
    return first, rest


def _asked_of_compute(request: Request, body: bytes) -> str:
    first, rest = _parts(request)
    if not first:
        return _NO_PROCESS
    if first in ("result", "dry-run"):
        return _found(request.query_params.get("process-id"))
    return _found(rest if first in ("results", "state", "cron") else None)


def _asked_of_messenger(request: Request, body: bytes) -> str:
    first, rest = _parts(request)
    if first == "monitor":
        return _found(rest)
    if first or request.method not in ("GET", "HEAD", "POST"):
        return _found(request.query_params.get("process-id"))
    if request.method == "POST":
        if "assign" in request.query_params:
            return _found(request.query_params.get("process-id"))
        return _meant_by(body)
    if "debug" in request.query_params:
        raise HTTPException(501, "MU Tracing not implemented on the Router")
    return _NO_PROCESS


def _meant_by(body: bytes) -> str:
    """The process that the item is for, or that it is."""
    try:
        item = data_item.decode(body)
        keys.verify(item)
        return read_message(item).process
    except InvalidItem as error:
        raise HTTPException(422, str(error)) from error


def _found(process: str | None) -> str:
    if not process:
        raise HTTPException(404, "Process id not found on request")
    return process


_READERS: Mapping[Unit, Callable[[Request, bytes], str]] = {
    Unit.COMPUTE: _asked_of_compute,
    Unit.MESSENGER: _asked_of_messenger,
}
