"""Clients of applications in this process: HTTP without a network; and applications at addresses of their own."""

from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette

from unitstack.web.serving import serving


def client_of(app: Starlette, *, raises: bool = True) -> httpx.AsyncClient:
    """A client whose every request the application answers. `raises` lets a bug of the application through."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=raises)
    return httpx.AsyncClient(transport=transport, base_url="http://unit", follow_redirects=True)


@asynccontextmanager
async def all_served(*apps: Starlette) -> AsyncIterator[tuple[str, ...]]:
    """Their URLs. Each takes some time to end, and all end at once."""
    opening = [serving(app) for app in apps]
    urls = await gather(*(each.__aenter__() for each in opening))
    try:
        yield tuple(urls)
    finally:
        await gather(*(each.__aexit__(None, None, None) for each in opening))
