"""Clients of applications in this process: HTTP without a network."""

import httpx
from starlette.applications import Starlette


def client_of(app: Starlette, *, raises: bool = True) -> httpx.AsyncClient:
    """A client whose every request the application answers. `raises` lets a bug of the application through."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=raises)
    return httpx.AsyncClient(transport=transport, base_url="http://unit", follow_redirects=True)
