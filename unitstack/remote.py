"""Casts every part elsewhere: the units of an ao network that others run, as the same parts."""

from asyncio import gather
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass

import httpx

from unitstack.compute.http import RemoteCompute
from unitstack.errors import AoError, UnitUnreachable
from unitstack.gateway.http import RemoteGateway
from unitstack.hyperbeam.remote import RemoteNode
from unitstack.messenger.http import ADDRESS, RemoteMessenger
from unitstack.scheduler.http import RemoteScheduler
from unitstack.units import Units
from unitstack.web.asking import DELAYS, Site, expecting, open_client
from unitstack.wire.ids import Address
from unitstack.wire.keys import Signer


@asynccontextmanager
async def connect(
    *,
    mu: str,
    su: str,
    cu: str,
    gateway: str,
    bundler: str | None = None,
    delays: Sequence[float] = DELAYS,
) -> AsyncIterator[Units]:
    """The network whose units are at these URLs; without a bundler, uploads go to the gateway. Nothing is asked yet: a
    unit that is away raises UnitUnreachable when it is asked, and again after each of the delays."""
    async with AsyncExitStack() as closing:

        async def opened(url: str) -> httpx.AsyncClient:
            return await closing.enter_async_context(open_client(url))

        kept = RemoteGateway(await opened(gateway), await opened(bundler or gateway), delays=delays)
        scheduler = RemoteScheduler(await opened(su), kept, delays=delays)
        compute = RemoteCompute(await opened(cu), scheduler, delays=delays)
        messenger = RemoteMessenger(await opened(mu), delays=delays)
        yield Units(messenger, scheduler, compute, kept)


@asynccontextmanager
async def connect_node(
    url: str,
    wallet: Signer | None = None,
    *,
    gateway: str | None = None,
    delays: Sequence[float] = DELAYS,
) -> AsyncIterator[RemoteNode]:
    """The HyperBEAM node at that URL, which is asked nothing yet. A gateway beside it finds what the node does not."""
    async with AsyncExitStack() as closing:
        client = await closing.enter_async_context(open_client(url))
        kept = None
        if gateway is not None:
            beside = await closing.enter_async_context(open_client(gateway))
            kept = RemoteGateway(beside, delays=delays)
        yield RemoteNode(client, wallet, gateway=kept, delays=delays)


@dataclass(frozen=True, slots=True)
class Urls:
    """Where each unit of a network is."""

    mu: str
    su: str
    cu: str
    gateway: str


@dataclass(frozen=True, slots=True)
class Around:
    """What the units say of themselves: the scheduler's address, and the messenger's if it says it."""

    scheduler: Address
    authority: Address | None


_HOME = {"mu": "/", "su": "/", "cu": "/", "gateway": "/info"}
_PROSE = {"mu": "messenger", "su": "scheduler", "cu": "compute unit", "gateway": "gateway"}


async def look_around(urls: Urls) -> Around:
    """Asks each unit once, all at the same time. Raises UnitUnreachable for one that does not answer."""
    asked = [_home_of(unit, url) for unit, url in asdict(urls).items()]
    messenger, scheduler, *_ = await gather(*asked)
    with expecting("a scheduler's address", urls.su):
        address = Address(scheduler.json()["address"])
    told = messenger.headers.get(ADDRESS)
    return Around(address, Address(told) if told else None)


async def _home_of(unit: str, url: str) -> httpx.Response:
    async with open_client(url) as client:
        try:
            return await Site(client, delays=()).get(_HOME[unit])
        except UnitUnreachable:
            raise
        except AoError as error:
            reason = f"not as a {_PROSE[unit]} does ({error}); check that the URL is the {_PROSE[unit]}'s"
            raise UnitUnreachable(url, reason) from error
