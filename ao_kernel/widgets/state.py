"""What a process has in its globals, table by table: the Lua that asks for it, and the answer as values."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ao_kernel.errors.failures import text_of
from ao_kernel.telling.letters import lua_string
from unitstack.wire.results import EvalResult

MANY = 100
"""Of one table, so many entries are shown."""

LONG = 2000
"""Of one text, so many bytes."""

RUNTIME = frozenset(("HANDLER_PRINT_LOGS", "Seeded", "bit32", "handle"))
"""What the runtime has among the globals besides what it is known by; nobody looks for that."""

SHOWN = frozenset(("Inbox", "Name", "Owner"))
"""What every process has, and is looked at."""

FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What reading an answer may raise that a process made up."""

Key = tuple[str, str]
"""A key in a table: its type in Lua, and the key as text."""

Path = tuple[Key, ...]
"""The keys that lead from the globals to a value."""

STATE = """
local json = require("json")
local function key_of(part)
  if part[1] == "number" then return math.tointeger(tonumber(part[2])) or tonumber(part[2]) end
  if part[1] == "boolean" then return part[2] == "true" end
  return part[2]
end
local function told(text)
  if not utf8.len(text) then return "<" .. #text .. " bytes>" end
  if #text <= {long} then return text end
  local cut = utf8.offset(text, 0, {long} + 1)
  return text:sub(1, cut - 1) .. "… (" .. #text .. " bytes)"
end
local function entries_of(path)
  local place = _G
  for _, part in ipairs(path) do
    if type(place) ~= "table" then return {{}} end
    place = rawget(place, key_of(part))
  end
  if type(place) ~= "table" then return {{}} end
  local keys, found = {{}}, {{}}
  for key in next, place do
    local kind = type(key)
    if kind == "string" and utf8.len(key) or kind == "number" or kind == "boolean" then keys[#keys + 1] = key end
  end
  table.sort(keys, function (one, other)
    if type(one) == "number" and type(other) == "number" then return one < other end
    if type(one) == type(other) then return tostring(one) < tostring(other) end
    return type(one) == "number" or type(other) == "string" and type(one) ~= "string"
  end)
  local is_top = #path == 0
  for index = 1, is_top and #keys or math.min(#keys, {many}) do
    local value = rawget(place, keys[index])
    local size = 0
    if type(value) == "table" then for _ in next, value do size = size + 1 end end
    local text = type(value) == "string" and told(value) or (type(value) == "table" or type(value) == "function") and "" or tostring(value)
    found[index] = {{ type(keys[index]), tostring(keys[index]), type(value), text, size }}
  end
  return found
end
local answer = {{}}
for index, path in ipairs({{ {paths} }}) do answer[index] = {{ entries = entries_of(path) }} end
return json.encode({{ tables = answer, memory = collectgarbage("count") }})
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value in a table: the keys to it, its type, what it says of itself, and how many entries it has."""

    path: Path
    kind: str
    text: str
    size: int

    @property
    def name(self) -> str:
        kind, text = self.path[-1]
        return text if kind == "string" else f"[{text}]"

    @property
    def is_table(self) -> bool:
        return self.kind == "table"


@dataclass(frozen=True, slots=True)
class State:
    """Tables of a process, by the keys that lead to each, and how many bytes its Lua uses."""

    tables: dict[Path, tuple[Entry, ...]]
    memory: int


def question(paths: Iterable[Path]) -> str:
    """Lua that asks for those tables."""
    wanted = ", ".join("{ " + ", ".join(map(_part, path)) + " }" for path in paths)
    return STATE.format(paths=wanted, many=MANY, long=LONG)


def _part(key: Key) -> str:
    return f"{{ {lua_string(key[0])}, {lua_string(key[1])} }}"


def answer(paths: Iterable[Path], result: EvalResult) -> State | None:
    """What the process said; None where it did not answer that."""
    try:
        told = json.loads(text_of(result.output.data)) if result.error is None else {}
        tables = {
            path: tuple(_entry(path, row) for row in table["entries"])
            for path, table in zip(paths, told["tables"], strict=True)
        }
        return State(tables, int(told["memory"] * 1024))
    except FAULTS:
        return None


def _entry(path: Path, row: list[object]) -> Entry:
    key_kind, key, kind, text, size = row
    return Entry((*path, (str(key_kind), str(key))), str(kind), str(text), int(str(size)))
