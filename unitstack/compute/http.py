"""Compute over HTTP, both ends: ao's compute unit for the field's clients, and compute elsewhere as a part."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from itertools import chain, repeat

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from unitstack.compute import cursors
from unitstack.compute.cursors import (
    ASCENDING,
    DESCENDING,
    connection_json,
    read_connection,
)
from unitstack.compute.drafts import draft_json, read_draft
from unitstack.compute.whereabouts import Whereabouts
from unitstack.errors import AoError, InvalidItem, NotFound, Refused
from unitstack.units import Compute, Page, Scheduler
from unitstack.web.application import (
    JsonResponse,
    application,
    id_in_path,
    id_in_query,
    number_in_query,
    object_of,
    wall_milliseconds,
)
from unitstack.web.asking import DELAYS, Site, expecting, path_of
from unitstack.web.places import find_until
from unitstack.wire.assignments import BlockTime, Ordinate
from unitstack.wire.ids import Address, AssignmentId, MessageId, Nonce, ProcessId
from unitstack.wire.messages import PLAIN, Draft, Guise
from unitstack.wire.results import (
    Checkpoint,
    EvalResult,
    Evaluation,
    Memory,
    from_json,
    to_json,
)

log = logging.getLogger(__name__)

MAX_PAGE = 1_000
PACE = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
_RESULTS = 25
_CRONS = 500
_BEFORE_ALL = Ordinate(Nonce(-1))
# Stands after every cron of its time.
_AFTER_CRONS = "~"


def compute_app(
    compute: Compute,
    scheduler: Scheduler,
    address: Address,
    *,
    busy_after: float | None = None,
    metrics: bool = False,
    cors: bool = True,
) -> Starlette:
    """ao's compute unit, played by that compute. It asks the scheduler which message was the last at some time. A result
    that takes longer than `busy_after` seconds is answered with 202, and goes on; not every client knows that answer."""
    window = _Window(compute, scheduler, busy_after)

    async def about(request: Request) -> Response:
        return JsonResponse({"address": address, "timestamp": wall_milliseconds()})

    routes = [
        Route("/", about),
        Route("/result/{id}", window.result),
        Route("/results/{id}", window.results),
        Route("/cron/{id}", window.cron),
        Route("/state/{id}", window.state),
        Route("/dry-run", window.dry_run, methods=["POST"]),
    ]
    return application(routes, unit="compute", metrics=metrics, cors=cors)


class _Window:
    """Answers for compute."""

    def __init__(self, compute: Compute, scheduler: Scheduler, busy_after: float | None) -> None:
        self._compute = compute
        self._scheduler = scheduler
        self._busy_after = busy_after

    async def result(self, request: Request) -> Response:
        process, message = _process_in_query(request), MessageId(id_in_path(request))
        patience = None if "no-busy" in request.query_params else self._busy_after
        try:
            async with asyncio.timeout(patience):
                return JsonResponse(to_json(await self._compute.result(process, message)))
        except TimeoutError:
            told = f'Evaluation of process "{process}" to "{message}" is in progress.'
            return JsonResponse({"message": told}, 202)

    async def results(self, request: Request) -> Response:
        """What was evaluated. What is not yet is evaluated afterwards, so that who asks again and again sees all."""
        process = ProcessId(id_in_path(request))
        after, until, sort = await self._range(process, request)
        page = await self._compute.results(
            process,
            after=after,
            until=until,
            newest_first=sort == DESCENDING,
            limit=_limit(request, _RESULTS),
        )
        written = connection_json(page.items, sort, more=page.cursor is not None)
        return JsonResponse(written, background=BackgroundTask(self._catch_up, process))

    async def cron(self, request: Request) -> Response:
        process = ProcessId(id_in_path(request))
        after, until, _ = await self._range(process, request)
        evaluated = await self._compute.tick(process, after=after or _BEFORE_ALL)
        found = [
            each
            for each in evaluated
            if each.result.error is None and (until is None or each.ordinate <= until)
        ]
        limit = _limit(request, _CRONS)
        return JsonResponse(connection_json(found[:limit], ASCENDING, more=len(found) > limit))

    async def state(self, request: Request) -> Response:
        process, until = ProcessId(id_in_path(request)), number_in_query(request, "to")
        at = None if until is None else await self._at(process, until)
        checkpoint = await self._compute.checkpoint(process, at)
        headers = {
            "Last-Timestamp": str(checkpoint.block.timestamp),
            "Last-Ordinate": str(checkpoint.ordinate.nonce),
            "Last-Block-Height": str(checkpoint.block.height),
        }
        return Response(checkpoint.memory, headers=headers, media_type="application/octet-stream")

    async def dry_run(self, request: Request) -> Response:
        """Always of the latest state: nothing is kept of earlier answers."""
        process, at = _process_in_query(request), id_in_query(request, "to")
        draft, sender, guise = read_draft(await object_of(request))
        place = None if at is None else MessageId(at)
        result = await self._compute.dry_run(process, draft, sender=sender, at=place, guise=guise)
        return JsonResponse(to_json(result))

    async def _range(
        self, process: ProcessId, request: Request
    ) -> tuple[Ordinate | None, Ordinate | None, str]:
        """After what and until what, and in which direction. That of a cursor counts before the one that is asked for."""
        sort = DESCENDING if request.query_params.get("sort") == DESCENDING else ASCENDING
        ends: list[Ordinate | None] = []
        for name in ("to", "from"):
            text = request.query_params.get(name)
            cursor = cursors.read(text) if text else None
            if isinstance(cursor, int):
                ends.append(await self._place(process, cursor))
                continue
            ends.append(cursor.ordinate if cursor else None)
            sort = cursor.sort if cursor else sort
        until, after = ends
        return after, until, sort

    async def _place(self, process: ProcessId, timestamp: int) -> Ordinate:
        """Past the last message and the last cron message that are not later."""
        last = await find_until(self._scheduler, process, timestamp)
        if last is None:
            return _BEFORE_ALL
        return Ordinate(last.assignment.nonce, timestamp, _AFTER_CRONS)

    async def _at(self, process: ProcessId, timestamp: int) -> MessageId:
        last = await find_until(self._scheduler, process, timestamp)
        if last is None:
            raise NotFound("the state of process", process)
        return MessageId(last.assignment.id)

    async def _catch_up(self, process: ProcessId) -> None:
        try:
            newest = await self._compute.results(process, newest_first=True, limit=1)
            after = newest.items[0].ordinate.nonce if newest.items else None
            page = await self._scheduler.messages(process, after=after)
            if page.items:
                await self._compute.result(process, page.items[-1].assignment.id)
        except AoError as error:
            log.debug("process %s is not evaluated ahead: %s", process, error)


def _process_in_query(request: Request) -> ProcessId:
    process = id_in_query(request, "process-id")
    if process is None:
        raise InvalidItem("'process-id': Required.")
    return ProcessId(process)


def _limit(request: Request, default: int) -> int:
    limit = number_in_query(request, "limit")
    if limit is not None and limit < 1:
        raise Refused(f"limit is {limit}, at least 1 is needed")
    return min(default if limit is None else limit, MAX_PAGE)


class RemoteCompute:
    """Plays `Compute` elsewhere. Compute units do not say which message an evaluation is of: the scheduler knows. What
    `evaluated` waits for is asked for again and again, after each of `pace`, then after its last."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        scheduler: Scheduler,
        *,
        delays: Sequence[float] = DELAYS,
        pace: Sequence[float] = PACE,
    ) -> None:
        self._site = Site(client, delays)
        self._scheduler = scheduler
        self._whereabouts = Whereabouts(scheduler)
        self._pace = pace

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        path, params = path_of("result", message), (("process-id", process),)
        for pause in self._pauses():
            answer = await self._site.get(path, params)
            if answer.status_code != httpx.codes.ACCEPTED:
                break
            await asyncio.sleep(pause)
        return self._result(answer)

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        sort = DESCENDING if newest_first else ASCENDING
        params = await self._range(process, after, until, sort)
        params += [("sort", sort), ("limit", str(limit))]
        return await self._page("results", process, params)

    async def evaluated(self, process: ProcessId, after: Ordinate | None) -> None:
        for pause in self._pauses():
            if (await self.results(process, after=after, limit=1)).items:
                return
            await asyncio.sleep(pause)

    async def tick(
        self, process: ProcessId, *, after: Ordinate | None = None
    ) -> tuple[Evaluation, ...]:
        """Cron messages that failed are left out. Without `after`, those past what was evaluated before."""
        if after is None:
            newest = await self.results(process, newest_first=True, limit=1)
            after = newest.items[0].ordinate if newest.items else None
        found: list[Evaluation] = []
        more: str | None = ""
        while more is not None:
            params = await self._range(process, after, None, ASCENDING)
            page = await self._page("cron", process, [*params, ("limit", str(MAX_PAGE))])
            found += page.items
            more, after = page.cursor, found[-1].ordinate if found else after
        return tuple(found)

    async def dry_run(
        self,
        process: ProcessId,
        draft: Draft,
        *,
        sender: Address,
        at: MessageId | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        params: list[tuple[str, str]] = [("process-id", process)]
        params += [("to", at)] if at else []
        content = draft_json(draft, process, sender, guise)
        headers = {"content-type": "application/json"}
        answer = await self._site.post(
            "/dry-run", params, content=content, headers=headers, again=True
        )
        return self._result(answer)

    async def checkpoint(self, process: ProcessId, at: MessageId | None = None) -> Checkpoint:
        params: list[tuple[str, str]] = []
        if at is not None:
            scheduled = await self._scheduler.message(process, at)
            params.append(("to", str(scheduled.assignment.block.timestamp)))
        answer = await self._site.get(path_of("state", process), params)
        with expecting("a process's memory", self._site.url):
            told = answer.headers
            nonce = Nonce(int(told["Last-Ordinate"]))
            block = BlockTime(int(told["Last-Block-Height"]), int(told["Last-Timestamp"]))
        assignment = (await self._whereabouts.assignments(process, {nonce})).get(nonce)
        if assignment is None:
            raise NotFound("message", f"{nonce} of process {process}")
        return Checkpoint(
            process,
            Ordinate(nonce),
            assignment.epoch,
            block,
            assignment.id,
            assignment.hash_chain,
            Memory(answer.content),
        )

    def _pauses(self) -> Iterable[float]:
        return chain(self._pace, repeat(self._pace[-1]))

    def _result(self, answer: httpx.Response) -> EvalResult:
        with expecting("a result", self._site.url):
            return from_json(dict(answer.json()))

    async def _page(
        self, path: str, process: ProcessId, params: Sequence[tuple[str, str]]
    ) -> Page[Evaluation]:
        answer = await self._site.get(path_of(path, process), params)
        with expecting("results", self._site.url):
            results, more = read_connection(answer.json())
        return Page(await self._whereabouts.evaluations(process, results), more)

    async def _range(
        self, process: ProcessId, after: Ordinate | None, until: Ordinate | None, sort: str
    ) -> list[tuple[str, str]]:
        ends = (("from", after), ("to", until))
        return [
            (name, cursors.write(await self._whereabouts.cursor(process, place, sort)))
            for name, place in ends
            if place is not None and place.nonce >= 0
        ]
