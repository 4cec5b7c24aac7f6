"""Lessons on a stack of their own: what is expected of cells, and checks of what a reader made."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ao_kernel.host import Host
from ao_kernel.outputs import CellOutput
from tests.ao_kernel.error_cells import opened, shown

pytestmark = pytest.mark.asyncio(loop_scope="module")

PONG = 'Handlers.add("ping", "Ping", function (msg) Count = Count + 1; msg.reply({ Data = "pong" }) end)'
CHECK = """\
%%check pong
points: 2
hint: Handlers.add adds a handler
hint: msg.reply answers
--- a Ping is answered with pong
messages: alice Ping -> alice
messages: alice -> alice: pong
Send({ Target = ao.id, Action = "Ping" })
--- nothing is counted before
assert(Count < 2, "Count is " .. tostring(Count))
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_host() -> AsyncIterator[Host]:
    async with opened() as host:
        yield host


@pytest_asyncio.fixture(loop_scope="module")
async def host(opened_host: Host) -> Host:
    session = await opened_host.session()
    for name in session.world.names:
        session.world.forget(name)
    session.settings.summary = False
    session.lessons.given.clear()
    await session.spawn("alice")
    return opened_host


async def run(host: Host, code: str) -> str:
    outputs: list[CellOutput] = []
    await host.run(code, outputs.append)
    return shown(outputs)


async def test_a_cell_that_does_what_is_expected_says_so(host: Host) -> None:
    assert await run(host, "%%expect value: 42\n6 * 7") == "42\nas expected: value\n"


async def test_a_cell_that_does_not_fails_with_what_was_expected_and_found(host: Host) -> None:
    assert await run(host, "%%expect value: 41\n6 * 7") == (
        "42\n"
        "NotAsExpected: 1 of 1 expectation not met: value: 41\n"
        "  1 | value: 41\n"
        "      expected  41\n"
        "      found     42\n"
        "hint: what the cell showed stands above\n"
    )


async def test_an_error_that_is_expected_does_not_fail_the_cell(host: Host) -> None:
    said = await run(host, "%%expect error: nil value\nprint('a')\nx = nil .. 'b'")

    assert said.startswith("a\nLuaError: attempt to concatenate")
    assert said.endswith("as expected: error\n")


async def test_an_error_that_is_not_expected_is_the_cells_own(host: Host) -> None:
    said = await run(host, "%%expect value: 3\n---\nerror('boom')")

    assert said.startswith("LuaError: boom\n  3 | error('boom')")


async def test_messages_and_letters_are_expected_by_name(host: Host) -> None:
    await run(host, f"%spawn bob\nCount = 0\n{PONG}")
    await run(host, "%use alice")

    said = await run(
        host,
        "%%expect messages: alice Ping -> bob\nmessages: 2\ninbox: from bob: pong\n"
        'Send({ Target = "bob", Action = "Ping" })',
    )

    assert said.endswith("as expected: messages, inbox\n")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("%%expect\n1", "wants something to expect"),
        ("%%expect value: 1", "wants Lua below it"),
        ("%expect value: 1", "stands above a whole cell"),
        ("%%expect value: 1\nvalu: 2\n1", "valu is nothing to expect"),
        ("%check nothing", "no check is called nothing"),
        ("%%check a b\n---\n1", "a check has a name"),
    ],
)
async def test_what_cannot_be_meant_is_refused(host: Host, cell: str, problem: str) -> None:
    assert problem in await run(host, cell)


async def test_a_check_tells_each_part_and_a_hint_more_at_each_attempt(host: Host) -> None:
    first = await run(host, f"Count = 0\n{CHECK}".replace("Count = 0\n", "", 1))
    second = await run(host, "%check pong")

    assert first.startswith("CheckFailed: pong: 0 of 2 points\n  ✗ a Ping is answered with pong\n")
    assert first.endswith("hint 1 of 2: Handlers.add adds a handler\n")
    assert second.endswith("hint 2 of 2: msg.reply answers\n")


async def test_a_check_that_holds_leaves_the_world_as_it_was(host: Host) -> None:
    await run(host, f"Count = 0\n{PONG}")

    said = await run(host, CHECK)

    assert said == (
        "pong: 2 of 2 points\n  ✓ a Ping is answered with pong\n  ✓ nothing is counted before\n"
    )
    assert await run(host, "Count") == "0\n"
    assert await run(host, "#Inbox") == "1\n"


async def test_a_check_that_holds_in_part_is_worth_its_part(host: Host) -> None:
    await run(host, f"Count = 1\n{PONG}")

    said = await run(host, CHECK)

    assert said.startswith("CheckIncomplete: pong: 1 of 2 points\n")
    assert "      Count is 2\n" in said
