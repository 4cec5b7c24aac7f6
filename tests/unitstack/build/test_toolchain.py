from pathlib import Path

import pytest

from unitstack.build.toolchain import Failed, Job, unfit, zig


def test_a_file_is_compiled_and_what_is_warned_of_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("void f(void) { int unused; }")

    said = zig(32, tmp_path).compile([Job(Path("a.c"), tmp_path / "a.o", ["-Wall"])], [])

    assert "a.c:1:20: warning: unused variable" in said
    assert (tmp_path / "a.o").read_bytes().startswith(b"\0asm")


def test_the_projects_own_flags_come_last(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("#if NUMBER != 2\n#error\n#endif")

    job = Job(Path("a.c"), tmp_path / "a.o", ["-UNUMBER", "-DNUMBER=2"])

    assert zig(64, tmp_path).compile([job], ["-DNUMBER=1"]) == ""


def test_what_does_not_compile_fails_with_what_the_compiler_said(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("x")

    with pytest.raises(Failed, match=r"a\.c:1:1: error"):
        zig(32, tmp_path).compile([Job(Path("a.c"), tmp_path / "a.o", [])], [])


def test_the_folder_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int f(void) { return 1; }")

    zig(32, tmp_path).compile([Job(Path("a.c"), Path("a.o"), [])], [])

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.c", "a.o"]


def test_the_compiler_is_one_whose_modules_are_the_same_everywhere() -> None:
    assert unfit("0.17.1") is None
    assert "here is 0.16.0" in str(unfit("0.16.0"))
    assert "here is 0.170" in str(unfit("0.170"))
    assert "not installed here" in str(unfit(None))
