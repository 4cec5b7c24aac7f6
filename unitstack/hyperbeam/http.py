"""A node over HTTP: ao's mainnet clients find in it what they look for in a HyperBEAM node. The other end is `remote`."""

from collections.abc import Awaitable, Collection
from contextlib import suppress
from typing import assert_never

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from unitstack.errors import Duplicate, InvalidItem, NotFound, Refused
from unitstack.hyperbeam import forms, paths, requests, signatures
from unitstack.hyperbeam.answers import ITEM_MEDIA, Codec, answer, answer_value, codec_of
from unitstack.hyperbeam.paths import (
    Computed,
    CurrentSlot,
    DryRun,
    Info,
    Push,
    Schedule,
    Stored,
)
from unitstack.hyperbeam.requests import Told
from unitstack.units import Units
from unitstack.web.application import JsonResponse, application, wall_milliseconds
from unitstack.web.places import find_last
from unitstack.wire import data_item
from unitstack.wire.assignments import Assignment, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import AssignmentId, MessageId, ProcessId, TxId
from unitstack.wire.keys import Wallet
from unitstack.wire.messages import Draft, read_message
from unitstack.wire.results import Json
from unitstack.wire.tags import find_all

MAX_PAGE = 1_000


def node_app(
    units: Units,
    wallet: Wallet,
    *,
    forbidden_senders: Collection[str] = (),
    metrics: bool = False,
    cors: bool = True,
) -> Starlette:
    """A HyperBEAM-compatible node, played by these units. Clients make its address both the scheduler and the authority
    of what they spawn: the wallet is the messenger's, and the scheduler takes processes that name it. With an Ed25519 key
    it signs its answers."""
    node = _Node(units, wallet, frozenset((wallet.address, *forbidden_senders)))
    routes = [Route("/{path:path}", node.tell, methods=["GET", "POST"])]
    return application(routes, unit="node", metrics=metrics, cors=cors)


