import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from tests.items import KEYS, a_process, a_wallet
from unitstack.cli.main import app
from unitstack.cli.network import UNITS, Plan, Ports, Served, network
from unitstack.cli.serve import Serve, is_loopback, plan_of
from unitstack.cli.shown import lines_to_paste, to_json
from unitstack.errors import Refused
from unitstack.stack import EngineName
from unitstack.wire import data_item
from unitstack.wire.ids import Address, ModuleId, TxId

ROOT = Path(__file__).parents[3]
ANY = Ports(0, 0, 0, 0, 0, 0)
SERVED = Served(
    gateway="http://g",
    bundler="http://b",
    messenger="http://m",
    scheduler="http://s",
    compute="http://c",
    node="http://n",
    scheduler_address=Address("the-scheduler"),
    messenger_address=Address("the-messenger"),
    module=ModuleId(TxId("the-module")),
)


def a_plan(home: Path | None = None, ports: Ports = ANY, **changed: Any) -> Plan:
    given = {"host": "127.0.0.1", "advertised": "127.0.0.1", "compiled": None, **changed}
    return Plan(home=home, ports=ports, engine=EngineName.LUA, **given)


@contextmanager
def program(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "unitstack.cli", "serve", "--port", "0", "--engine", "lua"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*command, *options], cwd=ROOT, text=True, **pipes) as running:  # type: ignore[call-overload]  # of a dict mypy cannot tell which pipes there are
        try:
            yield running
        finally:
            running.kill()


def test_ports_follow_the_first_one() -> None:
    assert plan_of(Serve()).ports == Ports(4000, 4001, 4002, 4003, 4004, 4005)
    assert plan_of(Serve(port=5000)).ports == Ports(5000, 5001, 5002, 5003, 5004, 5005)
    assert plan_of(Serve(port=0)).ports == ANY


def test_a_unit_may_have_a_port_of_its_own() -> None:
    ports = plan_of(Serve(port=0, gateway_port=1, bundler_port=2, messenger_port=3)).ports

    assert ports == Ports(1, 2, 3, 0, 0, 0)
    assert plan_of(Serve(scheduler_port=0, compute_port=9)).ports == Ports(
        4000, 4001, 4002, 0, 9, 4005
    )


def test_nothing_is_kept_where_that_is_asked(tmp_path: Path) -> None:
    kept, unkept = plan_of(Serve(home=tmp_path)), plan_of(Serve(home=tmp_path, memory=True))

    assert (kept.home, kept.compiled) == (tmp_path, tmp_path / "compiled")
    assert (unkept.home, unkept.compiled) == (None, None)


@pytest.mark.parametrize(
    ("host", "advertised"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "127.0.0.1")],
)
def test_urls_name_an_address_that_leads_somewhere(host: str, advertised: str) -> None:
    assert plan_of(Serve(host=host)).advertised == advertised
    assert plan_of(Serve(host=host, advertise="me.example")).advertised == "me.example"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_a_loopback_address_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "example.org"])
def test_any_other_address_may_be_reached_by_others(host: str) -> None:
    assert not is_loopback(host)


def test_what_clients_read_from_the_environment_is_there_to_be_pasted() -> None:
    lines = lines_to_paste(SERVED).splitlines()

    assert "export GATEWAY_URL=http://g" in lines
    assert "export GRAPHQL_URL=http://g/graphql" in lines
    assert "export MU_URL=http://m" in lines
    assert "export CU_URL=http://c" in lines
    assert [line.split()[2] for line in lines if line.startswith("aos ")] == ["--legacy", "--url"]


def test_a_program_is_told_in_json() -> None:
    told = to_json(SERVED)

    assert json.loads(json.dumps(told)) == told
    assert told["scheduler"] == "the-scheduler"


async def test_every_unit_answers_at_its_url() -> None:
    async with network(a_plan()) as served, httpx.AsyncClient() as client:
        about = {
            "gateway": (await client.get(f"{served.gateway}/info")).json()["network"],
            "bundler": (await client.get(f"{served.bundler}/info")).json()["network"],
            "messenger": (await client.get(served.messenger)).text,
            "scheduler": (await client.get(served.scheduler)).json()["address"],
            "compute": (await client.get(served.compute)).json()["address"],
            "node": (await client.get(f"{served.node}/~meta@1.0/info/address")).text,
        }
        located = (await client.get(f"{served.gateway}/{served.module}")).headers["type"]

    assert about == {
        "gateway": "ao.kernel",
        "bundler": "ao.kernel",
        "messenger": "ao messenger unit",
        "scheduler": served.scheduler_address,
        "compute": served.scheduler_address,
        "node": served.messenger_address,
    }
    assert located == "Module"


