from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.items import AN_ID, KEYS
from unitstack.build.lua_module import template
from unitstack.cli.main import app
from unitstack.cli.publishing import tags_of
from unitstack.errors import Refused
from unitstack.wire.tags import Tag

WALLET = ("-w", str(KEYS / "ed25519.json"))
NOWHERE = "http://127.0.0.1:1"


def error_of(*arguments: str) -> str:
    ended = CliRunner().invoke(app, list(arguments))
    assert ended.exit_code == 1
    return str(ended.exception)


def test_tags_are_pairs_of_names_and_values_in_order() -> None:
    assert tags_of(["A", "B"], ["1", "2"]) == (Tag("A", "1"), Tag("B", "2"))
    assert tags_of(None, None) == ()


def test_a_name_without_a_value_is_refused() -> None:
    with pytest.raises(Refused, match="2 --tag and 1 --value"):
        tags_of(["A", "B"], ["1"])


def test_a_wallet_that_is_not_there_is_told() -> None:
    assert "none.json cannot be read" in error_of("publish", "-w", "none.json", "x.wasm")


def test_a_module_that_is_not_there_is_told() -> None:
    assert "none.wasm cannot be read" in error_of("publish", *WALLET, "none.wasm")


def test_what_is_no_module_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "a.wasm").write_text("no wasm")

    assert "a.wasm: these 7 bytes are no wasm" in error_of("publish", *WALLET, f"{tmp_path}/a.wasm")


def test_nothing_is_published_for_everyone_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.wasm").write_bytes(template(32))

    ended = CliRunner().invoke(app, ["publish", *WALLET, f"{tmp_path}/a.wasm"], input="n\n")

    assert ended.exit_code == 1
    assert "at https://up.arweave.net, for ever and for everyone?" in ended.stderr


def test_an_id_that_is_none_is_no_module() -> None:
    assert "short" in error_of("spawn", *WALLET, "-m", "short")


def test_a_messenger_that_is_away_is_told() -> None:
    told = error_of("spawn", *WALLET, "-m", AN_ID, "--messenger", NOWHERE)

    assert f"{NOWHERE}/ did not answer" in told
