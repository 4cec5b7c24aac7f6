"""What a message gave, in Python's terms: for notebooks, tests and scripts, which want neither units nor wire forms."""

import json
from dataclasses import dataclass
from typing import Any

from unitstack.wire.results import EvalResult, Json, OutgoingTag


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or a spawn in an outbox; `action` is empty where there is none."""

    target: str
    action: str
    data: str
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What evaluating one message gave."""

    result: EvalResult

    @property
    def data(self) -> str:
        """What it printed and returned, as text."""
        return as_text(self.result.output.data)

    @property
    def value(self) -> str | None:
        """What an eval returned, as text; None where it returned nothing."""
        values = self.result.output.values
        return values[-1] if values else None

    @property
    def error(self) -> str | None:
        """The process's own error; then its state went back to before the message."""
        return None if self.result.error is None else as_text(self.result.error)

    @property
    def messages(self) -> tuple[Sent, ...]:
        """What the process asked to have sent."""
        return tuple(
            _sent(each.target or "", each.tags, each.data) for each in self.result.outbox.messages
        )

    @property
    def spawns(self) -> tuple[Sent, ...]:
        """What the process asked to have spawned."""
        return tuple(_sent("", each.tags, each.data) for each in self.result.outbox.spawns)

    def json(self) -> Any:
        """The data, read as JSON. Raises ValueError where it is none."""
        return json.loads(self.data)

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {
            "data": self.data,
            "value": self.value,
            "error": self.error,
            "messages": [_as_dict(each) for each in self.messages],
            "spawns": [_as_dict(each) for each in self.spawns],
            "gas_used": self.result.gas_used,
        }


def as_text(value: Json) -> str:
    """A value that a process gave, as text. Consoles' form of an output is a table with the text in it."""
    shown = value.get("output", value) if isinstance(value, dict) else value
    if shown is None:
        return ""
    return shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)


def _sent(target: str, tags: tuple[OutgoingTag, ...], data: Json) -> Sent:
    named = {tag.name: as_text(tag.value) for tag in tags}
    return Sent(target, named.get("Action", ""), as_text(data), named)


def _as_dict(sent: Sent) -> dict[str, Any]:
    return {
        "target": sent.target,
        "action": sent.action,
        "data": sent.data,
        "tags": dict(sent.tags),
    }
