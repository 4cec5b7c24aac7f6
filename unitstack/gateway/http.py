"""The gateway and the bundler over HTTP, both ends: Arweave as ao's clients and units ask it, and a gateway elsewhere."""

import json
from asyncio import Semaphore, gather
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from unitstack.errors import InvalidItem, NotFound, Refused, UnitUnreachable
from unitstack.gateway import blocks, native
from unitstack.gateway.archive import Archive
from unitstack.gateway.asked import ITEMS, variables_of
from unitstack.gateway.asked import item_of as item_told
from unitstack.gateway.blocks import NETWORK, block_id
from unitstack.gateway.chunks import MAX_DATA, Chunks
from unitstack.gateway.extents import Extents
from unitstack.gateway.graphql import answer
from unitstack.gateway.headers import headers_of, range_of
from unitstack.units import Page, Search
from unitstack.web.application import (
    ITEM_TYPE,
    application,
    body_of,
    id_in_path,
    object_in,
    object_of,
    wall_milliseconds,
)
from unitstack.web.asking import DELAYS, Site, expecting, path_of
from unitstack.wire import data_item, ids, transactions
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import TxId

ANS104 = "application/ans104"
MAX_ITEM = MAX_DATA + 10_000
_FINALITY = 200
_AT_ONCE = 8
_ITEM = {"content-type": ITEM_TYPE, "accept": "application/json"}
_JSON = {"content-type": "application/json", "accept": "application/json"}
_ADDRESS = 64
_WALLETS = 10_000
_DIGITS = 19


def gateway_app(archive: Archive, *, metrics: bool = False, cors: bool = True) -> Starlette:
    """An Arweave gateway, as far as ao needs one, that keeps its items there."""
    desk = _Desk(archive)
    routes = [
        Route("/graphql", desk.graphql, methods=["GET", "POST"]),
        Route("/info", desk.info),
        Route("/height", desk.height),
        Route("/raw/{id}", desk.raw),
        Route("/tx_anchor", desk.anchor),
        Route("/tx", desk.upload, methods=["POST"]),
        Route("/tx/arweave", desk.upload, methods=["POST"]),
        Route("/chunk", desk.take_chunk, methods=["POST"]),
        Route("/chunk/{offset}", desk.chunk),
        Route("/id", desk.upload, methods=["POST"]),
        Route("/tx/{id}", desk.transaction),
        Route("/tx/{id}/status", desk.status),
        Route("/tx/{id}/offset", desk.offset),
        Route("/tx/{id}/data", desk.encoded),
        Route("/block/current", desk.current),
        Route("/block/height/{height:int}", desk.block),
        Route("/price/{size:int}", desk.price),
        Route("/price/{size:int}/{target}", desk.price),
        Route("/wallet/{address}/balance", desk.balance),
        Route("/account/balance/{address}", desk.account),
        Route("/mine", desk.mine),
        Route("/mine/{count:int}", desk.mine),
        Route("/mint/{address}/{winston:int}", desk.mint),
        Route("/{id}", desk.item),
    ]
    return application(routes, unit="gateway", metrics=metrics, cors=cors)


def bundler_app(archive: Archive, *, metrics: bool = False, cors: bool = True) -> Starlette:
    """A bundler that uploads to that gateway at once, and asks nothing for it."""
    desk = _Desk(archive)
    routes = [
        Route("/tx", desk.upload, methods=["POST"]),
        Route("/tx/arweave", desk.upload, methods=["POST"]),
        Route("/tx/{id}", desk.transaction),
        Route("/tx/{id}/status", desk.status),
        Route("/price/{size:int}", desk.price),
        Route("/price/arweave/{size:int}", desk.price),
        Route("/account/balance/arweave", desk.account),
        Route("/account/balance/{address}", desk.account),
        Route("/info", desk.info),
    ]
    return application(routes, unit="bundler", metrics=metrics, cors=cors)