class _Node:
    """Answers for the units."""

    def __init__(self, units: Units, wallet: Wallet, forbidden: frozenset[str]) -> None:
        self._units = units
        self._wallet = wallet
        self._forbidden = forbidden

    async def tell(self, request: Request) -> Response:
        """Whatever is asked."""
        told = await requests.read(request)
        return self._signed(await self._answer(told))

    def _answer(self, told: Told) -> Awaitable[Response]:
        codec, asked = codec_of(told.wishes), paths.read(told.path, told.wishes)
        match asked:
            case Info(key):
                answering = self._info(key, codec)
            case Push(process, nonce):
                answering = self._push(told, process, nonce, codec)
            case Schedule(process):
                answering = self._schedule(told, process, codec)
            case CurrentSlot(process, alone):
                answering = self._current(process, codec, alone=alone)
            case Computed(process, nonce, keys):
                answering = self._computed(process, nonce, keys, codec)
            case DryRun():
                answering = self._dry_run(told, asked, codec)
            case Stored(id, keys):
                answering = self._stored(id, keys, codec)
            case _:
                assert_never(asked)
        return answering

    async def _info(self, key: str, codec: Codec) -> Response:
        said = forms.node_json(self._wallet.address, await self._units.scheduler.now())
        if not key:
            return answer(said, codec)
        return answer_value(forms.found_at(dict(said), key.split("/")), codec)

    async def _push(
        self, told: Told, process: ProcessId | None, nonce: int | None, codec: Codec
    ) -> Response:
        """A process is scheduled. Of a message all is done that it sets off, before its result is the answer."""
        if nonce is not None and process is not None and told.item is None:
            assignment = (await self._at(process, nonce)).assignment
        else:
            assignment = await self._sent(told.message(process, self._wallet))
        if assignment.nonce == 0:
            return answer(forms.placed_json(assignment), codec)
        said = await self._result(assignment)
        if told.wishes.get("push-mode") != "async":
            cascade = await self._units.messenger.settled(assignment.message)
            said |= forms.notes_json(cascade)
        return answer(said, codec)

    async def _sent(self, item: DataItem) -> Assignment:
        """Sent a second time, it has the place that it has."""
        self._check_sender(item)
        process = read_message(item).process
        with suppress(Duplicate):
            await self._units.messenger.send(item)
        return await self._placed(process, item)

    def _check_sender(self, item: DataItem) -> None:
        if self._forbidden.intersection(find_all(item.tags, "From-Process")):
            raise Refused("Invalid From-Process value.")

    async def _placed(self, process: ProcessId, item: DataItem) -> Assignment:
        if process == item.id:
            return (await self._units.scheduler.process(process)).assignment
        return (await self._units.scheduler.message(process, MessageId(item.id))).assignment

    async def _schedule(self, told: Told, process: ProcessId | None, codec: Codec) -> Response:
        if told.item is not None or told.method == "POST":
            item = told.message(process, self._wallet)
            self._check_sender(item)
            assignment = await self._units.scheduler.schedule(item)
            return answer(forms.placed_json(assignment), codec)
        if process is None:
            raise InvalidItem("a schedule is a process's: its id comes first in the path")
        return await self._log(told, process, codec)

    async def _log(self, told: Told, process: ProcessId, codec: Codec) -> Response:
        """From a nonce to a nonce, both included."""
        first, last = (_number(told.wishes.get(name)) for name in ("from", "to"))
        after = (first or 0) - 1
        limit = MAX_PAGE if last is None else max(min(last - after, MAX_PAGE), 0)
        page = await self._units.scheduler.messages(process, after=after, limit=limit + 1)
        log, more = page.items[:limit], len(page.items) > limit
        now = await self._units.scheduler.now()
        form = forms.page_json if codec is Codec.AOS2 else forms.schedule_json
        return answer(form(process, log, now, more=more), codec)

    async def _current(self, process: ProcessId, codec: Codec, *, alone: bool) -> Response:
        newest = (await self._at(process, None)).assignment
        if alone:
            return answer_value(newest.nonce, codec)
        return answer(forms.current_json(newest, self._wallet.address), codec)

    async def _computed(
        self, process: ProcessId, nonce: int | None, keys: tuple[str, ...], codec: Codec
    ) -> Response:
        said = await self._result((await self._at(process, nonce)).assignment)
        if not keys:
            return answer(said, codec)
        return answer_value(forms.found_at(said, keys), codec)

    async def _dry_run(self, told: Told, asked: DryRun, codec: Codec) -> Response:
        newest = (await self._at(asked.process, None)).assignment
        draft, sender = told.trial(Draft(asked.process, asked.tags))
        result = await self._units.compute.dry_run(asked.process, draft, sender=sender)
        return answer(forms.result_json(newest, result), codec)

    async def _stored(self, id: TxId, keys: tuple[str, ...], codec: Codec) -> Response:
        item = await self._units.gateway.item(id)
        if codec is Codec.ITEM:
            return Response(data_item.encode(item), media_type=ITEM_MEDIA)
        if keys == ("data",):
            return Response(item.data, media_type="application/octet-stream")
        if keys == ("id",):
            return answer_value(item.id, codec)
        return JsonResponse(forms.item_json(item))

    async def _result(self, assignment: Assignment) -> dict[str, Json]:
        process = assignment.process
        result = await self._units.compute.result(process, AssignmentId(assignment.id))
        return forms.result_json(assignment, result)

    async def _at(self, process: ProcessId, nonce: int | None) -> ScheduledMessage:
        """The message with that nonce, or the newest. Raises NotFound."""
        if nonce is None:
            newest = await find_last(self._units.scheduler, process)
            if newest is None:
                raise NotFound("process", process)
            return newest
        page = await self._units.scheduler.messages(process, after=nonce - 1, limit=1)
        if not page.items or page.items[0].assignment.nonce != nonce:
            raise NotFound(f"of process {process} slot", str(nonce))
        return page.items[0]

    def _signed(self, response: Response) -> Response:
        if not signatures.can_sign(self._wallet):
            return response
        if response.body:
            response.headers["content-digest"] = signatures.digest_of(bytes(response.body))
        fields = signatures.fields_of(response.headers.items())
        said = signatures.Answer(response.status_code, fields)
        response.headers.update(signatures.sign(self._wallet, said, wall_milliseconds() // 1000))
        return response


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
