"""Modules that `ao build` makes of Lua and of C run in the reference's loader under each format that they may be tagged with, and memory
goes from it to ours and back."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.field.reference import ENV, FIRST, HERE, install, pair
from unitstack.build.project import build, read_project
from unitstack.build.starter import copy_starter
from unitstack.engines.dialects import DIALECTS
from unitstack.engines.loading import load
from unitstack.wire.messages import ModuleFormat

FORMATS = [
    (32, ModuleFormat.WASM32_4),
    (32, ModuleFormat.WASM32_METERING),
    (64, ModuleFormat.WASM64),
    (64, ModuleFormat.WASM64_METERING),
]
SIZES = "stack_size: 2097152\ninitial_memory: 6291456\nmaximum_memory: 67108864\n"
FAILING = """
local json = require("json")
local process = {}
function process.handle(message)
  Seen = (Seen or "") .. message.Data
  if message.Data == "error" then error({ code = 7 }) end
  if message.Data == "grow" then Kept = ("x"):rep(9000000) end
  return { Output = json.encode({ Seen, math.random(9), #(Kept or "") }), Messages = {}, Spawns = {}, Assignments = {} }
end
return process
"""
COUNTING = """
#include "lauxlib.h"
static int count;
static int next(lua_State *L) { lua_pushinteger(L, ++count); return 1; }
static int fail(lua_State *L) { return luaL_error(L, "no %s", luaL_checkstring(L, 1)); }
static const luaL_Reg functions[] = { { "next", next }, { "fail", fail }, { 0, 0 } };
int luaopen_counting(lua_State *L) { luaL_newlib(L, functions); return 1; }
"""
WITH_C = """
local counting = require("counting")
return { handle = function(message)
  local _, told = pcall(counting.fail, message.Data)
  return { Output = counting.next() .. " " .. message.Data .. " " .. told, Messages = {}, Spawns = {}, Assignments = {} }
end }
"""


@dataclass(frozen=True, slots=True)
class Built:
    """A module that was built, with the format that both loaders take it for."""

    path: Path
    format: ModuleFormat

    def in_node(self, data: list[str], memory: bytes | None = None) -> tuple[list[Any], bytes]:
        """What the reference gives, and the memory that it leaves."""
        before, after = self.path.with_name("before"), self.path.with_name("after")
        before.write_bytes(memory or b"")
        given = {
            "module": str(self.path),
            "format": self.format,
            "memory": str(before) if memory else None,
            "messages": [a_message(each) for each in data],
            "env": ENV,
            "out": str(after),
        }
        command = ["node", "--experimental-wasm-memory64", "exchange.cjs"]
        ended = subprocess.run(
            command, cwd=HERE, input=json.dumps(given), capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)["results"], after.read_bytes()

    def here(self, data: list[str], memory: bytes | None = None) -> tuple[list[Any], bytes]:
        """What our loader gives, and the memory that it leaves."""
        handle = load(self.path.read_bytes(), format=self.format)
        kept, results = memory, []
        for each in data:
            result = handle(kept, a_message(each), ENV)
            given = result.pop("Memory")
            assert isinstance(given, memoryview)
            kept = bytes(given)
            results.append(result)
        handle.close()
        assert kept is not None
        return results, kept


def a_message(action: str) -> dict[str, Any]:
    return FIRST | {"Data": action, "Tags": [{"name": "Action", "value": action}]}


def built(folder: Path, target: int, format: ModuleFormat) -> Built:
    (folder / "config.yml").write_text(f"{SIZES}target: {target}\n")
    path = folder / "process.wasm"
    path.write_bytes(build(read_project(folder)))
    return Built(path, format)


def comparable(results: list[Any], format: ModuleFormat) -> list[Any]:
    """What is absent there is null here; gas is counted by both where the format says so."""
    kept = [{name: each for name, each in one.items() if each is not None} for one in results]
    return [one | ({} if DIALECTS[format].metered else {"GasUsed": 0}) for one in kept]


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    install()


@pytest.mark.parametrize(("target", "format"), FORMATS)
def test_the_starter_answers_the_same_in_both_loaders(
    target: int, format: ModuleFormat, tmp_path: Path
) -> None:
    copy_starter("lua", tmp_path)
    module = built(tmp_path, target, format)

    theirs, ours = module.in_node(["Ping", "Other", "Ping"]), module.here(["Ping", "Other", "Ping"])

    assert [each["Output"] for each in theirs[0]][::2] == ["ponged 1", "ponged 2"]
    assert theirs[0][0]["Messages"][0]["Data"] == "pong 1"
    assert comparable(theirs[0], format) == comparable(ours[0], format)


@pytest.mark.parametrize(("target", "format"), FORMATS)
def test_a_project_in_c_answers_the_same_in_both_loaders_from_each_others_memory(
    target: int, format: ModuleFormat, tmp_path: Path
) -> None:
    copy_starter("c", tmp_path)
    module = built(tmp_path, target, format)

    theirs, there = module.in_node(["Ping", "Other", "Ping"])
    ours, here = module.here(["Ping", "Other", "Ping"])
    theirs_after, _ = module.in_node(["Ping"], here)
    ours_after, _ = module.here(["Ping"], there)

    assert [each["Output"] for each in theirs][::2] == ["ponged 1", "ponged 2"]
    assert theirs_after[0]["Messages"][0]["Data"] == "pong 3"
    assert comparable(theirs, format) == comparable(ours, format)
    assert comparable(theirs_after, format) == comparable(ours_after, format)


@pytest.mark.parametrize("language", ["lua", "c"])
@pytest.mark.parametrize(("target", "format"), FORMATS)
def test_memory_is_the_same_after_each_message(
    target: int, format: ModuleFormat, language: str, tmp_path: Path
) -> None:
    copy_starter(language, tmp_path)
    module = built(tmp_path, target, format)

    with pair(module.path, format) as both:
        for number in range(10):
            both.tell(a_message(("Ping", "Other")[number % 2]), thoroughly=number == 0)


@pytest.mark.parametrize(("target", "format"), FORMATS)
def test_c_that_lua_requires_runs_in_both_loaders(
    target: int, format: ModuleFormat, tmp_path: Path
) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / "counting.c").write_text(COUNTING)
    (tmp_path / "process.lua").write_text(WITH_C)
    module = built(tmp_path, target, format)

    theirs, memory = module.in_node(["a", "b"])
    ours, _ = module.here(["a", "b"])
    after, _ = module.here(["c"], memory)

    assert [each["Output"] for each in theirs] == ["1 a no a", "2 b no b"]
    assert comparable(theirs, format) == comparable(ours, format)
    assert after[0]["Output"] == "3 c no c"


@pytest.mark.parametrize(("target", "format"), FORMATS)
def test_memory_goes_from_one_loader_to_the_other_and_back(
    target: int, format: ModuleFormat, tmp_path: Path
) -> None:
    (tmp_path / "process.lua").write_text(FAILING)
    module = built(tmp_path, target, format)

    _, theirs = module.in_node(["a", "b"])
    here, ours = module.here(["c", "grow"], theirs)
    there, _ = module.in_node(["d"], ours)

    assert json.loads(here[1]["Output"]) == ["abcgrow", 0.5, 9_000_000]
    assert json.loads(there[0]["Output"]) == ["abcgrowd", 0.5, 9_000_000]
