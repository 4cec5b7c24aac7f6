"""Python cells beside Lua ones, on a real network in this process."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ao_kernel.ansi import plain
from ao_kernel.networks.local import open_network
from ao_kernel.outputs import CellFailed, CellOutput, Printed, Shown, Updated
from ao_kernel.python.ao import framed
from ao_kernel.running import run_code
from ao_kernel.session import Session

PONG = 'Handlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)'


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    network = await open_network(tmp_path, None)
    network.engine = "lua"
    session = Session(network, lambda _: None)
    yield session
    await session.close()


async def run(session: Session, code: str) -> list[CellOutput]:
    outputs: list[CellOutput] = []
    await run_code(session, code, outputs.append)
    await asyncio.sleep(0)
    return outputs


def python(*lines: str) -> str:
    return "\n".join(("%%python", *lines))


def result_of(outputs: list[CellOutput]) -> str:
    (shown,) = [each for each in outputs if isinstance(each, Shown) and each.is_result]
    return str(shown.data["text/plain"])


async def test_python_prints_and_has_a_result(session: Session) -> None:
    outputs = await run(session, python("print('hello')", "6 * 7"))

    assert "".join(each.text for each in outputs if isinstance(each, Printed)) == "hello\n"
    assert result_of(outputs) == "42"


async def test_names_stay_from_cell_to_cell(session: Session) -> None:
    await run(session, python("x = 6"))

    assert result_of(await run(session, python("x * 7"))) == "42"


async def test_what_python_raises_fails_the_cell(session: Session) -> None:
    with pytest.raises(CellFailed) as failed:
        await run(session, python("1 / 0"))

    assert failed.value.failure.name == "ZeroDivisionError"
    assert any("1 / 0" in plain(line) for line in failed.value.failure.traceback)
    assert result_of(await run(session, python("1"))) == "1"


async def test_python_evaluates_lua_and_sends_messages(session: Session) -> None:
    await run(session, "%spawn alice")
    await run(session, PONG)

    outputs = await run(
        session,
        python("reply = ao.send('alice', 'x', Action='Ping')", "reply.messages[0].data"),
    )

    assert result_of(outputs) == "'pong'"
    assert result_of(await run(session, python("ao.eval('return 6 * 7').value"))) == "'42'"
    assert result_of(await run(session, python("ao['alice'].get('#Handlers.list > 0')"))) == "True"


async def test_python_spawns_and_lists_processes(session: Session) -> None:
    await run(session, python("bob = ao.spawn('bob')"))

    assert session.current == "bob"
    assert result_of(await run(session, python("list(ao.processes()['name'])"))) == "['bob']"


async def test_logs_and_inboxes_are_tables(session: Session) -> None:
    await run(session, "%spawn alice")
    await run(session, 'Send({ Target = ao.id, Action = "Note", Data = "hi" })')

    actions = result_of(await run(session, python("list(ao.log()['action'])")))
    data = result_of(await run(session, python("ao.inbox().iloc[-1]['data']")))

    assert actions == "['Process', 'Eval', 'Note']"
    assert data == "'hi'"


def test_without_pandas_a_table_is_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)

    assert framed([{"a": 1}]) == [{"a": 1}]


async def test_python_displays_and_updates(session: Session) -> None:
    lines = (
        "from IPython.display import HTML, display",
        "shown = display(HTML('<b>1</b>'), display_id='spot')",
        "shown.update(HTML('<b>2</b>'))",
    )

    shown, updated = await run(session, python(*lines))

    assert isinstance(shown, Shown)
    assert isinstance(updated, Updated)
    assert (shown.display_id, updated.display_id) == ("spot", "spot")
    assert updated.data["text/html"] == "<b>2</b>"


async def test_stop_ends_a_loop_of_python(session: Session) -> None:
    begun = asyncio.Event()
    lines = python("print('begun')", "while True: pass")
    cell = asyncio.create_task(run_code(session, lines, lambda _: begun.set()))
    await begun.wait()

    cell.cancel()

    with pytest.raises(asyncio.CancelledError):
        await cell
    assert result_of(await run(session, python("6 * 7"))) == "42"
