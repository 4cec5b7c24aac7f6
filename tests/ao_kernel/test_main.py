import json
import sys
from pathlib import Path

import pytest

from ao_kernel.__main__ import main, seed_in, write_kernelspec
from ao_kernel.folders import data_folder


def test_the_installed_kernelspec_names_this_very_interpreter(tmp_path: Path) -> None:
    write_kernelspec(tmp_path)

    spec = json.loads((tmp_path / "kernel.json").read_text(encoding="utf-8"))
    assert spec["argv"] == [sys.executable, "-m", "ao_kernel", "-f", "{connection_file}"]
    assert Path(spec["argv"][0]).is_absolute()


def test_stop_is_a_message_and_not_a_signal(tmp_path: Path) -> None:
    write_kernelspec(tmp_path)

    spec = json.loads((tmp_path / "kernel.json").read_text(encoding="utf-8"))
    assert spec["interrupt_mode"] == "message"
    assert spec["metadata"]["debugger"] is False


def test_a_kernelspec_is_installed_below_a_prefix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["install", "--prefix", str(tmp_path)])

    folder = tmp_path / "share" / "jupyter" / "kernels" / "ao"
    assert {path.name for path in folder.iterdir()} == {
        "kernel.json",
        "logo-32x32.png",
        "logo-64x64.png",
        "logo-svg.svg",
    }
    assert str(folder) in capsys.readouterr().out


@pytest.mark.parametrize(("name", "size"), [("logo-32x32.png", 32), ("logo-64x64.png", 64)])
def test_the_logos_have_the_sizes_that_their_names_say(
    tmp_path: Path, name: str, size: int
) -> None:
    write_kernelspec(tmp_path)

    header = (tmp_path / name).read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")) == (
        size,
        size,
    )


def test_a_folder_that_was_asked_for_is_taken(tmp_path: Path) -> None:
    assert data_folder(str(tmp_path)) == tmp_path
    assert data_folder().name == "ao-jupyter"


def test_a_folder_that_cannot_be_installed_in_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SystemExit) as raised:
        main(["install", "--prefix", str(tmp_path / "file" / "x")])

    told = str(raised.value.code)
    assert told.startswith(f"cannot install in {tmp_path}/file/x")
    assert "\n" not in told


def test_help_mentions_the_installation(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])

    assert "python -m ao_kernel install" in capsys.readouterr().out


def test_a_world_can_be_asked_for_that_is_the_same_each_time() -> None:
    assert seed_in({"AO_SEED": "42"}) == "42"
    assert seed_in({"AO_HOME": "here"}) is None
    assert seed_in({"AO_SEED": ""}) is None


def test_a_world_in_a_folder_does_not_grow_from_a_seed() -> None:
    with pytest.raises(SystemExit, match=r"AO_SEED is 42 and AO_HOME is here: .*; unset one"):
        seed_in({"AO_SEED": "42", "AO_HOME": "here"})