class _Desk:
    """Answers for a gateway."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._chunks = Chunks()
        self._extents = Extents(archive)
        self._balances: OrderedDict[str, int] = OrderedDict()

    async def graphql(self, request: Request) -> Response:
        told = await answer(self._archive, *await _query_of(request))
        return JSONResponse(told, 200 if "data" in told else 400)

    async def info(self, request: Request) -> Response:
        height = self._archive.newest().height
        told = {
            "network": NETWORK,
            "version": 5,
            "release": 80,
            "height": height,
            "current": block_id(height),
            "blocks": height + 1,
            "peers": 0,
            "queue_length": 0,
            "node_state_latency": 0,
        }
        return JSONResponse(told)

    async def height(self, request: Request) -> Response:
        return PlainTextResponse(str(self._archive.newest().height))

    async def raw(self, request: Request) -> Response:
        return await self._data(request)

    async def item(self, request: Request) -> Response:
        """The data, or the whole item as it was signed for who accepts that."""
        if ANS104 in request.headers.get("accept", ""):
            tx = id_in_path(request)
            if await self._archive.transaction(tx):
                raise NotFound("data item", tx)
            item = await self._archive.item(tx)
            return Response(data_item.encode(item), media_type=ANS104)
        return await self._data(request)

    async def upload(self, request: Request) -> Response:
        """An item, or a transaction of the base layer, which is written in JSON."""
        raw = await body_of(request, MAX_ITEM)
        if raw.startswith(b"{"):
            return await self._take(object_in(raw))
        item = data_item.decode(raw)
        await self._archive.upload(item)
        height = self._archive.newest().height
        told = {
            "id": item.id,
            "timestamp": wall_milliseconds(),
            "version": "1.0.0",
            "deadlineHeight": height + _FINALITY,
            "block": height,
            "owner": item.address,
            "winc": "0",
        }
        return JSONResponse(told)

    async def transaction(self, request: Request) -> Response:
        tx = id_in_path(request)
        known = await self._archive.transaction(tx)
        told = known or native.transaction_of(await self._archive.item(tx))
        return JSONResponse(transactions.to_json(told))

    async def take_chunk(self, request: Request) -> Response:
        written = await object_of(request)
        root, raw = ids.decode(str(written.get("data_root"))), ids.decode(str(written.get("chunk")))
        whole = self._chunks.add(root, _offset(str(written.get("offset"))), raw)
        if whole is not None:
            waiting, data = whole
            for transaction in waiting:
                await self._archive.keep(transaction, data)
        return JSONResponse({})

    async def chunk(self, request: Request) -> Response:
        return JSONResponse(await self._extents.chunk(_offset(request.path_params["offset"])))

    async def offset(self, request: Request) -> Response:
        return JSONResponse(self._extents.offset(id_in_path(request)))

    async def status(self, request: Request) -> Response:
        """How deep the item lies under the newest block."""
        depth = await self._archive.confirmations(id_in_path(request))
        if not depth:
            return PlainTextResponse("Pending", 202)
        height = self._archive.newest().height - depth + 1
        told = {
            "block_height": height,
            "block_indep_hash": block_id(height),
            "number_of_confirmations": depth,
        }
        return JSONResponse(told)

    async def encoded(self, request: Request) -> Response:
        """The data as nodes tell it, in base64url."""
        return PlainTextResponse(ids.encode(await self._archive.data(id_in_path(request))))

    async def anchor(self, request: Request) -> Response:
        """Where nodes name a recent block, one whose name fits an item's anchor."""
        newest = block_id(self._archive.newest().height)
        return PlainTextResponse(ids.encode(sha256(newest.encode()).digest()))

    async def current(self, request: Request) -> Response:
        return JSONResponse(blocks.to_json(self._archive.newest()))

    async def block(self, request: Request) -> Response:
        return JSONResponse(blocks.to_json(self._archive.block(request.path_params["height"])))

    async def price(self, request: Request) -> Response:
        return PlainTextResponse("1")

    async def balance(self, request: Request) -> Response:
        return PlainTextResponse(str(self._minted(request)))

    async def account(self, request: Request) -> Response:
        return JSONResponse({"balance": str(self._minted(request))})

    async def mint(self, request: Request) -> Response:
        """As arlocal: what the wallet has then."""
        total = self._minted(request) + request.path_params["winston"]
        self._balances[request.path_params["address"][:_ADDRESS]] = total
        if len(self._balances) > _WALLETS:
            self._balances.popitem(last=False)
        return PlainTextResponse(str(total))

    async def mine(self, request: Request) -> Response:
        """As arlocal, but that time alone makes blocks: the newest holds what waited for the next."""
        await self._archive.mine()
        return await self.info(request)

    async def _take(self, written: dict[str, Any]) -> Response:
        transaction, data = (
            transactions.from_json(written),
            ids.decode(str(written.get("data", ""))),
        )
        if transaction.data_size and not data:
            transactions.verify(transaction)
            self._chunks.begin(transaction)
        else:
            await self._archive.keep(transaction, data)
        return PlainTextResponse("OK")

    async def _data(self, request: Request) -> Response:
        item = await self._archive.item(id_in_path(request))
        part = range_of(request.headers.get("range"), len(item.data))
        response = Response(item.data if part is None else item.data[part.start : part.stop])
        response.raw_headers += headers_of(item)
        if part is not None:
            response.status_code = 206
            told = f"bytes {part.start}-{part.stop - 1}/{len(item.data)}"
            response.headers["content-range"] = told
        return response

    def _minted(self, request: Request) -> int:
        return self._balances.get(request.path_params.get("address", "")[:_ADDRESS], 0)


