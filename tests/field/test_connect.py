"""A notebook's session on a network that `ao serve` runs in a program of its own."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ao_kernel.outputs import Printed
from tests.field.notebook import Notebook, connecting_to
from tests.field.served import served

PONG = 'Handlers.add("ping", "Ping", function (msg) msg.reply({ Data = "pong" }) end)'


@pytest.fixture(scope="module")
def network() -> Iterator[dict[str, Any]]:
    with served("--memory", "--engine", "lua") as network:
        yield network


@pytest.fixture
def connecting(network: dict[str, Any]) -> str:
    return connecting_to(network)


@pytest.fixture
async def notebook(tmp_path: Path) -> AsyncIterator[Notebook]:
    notebook = Notebook(tmp_path)
    yield notebook
    await notebook.host.close()


def a_closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def test_cells_go_to_a_network_elsewhere(notebook: Notebook, connecting: str) -> None:
    await notebook.run(connecting)
    await notebook.run("x = 41")

    assert await notebook.value("x + 1") == "42"


async def test_a_processs_error_elsewhere_is_the_cells(notebook: Notebook, connecting: str) -> None:
    await notebook.run(connecting)

    assert "boom" in await notebook.failure('error("boom", 0)')


async def test_processes_elsewhere_speak_and_their_replies_are_shown(
    notebook: Notebook, connecting: str
) -> None:
    await notebook.run(f"{connecting}\n%spawn bob\n{PONG}")
    await notebook.run("%spawn alice")

    await notebook.run('Send({ Target = "bob", Action = "Ping" })')

    async with asyncio.timeout(20):
        await notebook.told_live("pong")


async def test_ones_own_network_is_as_it_was_left(notebook: Notebook, connecting: str) -> None:
    await notebook.run("%spawn own\nx = 41")
    await notebook.run(f"{connecting}\nx = 1")

    (told,) = await notebook.run("%connect local")

    assert told == Printed("cells go to your own network from now on, to own\n")
    assert await notebook.value("x + 1") == "42"


async def test_ones_own_processes_elsewhere_are_found_again_by_name(
    notebook: Notebook, connecting: str
) -> None:
    await notebook.run(f"{connecting}\n%spawn keeper\nx = 41")
    await notebook.run("%connect local")

    assert await notebook.value(f"{connecting}\n%use keeper\nx + 1") == "42"


async def test_what_a_process_elsewhere_spawned_is_known_by_its_name(
    notebook: Notebook, connecting: str
) -> None:
    await notebook.run(connecting)
    await notebook.run('Spawn({ Authority = ao.authorities[1], Name = "kid" })')

    async with asyncio.timeout(20):
        while "kid" not in str(await notebook.run("%ps")):
            pass


async def test_a_node_is_a_network_too(notebook: Notebook, network: dict[str, Any]) -> None:
    urls = network["urls"]
    await notebook.run(f"%connect {urls['node']} gateway={urls['gateway']}")

    assert await notebook.value("6 * 7") == "42"


async def test_a_unit_that_is_away_is_told_by_its_url_and_what_to_do(
    notebook: Notebook, network: dict[str, Any]
) -> None:
    away = f"http://127.0.0.1:{a_closed_port()}"
    await notebook.run("%spawn own\nx = 41")

    told = await notebook.failure(connecting_to(network, mu=away))

    assert away in told
    assert "check that it runs and that the URL is right" in told
    assert await notebook.value("x + 1") == "42"


async def test_a_url_of_another_unit_is_told(notebook: Notebook, network: dict[str, Any]) -> None:
    messenger = network["urls"]["messenger"]

    told = await notebook.failure(connecting_to(network, gateway=messenger))

    assert told.startswith(messenger)
    assert "check that the URL is the gateway's" in told


async def test_a_node_that_is_away_is_told(notebook: Notebook) -> None:
    away = f"http://127.0.0.1:{a_closed_port()}"

    assert away in await notebook.failure(f"%connect {away}")


async def test_stop_ends_the_waiting_for_a_network_that_does_not_answer(notebook: Notebook) -> None:
    await notebook.value("1")
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        cell = asyncio.create_task(notebook.failure(f"%connect {url}"))
        connection, _ = await loop.sock_accept(silent)

        started = loop.time()
        notebook.host.stop()
        told = await cell

        connection.close()
    assert told == "stopped"
    assert loop.time() - started < 0.2


async def test_limits_elsewhere_are_not_ours_to_set(notebook: Notebook, connecting: str) -> None:
    await notebook.run(connecting)

    assert "sets its own limits" in await notebook.failure("%budget 10")


def test_a_kernel_that_stays_at_home_never_loads_an_http_client() -> None:
    source = (
        "import sys, ao_kernel.session, ao_kernel.running;"
        "assert not {'httpx', 'starlette', 'uvicorn'} & sys.modules.keys()"
    )

    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0
