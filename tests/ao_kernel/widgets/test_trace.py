"""The live sequence of messages, and the timeline with its slider."""

from dataclasses import replace

from ao_kernel.outputs import CellOutput
from ao_kernel.running import run_code
from ao_kernel.session import Session
from ao_kernel.widgets.timeline import PICTURE, Timeline, changes_html, event_html
from ao_kernel.widgets.trace import TABLE, LiveTrace
from tests.ao_kernel.widgets.conftest import (
    HOSTILE,
    MEGABYTE,
    is_only_text,
    run,
    shown,
    until,
    view_of,
)
from unitstack.worlds.difference import Change

PONG = 'Handlers.add("ping", "Ping", function (msg) x = (x or 0) + 1 msg.reply({ Action = "Pong" }) end)'
PING = 'Send({ Target = "alice", Action = "Ping", Data = [[%s]] })'


def ignored(output: CellOutput) -> None:
    """It does not matter what these cells show."""


async def two_who_talk(session: Session) -> None:
    await run(session, "%spawn alice", PONG, "%spawn bob", PING % HOSTILE)


async def test_a_trace_draws_what_goes_on_in_the_world(session: Session) -> None:
    await two_who_talk(session)
    await shown(session, "%trace live")
    trace = view_of(session, LiveTrace)

    await run(session, 'Send({ Target = "alice", Action = "Later" })')

    await until(trace._drawing, lambda: "Later" in trace._drawing.value)
    assert trace._drawing.value.startswith("<svg")


async def test_a_trace_can_be_of_one_cell_and_a_table(session: Session) -> None:
    await run(session, "%spawn alice", PONG, "%spawn bob")
    for number, cell in ((4, PING % "hello"), (5, "y = 1")):
        await run_code(session, cell, ignored, number)
    await shown(session, "%trace live")
    trace = view_of(session, LiveTrace)

    trace._cell.value = "In[4]"
    trace._form.value = TABLE
    await until(trace._live._title, lambda: "3 messages" in trace._live._title.value)

    assert [value for _, value in trace._cell.options] == ["", "In[5]", "In[4]"]
    assert trace._drawing.value.startswith("<table")
    assert "Pong" in trace._drawing.value


async def test_what_goes_between_processes_is_only_text(session: Session) -> None:
    await two_who_talk(session)

    bundle = await shown(session, "%trace live")
    trace = view_of(session, LiveTrace)
    picture = trace._drawing.value
    trace._form.value = TABLE

    for html in (picture, trace._drawing.value, bundle["text/html"], bundle["image/svg+xml"]):
        assert "<img" not in str(html)
        assert "&lt;img" in str(html)


async def test_before_the_first_message_a_trace_says_so(session: Session) -> None:
    bundle = await shown(session, "%trace live")

    assert bundle["text/plain"] == "no message yet"


async def a_timeline(session: Session) -> Timeline:
    await two_who_talk(session)
    await run(session, "%use alice")
    await shown(session, "%timeline live")
    timeline = view_of(session, Timeline)
    await until(timeline._place, lambda: bool(timeline._place.value))
    return timeline


async def test_a_timeline_shows_the_message_at_its_place(session: Session) -> None:
    timeline = await a_timeline(session)

    timeline._slider.value = 1

    await until(timeline._place, lambda: "Handlers.add" in timeline._place.value)
    assert "1 of 2, Eval from you" in timeline._live._title.value


async def test_a_timeline_shows_what_a_message_changed(session: Session) -> None:
    timeline = await a_timeline(session)

    timeline._form.value = "changes"

    await until(
        timeline._place, lambda: "<th" in timeline._place.value and "x" in timeline._place.value
    )
    assert "<td" in timeline._place.value


async def test_a_timeline_draws_what_a_message_belongs_to(session: Session) -> None:
    timeline = await a_timeline(session)

    timeline._form.value = "set off"

    await until(timeline._place, lambda: timeline._place.value.startswith("<svg"))
    assert "Pong" in timeline._place.value


async def test_a_timeline_at_its_end_stays_there_and_elsewhere_stays_too(session: Session) -> None:
    timeline = await a_timeline(session)

    await run(session, "y = 1")
    await until(timeline._slider, lambda: timeline._slider.value == 3)
    timeline._slider.value = 1
    await run(session, "y = 2")
    await until(timeline._slider, lambda: timeline._slider.max == 4)

    assert timeline._slider.value == 1


async def test_a_timeline_draws_the_log_over_time(session: Session) -> None:
    timeline = await a_timeline(session)

    timeline._form.value = PICTURE

    await until(timeline._place, lambda: "Timeline of alice" in timeline._place.value)


async def test_its_lasting_forms_are_the_log_over_time(session: Session) -> None:
    await two_who_talk(session)
    await run(session, "%use alice")

    bundle = await shown(session, "%timeline live alice")

    assert {"text/plain", "text/html", "image/svg+xml"} <= bundle.keys()
    assert "Ping" in str(bundle["text/html"])
    assert "<img" not in str(bundle["text/html"]) + str(bundle["image/svg+xml"])


async def test_a_message_with_all_its_tags_is_only_text(session: Session) -> None:
    await two_who_talk(session)
    event = (await session.chronicle.events(await session.world.process("alice")))[-1]

    html = event_html(event, session.world.name_of)

    assert is_only_text(html)
    assert "evaluated" in html
    assert is_only_text(changes_html((Change(HOSTILE, HOSTILE, HOSTILE),)))
    assert len(changes_html((Change("x", MEGABYTE, MEGABYTE),))) < 10_000


def test_that_nothing_changed_is_said() -> None:
    assert "nothing" in changes_html(())


async def test_a_process_that_hides_its_globals_says_so_below_the_timeline(
    session: Session,
) -> None:
    await run(
        session, "%spawn alice", 'Handlers.prepend("all", function () return true end, print)'
    )
    await shown(session, "%timeline live")
    timeline = view_of(session, Timeline)

    timeline._form.value = "changes"

    await until(
        timeline._live._note, lambda: "process alice does not show" in timeline._live._note.value
    )


async def test_a_message_that_was_not_evaluated_says_so(session: Session) -> None:
    await run(session, "%spawn alice")
    event = await session.chronicle.event(await session.process(), 0)

    pending = event_html(replace(event, result=None), session.world.name_of)
    failed = event_html(replace(event, result=None, problem=HOSTILE), session.world.name_of)

    assert "not evaluated yet" in pending
    assert "&lt;img" in failed
