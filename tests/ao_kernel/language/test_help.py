import pytest
from lupa.lua53 import LuaRuntime  # type: ignore[import-untyped]

from ao_kernel.language.help import (
    MODULES,
    Topic,
    find_topic,
    module_names,
    parse_topics,
    static_names,
    topics,
)
from benchmarks.runtime import a_message, booted

LISTING = """
local out = {}
for name, value in pairs(_G) do
  if type(value) == "table" and name ~= "_G" and name ~= "arg" and name ~= "python" then
    for field, inner in pairs(value) do
      if type(inner) ~= "table" and type(inner) ~= "userdata" then out[#out + 1] = name .. "." .. field end
    end
  elseif name ~= "python" then out[#out + 1] = name end
end
return table.concat(out, "\\n")
"""
RUNTIME = """
local out, seen = {}, { [_G] = true, [package.loaded] = true, [package.preload] = true }
local function walk(fields, prefix, depth)
  if seen[fields] then return end
  seen[fields] = true
  for name, value in next, fields do
    if type(name) == "string" and name:find("^%a[%w_]*$") then
      out[#out + 1] = prefix .. name
      if type(value) == "table" and depth > 0 then walk(value, prefix .. name .. ".", depth - 1) end
    end
  end
end
for name, value in next, _G do
  if name ~= "Inbox" and name ~= "Errors" and name ~= "Owner" then walk({ [name] = value }, "", 3) end
end
seen = {}
for _, name in ipairs({ "json", ".base64", ".bint", ".crypto", ".pretty", ".stringify" }) do
  local module = require(name)
  walk(name == ".bint" and module(256) or module, name:gsub("^%.", "") .. ".", 2)
end
return table.concat(out, "\\n")
"""


def everything() -> list[str]:
    """Whatever a process has from its start."""
    result = booted().handle(a_message(1, RUNTIME, Action="Eval"))
    assert result.error is None, result.error
    return sorted(str(result.output.data).split("\n"))


STANDARD = sorted(str(LuaRuntime().execute(LISTING)).split("\n"))


@pytest.mark.parametrize("name", STANDARD)
def test_the_whole_standard_library_of_lua_has_help(name: str) -> None:
    topic = find_topic(name)

    assert topic is not None
    assert topic.text


@pytest.mark.parametrize(
    "name",
    ["Send", "Spawn", "Receive", "Handlers.add", "ao.send", "msg.reply", "Inbox", "Authority"],
)
def test_ao_itself_has_help(name: str) -> None:
    assert find_topic(name) is not None


def test_all_that_a_process_has_from_its_start_has_help() -> None:
    names = everything()

    assert len(names) > 350
    assert [name for name in names if name not in topics()] == []


def test_what_is_told_of_modules_is_there() -> None:
    names = {*everything(), "Inbox", "Errors", "Owner"}

    assert [name for name in module_names() if name not in names] == []
    assert not set(MODULES) & static_names().keys()


def test_a_method_on_anything_is_looked_for_on_strings_and_messages() -> None:
    assert find_topic("x.gsub") == find_topic("string.gsub")
    assert find_topic("m.reply") == find_topic("msg.reply")


def test_a_name_without_help_has_none() -> None:
    assert find_topic("nothing_of_the_kind") is None


def test_a_page_is_read_topic_by_topic() -> None:
    page = "f(x) -> y\n    Does.\n      g(1)\n\nio.stderr:write(s)\n    Writes."

    assert parse_topics(page) == {
        "f": Topic("f", "f(x) -> y", "Does.\n  g(1)"),
        "io.stderr.write": Topic("io.stderr.write", "io.stderr:write(s)", "Writes."),
    }


def test_a_topic_is_text_and_html() -> None:
    topic = Topic("f", "f(a<b)", "Does.")

    assert topic.to_plain() == "f(a<b)\n\nDoes."
    assert "f(a&lt;b)" in topic.to_html()


def test_names_that_every_process_has_are_known_before_one_is_asked() -> None:
    names = static_names()

    assert (names["Handlers"], names["Handlers.add"], names["table"]) == (
        "table",
        "function",
        "table",
    )
    assert "Authority" not in names
    assert "msg" not in names


def test_every_topic_says_something() -> None:
    assert [topic.name for topic in topics().values() if not topic.text] == []
