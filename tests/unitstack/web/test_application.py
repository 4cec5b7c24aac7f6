import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from tests.asgi import client_of
from unitstack.errors import UnusableFile
from unitstack.web import application as web
from unitstack.web.application import JsonResponse, application


async def read_whole(request: Request) -> Response:
    return Response(await web.body_of(request))


async def ask_numbers(request: Request) -> Response:
    names = ("a", "b", "c", "d", "e")
    return JsonResponse([web.number_in_query(request, name) for name in names])


async def ask_list(request: Request) -> Response:
    return JsonResponse(web.excluded_in_query(request))


async def meet_bug(request: Request) -> Response:
    raise ZeroDivisionError("secret: 7")


async def meet_full_disk(request: Request) -> Response:
    raise UnusableFile("a.sqlite", "disk full")


APP = application(
    [
        Route("/whole", read_whole, methods=["POST"]),
        Route("/numbers", ask_numbers),
        Route("/list", ask_list),
        Route("/bug", meet_bug),
        Route("/full", meet_full_disk),
    ],
    unit="test",
)


@pytest.fixture
def client() -> httpx.AsyncClient:
    return client_of(APP, raises=False)


async def test_a_body_comes_whole_whatever_pieces_it_comes_in(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"a", b"", b"bc"):
            yield piece

    assert (await client.post("/whole", content=pieces())).content == b"abc"
    assert (await client.post("/whole", content=bytes(web.MAX_BODY))).status_code == 200


async def test_a_body_whose_stated_size_is_too_long_is_not_read() -> None:
    async def never() -> Message:
        raise AssertionError("it was read")

    request = Request(
        {"type": "http", "headers": [(b"content-length", b"10485761")], "method": "POST"}, never
    )

    with pytest.raises(HTTPException, match="10485760 are allowed"):
        await web.body_of(request)


async def test_a_body_that_never_ends_is_given_up() -> None:
    async def silent() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    request = Request({"type": "http", "headers": [], "method": "POST"}, silent)

    with pytest.raises(HTTPException, match="the body took more than 0 s") as raised:
        await web.body_of(request, seconds=0.0)
    assert raised.value.status_code == 408


async def test_who_leaves_half_way_is_no_bug() -> None:
    sent: list[Message] = []

    async def leave() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/whole", "headers": [], "query_string": b""}
    await APP(scope, leave, send)

    assert sent[0]["status"] == 400
    assert ClientDisconnect.__name__ not in str(sent)


async def test_numbers_that_are_none_are_as_if_they_were_not_given(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/numbers?a=7&b=-1&c=undefined&d=²&e=" + "9" * 30)

    assert answer.json() == [7, -1, None, None, None]


async def test_a_list_leaves_out_what_is_empty(client: httpx.AsyncClient) -> None:
    assert (await client.get("/list?exclude=Data,,Tags")).json() == ["Data", "Tags"]


async def test_a_bug_is_told_without_what_is_inside(client: httpx.AsyncClient) -> None:
    answer = await client.get("/bug")

    assert (answer.status_code, answer.json()) == (500, {"error": web.BUG})


async def test_an_error_that_is_nobody_s_fault_is_the_unit_s(client: httpx.AsyncClient) -> None:
    answer = await client.get("/full")

    assert answer.status_code == 500
    assert answer.json() == {"error": "a.sqlite cannot be used: disk full"}


def test_json_of_whatever_a_process_made_can_be_read_everywhere() -> None:
    made = {"data": "\ud800é", "n": [float("nan"), float("inf"), 1.5]}

    written = JsonResponse(made).body

    assert json.loads(bytes(written)) == {"data": "\ud800é", "n": [None, None, 1.5]}
    assert bytes(written).decode() == '{"data":"\\ud800é","n":[null,null,1.5]}'
