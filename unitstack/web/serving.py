"""Serves applications on addresses of this machine, beside whatever else the loop does."""

import asyncio
import socket
from asyncio import Event, create_task
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 1_000
GRACE_SECONDS = 5
HEAD_SECONDS = 30.0


@asynccontextmanager
async def serving(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    connections: int = CONNECTIONS,
    head_seconds: float = HEAD_SECONDS,
) -> AsyncIterator[str]:
    """The application at an address, whose URL this gives; port 0 is any that is free. At the end, what is being answered
    is waited for a little. More connections at once than that are told that it is busy, and one on which no whole head of
    a request comes in time is given up. Raises OSError where the port is taken."""
    listening = _listening(host, port)
    server = _Server(_config(app, connections, head_seconds))
    task = create_task(server.serve([listening]), name=f"serving port {port}")
    ready = create_task(server.ready.wait())
    try:
        await ready
        yield f"http://{_shown(host)}:{listening.getsockname()[1]}"
    finally:
        ready.cancel()
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    """Leaves signals to who serves, and tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _patient(seconds: float) -> type[H11Protocol]:
    """Connections that wait so long for a request's head: who only opens them must not keep others out."""

    class Connection(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
            super().connection_made(transport)
            self._giving_up = self.loop.call_later(seconds, transport.close)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._giving_up.cancel()
            if self.conn.their_state is h11.IDLE:
                self._giving_up = self.loop.call_later(seconds, self.transport.close)

        def connection_lost(self, exc: Exception | None) -> None:
            self._giving_up.cancel()
            super().connection_lost(exc)

    return Connection


def _config(app: ASGIApp, connections: int, head_seconds: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_patient(head_seconds),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=connections,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Said to be TCP, asyncio sends small answers at once; otherwise each waits 40 ms for its acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
