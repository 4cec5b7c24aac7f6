"""A HyperBEAM node elsewhere as units: it is asked as ao's own mainnet client asks. What such nodes do not offer is
refused, by name."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import httpx

from unitstack.errors import NotFound, Refused
from unitstack.hyperbeam.answers import ITEM_MEDIA, Codec
from unitstack.hyperbeam.asker import Asker, path_to, quoted
from unitstack.units import Cascade, Gateway, Page, Search, Units
from unitstack.web.asking import DELAYS, Site, expecting
from unitstack.web.written import Scheduled, read_scheduled
from unitstack.wire import addresses, data_item, keys
from unitstack.wire.assignments import Assignment, BlockTime, Ordinate, ScheduledMessage
from unitstack.wire.data_item import DataItem, SignatureType
from unitstack.wire.ids import Address, AssignmentId, MessageId, Nonce, ProcessId, TxId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import PLAIN, Draft, Guise, read_message
from unitstack.wire.results import Checkpoint, EvalResult, Evaluation

MAX_PAGE = 1_000
PACE = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
_REMEMBERED = 10_000
_LOOK_BACK = 100


NOTHING = Draft()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a node answered. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RemoteNode:
    """A node elsewhere. The wallet signs what is asked, and is whom dry runs are from; one that is made here will do for
    all else. Items that are looked for come from the gateway, where there is one, else from the node, as far as it has
    them."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        wallet: Signer | None = None,
        *,
        gateway: Gateway | None = None,
        delays: Sequence[float] = DELAYS,
        pace: Sequence[float] = PACE,
    ) -> None:
        # Nodes of the field read Arweave's and Ethereum's signatures only, and an RSA key takes a second to make.
        asker = Asker(Site(client, delays), wallet or keys.generate(SignatureType.ETHEREUM))
        kept = gateway or NodeGateway(asker)
        scheduler = NodeScheduler(asker, kept)
        compute = NodeCompute(asker, scheduler, pace)
        self.units = Units(NodeMessenger(asker), scheduler, compute, kept)
        self._asker = asker

    @property
    def owner(self) -> Address:
        """Whom dry runs are from, as processes see it."""
        return addresses.process_address(self._asker.wallet.owner)

    async def request(self, path: str, *, method: str = "POST", draft: Draft = NOTHING) -> Reply:
        """Anything else that a node answers: aoconnect's `request`. What is sent is signed by the wallet; `GET` sends no more
        than the path. Raises what the node answers, and Refused for another method."""
        if method not in ("GET", "POST"):
            raise Refused(f"a node is asked with GET or POST, not {method[:60]}")
        site = self._asker.site
        steady = f"/{path.removeprefix('/')}"
        if method == "GET":
            answer = await site.get(steady)
        else:
            answer = await self._asker.request(steady, draft)
        return Reply(answer.status_code, dict(answer.headers), answer.content)

    async def address(self) -> Address:
        """The node's own: what its processes name as their scheduler, and as their authority."""
        return Address((await self._asker.info())["address"])


