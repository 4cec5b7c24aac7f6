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
# Those past the first number that ask for something are told that it is busy; a crowd that only holds connections open,
# without being asked what it wants.
_CROWD = 2
_FAREWELL_SECONDS = 1.0
_FAREWELL_BYTES = 1 << 24
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nconnection: close\r\n"
    b'retry-after: 1\r\ncontent-length: 38\r\n\r\n{"error":"busy: too many connections"}'
)
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


class _Connection(H11Protocol):
    """Waits only so long for a request's head, and for the rest of a body that was answered already; and is one of so many:
    who only opens connections must not keep others out, nor take all that the system lets one program open."""

    patience: float
    most: int

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._deaf, self._overheard = False, 0
        self._giving_up = self.loop.call_later(self.patience, transport.close)
        if len(self.connections) > self.most:
            transport.write(_BUSY)
            self._part()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        super().data_received(data)
        if self._is_answered_early:
            self._overhear(len(data))
            return
        self._overheard = 0
        self._giving_up.cancel()
        if self.conn.their_state is h11.IDLE:
            self._giving_up = self.loop.call_later(self.patience, self.transport.close)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_answered_early:
            self._giving_up.cancel()
            self._giving_up = self.loop.call_later(self.patience, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._giving_up.cancel()
        super().connection_lost(exc)

    @property
    def _is_answered_early(self) -> bool:
        """Whether a request was refused whose body is still coming: it may never end."""
        # Before its first request a connection has no cycle, whatever uvicorn says.
        cycle: object = self.cycle
        answered: bool = getattr(cycle, "response_complete", False)
        return answered and self.conn.their_state is h11.SEND_BODY

    def _overhear(self, size: int) -> None:
        self._overheard += size
        if self._overheard > _FAREWELL_BYTES:
            self._part()

    def _part(self) -> None:
        # Closed at once, what the other side is still sending would make its system throw the answer away.
        self._deaf = True
        self.transport.pause_reading()
        self.transport.write_eof()
        self._giving_up.cancel()
        self._giving_up = self.loop.call_later(_FAREWELL_SECONDS, self.transport.close)


def _patient(seconds: float, connections: int) -> type[_Connection]:
    """Such connections of one server."""
    chosen = {"patience": seconds, "most": _CROWD * connections}
    return type("Connection", (_Connection,), chosen)


def _config(app: ASGIApp, connections: int, head_seconds: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_patient(head_seconds, connections),
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
