"""A session on a stack of its own, as the kernel opens it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ao_kernel.ansi import plain
from ao_kernel.host import Host, opener
from ao_kernel.networks.local import WALLET, on_loop
from ao_kernel.outputs import CellOutput, Failed, Printed, Shown


class Notebook:
    """Runs cells and keeps what they show."""

    def __init__(self, host: Host) -> None:
        self.live: list[CellOutput] = []
        self.host = host
        host.open(self.live.append)

    async def run(self, code: str) -> list[CellOutput]:
        outputs: list[CellOutput] = []
        await self.host.run(code, outputs.append)
        return outputs

    async def value(self, code: str) -> str:
        results = [o for o in await self.run(code) if isinstance(o, Shown) and o.is_result]
        return str(results[-1].data["text/plain"]) if results else ""


@pytest.fixture
async def notebook(tmp_path: Path) -> AsyncIterator[Notebook]:
    notebook = Notebook(Host(opener(tmp_path, None)))
    yield notebook
    await notebook.host.close()


async def test_a_cell_is_evaluated_and_the_wallet_is_kept(
    notebook: Notebook, tmp_path: Path
) -> None:
    assert await notebook.value("6 * 7") == "42"
    assert (tmp_path / WALLET).exists()


async def test_what_takes_long_is_told_on_the_loop_from_any_thread() -> None:
    told: asyncio.Queue[str] = asyncio.Queue()

    await asyncio.to_thread(
        on_loop(asyncio.get_running_loop(), told.put_nowait), "compiling a module"
    )

    assert await told.get() == "compiling a module"


def test_nobody_is_told_once_the_loop_is_closed() -> None:
    told: list[str] = []
    loop = asyncio.new_event_loop()
    loop.close()

    on_loop(loop, told.append)("compiling a module")

    assert told == []


async def test_a_message_by_name_is_delivered_answered_and_told(notebook: Notebook) -> None:
    await notebook.run(
        '%spawn bob\nHandlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)'
    )
    await notebook.run("%spawn alice")

    outputs = await notebook.run('Send({ Target = "bob", Action = "Ping" })')

    (summary,) = [o for o in outputs if isinstance(o, Shown) and not o.is_result]
    assert str(summary.data["text/plain"]).split("\n")[0] == "set off: 2 messages"
    assert any("alice:" in o.text for o in notebook.live if isinstance(o, Printed))


async def test_a_process_that_a_process_spawned_is_known_by_its_name(notebook: Notebook) -> None:
    outputs = await notebook.run('Spawn({ Authority = ao.authorities[1], Name = "kid" })')

    assert any("spawned kid" in str(o.data["text/plain"]) for o in outputs if isinstance(o, Shown))
    told = await notebook.run("%use kid")
    assert told[-1] == Printed(
        "kid belongs to default: it evaluates what default sends, and not your cells\n", "stderr"
    )


async def test_a_message_that_cannot_leave_is_told_by_the_processes_names(
    notebook: Notebook,
) -> None:
    await notebook.run("%spawn alice")

    outputs = await notebook.run('Send({ Target = "nowhere" })')

    notes = [o.text for o in outputs if isinstance(o, Printed) and o.stream == "stderr"]
    assert "of process alice was dropped" in notes[0]


async def test_a_wait_that_nobody_ends_is_told(notebook: Notebook) -> None:
    outputs = await notebook.run('Receive({ Action = "Never" })')

    assert any("waiting" in o.text for o in outputs if isinstance(o, Printed))
    assert not any("waiting" in o.text for o in await notebook.run("1") if isinstance(o, Printed))


async def test_a_wait_that_a_reply_ends_is_not_told(notebook: Notebook) -> None:
    await notebook.run(
        '%spawn bob\nHandlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)'
    )
    await notebook.run("%spawn alice")

    outputs = await notebook.run('print(Send({ Target = "bob", Action = "Ping" }).receive().Data)')

    assert not any("waiting" in o.text for o in outputs if isinstance(o, Printed))
    assert any("pong" in plain(o.text) for o in notebook.live if isinstance(o, Printed))


async def test_a_budget_holds(notebook: Notebook) -> None:
    await notebook.run(
        'Handlers.add("again", "Again", function (msg) Send({ Target = ao.id, Action = "Again" }) end)'
    )
    await notebook.run("%budget 10")

    outputs = await notebook.run('Send({ Target = ao.id, Action = "Again" })')

    (warning,) = [
        o.text for o in outputs if isinstance(o, Printed) and o.text.startswith("warning")
    ]
    assert "%budget" in warning


async def test_a_live_inbox_is_shown(notebook: Notebook) -> None:
    _, shown = await notebook.run("%spawn alice\n%inbox live")

    assert isinstance(shown, Shown)
    assert "application/vnd.jupyter.widget-view+json" in shown.data


async def test_names_of_the_process_are_completed(notebook: Notebook) -> None:
    await notebook.run("Shop = { price = 1 }")

    assert (await notebook.host.complete("Shop.pr", 7))["matches"] == ["price"]


async def test_a_blueprint_is_loaded(notebook: Notebook) -> None:
    await notebook.run("%blueprint token")

    assert await notebook.value("Ticker ~= nil") == "true"


async def test_a_home_keeps_its_world(tmp_path: Path) -> None:
    first = Notebook(Host(opener(tmp_path, tmp_path / "home")))
    await first.run("%spawn keeper\nx = 41")
    await first.host.close()

    second = Notebook(Host(opener(tmp_path, tmp_path / "home")))

    assert await second.value("%use keeper\nx + 1") == "42"
    await second.host.close()


async def test_a_wallet_that_cannot_be_read_is_told_in_the_cell(tmp_path: Path) -> None:
    (tmp_path / WALLET).write_text("not json", encoding="utf-8")
    notebook = Notebook(Host(opener(tmp_path, None)))

    (failed,) = await notebook.run("1")

    assert isinstance(failed, Failed)
    assert "is not a JWK" in failed.message
    await notebook.host.close()


async def test_a_reply_is_heard_from_a_process_whose_name_was_in_a_variable(
    notebook: Notebook,
) -> None:
    await notebook.run(
        '%spawn bob\nHandlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)'
    )
    await notebook.run("%spawn alice")

    await notebook.run(
        'local name = "bob"\nHeard = Send({ Target = name, Action = "Ping" }).receive().Data'
    )

    assert await notebook.value("Heard") == "pong"
