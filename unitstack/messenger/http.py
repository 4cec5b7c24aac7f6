"""The messenger over HTTP, both ends: ao's messenger unit for the field's clients, and a messenger elsewhere as a part."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from unitstack.errors import InvalidItem, Refused
from unitstack.messenger.traces import Asked, Trace, Traces, TraceType
from unitstack.units import Cascade, Messenger
from unitstack.web.application import (
    ITEM_TYPE,
    application,
    body_of,
    excluded_in_query,
    id_in_path,
    id_in_query,
    item_of,
    number_in_query,
    refusal,
)
from unitstack.web.asking import DELAYS, Site, expecting, path_of
from unitstack.wire import data_item, keys
from unitstack.wire.data_item import DataItem, SignatureType
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.messages import Draft

ADDRESS = "ao-address"
"""The header of `GET /` that says whom processes are to trust: units of the field do not say it at all."""

_ITEM = {"content-type": ITEM_TYPE, "accept": "application/json"}
_TRACED = {each.value.lower(): each for each in TraceType}
_TRACES, MAX_TRACES = 10, 1_000
_DIGITS = 10

Push = Callable[[ProcessId, MessageId, int], Awaitable[MessageId]]


def messenger_app(
    messenger: Messenger,
    *,
    address: Address | None = None,
    traces: Traces | None = None,
    push: Push | None = None,
    metrics: bool = False,
    cors: bool = True,
) -> Starlette:
    """ao's messenger unit, played by that messenger, which says its address if it is told, shows its traces if it is
    given any, and has anyone push what a message set off if it is given a way to."""
    counter = _Counter(messenger, address, traces, push)
    routes = [
        Route("/", counter.about),
        Route("/", counter.accept, methods=["POST"]),
        Route("/monitor/{id}", counter.monitor, methods=["POST"]),
        Route("/monitor/{id}", counter.unmonitor, methods=["DELETE"]),
        Route("/push/{id}/{number}", counter.push, methods=["POST"]),
        Route("/push-result/{id}/{number}", counter.push_result, methods=["POST"]),
    ]
    return application(routes, unit="messenger", metrics=metrics, cors=cors)


class _Counter:
    """Takes items in for a messenger."""

    def __init__(
        self,
        messenger: Messenger,
        address: Address | None,
        traces: Traces | None,
        push: Push | None,
    ) -> None:
        self._messenger = messenger
        self._told = {} if address is None else {ADDRESS: address}
        self._traces = traces
        self._push = push

    async def about(self, request: Request) -> Response:
        """With `debug`, a page of traces."""
        if "debug" not in request.query_params:
            return PlainTextResponse("ao messenger unit", headers=self._told)
        if sum(name in request.query_params for name in _TRACED) > 1:
            names = "message, assign, or spawn"
            return refusal(422, f"Only one of {names} query parameters can be provided")
        limit = max(1, min(number_in_query(request, "page-size") or _TRACES, MAX_TRACES))
        skip = limit * (max(1, number_in_query(request, "page") or 1) - 1)
        asked = _traced(request)
        found = self._traces.find(asked, skip, limit + 1) if self._traces else ()
        edges = [_trace_json(asked, each) for each in found[:limit]]
        return JSONResponse({"pageInfo": {"hasNextPage": len(found) > limit}, "edges": edges})

    async def accept(self, request: Request) -> Response:
        process, tx = id_in_query(request, "process-id"), id_in_query(request, "assign")
        if (process is None) != (tx is None):
            both = "You must set both process-id and assign to send an assignment, not just one"
            raise InvalidItem(both)
        if process is None or tx is None:
            sent = await self._messenger.send(await item_of(request))
            return _accepted("Processing DataItem", sent)
        assignment = await self._messenger.assign(
            ProcessId(process),
            tx,
            exclude=excluded_in_query(request),
            base_layer="base-layer" in request.query_params,
        )
        return _accepted("Processing Assignment", assignment)

    async def monitor(self, request: Request) -> Response:
        process = await _monitored(request)
        if process is None:
            return PlainTextResponse("Signed data item is required", 400)
        await self._messenger.monitor(process)
        return PlainTextResponse("Monitoring process")

    async def push(self, request: Request) -> Response:
        number, process = _number(request), id_in_query(request, "process-id")
        if self._push is None:
            raise Refused("Push is disabled")
        if process is None:
            raise InvalidItem("'process-id': Required.")
        pushed = await self._push(ProcessId(process), MessageId(id_in_path(request)), number)
        return _accepted("Processing Message Result", pushed)

    async def push_result(self, request: Request) -> Response:
        """For a node that has another compute unit: there is none."""
        _number(request)
        raise Refused("Push is disabled")

    async def unmonitor(self, request: Request) -> Response:
        process = await _monitored(request)
        if process is None:
            return PlainTextResponse("Signed data item is required", 400)
        await self._messenger.unmonitor(process)
        return PlainTextResponse("Process deleted")


def _traced(request: Request) -> Asked:
    process, wallet = (id_in_query(request, name) or "" for name in ("process", "wallet"))
    for name, kind in _TRACED.items():
        if name in request.query_params:
            return Asked(process, wallet, id_in_query(request, name) or "", kind)
    return Asked(process, wallet)


def _trace_json(asked: Asked, trace: Trace) -> dict[str, Any]:
    """Where the sender of an item is, is not kept."""
    place = f"{trace.message}-{trace.number}"
    node = {
        "relation": asked.relation(trace),
        "id": place,
        "messageId": trace.message,
        "processId": trace.process,
        "wallet": trace.wallet or None,
        "ip": None,
        "parentId": trace.parent or None,
        "timestamp": trace.timestamp,
        "type": trace.type.value,
    }
    return {"node": node, "cursor": place}


async def _monitored(request: Request) -> ProcessId | None:
    """The process is the one that the signed item is for, whatever the path says; None for no item."""
    raw = await body_of(request)
    if not raw:
        return None
    item = data_item.decode(raw)
    keys.verify(item)
    if not item.target:
        raise InvalidItem(f"item {item.id} has no target: the process that is meant")
    return ProcessId(TxId(item.target_id))


def _number(request: Request) -> int:
    number: str = request.path_params["number"]
    if not (number.isascii() and number.isdigit() and len(number) < _DIGITS):
        raise InvalidItem("'number' parameter must be a valid number")
    return int(number)


def _accepted(told: str, id: TxId) -> Response:
    return JSONResponse({"message": told, "id": id}, 202)


class RemoteMessenger:
    """Plays `Messenger` elsewhere. ao's messenger units do not say how far a cascade has come, nor stop one: `settled`
    answers at once that nothing is known to be owed, and `halt` is refused."""

    def __init__(self, client: httpx.AsyncClient, *, delays: Sequence[float] = DELAYS) -> None:
        self._site = Site(client, delays)
        # Who monitors is not looked at, but the item that says so must be signed by someone.
        self._wallet = keys.generate(SignatureType.ED25519)

    async def send(self, item: DataItem) -> MessageId:
        await self._site.post("/", content=data_item.encode(item), headers=_ITEM)
        return MessageId(item.id)

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> AssignmentId:
        params: list[tuple[str, str]] = [("process-id", process), ("assign", tx)]
        params += [("base-layer", "")] if base_layer else []
        params += [("exclude", ",".join(exclude))] if exclude else []
        answer = await self._site.post("/", params, headers=_ITEM)
        with expecting("an assignment", self._site.url):
            return AssignmentId(TxId(answer.json()["id"]))

    async def monitor(self, process: ProcessId) -> None:
        path = path_of("monitor", process)
        await self._site.post(path, content=self._named(process), headers=_ITEM)

    async def unmonitor(self, process: ProcessId) -> None:
        path = path_of("monitor", process)
        await self._site.delete(path, content=self._named(process), headers=_ITEM)

    async def settled(self, root: MessageId) -> Cascade:
        """At once; what the message sets off may still be on its way."""
        return Cascade(root, 0, 0)

    async def halt(self, root: MessageId, reason: str) -> Cascade:
        raise Refused(
            f"message {root} is not stopped: a messenger elsewhere ({self._site.url}) cannot be asked to"
        )

    def _named(self, process: ProcessId) -> bytes:
        return data_item.encode(keys.sign(self._wallet, Draft(target=process, data=b" ")))
