"""A network that `ao serve` runs in a program of its own, for clients of the field; and node, which they run in."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.items import KEYS, a_wallet
from unitstack.wire import ids

ROOT = Path(__file__).parents[2]
FIELD = Path(__file__).parent
PORTS = 6


def first_of_free_ports() -> int:
    """wao counts the units' ports from the gateway's on."""
    while True:
        with ExitStack() as held:
            first = held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            try:
                for port in range(first + 1, first + PORTS):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except (OSError, OverflowError):
                continue
            return int(first)


@contextmanager
def served(*options: str) -> Iterator[dict[str, Any]]:
    """What `ao serve --json` tells of itself, on ports that were free; it ends as a person would end it."""
    command = [sys.executable, "-m", "unitstack.cli", "serve", "--json", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            told: dict[str, Any] = json.loads(program.stdout.readline())
            yield told
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(30)
    assert program.returncode == 0


def fetch_packages(folder: str) -> None:
    """The folder's packages, where they are missing."""
    where = FIELD / folder
    if not (where / "node_modules").is_dir():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=where, check=True, capture_output=True)


def node(folder: str, script: str, given: object) -> Any:
    """What the script writes as JSON."""
    fetch_packages(folder)
    where = FIELD / folder
    written = json.dumps(given).encode()
    answer = subprocess.run(
        ["node", script], cwd=where, input=written, capture_output=True, timeout=120, check=False
    )
    assert answer.returncode == 0, answer.stderr.decode()
    return json.loads(answer.stdout)


def wallets() -> dict[str, Any]:
    """Keys as JavaScript's signers take them."""
    secret = a_wallet("ethereum").to_jwk()["d"]
    return {
        "wallet": json.loads((KEYS / "arweave.json").read_text(encoding="utf-8")),
        "address": a_wallet("arweave").address,
        "ethereum": ids.decode(secret).hex(),
    }
