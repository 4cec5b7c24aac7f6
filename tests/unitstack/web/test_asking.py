import asyncio
from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unitstack.errors import InvalidItem, Refused, UnitUnreachable
from unitstack.web import asking
from unitstack.web.application import application, body_of
from unitstack.web.asking import Site, expecting, open_client, path_of
from unitstack.web.serving import serving

DELAYS = (0.0, 0.0)
Answer = Callable[[httpx.Request], httpx.Response]


class Elsewhere:
    """A unit that answers what is put in; the last of it again and again."""

    def __init__(self, *answers: httpx.Response | type[httpx.TransportError]) -> None:
        self.answers = list(answers)
        self.asked = 0
        client = httpx.AsyncClient(
            transport=httpx.MockTransport(self.answer), base_url="http://mu/ao/"
        )
        self.site = Site(client, DELAYS)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers[1:] else self.answers[0]
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("why", request=request)


def redirecting(to: str) -> Starlette:
    async def redirect(request: Request) -> Response:
        return RedirectResponse(to)

    return application([Route("/", redirect, methods=["GET", "POST"])], unit="router")


THERE = httpx.Response(200, text="here")


async def test_what_changes_nothing_is_asked_again() -> None:
    unit = Elsewhere(httpx.ReadError, httpx.Response(502), THERE)

    assert (await unit.site.get("/x")).text == "here"
    assert unit.asked == 3


async def test_after_the_last_delay_it_is_not_asked_again() -> None:
    unit = Elsewhere(httpx.ReadTimeout)

    with pytest.raises(UnitUnreachable, match=r"http://mu/ao/x did not answer: why; it may be"):
        await unit.site.get("/x")
    assert unit.asked == 3


def test_each_time_it_is_waited_twice_as_long() -> None:
    assert all(later == 2 * sooner for sooner, later in pairwise(asking.DELAYS))
    assert len(asking.DELAYS) > 2


async def test_what_may_have_changed_something_is_not_sent_twice() -> None:
    for answer in (httpx.ReadError, httpx.WriteTimeout, httpx.Response(503)):
        unit = Elsewhere(answer)
        with pytest.raises(UnitUnreachable):
            await unit.site.post("/", content=b"item")
        assert unit.asked == 1


async def test_what_never_left_is_sent_again() -> None:
    unit = Elsewhere(httpx.ConnectError, httpx.ConnectTimeout, THERE)

    assert (await unit.site.post("/", content=b"item")).text == "here"
    assert unit.asked == 3


async def test_a_unit_that_is_away_is_told_with_its_url_and_what_to_do() -> None:
    unit = Elsewhere(httpx.ConnectError)

    with pytest.raises(UnitUnreachable) as raised:
        await unit.site.delete("/monitor/x", content=b"item")

    told = (
        "http://mu/ao/monitor/x did not answer: why; check that it runs and that the URL is right"
    )
    assert str(raised.value) == told


async def test_a_refusal_is_not_asked_again() -> None:
    unit = Elsewhere(httpx.Response(403, json={"error": "no"}))

    with pytest.raises(Refused, match="no"):
        await unit.site.get("/x")
    assert unit.asked == 1


async def test_a_reason_that_is_no_json_is_told_all_the_same() -> None:
    for text in ("no", '"no"', "[]", "{}"):
        unit = Elsewhere(httpx.Response(403, text=text))
        with pytest.raises(Refused) as raised:
            await unit.site.get("/x")
        assert str(raised.value) == text


async def test_a_redirect_is_followed_with_the_body() -> None:
    async def whole(request: Request) -> Response:
        return Response(await body_of(request))

    there = application([Route("/there", whole, methods=["POST"])], unit="mu")
    async with (
        serving(there) as mu,
        serving(redirecting(f"{mu}/there")) as router,
        open_client(f"{router}/") as client,
    ):
        assert (await Site(client).post("/", content=b"item")).content == b"item"


async def test_redirects_without_end_are_unreachable() -> None:
    async with serving(redirecting("/")) as router, open_client(router) as client:
        with pytest.raises(UnitUnreachable, match="Exceeded maximum"):
            await Site(client, DELAYS).get("/")


async def test_who_gives_up_is_free_at_once() -> None:
    never = asyncio.Event()
    asked = asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.set()
        await never.wait()
        return THERE

    site = Site(httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://mu"))
    asking = asyncio.create_task(site.get("/"))
    await asked.wait()

    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking


def test_a_path_keeps_each_part_in_its_place() -> None:
    assert path_of("result", "../a?b#c") == "/result/..%2Fa%3Fb%23c"


def test_what_has_another_shape_says_whose_url_to_check() -> None:
    for wrong in (
        KeyError("id"),
        TypeError("x"),
        ValueError("x"),
        IndexError(),
        AttributeError(),
        OverflowError(),
        RecursionError(),
    ):
        with (
            pytest.raises(UnitUnreachable, match=r"with a result .* check that the URL"),
            expecting("a result", "http://cu"),
        ):
            raise wrong


async def test_a_reason_that_is_nested_without_end_is_told_as_it_stands() -> None:
    unit = Elsewhere(httpx.Response(400, text="[" * 5000))

    with pytest.raises(InvalidItem, match=r"\[\[\["):
        await unit.site.get("/x")


def test_a_proxy_is_not_asked_for_what_is_on_this_machine() -> None:
    assert not open_client("http://127.0.0.1:4002").trust_env
    assert open_client("https://mu.example.org").trust_env
