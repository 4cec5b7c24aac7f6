"""How a unit elsewhere is asked: one client for each, kept open; errors of the network told apart from the unit's own."""

import ssl
from asyncio import sleep
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from unitstack.errors import UnitUnreachable
from unitstack.web.statuses import error_of

TIMEOUT = httpx.Timeout(60.0, connect=5.0, pool=None)
DELAYS = (0.2, 0.4, 0.8, 1.6)
# What may go better a moment later, and does no harm when it is asked twice.
_PASSING = (429, 502, 503, 504)
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

Params = Sequence[tuple[str, str]]
Json = Any


def open_client(url: str, timeout: httpx.Timeout = TIMEOUT) -> httpx.AsyncClient:
    """A client for the unit at that URL; to be kept open for as long as the unit is asked."""
    return httpx.AsyncClient(
        base_url=url.rstrip("/"),
        timeout=timeout,
        follow_redirects=True,
        max_redirects=3,
        verify=_certificates(),
        # A proxy that leads out of this machine does not lead to a unit on it.
        trust_env=urlsplit(url).hostname not in _LOOPBACK,
    )


def path_of(*parts: str) -> str:
    """A path of these parts, whatever characters they have."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def was_sent(error: httpx.RequestError) -> bool:
    """Whether the unit may have got the request all the same."""
    return not isinstance(error, _UNSENT)


def unreachable(request: httpx.Request, error: httpx.RequestError) -> UnitUnreachable:
    """What is told of a request that was not answered: where it went, why it failed, and what to do."""
    return UnitUnreachable(str(request.url), _reason(error))


class Site:
    """A unit elsewhere. What changes nothing is asked again, after each of the delays, where the network or the unit is
    away for a moment; what may have changed something is asked again only where it was never sent."""

    def __init__(self, client: httpx.AsyncClient, delays: Sequence[float] = DELAYS) -> None:
        self._client = client
        self._delays = delays

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self._client.base_url).rstrip("/")

    async def get(
        self, path: str, params: Params = (), *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Raises what the unit answers, UnitUnreachable where it does not."""
        request = self._request("GET", path, params=params, headers=headers)
        return await self._ask(request, again=True)

    async def post(
        self,
        path: str,
        params: Params = (),
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> httpx.Response:
        """Raises what the unit answers, UnitUnreachable where it does not."""
        request = self._request("POST", path, params=params, content=content, headers=headers)
        return await self._ask(request, again=again)

    async def delete(
        self, path: str, *, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Raises what the unit answers, UnitUnreachable where it does not."""
        request = self._request("DELETE", path, content=content, headers=headers)
        return await self._ask(request, again=False)

    def _request(self, method: str, path: str, **given: Any) -> httpx.Request:
        if not given.get("params"):
            given.pop("params", None)
        return self._client.build_request(method, path, **given)

    async def _ask(self, request: httpx.Request, *, again: bool) -> httpx.Response:
        for delay in self._delays:
            try:
                answer = await self._client.send(request)
            except httpx.RequestError as error:
                if was_sent(error) and not again:
                    raise unreachable(request, error) from error
            else:
                if not (again and answer.status_code in _PASSING):
                    return _checked(answer)
            await sleep(delay)
        return await self._ask_last(request)

    async def _ask_last(self, request: httpx.Request) -> httpx.Response:
        try:
            return _checked(await self._client.send(request))
        except httpx.RequestError as error:
            raise unreachable(request, error) from error


UNREADABLE = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading JSON of another shape raises, or of one that is nested without end."""


@contextmanager
def expecting(what: str, url: str) -> Iterator[None]:
    """What is read within has the shape that its unit gives it. Raises UnitUnreachable: something else is there."""
    try:
        yield
    except UNREADABLE as error:
        reason = f"what is there does not answer with {what} ({type(error).__name__}: {error})"
        raise UnitUnreachable(url, f"{reason}; check that the URL is the right unit's") from error


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    raise error_of(answer.status_code, _text(answer), str(answer.request.url))


def _text(answer: httpx.Response) -> str:
    """The reason, as ao's units write it, or as others do."""
    try:
        return str(answer.json()["error"])
    except UNREADABLE:
        return answer.text


def _reason(error: httpx.RequestError) -> str:
    told = str(error) or type(error).__name__
    if isinstance(error, _UNSENT):
        return f"{told}; check that it runs and that the URL is right"
    if isinstance(error, httpx.TimeoutException):
        return f"{told}; it may be busy, try again later"
    return f"{told}; try again"


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    # Making one takes 54 ms: all clients share it.
    return httpx.create_ssl_context()
