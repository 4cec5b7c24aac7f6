"""Casts every part elsewhere: the units of an ao network that others run, as the same parts."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from unitstack.compute.http import RemoteCompute
from unitstack.gateway.http import RemoteGateway
from unitstack.messenger.http import RemoteMessenger
from unitstack.scheduler.http import RemoteScheduler
from unitstack.units import Units
from unitstack.web.asking import DELAYS, open_client


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
