import asyncio

import pytest

from ao_kernel.aftermath import Settled
from ao_kernel.ansi import plain
from ao_kernel.errors.source import Source, cell_lines
from ao_kernel.host import Host
from ao_kernel.outputs import Bundle, CellFailed, CellOutput, Failed, Printed, Show, Shown, labelled
from ao_kernel.running import complete, expression, inspect, run_code
from ao_kernel.session import Session
from tests.ao_kernel.network import (
    ENDLESS,
    STRANGER,
    WALLET,
    FakeNetwork,
    failing,
    printed,
    returned,
    sending,
)
from unitstack.errors import NotFound, Refused
from unitstack.units import Cascade
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.keys import Wallet
from unitstack.wire.results import Display, EvalResult, Output


@pytest.fixture
def network() -> FakeNetwork:
    return FakeNetwork(
        {"6 * 7": returned("42"), 'print("a")': printed("a"), "boom()": failing("boom")}
    )


@pytest.fixture
def live() -> list[CellOutput]:
    return []


@pytest.fixture
def session(network: FakeNetwork, live: list[CellOutput]) -> Session:
    return Session(network, live.append)


async def run(session: Session, code: str) -> list[CellOutput]:
    outputs: list[CellOutput] = []
    await run_code(session, code, outputs.append)
    return outputs


def text_of(outputs: list[CellOutput]) -> str:
    texts = (
        o.text if isinstance(o, Printed) else str(o.data["text/plain"])
        for o in outputs
        if isinstance(o, Printed | Shown)
    )
    return plain("\n".join(texts))


async def test_the_first_cell_spawns_a_process_and_says_so(session: Session) -> None:
    outputs = await run(session, "6 * 7")

    assert outputs == [
        Printed("spawned process default\n"),
        Shown({"text/plain": "42"}, is_result=True),
    ]
    assert session.current == "default"


async def test_a_cell_that_fails_shows_nothing_but_its_error(session: Session) -> None:
    outputs: list[CellOutput] = []
    with pytest.raises(CellFailed, match="boom"):
        await run_code(session, "boom()", outputs.append)

    assert outputs == []


async def test_the_spawn_is_told_with_the_first_cell_that_works(session: Session) -> None:
    with pytest.raises(CellFailed):
        await run(session, "boom()")

    assert Printed("spawned process default\n") in await run(session, "6 * 7")
    assert Printed("spawned process default\n") not in await run(session, "6 * 7")


async def test_a_spawned_process_is_the_one_that_cells_go_to(
    session: Session, network: FakeNetwork
) -> None:
    await run(session, "%spawn alice\n6 * 7")
    await run(session, "%spawn bob")

    alice, bob = session.world.find_id("alice"), session.world.find_id("bob")
    assert [len(network.logs[process]) for process in (alice, bob) if process] == [2, 1]
    assert session.current == "bob"


async def test_use_goes_back_to_a_process_and_on_sends_one_cell(session: Session) -> None:
    await run(session, "%spawn alice")
    await run(session, "%spawn bob")

    assert (await run(session, "%%on alice\n6 * 7"))[-1] == Shown(
        {"text/plain": "42"}, is_result=True
    )
    assert session.current == "bob"
    await run(session, "%use alice")
    assert session.current == "alice"


async def test_a_name_that_nobody_has_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="bob"):
        await run(session, "%use bob")


@pytest.mark.parametrize("name", ["x" * 43, "a b", "1st", "alice"])
async def test_a_process_needs_a_name_of_its_own(session: Session, name: str) -> None:
    await session.spawn("alice")

    with pytest.raises(Refused):
        await session.spawn(name)


async def test_a_dry_run_sends_nothing(session: Session, network: FakeNetwork) -> None:
    outputs = await run(session, "%dryrun 6 * 7")

    assert outputs[-1] == Shown({"text/plain": "42"}, is_result=True)
    assert [len(log) for log in network.logs.values()] == [1]


async def test_dry_runs_can_be_turned_on_for_all_cells(
    session: Session, network: FakeNetwork
) -> None:
    await run(session, ".dryrun")
    await run(session, "6 * 7")
    await run(session, ".dryrun")
    await run(session, "6 * 7")

    assert [len(log) for log in network.logs.values()] == [2]


