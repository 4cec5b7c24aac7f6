from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ao_kernel.magics.comparing import PASSED
from tests.ao_kernel.worlds import Notebook, a_notebook


@pytest.fixture
async def notebook(tmp_path: Path) -> AsyncIterator[Notebook]:
    async with a_notebook(tmp_path) as notebook:
        await notebook.run("%spawn alice")
        await notebook.run("Balances = { ann = 5 }")
        await notebook.run("Balances.ann = 7; Balances.bob = { 1 }; Old = 1")
        await notebook.run("Old = nil")
        yield notebook


async def test_what_the_last_message_changed_is_told(notebook: Notebook) -> None:
    assert await notebook.run("%diff alice") == ("      value  before  after\ngone  Old    1\n")


async def test_what_changed_between_two_messages_is_told(notebook: Notebook) -> None:
    assert (await notebook.run("%diff alice 1 2")).splitlines() == [
        "         value         before  after",
        "changed  Balances.ann  5       7",
        "new      Balances.bob          { [1] = 1 }",
        "new      Old                   1",
    ]


async def test_what_changed_since_a_message_is_told(notebook: Notebook) -> None:
    assert "Old" not in await notebook.run("%diff alice 1")
    assert await notebook.run("%diff alice 3 3") == "nothing changed from message 3 to 3\n"


async def test_a_message_in_the_inbox_is_one_change(notebook: Notebook) -> None:
    await notebook.run("%spawn bob")
    await notebook.run('Send({ Target = "alice", Action = "Hi", Data = "<b>hello</b>" })')

    told = await notebook.run("%diff alice")
    html = str(notebook.shown[-1].data["text/html"])  # type: ignore[union-attr]  # a table is shown

    assert 'Inbox[2]          { Action = "Hi", From = "bob", Data = "<b>hello</b>"' in told
    assert "&lt;b&gt;hello" in html


async def test_the_message_that_changed_a_value_is_told(notebook: Notebook) -> None:
    assert await notebook.run("%why Balances.ann") == (
        "Balances.ann is 7 since message 2: Eval from you; before it was 5\n"
    )
    assert await notebook.run("%why Name") == 'Name is "alice", and no message has changed that\n'


async def test_a_cron_that_changed_a_value_is_told(notebook: Notebook) -> None:
    await notebook.run("%spawn clock Cron-Interval=1-hour Cron-Tag-Action=Tick")
    await notebook.run('Handlers.add("tick", "Tick", function() N = (N or 0) + 1 end)')
    await notebook.run("%monitor")
    await notebook.run("%time +2h")

    told = await notebook.run("%why N")

    assert told == (
        "N is 2 since the cron 1-hour of 2026-01-01 02:00:05 UTC, after message 1; before it was 1\n"
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("%diff", "%diff wants a process"),
        ("%diff alice 1 2 3", "%diff cannot be read"),
        ("%diff alice 1 9", "message 9 of process alice is not known here"),
        ("%why", "%why wants a value such as Balances.alice"),
        ("%why 1 +", "process alice does not show its state: "),
    ],
)
async def test_what_cannot_be_meant_is_refused(notebook: Notebook, code: str, message: str) -> None:
    told = await notebook.run(code)

    assert message in told
    assert "\nhint: " in told


async def test_of_a_long_log_it_is_told_what_was_passed_over(notebook: Notebook) -> None:
    await notebook.run("Early = true")
    await notebook.run("for i = 1, 300 do Send({ Target = ao.id, Action = 'Note' }) end")

    told = await notebook.run("%why Early")

    assert told == f"Early is true since message 4: Eval from you; before it was nil; {PASSED}\n"
