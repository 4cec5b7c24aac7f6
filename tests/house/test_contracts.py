"""The import contracts of pyproject.toml hold, and would catch a violation."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lint_imports() -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_import_contract_is_kept() -> None:
    outcome = lint_imports()

    assert outcome.returncode == 0, outcome.stdout
    assert "0 broken" in outcome.stdout