async def test_a_cell_waits_for_what_it_set_off_and_shows_it_with_names(
    session: Session, network: FakeNetwork
) -> None:
    alice = await session.spawn("alice")
    bob = await session.spawn("bob")
    await session.use("alice")
    network.answers["go()"] = sending(bob)
    network.set_off.append(
        lambda root: network.deliver(bob, printed("got it", live=True), root=root, data="hello")
    )

    outputs = await run(session, "go()")

    assert network.logs[alice][-1][0].message is not None
    assert "set off: 1 message" in text_of(outputs)
    assert "alice  bob  Ping    hello  ok" in text_of(outputs)


async def test_what_others_print_is_shown_live_with_their_names(
    session: Session, network: FakeNetwork, live: list[CellOutput]
) -> None:
    bob = await session.spawn("bob")
    await session.spawn("alice")
    network.answers["go()"] = sending(bob)
    network.set_off.append(
        lambda root: network.deliver(bob, printed("got it", live=True), root=root)
    )

    await run(session, "go()")

    assert text_of(live) == "bob: got it\n"


async def test_what_comes_later_is_shown_too_and_once(
    session: Session, network: FakeNetwork, live: list[CellOutput]
) -> None:
    bob = await session.spawn("bob")
    await asyncio.sleep(0)

    network.deliver(bob, printed("tick", live=True))
    for _ in range(5):
        await asyncio.sleep(0)
    await session.aftermath.follow_all()

    assert text_of(live) == "bob: tick\n"


async def test_live_output_can_be_held_back(
    session: Session, network: FakeNetwork, live: list[CellOutput]
) -> None:
    bob = await session.spawn("bob")
    await run(session, ".pause")
    network.answers["go()"] = sending(bob)
    network.set_off.append(
        lambda root: network.deliver(bob, printed("got it", live=True), root=root)
    )

    await run(session, "go()")

    assert live == []


async def test_the_summary_can_be_turned_off(session: Session, network: FakeNetwork) -> None:
    bob = await session.spawn("bob")
    network.answers["go()"] = sending(bob)
    network.set_off.append(lambda root: network.deliver(bob, returned("1"), root=root))

    await run(session, "%summary off")

    assert await run(session, "go()") == []


async def test_another_processs_error_is_told_with_its_name(
    session: Session, network: FakeNetwork
) -> None:
    bob = await session.spawn("bob")
    await session.spawn("alice")
    network.answers["go()"] = sending(bob)
    network.set_off.append(lambda root: network.deliver(bob, failing("no such thing"), root=root))

    outputs = await run(session, "go()")

    (told,) = [o for o in outputs if isinstance(o, Printed) and o.stream == "stderr"]
    assert plain(told.text).startswith("bob: error: ")
    assert "no such thing" in told.text


async def test_a_message_to_nobody_here_is_said_to_be_undelivered(
    session: Session, network: FakeNetwork
) -> None:
    await session.spawn("alice")
    network.answers["go()"] = sending("somewhere")

    assert "not a process here" in text_of(await run(session, "go()"))


async def test_a_budget_that_ran_out_is_a_clear_warning(
    session: Session, network: FakeNetwork
) -> None:
    bob = await session.spawn("bob")
    network.answers["go()"] = sending(bob)
    network.stopped = "the budget of 100 messages ran out"

    outputs = await run(session, "go()")

    (warning,) = [o for o in outputs if isinstance(o, Printed) and o.stream == "stderr"]
    assert warning.text.startswith(
        "warning: the budget of 100 messages ran out; 0 messages went out, 3 were dropped"
    )


async def test_the_budget_is_set_and_shown(session: Session, network: FakeNetwork) -> None:
    assert text_of(await run(session, "%budget 7")) == "a cell may set off 7 messages\n"
    assert network.budget == 7


async def test_reset_puts_a_new_process_in_the_place_of_the_current_one(session: Session) -> None:
    old = await session.spawn("alice")

    await run(session, "%reset")

    assert session.current == "alice"
    assert session.world.find_id("alice") != old


async def test_the_processes_are_listed_with_the_current_one_marked(session: Session) -> None:
    await session.spawn("alice")
    await session.spawn("bob")

    listing = text_of(await run(session, "%ps"))

    assert "→  bob" in listing
    assert "   alice" in listing


async def test_the_log_is_listed_with_outcomes(session: Session) -> None:
    await run(session, "%spawn alice\n6 * 7")

    log = text_of(await run(session, "%log"))

    assert "0      you   Process" in log
    assert "1      you   Eval     6 * 7   ok" in log