class NodeMessenger:
    """Plays `Messenger`. A node carries out all that a message sets off before it answers: when `send` returns, nothing is
    owed any more."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    async def send(self, item: DataItem) -> MessageId:
        process = read_message(item).process
        await self._asker.send("/push" if process == item.id else path_to(process, "push"), item)
        return MessageId(item.id)

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> AssignmentId:
        raise self._refused("assigns no existing items")

    async def monitor(self, process: ProcessId) -> None:
        raise self._refused("is not asked to evaluate cron messages")

    async def unmonitor(self, process: ProcessId) -> None:
        raise NotFound("the monitor of process", process)

    async def settled(self, root: MessageId) -> Cascade:
        return Cascade(root, 0, 0)

    async def halt(self, root: MessageId, reason: str) -> Cascade:
        return Cascade(root, 0, 0)

    def _refused(self, what: str) -> Refused:
        return Refused(f"a HyperBEAM node ({self._asker.site.url}) {what}")


class NodeScheduler:
    """Plays `Scheduler`. Nodes find messages by their number alone; for another id the log is searched, the newest part
    first."""

    def __init__(self, asker: Asker, gateway: Gateway) -> None:
        self._asker = asker
        self._read = Scheduled(gateway, asker.site.url)
        self._nonces: OrderedDict[tuple[ProcessId, str], Nonce] = OrderedDict()

    async def schedule(self, item: DataItem) -> Assignment:
        process = read_message(item).process
        path = "/~scheduler@1.0/schedule"
        if process != item.id:
            path = f"/{process}{path}"
        answer = await self._asker.send(path, item)
        with expecting("a slot", self._asker.site.url):
            nonce = Nonce(int(answer.headers["slot"]))
        return (await self.at(process, nonce)).assignment

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> Assignment:
        raise Refused(f"a HyperBEAM node ({self._asker.site.url}) assigns no existing items")

    async def process(self, id: ProcessId) -> ScheduledMessage:
        return await self.at(id, Nonce(0))

    async def message(
        self, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        known = self._nonces.get((process, message))
        if known is not None:
            return await self.at(process, known)
        end = await self.current(process) + 1
        while end > 0:
            begin = max(end - _LOOK_BACK, 0)
            page = await self.messages(process, after=begin - 1, limit=end - begin)
            for each in page.items:
                if message in (each.assignment.message, each.assignment.id):
                    return each
            end = begin
        raise NotFound("message", message)

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        first = 0 if after is None else after + 1
        last = first + min(limit, MAX_PAGE) - 1
        path = path_to(process, f"schedule&from+integer={first}&to+integer={last}")
        answer = await self._asker.site.get(path, headers={"accept": Codec.AOS2.value})
        with expecting("a schedule", self._asker.site.url):
            written = answer.json()
            nodes = [edge["node"] for edge in written["edges"]]
            items = tuple([await read_scheduled(self._read, node) for node in nodes])
            more = written["page_info"]["has_next_page"] and items
        for each in items:
            self._remember(process, each.assignment)
        return Page(items, str(items[-1].assignment.nonce) if more else None)

    async def now(self) -> BlockTime:
        told = await self._asker.info()
        with expecting("a time", self._asker.site.url):
            return BlockTime(int(told["block-height"]), int(told["timestamp"]))

    async def at(self, process: ProcessId, nonce: int) -> ScheduledMessage:
        """The message with that nonce. Raises NotFound."""
        page = await self.messages(process, after=nonce - 1, limit=1)
        if not page.items or page.items[0].assignment.nonce != nonce:
            raise NotFound(f"of process {process} slot", str(nonce))
        return page.items[0]

    async def current(self, process: ProcessId) -> int:
        """The newest nonce. Raises NotFound."""
        answer = await self._asker.site.get(path_to(process, "slot/current"))
        with expecting("a slot", self._asker.site.url):
            return int(answer.text)

    def _remember(self, process: ProcessId, assignment: Assignment) -> None:
        for each in (assignment.message, assignment.id):
            self._nonces[process, each] = assignment.nonce
        while len(self._nonces) > _REMEMBERED:
            self._nonces.popitem(last=False)


class NodeCompute:
    """Plays `Compute`. Nodes show no cron messages and no memory. What `evaluated` waits for is asked for again and again,
    after each of `pace`, then after its last."""

    def __init__(self, asker: Asker, scheduler: NodeScheduler, pace: Sequence[float]) -> None:
        self._asker = asker
        self._scheduler = scheduler
        self._pace = pace

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        scheduled = await self._scheduler.message(process, message)
        return await self._result(process, scheduled.assignment.nonce)

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        """Nodes answer for one message at a time."""
        newest = await self._scheduler.current(process)
        last = newest if until is None else min(newest, until.nonce)
        nonces = range(0 if after is None else after.nonce + 1, last + 1)
        found: list[Evaluation] = []
        for nonce in reversed(nonces) if newest_first else nonces:
            if len(found) == limit:
                return Page(tuple(found), str(found[-1].ordinate.nonce))
            evaluation = await self._evaluation(process, nonce)
            if evaluation.result.error is None:
                found.append(evaluation)
        return Page(tuple(found), None)

    async def evaluated(self, process: ProcessId, after: Ordinate | None) -> None:
        for pause in chain(self._pace, repeat(self._pace[-1])):
            if (await self.results(process, after=after, limit=1)).items:
                return
            await asyncio.sleep(pause)

    async def tick(
        self, process: ProcessId, *, after: Ordinate | None = None
    ) -> tuple[Evaluation, ...]:
        return ()

    async def dry_run(
        self,
        process: ProcessId,
        draft: Draft,
        *,
        sender: Address,
        at: MessageId | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        """From the wallet's owner alone, and on the newest state alone."""
        own = addresses.process_address(self._asker.wallet.owner)
        if sender != own:
            raise Refused(f"a node takes dry runs from who signs them: {own}, not {sender}")
        if at is not None or guise != PLAIN:
            raise Refused("a node makes dry runs on the newest state alone")
        asked = "".join(f"&{quoted(name)}={quoted(value)}" for name, value in draft.tags)
        path = path_to(process, f"as=execution/compute{asked}")
        return await self._asker.result(path, Draft(process, (), draft.data, draft.anchor))

    async def checkpoint(self, process: ProcessId, at: MessageId | None = None) -> Checkpoint:
        raise Refused(f"a node ({self._asker.site.url}) does not hand out a process's memory")

    async def _result(self, process: ProcessId, nonce: int) -> EvalResult:
        return await self._asker.result(
            path_to(process, f"compute/results={nonce}"), Draft(process)
        )

    async def _evaluation(self, process: ProcessId, nonce: int) -> Evaluation:
        assignment = (await self._scheduler.at(process, nonce)).assignment
        result = await self._result(process, nonce)
        place = Ordinate(assignment.nonce)
        return Evaluation(process, assignment.message, place, assignment.block, result)


class NodeGateway:
    """Plays `Gateway` as far as a node does: it shows items by their ids."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    async def upload(self, item: DataItem) -> TxId:
        raise Refused(f"a node ({self._asker.site.url}) keeps no items by themselves; {_NAME_ONE}")

    async def item(self, tx: TxId) -> DataItem:
        headers = {"accept": ITEM_MEDIA, "accept-codec": Codec.ITEM.value}
        answer = await self._asker.site.get(f"/{quoted(tx)}", headers=headers)
        with expecting("an item", self._asker.site.url):
            return data_item.decode(answer.content)

    async def data(self, tx: TxId) -> bytes:
        return (await self.item(tx)).data

    async def search(self, search: Search) -> Page[DataItem]:
        raise Refused(f"a node ({self._asker.site.url}) finds items by their ids; {_NAME_ONE}")

    async def confirmations(self, tx: TxId) -> int:
        raise Refused(f"a node ({self._asker.site.url}) tells no blocks of items; {_NAME_ONE}")


_NAME_ONE = "name a gateway beside it"
