"""The committed build of the lab extension is of the sources beside it, and no larger than it may be."""

import hashlib
import json
import tomllib
from pathlib import Path

import ao_kernel

ROOT = Path(__file__).parents[2]
LAB = ROOT / "ao_kernel" / "lab"
BUILD = ROOT / "ao_kernel" / "labextension"
SINGLE = ("package.json", "package-lock.json", "tsconfig.json", "build.mjs", "bundle.cjs")
LIMIT = 60_000


def sources() -> list[Path]:
    folders = [path for name in ("src", "style") for path in (LAB / name).rglob("*")]
    files = [path for path in folders if path.is_file()] + [LAB / name for name in SINGLE]
    return sorted(files, key=lambda path: str(path.relative_to(LAB)))


def hash_of(files: list[Path]) -> str:
    found = hashlib.sha256()
    for path in files:
        found.update(str(path.relative_to(LAB)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def scripts() -> list[Path]:
    return sorted((BUILD / "static").glob("*.js"))


def test_the_build_is_of_the_sources_that_are_there() -> None:
    built_from = (BUILD / "sources.sha256").read_text(encoding="utf-8").strip()

    assert built_from == hash_of(sources()), "run `npm ci && npm run build` in ao_kernel/lab"


def test_the_build_is_at_most_60_kb() -> None:
    assert 0 < sum(path.stat().st_size for path in scripts()) <= LIMIT


def test_the_build_makes_no_code_from_text_and_loads_none_from_elsewhere() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in scripts())

    assert [
        word for word in ("eval(", "new Function", "https://", "innerHTML") if word in text
    ] == []


def test_the_build_names_a_file_that_is_there() -> None:
    package = json.loads((BUILD / "package.json").read_text(encoding="utf-8"))

    assert (BUILD / package["jupyterlab"]["_build"]["load"]).is_file()


def test_the_extension_has_the_projects_name_and_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for folder in (LAB, BUILD):
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))

        assert (package["name"], package["version"]) == (project["name"], project["version"])


def test_the_package_says_where_the_extension_is() -> None:
    (told,) = ao_kernel._jupyter_labextension_paths()

    assert ROOT / "ao_kernel" / told["src"] == BUILD
    assert json.loads((BUILD / "package.json").read_text(encoding="utf-8"))["name"] == told["dest"]


def test_the_tutorial_lists_the_notebooks_that_there_are() -> None:
    listed = json.loads((ROOT / "notebooks" / "index.json").read_text(encoding="utf-8"))

    assert listed == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
