"""A process at a glance, as a value, and the Lua that asks a process for its part of it."""

import json
from dataclasses import dataclass

from ao_kernel.rendering import text_of
from unitstack.wire.ids import ProcessId
from unitstack.wire.results import EvalResult

GLANCE = """
local names = {}
for i, handler in ipairs(Handlers.list) do names[i] = tostring(handler.name) end
return require("json").encode({ inbox = #Inbox, handlers = names })
"""

LETTERS = """
local json, most = require("json"), math.huge
local function text(data)
  data = type(data) ~= "table" and tostring(data or "") or tostring(select(2, pcall(json.encode, data)))
  if #data <= most then return data end
  return data:sub(1, (utf8.offset(data, 0, most + 1) or most + 1) - 1) .. "… (" .. #data .. " bytes)"
end
local rows, first = {{}}, math.max(1, #Inbox - {count} + 1)
for i = first, #Inbox do
  local msg = Inbox[i]
  local action = msg.Action or (msg.Tags and msg.Tags.Type == "Process" and "Process") or ""
  rows[#rows + 1] = {{ i, tostring(msg.From or ""), tostring(action), text(msg.Data) }}
end
return json.encode({{ rows = rows }})
"""


def letters_source(count: int, most: int | None) -> str:
    """LETTERS for so many letters, of each no more than so many bytes."""
    source = LETTERS.format(count=count)
    return source if most is None else source.replace("math.huge", str(most), 1)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in a process's inbox: one that no handler took. `number` is its place there, from 1."""

    number: int
    sender: str
    action: str
    data: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A process at a glance: how far its log goes and how far it has been evaluated, its failed messages, the gas of what
    was evaluated, what it has in its inbox (None where it does not show that) and which handlers it has."""

    process: ProcessId
    name: str
    owner: str
    module: str
    crons: tuple[str, ...]
    nonce: int
    evaluated: int
    errors: int
    gas: int
    waiting: int
    inbox: int | None
    handlers: tuple[str, ...]
    spawner: str = ""
    """The address of its owner: the process or the wallet that spawned it."""

    authorities: tuple[str, ...] = ()
    """The addresses whose pushed messages it takes."""

    @property
    def queue(self) -> int:
        """How many messages it has yet to evaluate."""
        return max(0, self.nonce - self.evaluated)


@dataclass(frozen=True, slots=True)
class Glance:
    """What a process itself says of its inbox and its handlers."""

    inbox: int | None = None
    handlers: tuple[str, ...] = ()


def glance_of(result: EvalResult) -> Glance:
    """The answer to GLANCE. A process that is not one's own, or whose globals were replaced, shows nothing."""
    try:
        told = json.loads(text_of(result.output.data)) if result.error is None else {}
        return Glance(int(told["inbox"]), tuple(map(str, told["handlers"])))
    except (ValueError, TypeError, KeyError, RecursionError):
        return Glance()


def letters_of(result: EvalResult) -> tuple[Letter, ...] | None:
    """The answer to LETTERS; None where it is none."""
    try:
        told = json.loads(text_of(result.output.data)) if result.error is None else {}
        return tuple(
            Letter(int(number), str(sender), str(action), str(data))
            for number, sender, action, data in told["rows"]
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
