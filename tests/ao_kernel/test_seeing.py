"""The commands that show what happened, on a real network in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ao_kernel.magics import MAGICS, arguments_of, topic_of
from ao_kernel.networks.local import open_network
from ao_kernel.outputs import CellFailed, CellOutput, Failed, Printed, Shown, Updated
from ao_kernel.running import run_code
from ao_kernel.session import Session
from ao_kernel.telling.summary import RESULT
from ao_kernel.telling.traces import Trace
from unitstack.errors import Interrupted, NotFound

PONG = (
    'Handlers.add("ping", "Ping", function (msg) msg.reply({ Action = "Pong", Data = "pong" }) end)'
)
BAD = 'Handlers.add("bad", "Bad", function (msg) error("no") end)'
PING = 'Send({ Target = "alice", Action = "Ping", Data = "hello" })'
TICK = 'Send({ Target = ao.id, Action = "Tick" })'
ENDLESS = f'Handlers.add("tick", "Tick", function () {TICK} end)'
SEEING = ("trace", "log", "message", "graph", "timeline")


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    network = await open_network(tmp_path, None)
    network.engine = "lua"
    session = Session(network, lambda output: None)
    await run(session, "%spawn alice", PONG, "%spawn bob")
    yield session
    await session.close()


async def run(session: Session, *cells: str, number: int | None = None) -> list[CellOutput]:
    """What the cells show; an error is the last of it."""
    outputs: list[CellOutput] = []
    for cell in cells:
        try:
            await run_code(session, cell, outputs.append, number)
        except CellFailed as error:
            outputs.append(error.failure)
    return outputs


def shown(outputs: list[CellOutput]) -> list[Shown]:
    return [output for output in outputs if isinstance(output, Shown)]


def plain(output: Shown | Updated) -> str:
    return str(output.data["text/plain"])


async def refused(session: Session, cell: str) -> Failed:
    outputs = await run(session, cell)
    assert isinstance(outputs[-1], Failed), outputs
    return outputs[-1]


async def test_a_traced_cell_draws_exactly_what_it_set_off(session: Session) -> None:
    await run(session, PING)

    _, picture, table = shown(await run(session, f"%%trace\n{PING}"))

    assert plain(picture).split("\n") == [
        "you       bob      alice",
        " |-- Eval >|         |  #3",
        " |         |-- Ping >|  #3",
        " |         |<- Pong -|  #4",
    ]
    assert ElementTree.fromstring(str(picture.data["image/svg+xml"])).tag.endswith("svg")
    assert [line.split()[:5] for line in plain(table).split("\n")[1:]] == [
        ["1", "you", "bob", "3", "Eval"],
        ["2", "bob", "alice", "3", "Ping"],
        ["3", "alice", "bob", "4", "Pong"],
    ]
    assert "<table>" in str(table.data["text/html"])
    told = table.data[RESULT]
    assert isinstance(told, dict)
    assert (told["headline"], len(told["messages"])) == ("3 messages", 3)


async def test_a_traced_cell_shows_its_value_and_no_summary_besides(session: Session) -> None:
    outputs = await run(session, f"%%trace\n{PING}")

    assert sum("set off" in plain(output) for output in shown(outputs)) == 0
    assert session.settings.summary


async def test_a_traced_cell_can_go_to_another_process(session: Session) -> None:
    outputs = await run(session, "%%trace alice\nreturn 1")

    assert plain(shown(outputs)[1]).split("\n")[0].split() == ["you", "alice"]
    assert session.current == "bob"


async def test_a_traced_cell_that_fails_is_drawn_too(session: Session) -> None:
    outputs = await run(session, '%%trace\nerror("boom")')

    assert plain(shown(outputs)[0]).endswith("#1  error: boom")
    assert isinstance(outputs[-1], Failed)


async def test_errors_of_others_are_drawn_and_told(session: Session) -> None:
    await run(session, BAD)

    outputs = await run(session, '%%trace\nSend({ Target = ao.id, Action = "Bad" })')

    assert "error: no" in plain(shown(outputs)[-2])
    assert any(isinstance(each, Printed) and each.stream == "stderr" for each in outputs)


async def test_a_spawn_is_drawn_with_the_news_of_it(session: Session) -> None:
    spawn = 'Spawn(ao.env.Module.Id, { Name = "kid", Authority = ao.authorities[1] })'

    picture = shown(await run(session, f"%%trace\n{spawn}"))[-2]

    assert plain(picture).split("\n") == [
        "you       bob            kid",
        " |-- Eval >|              |  #1",
        " |         |=== spawns ==>|  #0",
        " |         |--. Spawned   |  #2",
    ]


async def test_an_assignment_is_drawn(session: Session) -> None:
    await run(session, PING)
    assign = 'Assign({ Processes = { "alice" }, Message = Inbox[#Inbox].Id })'

    picture = shown(await run(session, f"%%trace\n{assign}"))[-2]

    assert "assigns Pong" in plain(picture)
    assert plain(picture).endswith("#3")


async def test_a_message_to_no_process_is_drawn_where_it_ends(session: Session) -> None:
    outputs = await run(session, f'%%trace\nSend({{ Target = "{"z" * 43}", Action = "Ping" }})')

    assert "x|  not a process here" in plain(shown(outputs)[-2])


async def test_the_text_is_the_same_in_every_world(session: Session, tmp_path: Path) -> None:
    cells = [f"%%trace\n{PING}", "%graph", "%timeline", "%log"]
    other_network = await open_network(tmp_path / "other", None)
    other_network.engine = "lua"
    other = Session(other_network, lambda output: None)
    await run(other, "%spawn alice", PONG, "%spawn bob")

    one, two = await run(session, *cells), await run(other, *cells)

    assert [plain(each) for each in shown(one)] == [plain(each) for each in shown(two)]
    await other.close()


async def test_what_the_last_cell_set_off_can_be_drawn_again(session: Session) -> None:
    first = shown(await run(session, f"%%trace\n{PING}"))[-2:]

    again = shown(await run(session, "%trace"))

    assert [plain(each) for each in again] == [plain(each) for each in first]


async def test_a_cell_can_be_named_by_its_number(session: Session) -> None:
    await run(session, PING, number=7)
    await run(session, "x = 1", number=8)

    picture, _ = shown(await run(session, "%trace 7"))

    assert "Pong" in plain(picture)


async def test_a_cell_that_sent_nothing_has_nothing_to_draw(session: Session) -> None:
    await run(session, PING, number=7)

    failure = await refused(session, "%trace 9")

    assert failure.message == "In[9] has sent no message"
    assert "In[7]" in failure.traceback[-1]


async def test_before_any_cell_there_is_nothing_to_draw(tmp_path: Path) -> None:
    session = Session(await open_network(tmp_path, None), lambda output: None)

    failure = await refused(session, "%trace")

    assert failure.message == "the last cell has sent no message"
    await session.close()


async def test_a_trace_is_also_mermaid(session: Session) -> None:
    await run(session, PING)

    (diagram,) = shown(await run(session, "%trace mermaid"))

    assert plain(diagram).startswith("sequenceDiagram\nactor p0 as you\n")
    assert diagram.data["text/markdown"] == f"```mermaid\n{plain(diagram)}\n```"


async def test_a_picture_grows_while_its_cell_runs(session: Session) -> None:
    await run(session, ENDLESS)
    outputs: list[Shown | Updated] = []
    has_grown = asyncio.Event()

    def show(output: CellOutput) -> None:
        assert isinstance(output, Shown | Updated)
        outputs.append(output)
        if isinstance(output, Updated):
            has_grown.set()

    trace = Trace(session, show)
    trace.follow(0.0)
    cell = asyncio.create_task(run(session, TICK))
    await has_grown.wait()
    session.interrupt()
    with suppress(Interrupted):
        await cell
    trace.close()

    first, later = outputs[0], next(each for each in outputs if isinstance(each, Updated))
    assert first.display_id == later.display_id
    assert drawn_in(first) < drawn_in(later)


def drawn_in(picture: Shown | Updated) -> int:
    """How many messages a picture shows, and counts below them."""
    _, *lines = plain(picture).split("\n")
    more = int(lines.pop().split()[1]) if lines[-1].startswith("and ") else 0
    return len(lines) + more


async def test_a_picture_that_has_not_changed_is_not_shown_again(session: Session) -> None:
    outputs: list[CellOutput] = []
    await run(session, PING)
    last = session.last_sent
    assert last is not None
    trace = Trace(session, outputs.append, last.message)

    assert await trace.draw()
    assert await trace.draw()

    assert len(outputs) == 2


async def test_only_the_newest_picture_is_kept_up_to_date(session: Session) -> None:
    session.network.is_shared = True
    await run(session, f"%%trace\n{PING}")
    first = session.views["trace"]
    await run(session, f"%%trace\n{PING}")

    assert session.views["trace"] is not first
    assert isinstance(first, Trace)
    assert first.is_closed


async def test_a_log_is_told_of_any_process(session: Session) -> None:
    await run(session, PING)

    (table,) = shown(await run(session, "%log alice"))

    assert [line.split()[:3] for line in plain(table).split("\n")[1:]] == [
        ["0", "you", "Process"],
        ["1", "you", "Eval"],
        ["2", "bob", "Ping"],
    ]


@pytest.mark.parametrize(
    ("cell", "nonces"),
    [
        ("%log alice 1", ["3"]),
        ("%log alice from=bob", ["2", "3"]),
        ("%log alice action=Eval", ["1"]),
        ("%log alice Action=Ping 1", ["3"]),
        ("%log alice from=you action=Ping", []),
        ("%log alice Reference=1", ["2"]),
        ("%log alice 0", []),
    ],
)
async def test_a_log_shows_what_fits(session: Session, cell: str, nonces: list[str]) -> None:
    await run(session, PING, PING)

    (table,) = shown(await run(session, cell))

    lines = plain(table).split("\n")
    assert [line.split()[0] for line in lines[1:]] == nonces
    assert nonces or lines == ["no such message"]


@pytest.mark.parametrize("cell", ["%log alice #2", "%message alice 2", "%message alice #2"])
async def test_one_message_is_told_with_all_its_parts(session: Session, cell: str) -> None:
    await run(session, PING)

    (told,) = shown(await run(session, cell))

    text = plain(told)
    assert [line for line in text.split("\n") if line and line[0] != " "] == [
        "message",
        "tags",
        "item, as it was signed",
        "assignment, as the scheduler signed it",
        "result",
        "cause and effect",
    ]
    assert "follows from nonce 1" in text
    assert "came of  bob #1: Eval from you" in text
    assert "set off  bob #2: Pong from alice" in text


async def test_a_message_is_found_by_its_id_too(session: Session) -> None:
    await run(session, PING)
    alice = await session.world.process("alice")
    event = await session.chronicle.event(alice, 2)

    (told,) = shown(await run(session, f"%message {event.message}"))

    assert event.message in plain(told)


async def test_the_current_process_needs_no_name(session: Session) -> None:
    (told,) = shown(await run(session, "%message 0"))

    assert "to      bob" in plain(told)


async def test_a_graph_shows_processes_and_who_wrote_to_whom(session: Session) -> None:
    await run(session, PING, PING)

    picture, tables = shown(await run(session, "%graph"))

    assert plain(picture).split("\n") == [
        "you",
        "  -> alice: Eval",
        "  -> bob: 2 Eval",
        "alice: 4 messages",
        "  -> bob: 2 Pong",
        "bob: 5 messages",
        "  -> alice: 2 Ping",
    ]
    assert "image/svg+xml" in picture.data
    assert "a messenger" in plain(tables)


async def test_a_graph_shows_clocks_and_who_waits(session: Session) -> None:
    await run(session, "%spawn clock Cron-Interval=10-minutes", f"{PING}.receive()")

    picture, _ = shown(await run(session, "%graph"))

    assert "cron: 10-minutes" in plain(picture)


async def test_a_graph_ties_a_process_to_the_one_that_spawned_it(session: Session) -> None:
    await run(session, 'Spawn(ao.env.Module.Id, { Name = "kid", Authority = ao.id })')

    picture, tables = shown(await run(session, "%graph"))
    (diagram,) = shown(await run(session, "%graph mermaid"))

    assert "kid: 1 message, spawned by bob" in plain(picture)
    assert plain(tables).split("\n")[3].split()[-2:] == ["bob", "bob"]
    assert "-.->|trusts|" in plain(diagram)


async def test_a_timeline_shows_nonces_in_the_order_of_time(session: Session) -> None:
    await run(session, PING)

    picture, table = shown(await run(session, "%timeline"))
    alone, _ = shown(await run(session, "%timeline alice"))

    assert plain(picture).split("\n") == ["alice  0 1 . . 2 .", "bob    . . 0 1 . 2"]
    assert plain(alone) == "alice  0 1 2"
    assert plain(table) == "6 messages"
    assert "<table>" in str(table.data["text/html"])


@pytest.mark.parametrize(
    ("cell", "message", "hint"),
    [
        ("%%trace", "%%trace wants Lua below it", "`%trace` draws what the last cell set off"),
        ("%%trace x\ny = 1", "there is no process x", "`%ps` lists"),
        ("%trace x", "%trace wants a cell's number, not 'x'", "use: %%trace"),
        ("%log alice bob", "%log does not know what 'bob' is for", "use: %log"),
        ("%log alice #x", "a nonce is a number, not 'x'", "use: %log"),
        ("%log alcie", "there is no process alcie", "did you mean alice?"),
        ("%log nobody", "there is no process nobody", "`%ps` lists"),
        ("%log alice #9", "alice has no message #9", "its log ends with #1"),
        ("%message", "%message wants a message's id", "use: %message"),
        ("%message a b c", "%message wants an id or a nonce, not 'a b c'", "use: %message"),
        ("%graph x", "%graph does not know 'x'", "use: %graph"),
        ("%timeline x", "there is no process x", "`%ps` lists"),
    ],
)
async def test_wrong_use_is_refused_with_a_hint(
    session: Session, cell: str, message: str, hint: str
) -> None:
    failure = await refused(session, cell)

    assert failure.message.startswith(message)
    assert failure.traceback[-1].startswith(f"hint: {hint}")


async def test_a_message_that_nobody_here_has_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        await run_code(session, f"%message {'m' * 43}", lambda output: None)


@pytest.mark.parametrize("name", SEEING)
async def test_each_command_has_a_page_of_help(session: Session, name: str) -> None:
    topic = await topic_of(session, f"%{name}")

    assert topic is not None
    assert topic.form == MAGICS[name].usage


@pytest.mark.parametrize("name", ["log", "message", "timeline", "trace"])
async def test_processes_are_offered_where_one_is_wanted(session: Session, name: str) -> None:
    assert {"alice", "bob"} <= set(arguments_of(session, name))
