"""`ao route`: units that run elsewhere, as one."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from tests.asgi import all_served
from tests.items import AN_ID, a_process
from tests.unitstack.compute.fakes import World
from unitstack.cli.main import app, main
from unitstack.compute.http import compute_app
from unitstack.wire import data_item
from unitstack.wire.ids import Address

ROOT = Path(__file__).parents[3]


@contextmanager
def routing(*options: str) -> Iterator[str]:
    """Where the router is, until it is told to end."""
    command = [sys.executable, "-m", "unitstack.cli", "route", *options, "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield json.loads(program.stdout.readline())["url"]
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(30)
    assert program.returncode == 0


async def test_two_compute_units_are_one_and_one_of_them_may_be_away() -> None:
    world = World()
    process = world.a_process()
    message = world.say(process, "one")
    unit = compute_app(world.unit, world.scheduler, Address("C" * 43))
    async with all_served(unit) as (url,), httpx.AsyncClient() as client:
        with routing("cu", "--to", "http://127.0.0.1:1", "--to", url) as router:
            told = await client.get(f"{router}/result/{message}?process-id={process}")
            healthy = await client.get(f"{router}/healthcheck")

    assert told.json()["Output"]["data"] == "boot@0 one@1000"
    assert healthy.text == "OK"
    await world.unit.close()


async def test_askers_are_told_whom_to_ask() -> None:
    hosts = ("--to", "http://one", "--to", "http://other/")
    kept = json.dumps({AN_ID: "http://own/"})
    with routing("cu", *hosts, "--strategy", "redirect", "--process-to-host", kept) as router:
        async with httpx.AsyncClient() as client:
            told = await client.get(f"{router}/state/{AN_ID}")

    assert (told.status_code, told.headers["location"]) == (307, f"http://own/state/{AN_ID}")


async def test_a_process_is_sent_to_its_scheduler_also_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "schedulers.json"
    file.write_text(json.dumps([{"url": "http://su-1"}, {"url": "http://su-2"}]), encoding="utf-8")
    options = ("su", "--schedulers", str(file), "--home", str(tmp_path))
    process = a_process()
    async with httpx.AsyncClient() as client:
        with routing(*options) as router:
            sent = await client.post(router, content=data_item.encode(process))
        with routing(*options) as router:
            asked = await client.get(f"{router}/{process.id}?process-id={process.id}")

    scheduler = sent.headers["location"].rstrip("/")
    assert scheduler in ("http://su-1", "http://su-2")
    assert asked.headers["location"].startswith(f"{scheduler}/{process.id}")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("cu",), "at least one is needed"),
        (("mu", "--to", "http://x", "--process-to-host", "{"), "--process-to-host is not JSON"),
        (("mu", "--to", "http://x", "--owner-to-host", "[]"), "--owner-to-host is a JSON object"),
        (
            ("cu", "--to", "http://x", "--owner-to-host", '{"a": "http://x"}'),
            "no --su-url says who",
        ),
        (
            ("cu", "--to", "http://x", "--from-module-to-host", '{"a": "http://x"}'),
            "no --su-url says which",
        ),
        (("mu", "--to", "http://x", "--from-module-to-host", "1"), "--from-module-to-host is a"),
        (("su",), "give it with --schedulers"),
        (("su", "--schedulers", "/nowhere/list"), "/nowhere/list cannot be read"),
        (("su", "--schedulers", "{here}"), 'is not a list such as [{"url": "http://su"}]'),
    ],
)
def test_what_cannot_be_routed_to_is_told(
    options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here = [each.format(here=__file__) if each == "{here}" else each for each in options]

    with pytest.raises(SystemExit):
        main(["route", *here, "--port", "0"])

    assert told in capsys.readouterr().err


def test_help_names_every_option() -> None:
    shown = CliRunner().invoke(app, ["route", "--help"], terminal_width=200).output

    for option in ("--to", "--strategy", "--su-url", "--schedulers", "--metrics"):
        assert option in shown
