"""The scheduler over HTTP, both ends: ao's scheduler unit for the field's clients, and a scheduler elsewhere as a part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from unitstack.errors import AoError, Duplicate, InvalidItem, NotFound, Refused
from unitstack.units import Gateway, Page, Scheduler
from unitstack.web.application import (
    ITEM_TYPE,
    JsonResponse,
    application,
    excluded_in_query,
    id_in_path,
    id_in_query,
    item_of,
    number_in_query,
)
from unitstack.web.asking import DELAYS, Site, expecting, path_of
from unitstack.web.places import find_last, find_until
from unitstack.web.written import (
    Scheduled,
    message_json,
    process_json,
    read_listed_process,
    read_scheduled,
)
from unitstack.wire import data_item
from unitstack.wire.assignments import Assignment, BlockTime, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.tags import find_all

MAX_PAGE = 1_000
_PAGE_BYTES = 64 * 1024 * 1024
_SLICE = 100
_PAGE = 100
_ITEM = {"content-type": ITEM_TYPE, "accept": "application/json"}


def scheduler_app(
    scheduler: Scheduler,
    address: Address,
    *,
    forbidden_senders: Collection[str] = (),
    metrics: bool = False,
    cors: bool = True,
) -> Starlette:
    """ao's scheduler unit, played by that scheduler, whose wallet has that address. No item may name a forbidden sender in
    its From-Process: among them belongs the messenger whom processes trust."""
    desk = _Desk(scheduler, address, frozenset(forbidden_senders))
    routes = [
        Route("/", desk.about),
        Route("/", desk.accept, methods=["POST"]),
        Route("/timestamp", desk.timestamp),
        Route("/health", _health),
        Route("/processes/{id}", desk.process),
        Route("/{id}/latest", desk.latest),
        Route("/{id}", desk.read),
    ]
    return application(routes, unit="scheduler", metrics=metrics, cors=cors)


async def _health(request: Request) -> Response:
    return Response()


class _Desk:
    """Answers for a scheduler."""

    def __init__(self, scheduler: Scheduler, address: Address, forbidden: frozenset[str]) -> None:
        self._scheduler = scheduler
        self._address = address
        self._forbidden = forbidden

    async def about(self, request: Request) -> Response:
        now = await self._scheduler.now()
        return JsonResponse({"timestamp": str(now.timestamp), "address": self._address})

    async def timestamp(self, request: Request) -> Response:
        now = await self._scheduler.now()
        told = {"timestamp": str(now.timestamp), "block_height": f"{now.height:012}"}
        return JsonResponse(told)

    async def accept(self, request: Request) -> Response:
        process, tx = id_in_query(request, "process-id"), id_in_query(request, "assign")
        if (process is None) != (tx is None):
            raise InvalidItem("If sending assign or process-id, you must send both.")
        if process is None or tx is None:
            item = await item_of(request)
            if self._forbidden.intersection(find_all(item.tags, "From-Process")):
                raise Refused("Invalid From-Process value.")
            return _accepted(await self._scheduler.schedule(item), item.id)
        assignment = await self._scheduler.assign(
            ProcessId(process),
            tx,
            exclude=excluded_in_query(request),
            base_layer="base-layer" in request.query_params,
        )
        return _accepted(assignment, assignment.id)

    async def process(self, request: Request) -> Response:
        return JsonResponse(
            process_json(await self._scheduler.process(ProcessId(id_in_path(request))))
        )

    async def latest(self, request: Request) -> Response:
        process = ProcessId(id_in_path(request))
        found = await find_last(self._scheduler, process)
        if found is None:
            raise NotFound("a message of process", process)
        return JsonResponse(message_json(found, shows_anchor="show-anchor" in request.query_params))

    async def read(self, request: Request) -> Response:
        """One message of a process; where the id is a process's, the page of its messages that is asked for."""
        asked = id_in_path(request)
        process = id_in_query(request, "process-id") or asked
        if process == asked:
            return await self._page(ProcessId(asked), request, "process")
        try:
            found = await self._scheduler.message(ProcessId(process), MessageId(asked))
        except NotFound:
            return await self._page(ProcessId(asked), request, "message or process")
        return JsonResponse(message_json(found, shows_anchor="show-anchor" in request.query_params))

    async def _page(self, process: ProcessId, request: Request, kind: str) -> Response:
        try:
            page = await _read_page(self._scheduler, process, _asked(request))
        except NotFound as error:
            raise NotFound(kind, process) from error
        return JsonResponse(page)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of a log: after a nonce or a time, to a nonce or a time, so many."""

    by_nonce: bool
    after: int | None
    to: int | None
    limit: int
    shows_anchor: bool

    def holds(self, scheduled: ScheduledMessage) -> bool:
        """Whether the message is not past the end of what is asked for."""
        return self.to is None or self.key(scheduled) <= self.to

    def key(self, scheduled: ScheduledMessage) -> int:
        assignment = scheduled.assignment
        return assignment.nonce if self.by_nonce else assignment.block.timestamp


def _asked(request: Request) -> _Asked:
    names = ("from-nonce", "to-nonce")
    by_nonce = any(name in request.query_params for name in names)
    after, to = (number_in_query(request, name) for name in (names if by_nonce else ("from", "to")))
    limit = number_in_query(request, "limit")
    shows_anchor = "show-anchor" in request.query_params
    return _Asked(by_nonce, after, to, _PAGE if limit is None else limit, shows_anchor)


async def _read_page(scheduler: Scheduler, process: ProcessId, asked: _Asked) -> dict[str, Any]:
    """Reads a slice at a time, so that a page holds no more than one answer can carry; who asks for more has a next
    page."""
    edges: list[dict[str, Any]] = []
    size, limit = 0, min(asked.limit, MAX_PAGE)
    after = await _first(scheduler, process, asked)
    while True:
        rest = limit - len(edges)
        page = await scheduler.messages(process, after=after, limit=min(rest + 1, _SLICE))
        for each in page.items:
            if not asked.holds(each):
                return _page_json(edges, more=False)
            if len(edges) == limit or size > _PAGE_BYTES:
                return _page_json(edges, more=True)
            edges.append(_edge(each, asked))
            size += len(each.message.item.data) if each.message else 0
            after = each.assignment.nonce
        if page.cursor is None:
            return _page_json(edges, more=False)


async def _first(scheduler: Scheduler, process: ProcessId, asked: _Asked) -> int | None:
    """The nonce that the page begins after."""
    if asked.limit < 1:
        raise Refused(f"limit is {asked.limit}, at least 1 is needed")
    if asked.by_nonce or asked.after is None:
        return asked.after
    last = await find_until(scheduler, process, asked.after)
    return last.assignment.nonce if last else None


def _edge(scheduled: ScheduledMessage, asked: _Asked) -> dict[str, Any]:
    node = message_json(scheduled, shows_anchor=asked.shows_anchor)
    return {"node": node, "cursor": str(asked.key(scheduled))}


def _page_json(edges: list[dict[str, Any]], *, more: bool) -> dict[str, Any]:
    return {"page_info": {"has_next_page": more}, "edges": edges}


def _accepted(assignment: Assignment, id: TxId) -> Response:
    return JsonResponse({"timestamp": assignment.block.timestamp, "id": id})


class RemoteScheduler:
    """Plays `Scheduler` elsewhere. Its answers are texts: data that is none comes from the gateway, which has it whole."""

    def __init__(
        self, client: httpx.AsyncClient, gateway: Gateway, *, delays: Sequence[float] = DELAYS
    ) -> None:
        self._site = Site(client, delays)
        self._read = Scheduled(gateway, self._site.url)

    async def schedule(self, item: DataItem) -> Assignment:
        raw = data_item.encode(item)
        process = ProcessId(TxId(item.target_id or item.id))
        try:
            await self._site.post("/", content=raw, headers=_ITEM)
        except InvalidItem as error:
            raise _meant(error, process) from error
        if _is_process(item):
            return (await self.process(ProcessId(item.id))).assignment
        return (await self.message(process, MessageId(item.id))).assignment

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> Assignment:
        params: list[tuple[str, str]] = [("process-id", process), ("assign", tx)]
        params += [("base-layer", "")] if base_layer else []
        params += [("exclude", ",".join(exclude))] if exclude else []
        try:
            answer = await self._site.post("/", params, headers=_ITEM)
        except InvalidItem as error:
            raise _meant(error, process) from error
        with expecting("an assignment", self._site.url):
            assigned = AssignmentId(TxId(answer.json()["id"]))
        return (await self.message(process, assigned)).assignment

    async def process(self, id: ProcessId) -> ScheduledMessage:
        """Old schedulers give a process no assignment: then it has one here that nobody signed."""
        first = (await self.messages(id, limit=1)).items
        if first and str(first[0].assignment.message) == id:
            return first[0]
        answer = await self._asked(path_of("processes", id), (), NotFound("process", id))
        with expecting("a process", self._site.url):
            return await read_listed_process(self._read, answer.json())

    async def message(
        self, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        if str(message) == process:
            return await self.process(process)
        unknown = NotFound("message", message)
        params = (("process-id", process), ("show-anchor", ""))
        answer = await self._asked(path_of(message), params, unknown)
        with expecting("a message", self._site.url):
            written = answer.json()
            # The id is that of another process: schedulers then answer with its messages.
            if "edges" in written:
                raise unknown
            return await read_scheduled(self._read, written)

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        """The cursor is the last nonce of the page."""
        params = (
            ("process-id", process),
            ("from-nonce", str(-1 if after is None else after)),
            ("limit", str(limit)),
            ("show-anchor", ""),
        )
        answer = await self._asked(path_of(process), params, NotFound("process", process))
        with expecting("messages", self._site.url):
            written = answer.json()
            nodes = [edge["node"] for edge in written["edges"]]
            items = tuple([await read_scheduled(self._read, node) for node in nodes])
            more = written["page_info"]["has_next_page"] and items
            return Page(items, str(items[-1].assignment.nonce) if more else None)

    async def now(self) -> BlockTime:
        answer = await self._site.get("/timestamp")
        with expecting("a time", self._site.url):
            written = answer.json()
            return BlockTime(int(written["block_height"]), int(written["timestamp"]))

    async def _asked(
        self, path: str, params: Sequence[tuple[str, str]], unknown: NotFound
    ) -> httpx.Response:
        try:
            return await self._site.get(path, params)
        except (NotFound, InvalidItem) as error:
            # Schedulers of the field answer 400 whatever is wrong; all that can be wrong here is the id.
            raise unknown from error


def _is_process(item: DataItem) -> bool:
    return any(name in ("Type", "type") and value == "Process" for name, value in item.tags)


def _meant(error: InvalidItem, process: ProcessId) -> AoError:
    """Schedulers of the field answer 400 whatever is wrong; their texts tell it apart."""
    text = str(error)
    if "already exists" in text:
        return Duplicate(text)
    if "Process not found" in text:
        return NotFound("process", process)
    if "Not enough confirmations" in text:
        return Refused(text)
    return error