def _offset(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < _DIGITS):
        raise InvalidItem(f"offset is {written[:60]!r}, a whole number is needed")
    return int(written)


async def _query_of(request: Request) -> tuple[str, dict[str, Any] | None, str | None]:
    """The query, its variables, and which of several operations it is. Raises InvalidItem."""
    asked: Mapping[str, Any] = request.query_params
    if request.method == "POST":
        asked = await object_of(request)
    query, variables, operation = map(asked.get, ("query", "variables", "operationName"))
    if isinstance(variables, str):
        variables = object_in(variables.encode())
    if not (
        isinstance(query, str)
        and isinstance(variables, dict | None)
        and isinstance(operation, str | None)
    ):
        raise InvalidItem("a query is a text, its variables are an object, its operation a name")
    return query, variables, operation


class RemoteGateway:
    """Plays `Gateway` elsewhere: any gateway of Arweave's, and a bundler, which may be the gateway itself."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        bundler: httpx.AsyncClient | None = None,
        *,
        delays: Sequence[float] = DELAYS,
    ) -> None:
        self._site = Site(client, delays)
        self._bundler = Site(bundler or client, delays)
        self._fetching = Semaphore(_AT_ONCE)

    async def upload(self, item: DataItem) -> TxId:
        # Asked again it does nothing, so that it may be.
        raw = data_item.encode(item)
        await self._bundler.post("/tx", content=raw, headers=_ITEM, again=True)
        return item.id

    async def item(self, tx: TxId) -> DataItem:
        found = await self.search(Search(ids=(tx,), limit=1))
        if not found.items:
            raise NotFound("item", tx)
        return found.items[0]

    async def data(self, tx: TxId) -> bytes:
        try:
            return (await self._site.get(path_of("raw", tx))).content
        except NotFound as error:
            raise NotFound("item", tx) from error

    async def search(self, search: Search) -> Page[DataItem]:
        if search.after == "":
            # Gateways take it for no cursor, and would begin again.
            raise Refused("cursor '' is not one that a gateway gave")
        found = await self._query(ITEMS, variables_of(search))
        with expecting("what a gateway does", self._site.url):
            edges = found["transactions"]["edges"]
            more = found["transactions"]["pageInfo"]["hasNextPage"] and edges
            items = await gather(*(self._whole(edge["node"]) for edge in edges))
            return Page(tuple(items), edges[-1]["cursor"] if more else None)

    async def confirmations(self, tx: TxId) -> int:
        try:
            answer = await self._site.get(path_of("tx", tx, "status"))
        except NotFound as error:
            raise NotFound("item", tx) from error
        if answer.status_code == httpx.codes.ACCEPTED:
            return 0
        with expecting("an item's status", self._site.url):
            return int(answer.json()["number_of_confirmations"])

    async def _query(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        asked = json.dumps({"query": query, "variables": variables}).encode()
        answer = await self._site.post("/graphql", content=asked, headers=_JSON, again=True)
        with expecting("what a gateway does", self._site.url):
            told = answer.json()
            if told.get("errors"):
                raise Refused(told["errors"][0]["message"])
            data: dict[str, Any] = told["data"]
            return data

    async def _whole(self, node: dict[str, Any]) -> DataItem:
        async with self._fetching:
            # Gateways answer 404 where there is nothing to send.
            data = await self.data(node["id"]) if int(node["data"]["size"]) else b""
        try:
            return item_told(node, data)
        except InvalidItem as error:
            raise UnitUnreachable(self._site.url, f"{error}; ask another gateway") from error
