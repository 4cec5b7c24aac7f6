import pytest
from lupa.lua53 import LuaRuntime  # type: ignore[import-untyped]

from ao_kernel.help import Topic, find_topic, parse_topics, static_names, topics

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
