import json
import re
from pathlib import Path, PurePath
from typing import Any

import pytest

from unitstack.build.project import MAX_FILES, Language, build, module_name, read_project
from unitstack.build.starter import copy_starter
from unitstack.engines.loading import ModuleFailed, load
from unitstack.errors import EngineError, Refused

PROCESS = (
    "local process = {} function process.handle(m, env) return {Output = %s} end return process"
)
ENV: dict[str, Any] = {"Process": {"Id": "P", "Tags": []}, "Module": {"Id": "M", "Tags": []}}
SMALL = "stack_size: 2097152\ninitial_memory: 6291456\nmaximum_memory: 33554432\n"


def a_project(folder: Path, output: str = "'done'", **files: str) -> Path:
    """A project whose process answers with the value of a Lua expression; `lib__a` is the file `lib/a.lua`."""
    given = {"process": PROCESS % output, **files}
    for name, text in given.items():
        path = folder / (name.replace("__", "/") + ".lua")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    (folder / "config.yml").write_text(SMALL)
    return folder


def answer(folder: Path, target: int = 32, **options: Any) -> Any:
    """What the built process answers to a message."""
    (folder / "config.yml").write_text(f"{SMALL}target: {target}\n")
    handle = load(
        build(read_project(folder), **options),
        format={32: "wasm32-unknown-emscripten4", 64: "wasm64-unknown-emscripten-draft_2024_02_15"}[
            target
        ],
    )
    return handle(None, {"Id": "1", "Tags": [], "Data": "ä"}, ENV)["Output"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("process.lua", ".process"),
        ("lib/a.lua", ".lib.a"),
        ("libs/b/init.lua", ".libs.b.init"),
        ("modules/share/lua/5.3/inspect/more.lua", "inspect.more"),
    ],
)
def test_a_file_is_required_by_its_place(path: str, name: str) -> None:
    assert module_name(PurePath(path)) == name


@pytest.mark.parametrize("target", [32, 64])
def test_a_process_gets_message_and_environment_and_gives_a_result(
    tmp_path: Path, target: int
) -> None:
    output = "m.Data .. env.Process.Id .. require('.lib.a') .. require('.libs.b')"

    folder = a_project(tmp_path, output, lib__a="return 'A'", libs__b__init="return 'B'")

    assert answer(folder, target) == "äPAB"


def test_the_same_project_gives_the_same_bytes_wherever_it_is(tmp_path: Path) -> None:
    first, second = (
        a_project(tmp_path / name, lib__a="return 1", lib__b="return 2") for name in ("one", "two")
    )

    assert build(read_project(first)) == build(read_project(second))


def test_json_is_there_and_does_not_take_names_of_the_project(tmp_path: Path) -> None:
    output = "require('json').encode({require('.compat'), require('.json')})"

    told = answer(a_project(tmp_path, output, compat="return 'mine'", json="return 'own'"))

    assert json.loads(told) == ["mine", "own"]


def test_chance_is_the_same_each_time_as_in_the_field(tmp_path: Path) -> None:
    assert answer(a_project(tmp_path, "math.random(100)")) == 0.5


def test_an_error_of_the_process_is_its_answer(tmp_path: Path) -> None:
    with pytest.raises(ModuleFailed, match=r"process\"\]:1: broken"):
        answer(a_project(tmp_path, "error('broken')"))


def test_a_result_that_json_cannot_hold_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is not the JSON of a result"):
        answer(a_project(tmp_path, "{[1] = print}"))


def test_a_process_may_be_replaced_while_it_runs(tmp_path: Path) -> None:
    replacing = "(function() package.loaded['.process'] = {handle = function() return {Output = 2} end} return 1 end)()"
    module = build(read_project(a_project(tmp_path, replacing)))

    handle = load(module, format="wasm64-unknown-emscripten-draft_2024_02_15")

    assert [handle(None, {}, ENV)["Output"] for _ in range(2)] == [1, 2]


def test_first_lines_that_are_not_lua_leave_the_lines_numbered_as_they_are(tmp_path: Path) -> None:
    given = "﻿#!/usr/bin/lua\r\nerror('here')\r\n"

    folder = a_project(tmp_path, "select(2, pcall(require, '.a'))", a=given)

    assert answer(folder) == '[string ".a"]:2: here'
    assert answer(folder, reference_lines=True) == '[string ".a"]:3: here'


