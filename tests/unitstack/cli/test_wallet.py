import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.items import KEYS, a_wallet
from unitstack.cli.main import app, main

RUN = CliRunner()


@pytest.mark.parametrize("kind", ["ed25519", "ethereum", "solana"])
def test_a_new_key_is_kept_and_its_address_told(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "wallet.json"

    made = RUN.invoke(app, ["wallet", "new", str(file), "--kind", kind, "--json"])
    shown = RUN.invoke(app, ["wallet", "address", str(file), "--json"])

    assert (made.exit_code, shown.exit_code) == (0, 0)
    assert json.loads(made.output) == json.loads(shown.output)
    assert json.loads(made.output)["kind"] == kind


def test_a_key_that_is_there_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wallet.json"
    file.write_text("mine")
    monkeypatch.setattr("sys.argv", ["ao", "wallet", "new", str(file)])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert "never overwritten" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_an_address_is_shown_as_processes_see_it_and_no_secret_is() -> None:
    file = KEYS / "ethereum.json"

    shown = RUN.invoke(app, ["wallet", "address", str(file)]).output

    assert a_wallet("ethereum").process_address in shown
    assert json.loads(file.read_text())["d"] not in shown