async def test_every_unit_tells_metrics_where_they_are_asked_for() -> None:
    async with network(a_plan(metrics=True)) as served, httpx.AsyncClient() as client:
        for unit in UNITS:
            told = await client.get(f"{getattr(served, unit)}/metrics")
            assert told.status_code == 200
            assert told.headers["content-type"].startswith("application/openmetrics-text")
            assert told.text.rstrip().endswith("# EOF")
    async with network(a_plan()) as served, httpx.AsyncClient() as client:
        for unit in UNITS:
            assert (await client.get(f"{getattr(served, unit)}/metrics")).status_code in (400, 404)


async def test_pages_of_every_origin_may_ask_unless_they_may_not() -> None:
    origin = {"origin": "https://page.example"}
    async with network(a_plan()) as served, httpx.AsyncClient() as client:
        for unit in UNITS:
            told = await client.get(getattr(served, unit), headers=origin)
            assert told.headers["access-control-allow-origin"] == "*"
    async with network(a_plan(cors=False)) as served, httpx.AsyncClient() as client:
        for unit in UNITS:
            told = await client.get(getattr(served, unit), headers=origin)
            assert "access-control-allow-origin" not in told.headers


async def test_anyone_may_push_only_where_that_is_asked_for() -> None:
    path = f"/push/{'a' * 43}/0?process-id={'b' * 43}"
    for asked, status in ((False, 403), (True, 404)):
        async with network(a_plan(push=asked)) as served, httpx.AsyncClient() as client:
            assert (await client.post(f"{served.messenger}{path}")).status_code == status


async def test_what_was_sent_is_there_after_a_restart_with_the_same_keys(tmp_path: Path) -> None:
    async with network(a_plan(tmp_path)) as before, httpx.AsyncClient() as client:
        item = a_process(module=before.module, scheduler=before.scheduler_address)
        answer = await client.post(before.messenger, content=data_item.encode(item))
        assert answer.status_code == 202

    async with network(a_plan(tmp_path)) as after, httpx.AsyncClient() as client:
        found = await client.get(f"{after.scheduler}/processes/{item.id}")

    assert found.status_code == 200
    assert after.scheduler_address == before.scheduler_address
    assert after.module == before.module


async def test_units_sign_with_the_wallets_that_they_are_given() -> None:
    file, wallet = KEYS / "ethereum.json", a_wallet("ethereum")
    plan = a_plan(messenger_wallet=file, scheduler_wallet=file)

    async with network(plan) as served, httpx.AsyncClient() as client:
        about = (await client.get(served.scheduler)).json()

    assert about["address"] == served.scheduler_address == wallet.address
    # What a process trusts is what it sees.
    assert served.messenger_address == wallet.process_address


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port} .* --scheduler-port"):
            async with network(a_plan(ports=Ports(0, 0, 0, port, 0, 0))):
                pytest.fail("it must not open")


def test_it_ends_when_it_is_told_to_and_says_where_it_was_in_json(tmp_path: Path) -> None:
    with program("--home", str(tmp_path), "--json") as running:
        assert running.stdout is not None
        told = json.loads(running.stdout.readline())
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
        assert running.stdout.read() == ""
        assert running.stderr is not None
        assert running.stderr.read() == ""

    assert tuple(told["urls"]) == UNITS


def test_a_person_is_shown_where_everything_is_and_warned_of_an_open_door() -> None:
    with program("--memory", "--host", "0.0.0.0") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        lines: list[str] = []
        while not lines or "Ctrl+C" not in lines[-1]:
            lines.append(running.stdout.readline())
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
        warned = running.stderr.read()

    shown = "".join(lines)
    assert "gateway" in shown
    assert "export MU_URL=http://127.0.0.1:" in shown
    assert "warning" in warned
    assert "0.0.0.0" in warned


def test_a_program_reads_warnings_as_json() -> None:
    with program("--memory", "--host", "0.0.0.0", "--json", "--log-format", "json") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
        (warned,) = map(json.loads, running.stderr)

    assert warned["level"] == "warning"
    assert "0.0.0.0" in warned["message"]


def test_a_home_that_is_open_elsewhere_is_refused_in_one_line(tmp_path: Path) -> None:
    with program("--home", str(tmp_path), "--json") as first:
        assert first.stdout is not None
        first.stdout.readline()
        with program("--home", str(tmp_path), "--log-format", "json") as second:
            _, told = second.communicate(timeout=30)

    assert second.returncode == 1
    assert told.startswith("error: ")
    assert "Traceback" not in told


def test_help_names_every_option() -> None:
    shown = CliRunner().invoke(app, ["serve", "--help"], terminal_width=200).output

    for option in ("--home", "--port", "--compute-port", "--metrics", "--log-format", "--no-cors"):
        assert option in shown


async def test_cancelling_frees_the_ports() -> None:
    async def hold() -> None:
        async with network(a_plan()):
            opened.set()
            await asyncio.Event().wait()

    opened = asyncio.Event()
    task = asyncio.create_task(hold())
    await opened.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
