import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from unitstack.web.application import application, body_of
from unitstack.web.asking import open_client
from unitstack.web.serving import serving


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def whole(request: Request) -> Response:
    return PlainTextResponse(str(len(await body_of(request))))


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


APP = application([Route("/", hello), Route("/", whole, methods=["POST"])], unit="test")


async def test_an_application_answers_at_the_url_that_it_gives() -> None:
    async with serving(APP) as url, open_client(url) as client:
        assert (await client.get("/")).text == "hello"
        assert (await client.post("/", content=bytes(1 << 20))).text == str(1 << 20)


async def test_several_are_served_beside_one_another() -> None:
    async with serving(APP) as one, serving(APP, "::1") as other:
        assert one != other
        for url in (one, other):
            async with open_client(url) as client:
                assert (await client.get("/")).text == "hello"


async def test_a_port_that_is_taken_is_told_and_one_that_was_left_is_free_again() -> None:
    async with serving(APP) as url:
        port = port_of(url)
        with pytest.raises(OSError, match="in use"):
            async with serving(APP, port=port):
                pass
    async with serving(APP, port=port) as again:
        assert again == url


async def test_what_is_answered_when_it_ends_is_answered_whole() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> Response:
        begun.set()
        await go.wait()
        return PlainTextResponse("late")

    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(application([Route("/", slow)], unit="t")))
        async with open_client(url) as client:
            asked = asyncio.create_task(client.get("/"))
            await begun.wait()
            ending = asyncio.create_task(stack.aclose())
            await asyncio.sleep(0)
            go.set()
            assert (await asked).text == "late"
        await ending


@asynccontextmanager
async def a_slow_client(url: str) -> AsyncIterator[None]:
    """Sends the half of a request, and waits."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(url))
    try:
        writer.write(
            b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n"
        )
        await reader.readline()
        yield
    finally:
        writer.close()
        await writer.wait_closed()


async def test_more_connections_than_can_be_served_are_told_so() -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(APP, connections=4))
        client = await stack.enter_async_context(open_client(url))
        for _ in range(4):
            await stack.enter_async_context(a_slow_client(url))
        assert (await client.get("/")).status_code == httpx.codes.SERVICE_UNAVAILABLE


async def test_a_crowd_that_asks_for_nothing_is_sent_away_at_once() -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(APP, connections=2))
        crowd = [await asyncio.open_connection("127.0.0.1", port_of(url)) for _ in range(8)]

        answers = [await reader.read() for reader, _ in crowd[4:]]

        assert all(answer.startswith(b"HTTP/1.1 503 ") for answer in answers)
        head, _, body = answers[0].partition(b"\r\n\r\n")
        assert f"content-length: {len(body)}".encode() in head
        assert json.loads(body) == {"error": "busy: too many connections"}
        for _, writer in crowd:
            writer.close()
            await writer.wait_closed()


@pytest.mark.parametrize("sent", [b"", b"GET / HT"])
async def test_a_connection_on_which_no_whole_request_comes_is_given_up(sent: bytes) -> None:
    async with serving(APP, head_seconds=0.01) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(url))
        writer.write(sent)
        async with asyncio.timeout(30):
            assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_what_is_no_http_does_no_harm() -> None:
    async with serving(APP) as url, open_client(url) as client:
        for raw in (b"\0\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 100_000):
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(url))
            writer.write(raw)
            writer.write_eof()
            await reader.read()
            writer.close()
            await writer.wait_closed()
        assert (await client.get("/")).text == "hello"
