"""Asks a process what it has: Lua that is evaluated as a dry run in its owner's name, and the answer as values."""

import json
from typing import Any

from unitstack.errors import Refused
from unitstack.units import Units
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, MessageId, ProcessId
from unitstack.wire.messages import Draft, draft_of_eval, sender_of
from unitstack.wire.results import EvalResult, Json
from unitstack.worlds.difference import Tree

# Keys as Lua would write them, values as it would read them; what is deep, long or much is cut.
TOLD = r"""
local function quoted(text)
  if not utf8.len(text) then return "<" .. #text .. " bytes>" end
  local cut = #text > 500 and text:sub(1, utf8.offset(text, 0, 501) - 1) or text
  local line = cut:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"):gsub("%c", function(c) return ("\\%d"):format(c:byte()) end)
  return '"' .. line .. '"' .. (#cut < #text and "… (" .. #text .. " bytes)" or "")
end
local function key_of(key)
  if type(key) == "string" and key:find("^[%a_][%w_]*$") then return "." .. key end
  return "[" .. (type(key) == "string" and quoted(key) or tostring(key)) .. "]"
end
local count = 0
local function told(value, seen, depth)
  if type(value) == "string" then return quoted(value) end
  if type(value) ~= "table" then return type(value) == "function" and "function" or tostring(value) end
  if seen[value] then return "a table that holds this" end
  if depth == 0 then return "{ … }" end
  local tree = { ["{}"] = true }
  seen[value] = true
  for key, inner in next, value do
    count = count + 1
    if count < 50000 then tree[key_of(key)] = told(inner, seen, depth - 1) end
  end
  seen[value] = nil
  return tree
end
"""
# What the runtime has besides, which no program put there.
STATE = (
    TOLD
    + r"""
local hidden = { HANDLER_PRINT_LOGS = true, Seeded = true, ao = true, Handlers = true, Colors = true, Bell = true, bit32 = true, _VERSION = true }
local found = { ["{}"] = true }
for name, value in next, _G do
  local kept = type(name) == "string" and not hidden[name] and type(value) ~= "function" and not package.loaded[name]
  if kept and not (type(value) == "table" and package.loaded["." .. name:lower()] == value) then
    found[name] = told(value, { [_G] = true }, 8)
  end
end
local handlers = { ["{}"] = true }
for place, handler in ipairs(Handlers.list or {}) do handlers[key_of(tostring(handler.name))] = "handler " .. place end
found.Handlers = handlers
return require("json").encode(found)
"""
)
VALUE = (
    TOLD
    + r"""
local ok, value = pcall(function() return %s end)
local tree = ok and told(value, {}, 8) or "nil"
return require("json").encode({ value = tree })
"""
)
MARK = "{}"
DEEPEST = 20


async def state_at(units: Units, process: ProcessId, at: MessageId | None = None) -> Tree:
    """What the process has in its globals, now or as it was after a message. Raises Refused where it does not show it."""
    item = await item_of(units, process)
    draft = question(process, STATE)
    result = await units.compute.dry_run(process, draft, sender=Address(sender_of(item)), at=at)
    tree = _tree(answer(process, result))
    if isinstance(tree, str):
        raise Refused(f"process {process} does not show its state, but {tree[:60]!r}")
    return tree


async def item_of(units: Units, process: ProcessId) -> DataItem:
    """The process's own item."""
    scheduled = await units.scheduler.process(process)
    if scheduled.message is not None:
        return scheduled.message.item
    return await units.gateway.item(process)


def question(process: ProcessId, source: str) -> Draft:
    """Lua for the process."""
    return draft_of_eval(process, source.encode())


def value_source(expression: str) -> str:
    """Lua that asks for a value, such as `Balances.alice`; one that cannot be had is nil."""
    return VALUE.replace("%s", f"{expression}\n", 1)


def value_of(process: ProcessId, result: EvalResult) -> Tree | str:
    """What the process said. Raises Refused where it did not answer that."""
    said = answer(process, result)
    value = said.get("value") if isinstance(said, dict) else None
    return "nil" if value is None else _tree(value)


def answer(process: ProcessId, result: EvalResult) -> Any:
    """The JSON that the process answered with. Raises Refused for anything else."""
    if result.error is not None:
        raise Refused(f"process {process} does not show its state: {_line(result.error)}")
    said = result.output.data
    text = said.get("output") if isinstance(said, dict) else said
    try:
        return json.loads(text if isinstance(text, str) else "")
    except (ValueError, RecursionError) as error:
        raise Refused(f"process {process} does not show its state, but {_line(text)!r}") from error


def _line(said: Json) -> str:
    return str(said)[:200].replace("\n", " ").strip()


def _tree(said: object, depth: int = DEEPEST) -> Tree | str:
    """A process that was not asked by our Lua alone may answer what it likes, as deep as it likes."""
    if not isinstance(said, dict):
        return "[…]" if isinstance(said, list) else str(said)
    if depth == 0:
        return "{ … }"
    return {str(key): _tree(value, depth - 1) for key, value in said.items() if key != MARK}
