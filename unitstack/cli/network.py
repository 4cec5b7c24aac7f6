"""A whole network behind HTTP: opens the stack, serves each unit on a port of its own, and says where all of it is."""

from asyncio import gather
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from unitstack.client import wallets
from unitstack.compute.http import compute_app
from unitstack.errors import Refused
from unitstack.gateway.http import bundler_app, gateway_app
from unitstack.gateway.unit import GatewayUnit
from unitstack.hyperbeam.http import node_app
from unitstack.messenger.http import messenger_app
from unitstack.scheduler.http import scheduler_app
from unitstack.scheduler.location import announce
from unitstack.stack import EngineName, Keys, Stack, StackSettings, keys_in, open_stack
from unitstack.web.serving import serving
from unitstack.wire.ids import Address, ModuleId

UNITS = ("gateway", "bundler", "messenger", "scheduler", "compute", "node")
"""In the order of their ports."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each unit listens; 0 is any port that is free."""

    gateway: int
    bundler: int
    messenger: int
    scheduler: int
    compute: int
    node: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to serve: where it is kept (in memory without a home), on which addresses, what runs new processes, and where
    compiled modules are kept; figures or none, pages of other origins or none, whether anyone may have a message
    pushed again; key files where they are not the home's."""

    home: Path | None
    host: str
    ports: Ports
    advertised: str
    engine: EngineName
    compiled: Path | None
    metrics: bool = False
    cors: bool = True
    push: bool = False
    messenger_wallet: Path | None = None
    scheduler_wallet: Path | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """A network that runs: the URL of each unit, whose wallets they sign with, and the module that processes run."""

    gateway: str
    bundler: str
    messenger: str
    scheduler: str
    compute: str
    node: str
    scheduler_address: Address
    messenger_address: Address
    module: ModuleId


@asynccontextmanager
async def network(plan: Plan) -> AsyncIterator[Served]:
    """Serves until the end of it. Raises Refused for a port that is taken, or a home that another program has open."""
    async with AsyncExitStack() as closing:
        keys = _keys(plan)
        # Clients come with schedulers of the public network built in; ao's own unit does not look at the tag either.
        settings = StackSettings(
            engine=plan.engine, durable=True, compiled=plan.compiled, any_scheduler=True
        )
        opening = open_stack(plan.home, keys=keys, settings=settings)
        stack = await closing.enter_async_context(opening)
        served = await _serve(stack, plan, keys, closing)
        # Clients of the node make its address, the messenger's, the scheduler of what they spawn.
        for wallet in (keys.scheduler, keys.messenger):
            await announce(stack.units.gateway, wallet, wallet.address, served.scheduler)
        yield served


def _keys(plan: Plan) -> Keys:
    """Raises InvalidKey for a file that holds none."""
    keys = keys_in(plan.home)
    messenger, scheduler = plan.messenger_wallet, plan.scheduler_wallet
    return Keys(
        messenger=wallets.load(messenger) if messenger else keys.messenger,
        scheduler=wallets.load(scheduler) if scheduler else keys.scheduler,
    )


async def _serve(stack: Stack, plan: Plan, keys: Keys, closing: AsyncExitStack) -> Served:
    units, given = stack.units, {"metrics": plan.metrics, "cors": plan.cors}
    archive = units.gateway
    # The stack plays it here, as no other gateway was given to it.
    assert isinstance(archive, GatewayUnit)
    forbidden = stack.messenger.forbidden_senders
    apps: dict[str, ASGIApp] = {
        "gateway": gateway_app(archive, **given),
        "bundler": bundler_app(archive, **given),
        "messenger": messenger_app(
            units.messenger,
            address=stack.authority,
            traces=stack.messenger.traces,
            push=stack.messenger.push if plan.push else None,
            **given,
        ),
        "scheduler": scheduler_app(
            units.scheduler, stack.scheduler, forbidden_senders=forbidden, **given
        ),
        "compute": compute_app(units.compute, units.scheduler, stack.scheduler, **given),
        "node": node_app(units, keys.messenger, forbidden_senders=forbidden, **given),
    }
    opening = [_open(app, name, plan) for name, app in apps.items()]
    urls = await closing.enter_async_context(_together(opening))
    return Served(
        **dict(zip(apps, urls, strict=True)),
        scheduler_address=stack.scheduler,
        messenger_address=stack.authority,
        module=stack.module,
    )


@asynccontextmanager
async def _together(
    opening: Sequence[AbstractAsyncContextManager[str]],
) -> AsyncIterator[list[str]]:
    """Opened one after another, closed all at once: each waits a little for what it is still answering."""
    urls: list[str] = []
    try:
        for each in opening:
            url = await each.__aenter__()
            urls.append(url)
        yield urls
    finally:
        opened = opening[: len(urls)]
        await gather(*(each.__aexit__(None, None, None) for each in opened))


@asynccontextmanager
async def _open(app: ASGIApp, unit: str, plan: Plan) -> AsyncIterator[str]:
    """The URL under which others reach the unit."""
    port: int = getattr(plan.ports, unit)
    async with AsyncExitStack() as closing:
        try:
            url = await closing.enter_async_context(serving(app, plan.host, port))
        except OSError as error:
            reason = f"the {unit} cannot listen on port {port} of {plan.host}: {error.strerror}"
            raise Refused(f"{reason}; choose another with --port or --{unit}-port") from error
        yield f"http://{plan.advertised}:{url.rpartition(':')[2]}"
