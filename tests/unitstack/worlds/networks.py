"""Whole networks for tests of what can be done with one, and what is looked at in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from tests.items import a_wallet
from unitstack.client.process import Process
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.wire.ids import MessageId, ProcessId

# All that a process has, in one order: two states are the same where this is.
STATE = """
local seen, lines = {}, {}
local function walk(path, value)
  if type(value) ~= "table" then
    lines[#lines + 1] = path .. "=" .. (type(value) == "function" and "f" or tostring(value))
  elseif not seen[value] then
    seen[value] = true
    for key, inner in pairs(value) do walk(path .. "." .. tostring(key), inner) end
  end
end
for _, name in ipairs({ "Balances", "Inbox", "Handlers", "Errors", "Name", "Owner", "Count", "Log", "Waiting" }) do
  walk(name, _G[name])
end
table.sort(lines)
return table.concat(lines, "\\n")
"""
TOKEN = """
Balances, Log = Balances or {}, Log or {}
Handlers.add("mint", "Mint", function(msg)
  Balances[msg.To] = (Balances[msg.To] or 0) + tonumber(msg.Quantity)
  Count = (Count or 0) + 1
  table.insert(Log, math.random(1000))
end)
"""


@asynccontextmanager
async def a_stack(engine: str = "lua", home: Path | None = None) -> AsyncIterator[Stack]:
    async with open_stack(home, settings=StackSettings(EngineName(engine))) as stack:
        yield stack


async def a_process(stack: Stack, name: str = "alice", *tags: tuple[str, str]) -> Process:
    process = await stack.client(a_wallet()).spawn(name, tags=tags)
    await process.eval(TOKEN)
    return process


async def mint(process: Process, *, to: str = "ann", quantity: int = 1) -> MessageId:
    tags = {"Action": "Mint", "To": to, "Quantity": str(quantity)}
    message = await process.send(tags=tags)
    await process.client.result(process.id, message)
    return message


async def seen(process: Process, source: str) -> str:
    return str((await process.dry_run(source)).output.data)


async def state_of(process: Process) -> str:
    """A hash of the process's state."""
    return sha256((await seen(process, STATE)).encode()).hexdigest()


async def length(stack: Stack, process: ProcessId) -> int:
    page = await stack.units.scheduler.messages(process, limit=10_000)
    return len(page.items)


def forget_evaluations(home: Path) -> None:
    """What was evaluated is remembered no more: all follows from the logs again."""
    for file in home.glob("compute.sqlite*"):
        file.unlink()
