"""Casts every part elsewhere: the units of an ao network that others run, as the same parts."""

from asyncio import gather
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

import httpx

from unitstack.client.aoconnect import AoConnect, Habits
from unitstack.compute.http import RemoteCompute
from unitstack.errors import AoError, Refused, UnitUnreachable
from unitstack.gateway.http import RemoteGateway
from unitstack.hyperbeam.remote import RemoteNode
from unitstack.messenger.http import ADDRESS, RemoteMessenger
from unitstack.scheduler.http import RemoteScheduler
from unitstack.scheduler.located import LocatedScheduler
from unitstack.scheduler.locating import Locator, follow_redirect
from unitstack.units import Scheduler, Units
from unitstack.web.asking import DELAYS, Site, expecting, open_client
from unitstack.wire.ids import Address
from unitstack.wire.keys import Signer
from unitstack.wire.tags import Tag

_DIGITS, _RETRIES = 7, 10


@asynccontextmanager
async def connect(
    *,
    mu: str,
    cu: str,
    gateway: str,
    su: str | None = None,
    bundler: str | None = None,
    delays: Sequence[float] = DELAYS,
) -> AsyncIterator[Units]:
    """The network whose units are at these URLs; without a bundler, uploads go to the gateway, and without a scheduler, the
    gateway tells where each process's own is. Nothing is asked yet: a unit that is away raises UnitUnreachable when it is
    asked, and again after each of the delays."""
    async with AsyncExitStack() as closing:

        async def opened(url: str) -> httpx.AsyncClient:
            return await closing.enter_async_context(open_client(url))

        kept = RemoteGateway(await opened(gateway), await opened(bundler or gateway), delays=delays)

        async def play(url: str) -> Scheduler:
            return RemoteScheduler(await opened(url), kept, delays=delays)

        scheduler = (
            await play(su) if su else LocatedScheduler(Locator(kept, follow=follow_redirect), play)
        )
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


class Mode(StrEnum):
    """Which dialect of ao a network speaks."""

    LEGACY = "legacy"
    MAINNET = "mainnet"


@dataclass(frozen=True, slots=True)
class Options:
    """What aoconnect is told of a network: of the legacy units' URLs, or of a node's. Without a scheduler's URL the gateway
    tells where each process's own is. A node's dry runs are from the signer. What changes nothing is asked again after
    each of the delays, in seconds."""

    mode: Mode = Mode.LEGACY
    mu_url: str | None = None
    cu_url: str | None = None
    gateway_url: str | None = None
    su_url: str | None = None
    url: str | None = None
    scheduler: Address | None = None
    signer: Signer | None = None
    delays: Sequence[float] = DELAYS


def options_in(environment: Mapping[str, str]) -> Options:
    """What the variables say that aoconnect reads. Raises Refused for a mode that there is not, or numbers that are none."""
    mode = environment.get("MODE", Mode.LEGACY)
    if mode not in tuple(Mode):
        raise Refused(f"Unrecognized MODE: {mode[:60]}; legacy and mainnet are known")
    scheduler = environment.get("SCHEDULER")
    names = ("MU_URL", "CU_URL", "GATEWAY_URL", "SU_URL", "URL")
    mu, cu, gateway, su, url = (environment.get(name) or None for name in names)
    address = Address(scheduler) if scheduler else None
    given = Options(Mode(mode), mu, cu, gateway, su, url, address)
    return replace(given, delays=_delays_in(environment))


def _delays_in(environment: Mapping[str, str]) -> Sequence[float]:
    """Each twice the one before, as many as are said; without a number, those that are usual here."""
    if not environment.get("GRAPHQL_MAX_RETRIES"):
        return DELAYS
    written = environment["GRAPHQL_MAX_RETRIES"], environment.get("GRAPHQL_RETRY_BACKOFF") or "300"
    if not all(text.isascii() and text.isdigit() and len(text) < _DIGITS for text in written):
        names = "GRAPHQL_MAX_RETRIES and GRAPHQL_RETRY_BACKOFF"
        raise Refused(
            f"{names} are {written[0][:60]!r} and {written[1][:60]!r}, whole numbers are needed"
        )
    retries, milliseconds = map(int, written)
    return tuple(milliseconds / 1000 * 2.0**number for number in range(min(retries, _RETRIES)))


@asynccontextmanager
async def connect_ao(options: Options) -> AsyncIterator[AoConnect]:
    """ao's own client on that network. Raises Refused where a URL is missing that it needs: no public host is taken
    instead."""
    if options.mode is Mode.MAINNET:
        url = _needed(options, "url")
        async with connect_node(url, options.signer, delays=options.delays) as node:
            address = await node.address()
            tags = (*MAINNET_TAGS, Tag("Authority", address))
            habits = Habits(options.scheduler or address, tags, node.owner, checks_modules=False)
            yield AoConnect(node.units, habits)
        return
    mu, cu, gateway = (_needed(options, name) for name in ("mu_url", "cu_url", "gateway_url"))
    opening = connect(mu=mu, cu=cu, gateway=gateway, su=options.su_url, delays=options.delays)
    async with opening as units:
        yield AoConnect(units, Habits(options.scheduler))


MAINNET_TAGS = (
    Tag("device", "process@1.0"),
    Tag("scheduler-device", "scheduler@1.0"),
    Tag("push-device", "push@1.0"),
    Tag("execution-device", "genesis-wasm@1.0"),
    Tag("Variant", "ao.N.1"),
)
"""What nodes need to be told of a process that they are to run."""


def _needed(options: Options, name: str) -> str:
    url: str | None = getattr(options, name)
    if url is None:
        raise Refused(f"{name.upper()} is not set: the {options.mode} mode needs it")
    return url


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