async def test_an_unknown_magic_is_answered_with_the_one_that_was_meant(session: Session) -> None:
    with pytest.raises(CellFailed) as raised:
        await run(session, "%spwan bob")

    assert raised.value.failure.traceback[-1] == "hint: did you mean %spawn?"


@pytest.mark.parametrize(
    "code",
    [
        "%spawn",
        "%use",
        "%load",
        "%load x.txt",
        "%load none.lua",
        "%blueprint nonesuch",
        "%log x",
        "%%on alice",
        "%help nonesuch",
    ],
)
async def test_a_magic_that_is_used_wrongly_says_how_it_is_used(
    session: Session, code: str
) -> None:
    await session.spawn("alice")

    with pytest.raises(CellFailed) as raised:
        await run(session, code)

    assert len(raised.value.failure.traceback) >= 3


async def test_expressions_are_answered_without_leaving_a_trace(
    session: Session, network: FakeNetwork
) -> None:
    assert await expression(session, "6 * 7") == {
        "status": "ok",
        "data": {"text/plain": "42"},
        "metadata": {},
    }
    assert (await expression(session, "boom()"))["ename"] == "LuaError"
    assert [len(log) for log in network.logs.values()] == [1]


async def test_completion_is_typed_and_says_what_it_replaces(session: Session) -> None:
    reply = await complete(session, "x = Handlers.ad", 15, busy=False)

    assert (reply["matches"], reply["cursor_start"], reply["cursor_end"]) == (["add"], 13, 15)
    (typed,) = reply["metadata"]["_jupyter_types_experimental"]
    assert (typed["type"], typed["signature"]) == (
        "function",
        "(name, pattern, handle [, maxRuns])",
    )


async def test_completion_counts_characters_beyond_the_first_plane_as_one(session: Session) -> None:
    code = 's = "\U0001f600\U0001f600" tab'

    reply = await complete(session, code, len(code), busy=False)

    assert (reply["matches"], reply["cursor_start"]) == (["table"], len(code) - 3)


async def test_a_busy_process_is_not_asked_for_its_names(
    session: Session, network: FakeNetwork
) -> None:
    await session.spawn("alice")
    await complete(session, "x", 1, busy=True)
    assert network.rehearsed == []

    await complete(session, "x", 1, busy=False)
    assert len(network.rehearsed) == 1


async def test_what_a_cell_names_is_offered_before_the_process_was_asked(session: Session) -> None:
    await session.spawn("alice")
    await run(session, "my_variable = 1")

    assert (await complete(session, "my_v", 4, busy=True))["matches"] == ["my_variable"]


async def test_magics_are_completed_with_their_mark(session: Session) -> None:
    assert (await complete(session, "%spa", 4, busy=False))["matches"] == ["%spawn"]


async def test_help_is_found_on_what_the_cursor_is_at(session: Session) -> None:
    assert "Adds a handler" in (await inspect(session, "Handlers.add(x)", 10))["text/plain"]
    assert "Makes a process" in (await inspect(session, "%spawn", 3))["text/plain"]
    assert (await inspect(session, "nonesuch", 3)) == {}


async def host_of(session: Session) -> Host:
    async def ready(show_live: Show) -> Session:
        return session

    host = Host(ready)
    host.open(lambda output: None)
    await host.session()
    return host


async def stopped(session: Session, code: str) -> list[CellOutput]:
    host, outputs = await host_of(session), list[CellOutput]()
    running = asyncio.create_task(host.run(code, outputs.append))
    for _ in range(20):
        await asyncio.sleep(0)
    host.stop()
    await asyncio.wait_for(running, 5)
    return outputs


async def test_stop_ends_an_endless_evaluation_and_the_next_cell_works(
    session: Session, network: FakeNetwork
) -> None:
    network.answers["loop()"] = ENDLESS

    outputs = await stopped(session, "loop()")

    assert isinstance(outputs[-1], Failed)
    assert outputs[-1].name == "Interrupted"
    assert len(outputs[-1].traceback) >= 3
    assert (await run(session, "6 * 7"))[-1] == Shown({"text/plain": "42"}, is_result=True)


async def test_stop_ends_a_storm_of_messages(session: Session, network: FakeNetwork) -> None:
    bob = await session.spawn("bob")
    network.answers["go()"] = sending(bob)
    network.hangs = True

    outputs = await stopped(session, "go()")

    assert isinstance(outputs[-1], Failed)
    assert outputs[-1].name == "Interrupted"


