"""A project goes its whole way: built, published to a network that `ao serve` runs, spawned there, and spoken to."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.field.served import ROOT, served
from tests.items import KEYS, a_wallet
from unitstack.client.client import Client
from unitstack.client.drafts import Defaults
from unitstack.remote import connect
from unitstack.wire.ids import Address, ModuleId, ProcessId, TxId

WALLET = ("-w", str(KEYS / "arweave.json"))


@dataclass(frozen=True, slots=True)
class Network:
    """What `ao serve` told, and `ao` as a person runs it who pasted that."""

    told: dict[str, Any]

    def ao(self, *arguments: str) -> Any:
        """What it answers in JSON."""
        ended = subprocess.run(
            [sys.executable, "-m", "unitstack.cli", *arguments, "--json"],
            cwd=ROOT,
            env={
                **os.environ,
                **self.told["environment"],
                "BUNDLER_URL": self.told["urls"]["bundler"],
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with served("--memory") as told:
        yield Network(told)


@pytest.mark.parametrize("language", ["lua", "c"])
async def test_a_published_module_is_spawned_and_answers(
    network: Network, tmp_path: Path, language: str
) -> None:
    network.ao("init", "-l", language, str(tmp_path / "mine"))
    network.ao("build", str(tmp_path / "mine"))
    wasm = str(tmp_path / "mine" / "process.wasm")

    module = network.ao("publish", *WALLET, wasm, "-t", "Name", "-v", "mine")["module"]
    process = network.ao("spawn", *WALLET, "-m", module, "-t", "Name", "-v", "one")["process"]

    urls = network.told["urls"]
    places = {"mu": urls["messenger"], "su": urls["scheduler"], "cu": urls["compute"]}
    async with connect(**places, gateway=urls["gateway"]) as units:
        given = Defaults(ModuleId(TxId(module)), Address(network.told["scheduler"]))
        one = Client(units, a_wallet("arweave"), given).process(ProcessId(TxId(process)))
        results = [
            await one.client.result(one.id, await one.send(tags={"Action": "Ping"}))
            for _ in range(2)
        ]
    assert [result.output.data for result in results] == ["ponged 1", "ponged 2"]
    assert results[1].outbox.messages[0].data == "pong 2"


def test_the_bundler_asks_for_nothing(network: Network) -> None:
    address = a_wallet("arweave").address

    assert network.ao("bundler", "balance", *WALLET) == {"address": address, "balance": "0"}
    assert network.ao("bundler", "fund", *WALLET, "1000") == {"address": address, "sent": "0"}


def test_what_is_no_bundler_is_not_paid(network: Network) -> None:
    command = [sys.executable, "-m", "unitstack.cli", "bundler", "fund", *WALLET, "1000", "--yes"]

    ended = subprocess.run(
        [*command, "-b", network.told["urls"]["messenger"]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "names no address on Arweave to be paid at" in ended.stderr