def test_hidden_files_and_those_of_node_are_not_the_projects(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    for name in (".git", "node_modules/x"):
        (folder / name).mkdir(parents=True)
        (folder / name / "a.lua").write_text("return 1")
    (folder / ".luacheckrc.lua").write_text("return 1")

    assert set(read_project(folder).sources) == {".process"}


def test_a_link_that_leads_round_is_not_followed(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "again").symlink_to(folder)

    assert set(read_project(folder).sources) == {".process"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("libs/x.cpp", "C++, whose library does not exist"),
        ("libs/x.rs", "Rust, which is not built here"),
        ("libs/x.so", "a shared library, which a module cannot open"),
    ],
)
def test_a_library_that_cannot_be_honoured_is_refused(tmp_path: Path, name: str, told: str) -> None:
    folder = a_project(tmp_path)
    (folder / "libs").mkdir()
    (folder / name).touch()

    with pytest.raises(Refused, match=re.escape(f"{name} is {told}")):
        read_project(folder)


@pytest.mark.parametrize(("name", "told"), [("main.cpp", "C++"), ("lib.rs", "Rust")])
def test_a_project_in_another_language_is_refused(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / name).touch()

    with pytest.raises(Refused, match=re.escape(f"{name} is {told}")):
        read_project(tmp_path)


def test_c_under_libs_belongs_to_a_project_in_lua(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "libs").mkdir()
    (folder / "libs" / "x.c").touch()

    project = read_project(folder)

    assert (project.language, project.c_files) == (Language.LUA, (PurePath("libs/x.c"),))


def test_c_beside_lua_is_not_the_projects_as_ao_has_it(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "tool.c").touch()

    assert answer(folder) == "done"


def test_a_folder_without_a_process_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.lua").touch()

    with pytest.raises(Refused, match=r"has Lua but no process\.lua"):
        read_project(tmp_path)
    with pytest.raises(Refused, match=r"neither process\.lua nor a file of C; `ao init` makes"):
        read_project(tmp_path / "empty")
    with pytest.raises(Refused, match="is no folder"):
        read_project(tmp_path / "missing")


def test_a_folder_with_too_many_files_is_refused(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    for number in range(MAX_FILES):
        (folder / f"f{number}.lua").touch()

    with pytest.raises(Refused, match=f"more than {MAX_FILES} sources"):
        read_project(folder)


def test_a_process_that_is_no_lua_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"process\.lua is no Lua: \.process:2: "):
        read_project(a_project(tmp_path, process="local x = 1\nx x"))


def test_another_file_that_is_no_lua_is_noted(tmp_path: Path) -> None:
    assert ".a is no Lua" in read_project(a_project(tmp_path, a="x x")).notes[0]


def test_a_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"a\.lua is not UTF-8: byte 8 is 0xff"):
        read_project(a_project(tmp_path, a="return '\udcff'"))


def test_that_flags_have_no_effect_on_lua_is_noted(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "config.yml").write_text("extra_compile_args: -O3")

    assert "Lua is not compiled" in read_project(folder).notes[0]


def test_that_luarocks_is_not_asked_is_noted(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "definition.yml").touch()

    assert "luarocks are not fetched" in read_project(folder).notes[0]


def test_the_starter_answers(tmp_path: Path) -> None:
    copy_starter("lua", tmp_path)

    assert answer(tmp_path) == "no one here knows what nil means"


def test_a_starter_overwrites_only_what_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "process.lua").write_text("mine")

    with pytest.raises(Refused, match=r"process\.lua exists already"):
        copy_starter("lua", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["process.lua"]
    assert len(copy_starter("lua", tmp_path, force=True)) == 3
    assert (tmp_path / "process.lua").read_text() != "mine"


def test_a_starter_in_a_language_that_does_not_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no starter in cpp: there are lua and c"):
        copy_starter("cpp", tmp_path)


def test_a_starter_for_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Refused, match="cannot be written"):
        copy_starter("lua", tmp_path / "file" / "folder")