async def test_a_stop_before_the_message_was_begun_leaves_it_on_record(
    session: Session, network: FakeNetwork
) -> None:
    network.answers["loop()"] = ENDLESS
    network.unstarted = 1

    outputs = await stopped(session, "loop()")

    assert isinstance(outputs[-1], Failed)
    assert (outputs[-1].name, network.asked) == ("Interrupted", 3)
    scheduled, _ = network.logs[await session.process()][-1]
    assert network.withdrawn == [scheduled.assignment.message]


async def test_a_message_that_is_stopped_before_its_process_is_ready_is_withdrawn(
    session: Session, network: FakeNetwork
) -> None:
    process = await session.process()
    network.boots = True

    await stopped(session, "loop()")

    scheduled, _ = network.logs[process][-1]
    assert network.withdrawn == [scheduled.assignment.message]


async def test_a_message_that_is_stopped_while_it_is_sent_is_withdrawn(
    session: Session, network: FakeNetwork
) -> None:
    process = await session.process()
    network.may_send.clear()
    await stopped(session, "loop()")

    network.may_send.set()
    for _ in range(5):
        await asyncio.sleep(0)

    scheduled, _ = network.logs[process][-1]
    assert network.withdrawn == [scheduled.assignment.message]


async def test_a_bug_in_the_kernel_is_shown_as_one(session: Session, network: FakeNetwork) -> None:
    network.broken = True
    host, outputs = await host_of(session), list[CellOutput]()

    await host.run("bug()", outputs.append)

    assert isinstance(outputs[-1], Failed)
    assert "bug in ao kernel" in outputs[-1].traceback[-1]


async def test_closing_ends_what_the_session_began(session: Session, network: FakeNetwork) -> None:
    await run(session, "6 * 7")

    await session.close()

    assert network.closed


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ('local j = require("json")\nj.encode', "json.encode(value)"),
        ("local m = Inbox[1]\nm.reply", "msg.reply(message)"),
        ('local c = require(".crypto")\nc.random', "crypto.random("),
    ],
)
async def test_help_on_a_field_is_that_of_what_its_owner_is(
    session: Session, code: str, form: str
) -> None:
    found = await inspect(session, code, len(code))

    assert found["text/plain"].startswith(form)


RICH = EvalResult(
    output=Output(
        data="x",
        values=("x",),
        displays=(Display("result", 0, {"text/html": "<script>", "text/plain": "as \x1b[1mtext"}),),
    )
)


async def shown_of(network: FakeNetwork, place: ProcessId) -> Bundle:
    network.answers["page()"] = RICH
    session = Session(network, lambda output: None)
    shown = (await run(session, f"%use {place}\npage()"))[-1]
    assert isinstance(shown, Shown)
    return shown.data


async def test_a_process_of_ones_own_shows_what_is_rich(network: FakeNetwork) -> None:
    place = await network.spawn("own", ())

    assert "text/html" in await shown_of(network, place)


@pytest.mark.parametrize("signer", [WALLET, STRANGER])
async def test_a_process_that_claims_to_be_ones_own_shows_text(
    network: FakeNetwork, signer: Wallet
) -> None:
    place = network.appear("mine", (("From-Process", network.address),), signer)

    assert await shown_of(network, place) == {"text/plain": "as text"}


async def test_a_shared_network_shows_text(network: FakeNetwork) -> None:
    network.is_shared = True
    place = await network.spawn("own", ())

    assert await shown_of(network, place) == {"text/plain": "as text"}


STEERING = "\x1b]52;c;eA==\x07\x1b[31mred\r\u202egpj"
TERMINAL = "\\x1b]52;c;eA==\\x07\x1b[31mred\\r\\u202egpj\x1b[0m"


async def test_what_others_print_steers_no_terminal(
    session: Session, network: FakeNetwork, live: list[CellOutput]
) -> None:
    await session.spawn("bob")
    bob = await session.process()

    network.deliver(bob, printed(STEERING, live=True))
    await session.aftermath.catch_up()

    assert live == [Printed(labelled("bob", "").replace("\n", f"{TERMINAL}\n"))]


def test_notes_and_warnings_of_units_steer_no_terminal() -> None:
    shown: list[CellOutput] = []
    cascade = Cascade(MessageId(TxId("m" * 43)), 0, 0, STEERING, (STEERING,))

    Settled(cascade, (), ()).show(shown.append, Source("x", cell_lines(1)), summary=True)

    text = "".join(each.text for each in shown if isinstance(each, Printed))
    assert text.count(r"\u202egpj") == 2
    assert not set("\x1b\x07\r\u202e") & set(text)
