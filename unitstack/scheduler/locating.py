"""Where each process's scheduler is: looked up at the gateway, as ao-scheduler-utils does it, but in our own order. What a
process and a gateway say comes first; no host is asked that nobody named."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

import httpx

from unitstack.errors import InvalidItem, NotFound, UnitUnreachable
from unitstack.scheduler.location import TYPE
from unitstack.units import Gateway, Search
from unitstack.web.asking import Site, expecting, open_client, unreachable
from unitstack.wire.ids import Address, ProcessId
from unitstack.wire.tags import Tag, find

CACHED = 100
# For how long a router's answer holds, which does not say it itself.
ROUTED_SECONDS = 48 * 60 * 60.0
_REDIRECTS = (301, 302, 307, 308)


@dataclass(frozen=True, slots=True)
class Location:
    """A scheduler: its URL without a slash at its end, its address, and for how many seconds that may be relied on."""

    url: str
    address: Address
    seconds: float


K = TypeVar("K")
Follow = Callable[[str, ProcessId], Awaitable[str]]


class Locator:
    """Finds schedulers. First what is remembered counts; then the hint, or the process's own Scheduler tag, with the newest
    location that the gateway has of that address; then each of the routers that were named. What is remembered longer than
    it holds counts again where nobody can be asked."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        routers: Sequence[str] = (),
        follow: Follow | None = None,
        clock: Callable[[], float] = monotonic,
        cached: int = CACHED,
    ) -> None:
        self._gateway = gateway
        self._routers = tuple(routers)
        self._follow = follow
        self._by_process: _Cache[ProcessId] = _Cache(clock, cached)
        self._by_owner: _Cache[Address] = _Cache(clock, cached)

    async def locate(self, process: ProcessId, hint: Address | None = None) -> Location:
        """The scheduler of that process; a hint names its address, which saves looking at the process. Raises NotFound for
        an unknown process or scheduler, InvalidItem for one that does not say what it must."""
        return await self._by_process.get(process, lambda: self._locate(process, hint))

    async def validate(self, address: Address) -> bool:
        """Whether the scheduler of that address says where it is. Raises NotFound where it never said anything."""
        try:
            await self._of_owner(address)
        except InvalidItem:
            return False
        return True

    async def raw(self, address: Address) -> str | None:
        """The URL that the scheduler of that address told last."""
        try:
            return (await self._of_owner(address)).url
        except NotFound:
            return None

    async def _locate(self, process: ProcessId, hint: Address | None) -> Location:
        try:
            found = await self._of_owner(hint or await self._named_by(process))
        except NotFound:
            found = await self._routed(process)
        if self._follow is None:
            return found
        return Location(await self._follow(found.url, process), found.address, found.seconds)

    async def _named_by(self, process: ProcessId) -> Address:
        named = {name.lower(): value for name, value in reversed(await self._tags_of(process))}
        if not named.get("scheduler"):
            raise InvalidItem(f"process {process} has no Scheduler tag")
        return Address(named["scheduler"])

    async def _tags_of(self, process: ProcessId) -> tuple[Tag, ...]:
        try:
            return (await self._gateway.item(process)).tags
        except NotFound as error:
            raise NotFound("process", process) from error

    async def _of_owner(self, address: Address) -> Location:
        return await self._by_owner.get(address, lambda: self._told_by(address))

    async def _told_by(self, address: Address) -> Location:
        tags = (("Data-Protocol", ("ao",)), ("Type", (TYPE,)))
        page = await self._gateway.search(Search(owners=(address,), tags=tags, limit=1))
        if not page.items:
            raise NotFound("the location of scheduler", address)
        return read_location(page.items[0].tags, address)

    async def _routed(self, process: ProcessId) -> Location:
        for router in self._routers:
            async with open_client(router) as client:
                try:
                    answer = await Site(client, ()).get("/", (("process-id", process),))
                except (NotFound, InvalidItem):
                    continue
            with expecting("a scheduler's address", router):
                address = Address(str(answer.json()["address"]))
            return Location(router.rstrip("/"), address, ROUTED_SECONDS)
        raise NotFound("the scheduler of process", process)


def read_location(tags: Sequence[Tag], address: Address) -> Location:
    """What a Scheduler-Location says. Raises InvalidItem where it lacks the URL, or for how long that holds."""
    url, lives = find(tags, "Url"), find(tags, "Time-To-Live") or ""
    if not (url and lives.isascii() and lives.isdigit()):
        raise InvalidItem(
            f"the location of scheduler {address} needs the tags Url and Time-To-Live"
        )
    return Location(url.rstrip("/"), address, int(lives) / 1000)


async def follow_redirect(url: str, process: ProcessId) -> str:
    """The origin that a scheduler's router sends those to who ask for the process; else the URL itself. Raises
    UnitUnreachable."""
    async with open_client(url) as client:
        request = client.build_request("GET", "/", params={"process-id": process})
        try:
            answer = await client.send(request, follow_redirects=False)
        except httpx.RequestError as error:
            raise unreachable(request, error) from error
    if answer.status_code not in _REDIRECTS:
        return url
    told = httpx.URL(url).join(answer.headers.get("location", ""))
    return str(told.copy_with(raw_path=b"/")).rstrip("/")


class _Cache(Generic[K]):
    """Locations by what they are of; of too many the one that was used least lately is forgotten."""

    def __init__(self, clock: Callable[[], float], size: int) -> None:
        self._clock = clock
        self._size = size
        self._kept: OrderedDict[K, tuple[Location, float]] = OrderedDict()

    async def get(self, key: K, look_up: Callable[[], Awaitable[Location]]) -> Location:
        """What is kept while it holds, else what is looked up; raises what that raises."""
        kept = self._kept.get(key)
        if kept is not None and self._clock() < kept[1]:
            self._kept.move_to_end(key)
            return kept[0]
        try:
            found = await look_up()
        except UnitUnreachable:
            if kept is None:
                raise
            return kept[0]
        self._kept[key] = (found, self._clock() + found.seconds)
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return found
