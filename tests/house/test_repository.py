"""The repository speaks of itself alone, and says the same thing in each place."""

import json
import subprocess
import tomllib
from pathlib import Path

import ao_kernel

ROOT = Path(__file__).parents[2]
TEXTS = {".py", ".md", ".toml", ".lua", ".json", ".ipynb", ".mjs", ".sh", ".lock", ""}


def texts() -> list[tuple[str, str]]:
    listing = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listing.stdout.split()]
    return [
        (str(p.relative_to(ROOT)), p.read_text(encoding="utf-8"))
        for p in paths
        if p.suffix in TEXTS
    ]


def test_no_file_names_a_path_of_the_machine_that_it_was_written_on() -> None:
    home = f"{ROOT}/"

    assert [name for name, text in texts() if home in text] == []


def test_no_lock_file_names_a_registry_host() -> None:
    locks = [(name, text) for name, text in texts() if name.endswith((".lock", "lock.json"))]

    assert locks
    assert [name for name, text in locks if '"resolved"' in text or "index-url" in text] == []


def test_no_file_says_that_it_is_unfinished() -> None:
    words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]

    assert [name for name, text in texts() if any(word in text for word in words)] == []


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert ao_kernel.__version__ == project["version"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_install_json_names_the_distribution() -> None:
    install = json.loads((ROOT / "install.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert install["packageName"] == project["name"]
