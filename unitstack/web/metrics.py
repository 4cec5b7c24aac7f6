"""What a unit counts for Prometheus: requests by what they ask for and how they ended, and how long they took."""

from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNKNOWN = "unknown"


class Metrics:
    """One unit's figures."""

    def __init__(self, unit: str) -> None:
        self._registry = CollectorRegistry()
        labels = ("unit", "endpoint", "method")
        self._unit = unit
        self._requests = Counter(
            "ao_requests", "Requests answered", (*labels, "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "ao_request_seconds", "How long requests took", labels, registry=self._registry
        )

    async def expose(self, request: Request) -> Response:
        """The figures, as Prometheus reads them."""
        figures = generate_latest(self._registry)  # type: ignore[no-untyped-call]  # the library's
        return Response(figures, headers={"content-type": CONTENT_TYPE_LATEST})

    def middleware(self, app: ASGIApp) -> ASGIApp:
        """The application, counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            began, status = perf_counter(), 500

            async def noted(message: Message) -> None:
                nonlocal status
                status = message.get("status", status)
                await send(message)

            try:
                await app(scope, receive, noted)
            finally:
                if scope["type"] == "http":
                    self._count(scope, status, perf_counter() - began)

        return counted

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # A path holds ids, and each would be a figure of its own; what answers it does not.
        endpoint = getattr(scope.get("endpoint"), "__name__", _UNKNOWN)
        labels = (self._unit, endpoint, scope["method"])
        self._requests.labels(*labels, str(status)).inc()
        self._seconds.labels(*labels).observe(seconds)
