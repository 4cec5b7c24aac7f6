"""What all widgets have in common: they follow, they say what is wrong, and nothing of them is left when they are closed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from ipywidgets import HTML, Select  # type: ignore[import-untyped]
from ipywidgets.widgets.widget import _instances  # type: ignore[import-untyped]

from ao_kernel.session import Session
from ao_kernel.widgets.live import Live, close_whole, steps
from ao_kernel.widgets.look import MUCH, block, columns, facts, heading, note
from tests.ao_kernel.network import FakeNetwork
from tests.ao_kernel.widgets.conftest import ALICE, HOSTILE, closed, is_only_text, run, shown
from unitstack.errors import Refused
from unitstack.wire.ids import ProcessId


def models() -> set[str]:
    """The ids of all widgets' models, layouts and styles among them."""
    return set(_instances)


async def news(*times: frozenset[ProcessId]) -> AsyncGenerator[frozenset[ProcessId]]:
    for changed in times:
        yield changed


def a_live(*parts: HTML, ended: Callable[[], None] = closed) -> Live:
    return Live("title", parts, ended)


async def ends(live: Live) -> None:
    while live._tasks:
        await asyncio.wait(live._tasks)


def failing_once() -> Callable[..., Awaitable[None]]:
    problems = [Refused("the unit is away")]

    async def work(*_: object) -> None:
        if problems:
            raise problems.pop()

    return work


async def test_a_hundred_widgets_that_were_closed_leave_no_model_behind(session: Session) -> None:
    await run(session, "%spawn alice")
    before = models()

    for _ in range(20):
        for cell in ("%inbox live", "%card", "%send", "%trace live", "%timeline live"):
            await shown(session, cell)
        for view in tuple(session.views.values()):
            view.close()

    assert models() == before
    assert session.views == {}


async def test_what_is_shown_twice_is_one_widget(session: Session) -> None:
    view = "application/vnd.jupyter.widget-view+json"

    one, other = [await shown(session, "%inbox live") for _ in range(2)]

    assert one[view] == other[view]


async def test_a_widget_that_was_closed_is_made_anew(session: Session) -> None:
    first = await shown(session, "%card")
    for view in tuple(session.views.values()):
        view.close()

    second = await shown(session, "%card")

    assert str(first) != str(second)


async def test_leaving_a_network_closes_its_widgets(session: Session) -> None:
    before = models()
    await shown(session, "%inbox live")

    await session.close()

    assert models() == before


async def test_moving_to_another_network_closes_the_widgets_of_this_one(session: Session) -> None:
    before = models()
    await shown(session, "%card")

    await session.move(FakeNetwork())

    assert models() == before
    await session.move(None)


async def test_the_button_closes_it() -> None:
    ended: list[str] = []
    live = a_live(HTML(), ended=lambda: ended.append("once"))

    live._close.click()

    assert ended == ["once"]
    assert live._widget.comm is None


async def test_closing_a_widget_twice_does_no_harm() -> None:
    part = HTML()
    close_whole(part)

    close_whole(part)

    assert part.comm is None


async def test_a_problem_is_told_until_it_is_over() -> None:
    live = a_live()
    work, notes = failing_once(), list[str]()
    live._note.observe(lambda change: notes.append(change["new"]), "value")

    live.follow(news(frozenset((ALICE,)), frozenset((ALICE,))), work)
    await ends(live)

    assert notes == [note("the unit is away"), note("")]
    live.close()


async def test_what_was_said_stays_while_all_is_well() -> None:
    live = a_live()
    live.note("sent")

    live.follow(news(frozenset((ALICE,))), failing_nothing)
    await ends(live)

    assert live._note.value == note("sent")
    live.close()


async def failing_nothing(_: object = None) -> None:
    """Goes well."""


async def test_a_problem_with_what_a_person_asked_for_is_told() -> None:
    live = a_live()

    live.begin(failing_once())
    await ends(live)

    assert live._note.value == note("the unit is away")
    live.close()


async def test_what_is_asked_for_while_it_is_done_is_done_once_more() -> None:
    live, started, go_on = a_live(), list[int](), asyncio.Event()

    async def work() -> None:
        started.append(1)
        await go_on.wait()

    for _ in range(5):
        live.refresh("work", work)
    await asyncio.sleep(0)
    live.refresh("work", work)
    go_on.set()
    await ends(live)

    assert len(started) == 2
    live.close()


async def test_its_background_ends_with_it() -> None:
    live = a_live()
    live.follow(endless(), failing_nothing)
    await asyncio.sleep(0)
    tasks = tuple(live._tasks)

    live.close()
    await asyncio.wait(tasks)

    assert all(task.cancelled() for task in tasks)


async def endless() -> AsyncGenerator[frozenset[ProcessId]]:
    await asyncio.Event().wait()
    yield frozenset()


def test_texts_are_only_text() -> None:
    for html in (heading(HOSTILE), note(HOSTILE), facts([(HOSTILE, HOSTILE)]), block(HOSTILE)):
        assert is_only_text(html)


def test_a_very_long_text_is_cut_and_says_so() -> None:
    html = block("ä" * (MUCH + 5))

    assert html.count("ä") == MUCH
    assert "5 characters more" in html


def test_columns_keep_their_widths_in_a_list() -> None:
    assert (
        columns([("a\nb", 5), ("longer than that", 6)]) == "a\u00a0b\u00a0\u00a0\u00a0\u00a0longe…"
    )


def test_a_list_is_gone_through_by_buttons() -> None:
    choice = Select(options=["one", "two", "three"], value=None)
    up, down = steps(choice).children
    seen = []

    for button in (down, down, down, down, up):
        button.click()
        seen.append(choice.value)

    assert seen == ["one", "two", "three", "three", "two"]


def test_an_empty_list_has_no_line_to_select() -> None:
    choice = Select(options=[])

    steps(choice).children[0].click()

    assert choice.value is None


async def test_what_is_done_in_another_thread_is_done_in_the_widgets_loop() -> None:
    live, loops = a_live(), list[asyncio.AbstractEventLoop]()

    async def work() -> None:
        loops.append(asyncio.get_running_loop())

    await asyncio.to_thread(live.begin, work)
    await asyncio.to_thread(live.refresh, "work", work)
    await asyncio.to_thread(live._close.click)
    await asyncio.sleep(0)

    assert loops == [asyncio.get_running_loop()] * 2
    assert live._widget.comm is None
