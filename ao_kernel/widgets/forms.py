"""What can be sent to a process, learned from its handlers and from what it was sent before."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ao_kernel.chronicle import Event
from ao_kernel.errors.failures import text_of
from ao_kernel.widgets.state import FAULTS
from unitstack.wire.results import EvalResult

PATTERNS = """
local json, forms = require("json"), {}
local function spelled(name)
  local title = name:gsub("^%l", string.upper):gsub("%-%l", string.upper)
  return title == name and { name } or { title, name }
end
local function takes(pattern, action)
  local probe = { Action = action, Tags = { Action = action }, Data = "", From = "" }
  local ok, answer = pcall(pattern, probe)
  return ok and answer and answer ~= 0 and answer ~= "skip"
end
for _, handler in ipairs(Handlers.list) do
  local name, pattern, tags = tostring(handler.name), handler.pattern, {}
  if type(pattern) == "string" then
    tags[1] = { "Action", pattern }
  elseif type(pattern) == "table" then
    for tag, value in pairs(pattern) do
      if type(tag) == "string" then tags[#tags + 1] = { tag, type(value) == "string" and value or "" } end
    end
  elseif type(pattern) == "function" and not takes(pattern, "") then
    for _, action in ipairs(spelled(name)) do
      if #tags == 0 and takes(pattern, action) then tags[1] = { "Action", action } end
    end
  end
  if #tags > 0 then forms[#forms + 1] = { tags = tags } end
end
return json.encode({ forms = forms })
"""

PROTOCOL = frozenset(
    (
        *(
            "Action",
            "Anchor",
            "Assignment",
            "Assignments",
            "Authority",
            "Chunk-Name",
            "Data-Protocol",
        ),
        *("From-Module", "From-Process", "Message", "Module", "Name", "On-Boot", "Pushed-For"),
        *("Reference", "Scheduler", "SDK", "Target", "Type", "Variant", "X-Origin", "X-Reference"),
    )
)
"""Tags that every message may carry; nobody fills them in."""

OWN = frozenset(("Eval", "Process", ""))
"""What is no action that one sends by hand."""

ANY = "_"
"""In a pattern: any value will do."""


@dataclass(frozen=True, slots=True)
class Form:
    """An action that a process takes, and the tags that go with it; a value that is known stands beside its name."""

    action: str
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent, as it was typed."""

    target: str
    action: str
    tags: tuple[tuple[str, str], ...]
    data: str


def patterns_of(result: EvalResult) -> tuple[Form, ...]:
    """The answer to PATTERNS; nothing where it is none."""
    try:
        told = json.loads(text_of(result.output.data)) if result.error is None else {}
        return tuple(_form([(str(n), str(v)) for n, v in form["tags"]]) for form in told["forms"])
    except FAULTS:
        return ()


def _form(tags: list[tuple[str, str]]) -> Form:
    known = {name: "" if value == ANY else value for name, value in tags}
    action = known.pop("Action", "")
    return Form(action, tuple(sorted((n, v) for n, v in known.items() if n not in PROTOCOL)))


def learned(patterns: Iterable[Form], events: Iterable[Event]) -> tuple[Form, ...]:
    """The forms that handlers wait for, with the tags that earlier messages of the action had; then other actions."""
    forms: dict[str, dict[str, str]] = {}
    for form in patterns:
        forms.setdefault(form.action, {}).update(form.tags)
    for event in events:
        if event.action in OWN:
            continue
        tags = forms.setdefault(event.action, {})
        for tag in event.tags:
            if tag.name not in PROTOCOL:
                tags.setdefault(tag.name, "")
    return tuple(
        Form(action, tuple(sorted(tags.items()))) for action, tags in forms.items() if action
    )


def parse_tags(text: str) -> tuple[tuple[str, str], ...]:
    """Tags as they are typed, `Name=value` a line; what has no value is left out. Raises ValueError."""
    pairs = []
    for line in text.splitlines():
        name, sign, value = line.partition("=")
        if not line.strip():
            continue
        if not sign or not name.strip():
            raise ValueError(f"a tag is Name=value, not {line.strip()!r}")
        if value.strip():
            pairs.append((name.strip(), value.strip()))
    return tuple(pairs)
