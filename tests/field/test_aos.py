"""The aos console as npm has it (@permaweb/aos 1.2.18, the newest there), in a pseudo-terminal, against `ao serve`.

It can be pointed at a private network only in part, and so it is tested in part:

* It has no option for the messenger and the compute unit. Its client, ao-sdk, takes them from globals of JavaScript, which
  `point.mjs` sets before the console is loaded; the console itself is unmodified.
* It cannot spawn: `spawn-process.js` names the public testnet's scheduler, TZ7o7SIZ06ZEJ14lXwVtng1EtSx60QkPy-kh-kdAXog,
  with nothing to change it by, and its client wants a Scheduler-Location that this very wallet has signed. A private
  network has none. It does use a process that its wallet has, and that is what is spawned here beforehand.
* It is older than ao's Eval: it sends its Lua in a tag, as `function = eval`, and reads `Output.data.output`. `console.lua`
  teaches a process that.
* It has `.editor` and `.exit`, but neither `.load`, `.load-blueprint` nor `.monitor`: these came with the later consoles,
  which are not on npm but are installed from an Arweave name (get_ao). The same calls are made by a notebook's session,
  whose dot commands are the later console's, connected to the same network.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.field.console import Console, console
from tests.field.notebook import Notebook, connecting_to
from tests.field.served import FIELD, fetch_packages, served, wallets
from tests.items import a_wallet
from unitstack.client.client import Client
from unitstack.client.drafts import Defaults
from unitstack.client.process import Process
from unitstack.remote import connect
from unitstack.wire.ids import Address, ModuleId, TxId

Json = dict[str, Any]
AOS = FIELD / "aos"
PROMPT = "aos> "


@pytest.fixture(scope="module")
def network() -> Iterator[Json]:
    fetch_packages("aos")
    with served("--memory") as network:
        yield network


@pytest.fixture(scope="module")
def environment(network: Json) -> dict[str, str]:
    urls = network["urls"]
    return {
        **network["environment"],
        "ARWEAVE_GRAPHQL": f"{urls['gateway']}/graphql",
        "AOS_SRC": network["module"],
        "NO_COLOR": "1",
    }


def command(folder: Path) -> list[str]:
    key = folder / "key.json"
    key.write_text(json.dumps(wallets()["wallet"]), encoding="utf-8")
    return ["node", "--import", "./point.mjs", "node_modules/@permaweb/aos/bin/aos.js", str(key)]


async def prepare(network: Json) -> str:
    """A process of the console's wallet that understands it, and one that writes to it."""
    urls = network["urls"]
    parts = {"mu": "messenger", "su": "scheduler", "cu": "compute", "gateway": "gateway"}
    async with connect(**{part: urls[unit] for part, unit in parts.items()}) as units:
        module, scheduler = ModuleId(TxId(network["module"])), Address(network["scheduler"])
        defaults = Defaults(module, scheduler, (Address(network["messenger"]),))
        client = Client(units, a_wallet("arweave"), defaults)
        process = await client.spawn("console")
        await process.eval((AOS / "console.lua").read_text(encoding="utf-8"))
        other = await Client(units, a_wallet("ed25519"), defaults).spawn("other")
        await other.eval(f'Send({{ Target = "{process.id}", Action = "Greet", Data = "hello" }})')
        await _arrived(process)
        return process.id


async def _arrived(process: Process) -> None:
    while not any(message.action == "Greet" for message in await process.inbox()):
        pass


@pytest.fixture(scope="module")
def running(
    network: Json, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Console]]:
    """A process, and the console that has found it."""
    process = asyncio.run(prepare(network))
    with console(command(tmp_path_factory.mktemp("aos")), AOS, environment) as aos:
        aos.wait_for(process)
        aos.wait_for(PROMPT)
        yield process, aos


@pytest.fixture
async def notebook(network: Json, tmp_path: Path) -> AsyncIterator[Notebook]:
    notebook = Notebook(tmp_path)
    await notebook.run(connecting_to(network))
    yield notebook
    await notebook.host.close()


def ask(aos: Console, line: str) -> str:
    aos.type(line)
    return aos.wait_for(PROMPT)


def test_the_console_spawns_on_the_public_scheduler_alone(
    network: Json, environment: dict[str, str], tmp_path: Path
) -> None:
    with console(command(tmp_path), AOS, {**environment, "AOS_SRC": network["module"]}) as aos:
        aos.wait_for("TZ7o7SIZ06ZEJ14lXwVtng1EtSx60QkPy-kh-kdAXog")


def test_the_console_evaluates(running: tuple[str, Console]) -> None:
    _, aos = running

    assert "56088" in ask(aos, "123 * 456")


def test_the_console_shows_an_error_and_goes_on(running: tuple[str, Console]) -> None:
    _, aos = running

    assert "boom" in ask(aos, 'error("bo" .. "om")')
    assert "86419753" in ask(aos, "12345678 + 74074075")


def test_the_console_shows_what_another_process_wrote(running: tuple[str, Console]) -> None:
    _, aos = running

    assert "hello" in ask(aos, "Inbox[#Inbox].Data")


async def test_two_files_are_loaded(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "main.lua").write_text('return require("part") + 1', encoding="utf-8")
    (tmp_path / "part.lua").write_text("return 41", encoding="utf-8")

    assert await notebook.value(f".load {tmp_path / 'main.lua'}") == "42"


async def test_a_token_is_loaded_and_answers(notebook: Notebook) -> None:
    await notebook.run(".load-blueprint token")

    await notebook.run('Send({ Target = ao.id, Action = "Info" })')

    assert await notebook.value("Inbox[#Inbox].Ticker == Ticker") == "true"


async def test_a_clock_ticks_once_it_is_monitored(notebook: Notebook) -> None:
    await notebook.run("%spawn clock Cron-Interval=1-second Cron-Tag-Action=Tick")
    await notebook.run('Handlers.add("tick", "Tick", function (msg) print("tock") end)')

    await notebook.run(".monitor")

    async with asyncio.timeout(30):
        await notebook.told_live("tock")
    await notebook.run(".unmonitor")
