"""Bad company at the door of a network that `ao serve` runs: it is told so, and the network goes on."""

import asyncio
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from tests.field.served import served
from tests.items import a_message, a_process
from unitstack.wire import data_item

CROWD = 10_000
AT_ONCE = 200
PATIENCE = 30.0
UNITS = ("gateway", "bundler", "messenger", "scheduler", "compute", "node")
BODY = (
    b"POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    with served("--memory", "--engine", "lua") as network:
        yield network["urls"]


@contextmanager
def room_for(files: int) -> Iterator[None]:
    """This program may have that many files open."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], files), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


class Crowd:
    """Connections that say nothing, or half of something, and what they were told."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 0
        self._writers: list[asyncio.StreamWriter] = []
        self._readers: list[asyncio.StreamReader] = []

    async def gather(self, count: int, sent: bytes = b"") -> None:
        for _ in range(0, count, AT_ONCE):
            await asyncio.gather(*(self._join(sent) for _ in range(AT_ONCE)))

    async def told(self, seconds: float) -> Counter[bytes]:
        """The first words of all answers that come in that time."""
        words = await asyncio.gather(*(self._first(each, seconds) for each in self._readers))
        return Counter(words)

    async def leave(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _join(self, sent: bytes) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        writer.write(sent)
        self._readers.append(reader)
        self._writers.append(writer)

    async def _first(self, reader: asyncio.StreamReader, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                return (await reader.readline())[9:12]
        except TimeoutError:
            return b"waits"


async def test_ten_thousand_connections_are_refused_politely(urls: dict[str, str]) -> None:
    with room_for(CROWD + 1_000):
        crowd = Crowd(urls["messenger"])
        await crowd.gather(CROWD, b"GET / HT")
        told = await crowd.told(2.0)
        await crowd.leave()

    assert set(told) == {b"503", b"waits"}
    assert told[b"503"] >= CROWD - 2_000
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
        assert (await client.get(urls["scheduler"])).status_code == 200
        # That they are gone is noticed one after another.
        while (await client.get(urls["messenger"])).status_code == 503:
            pass
        assert (await client.get(urls["messenger"])).status_code == 200


async def megabytes_taken(url: str, most: int) -> int:
    """How much of a body was taken before its sender was cut off."""
    address = urlsplit(url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(BODY)
    chunk = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
    taken = 0
    try:
        while taken < most:
            writer.write(chunk)
            await writer.drain()
            taken += 1
    except ConnectionError:
        return taken
    finally:
        writer.transport.abort()
    return taken


@pytest.mark.parametrize("unit", ["messenger", "scheduler", "node"])
async def test_a_body_that_never_ends_is_cut_off(urls: dict[str, str], unit: str) -> None:
    assert await megabytes_taken(urls[unit], most=100) < 100

    async with httpx.AsyncClient(base_url=urls[unit]) as client:
        assert (await client.get("/~meta@1.0/info")).status_code in (200, 404)


async def test_slow_clients_keep_no_one_out(urls: dict[str, str]) -> None:
    crowd = Crowd(urls["scheduler"])
    await crowd.gather(400, BODY)
    process = a_process()

    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(urls["scheduler"], content=data_item.encode(process))
        message = data_item.encode(a_message(target=process.id))
        sent = await client.post(urls["messenger"], content=message)

    assert (answer.status_code, sent.status_code) == (200, 202)
    await crowd.leave()


@pytest.mark.parametrize("unit", UNITS)
async def test_what_no_one_can_read_is_told_and_does_no_harm(
    urls: dict[str, str], unit: str
) -> None:
    broken = (b"", b"\0", b"{", b'{"query": "{', bytes(5000), b"[" * 100_000, b"\xff" * 80)
    paths = ("/", "/tx", "/graphql", "/dry-run?process-id=x", "/monitor/x", "/push", "/result/%00")

    async with httpx.AsyncClient(base_url=urls[unit], timeout=30) as client:
        answers = [await client.post(path, content=raw) for path in paths for raw in broken]

    assert {answer.status_code // 100 for answer in answers} == {4}
    assert all(answer.status_code != 404 or len(answer.content) < 500 for answer in answers)
