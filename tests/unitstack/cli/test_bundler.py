"""A bundler that is paid, and the gateway that takes the payment, are played by a small server here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.items import AN_ID, KEYS, a_wallet
from unitstack.cli.bundler import recipient_of
from unitstack.cli.main import app
from unitstack.errors import InvalidKey, Refused
from unitstack.wire import ids, transactions

WALLET = ("-w", str(KEYS / "arweave.json"))
ANCHOR = ids.encode(b"a" * 48)
PAID = "/account/balance/arweave"


@dataclass(slots=True)
class Played:
    """What was posted where; the bundler takes note of a transfer, or not yet."""

    url: str = ""
    posted: list[tuple[str, Any]] = field(default_factory=list)
    status: int = 200

    def get(self, path: str) -> str:
        answers = {
            "/info": json.dumps({"addresses": {"arweave": AN_ID}}),
            f"/price/0/{AN_ID}": "77",
            "/tx_anchor": ANCHOR,
        }
        return answers[path]

    def run(self, *arguments: str, typed: str = "") -> Any:
        places = ("-b", self.url, "--gateway", self.url)
        return CliRunner().invoke(app, ["bundler", "fund", *places, *arguments], input=typed)


@pytest.fixture
def played() -> Iterator[Played]:
    told = Played()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's name
            self._answer(200, told.get(self.path))

        def do_POST(self) -> None:  # as above
            raw = self.rfile.read(int(self.headers["content-length"]))
            told.posted.append((self.path, json.loads(raw)))
            self._answer(told.status if self.path == PAID else 200, "{}")

        def _answer(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Tests say what matters."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        told.url = f"http://127.0.0.1:{server.server_port}"
        yield told
        server.shutdown()


def test_ar_is_moved_to_the_bundler_which_is_told_of_it(played: Played) -> None:
    ended = played.run("1000", *WALLET, "--yes", "--json")

    (sent_to, sent), (told_to, told) = played.posted
    moved = transactions.from_json(sent)
    transactions.verify(moved)
    assert (sent_to, told_to, told) == ("/tx", PAID, {"tx_id": moved.id})
    assert (moved.quantity, moved.reward, ids.encode(moved.target)) == (1000, 77, AN_ID)
    assert ids.encode(moved.last_tx) == ANCHOR
    assert json.loads(ended.stdout) == {
        "address": a_wallet("arweave").address,
        "sent": "1000",
        "transaction": moved.id,
    }


def test_nothing_is_moved_unasked(played: Played) -> None:
    ended = played.run("1000000000000", *WALLET, typed="n\n")

    assert played.posted == []
    assert str(ended.exception) == "nothing was sent"
    assert f"send 1000000000000 winston to {AN_ID}" in ended.stderr
    assert "and 77 to Arweave's miners: 1.000000000077 AR in all?" in ended.stderr


def test_what_the_bundler_does_not_know_yet_can_be_told_again_and_is_not_paid_twice(
    played: Played,
) -> None:
    played.status = 404
    ended = played.run("1000", *WALLET, "--yes")
    moved = played.posted[1][1]["tx_id"]
    played.status = 200
    again = played.run("1000", *WALLET, "--transaction", moved)

    assert f"tell it again later with --transaction {moved}" in str(ended.exception)
    assert again.stdout.strip() == moved
    assert [place for place, _ in played.posted] == ["/tx", PAID, PAID]


def test_a_key_that_is_not_arweaves_moves_nothing(played: Played) -> None:
    ended = played.run("1000", "-w", str(KEYS / "ethereum.json"), "--yes")

    assert isinstance(ended.exception, InvalidKey)
    assert played.posted == []


@pytest.mark.parametrize("about", [{}, {"addresses": {"arweave": "short"}}, {"addresses": []}])
def test_a_bundler_that_names_no_address_is_not_paid(about: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="names no address on Arweave"):
        recipient_of(about, "https://bundler.example")
