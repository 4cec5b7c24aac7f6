"""What is shipped in built form is what its sources give."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import unitstack.build

BUILD = Path(unitstack.build.__file__).parent
NATIVE, TEMPLATES = BUILD / "native", BUILD / "templates"


def test_each_shipped_file_has_the_hash_that_is_written_down() -> None:
    lines = (NATIVE / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    written = {name: digest for digest, name in (line.split() for line in lines if line[0] != "#")}

    shipped = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in TEMPLATES.iterdir()
    }

    assert shipped == written


def test_the_kit_has_the_same_parts_for_both_widths() -> None:
    with zipfile.ZipFile(TEMPLATES / "c.zip") as kit:
        names = kit.namelist()

    narrow, wide = (
        {name.removeprefix(width) for name in names if name.startswith(width)}
        for width in ("wasm32/", "wasm64/")
    )

    assert narrow == wide
    assert {"libc.a", "liblua.a", "c_main.o", "lua_host.o"} < narrow
    assert {"include/stdio.h", "include/lua.h"} < set(names)


@pytest.mark.slow
def test_the_shipped_files_are_rebuilt_to_identical_bytes(tmp_path: Path) -> None:
    """It asks Debian's mirror for two source packages, and takes about a minute."""
    ended = subprocess.run(
        [sys.executable, str(NATIVE / "rebuild.py"), "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
