"""A node's paths, read as what they ask for: `/{id}~device@version/key&name=value/…`. What is to be done is not decided
here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from unitstack.errors import InvalidItem, NotFound
from unitstack.wire.ids import ProcessId, TxId, tx_id
from unitstack.wire.tags import Tag

PROCESS = "process@1.0"
SCHEDULER = "scheduler@1.0"
META = "meta@1.0"

_DRY_RUN = re.compile(r"/*([^/~&]+)(?:~process@1\.0)?/as=execution/compute(?:&(.*))?", re.DOTALL)
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path. The value is None for a key that stands alone."""

    key: str
    device: str = ""
    value: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Info:
    """What the node says of itself; with a key, only that."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """To schedule an item and carry out all that it sets off; with a nonce, what that message set off. Without a process
    the item is one."""

    process: ProcessId | None = None
    nonce: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """To schedule an item, or to read the log; without a process the item says which."""

    process: ProcessId | None = None


@dataclass(frozen=True, slots=True)
class CurrentSlot:
    """The newest nonce of a process; `alone` without all that goes with it."""

    process: ProcessId
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Computed:
    """What a message gave, or of all that what the keys lead to. Without a nonce, the newest message's."""

    process: ProcessId
    nonce: int | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a message with these tags would give."""

    process: ProcessId
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """An item, or of that what the key leads to."""

    id: TxId
    keys: tuple[str, ...] = ()


Asked = Info | Push | Schedule | CurrentSlot | Computed | DryRun | Stored


def read(path: str, wishes: Mapping[str, str]) -> Asked:
    """What a path asks for, as it came over the wire. `wishes` are what the request says besides, by lower-case names.
    Raises InvalidItem, NotFound."""
    if dry_run := _DRY_RUN.fullmatch(path):
        process = ProcessId(tx_id(unquote(dry_run[1])))
        return DryRun(process, _dry_run_tags(dry_run[2] or ""))
    steps = _steps(path)
    match [(step.key, step.device) for step in steps]:
        case [("", "meta@1.0"), ("info", ""), *_]:
            return Info("/".join(step.key for step in steps[2:]))
        case [("push", "")] | [("", "process@1.0"), ("push", "")]:
            return Push()
        case [("schedule", "")] | [("", "process@1.0" | "scheduler@1.0"), ("schedule", "")]:
            return Schedule(_process_in(wishes, steps[-1]))
        case [(id, "" | "process@1.0"), *_] if id:
            rest = [
                step for step in steps[1:] if step.key or step.device not in (PROCESS, SCHEDULER)
            ]
            return _of_id(tx_id(id), rest, wishes) or _unknown(path)
    return _unknown(path)


def _of_id(id: TxId, steps: Sequence[Step], wishes: Mapping[str, str]) -> Asked | None:
    """What is asked of a process, or of an item that may be anything."""
    process, keys = ProcessId(id), tuple(step.key for step in steps)
    match keys:
        case ("push",):
            return Push(process, _nonce(steps[0], wishes))
        case ("schedule",):
            return Schedule(process)
        case ("slot",) | ("slot", "current"):
            return CurrentSlot(process, alone=len(keys) > 1)
        case () | ("data",) | ("id",):
            return Stored(id, keys)
    return _of_state(process, steps, wishes)


def _of_state(process: ProcessId, steps: Sequence[Step], wishes: Mapping[str, str]) -> Asked | None:
    match tuple(step.key for step in steps):
        case ("compute", "results", *rest) if steps[1].value is not None:
            return Computed(process, _number(steps[1].value), tuple(rest))
        case ("compute", *rest):
            return Computed(process, _nonce(steps[0], wishes), tuple(rest))
        case ("now", *rest):
            return Computed(process, None, tuple(rest))
    return None


def wishes_of(path: str) -> dict[str, str]:
    """All parameters of all steps, by lower-case names."""
    if _DRY_RUN.fullmatch(path):
        return {}
    return {name: value for step in _steps(path) for name, value in step.parameters.items()}


def untyped(name: str) -> str:
    """The name without the type that its value is said to have: `slot+integer` is `slot`."""
    return name.lower().partition("+")[0]


def _steps(path: str) -> list[Step]:
    # The one value of the field that has a slash: `accept=application/aos-2`.
    whole = path.replace("=application/", "=application%2F")
    return [_step(each) for each in whole.split("/") if each]


def _step(text: str) -> Step:
    head, *rest = text.split("&")
    pairs = (each.partition("=") for each in rest if each)
    # A key that stands alone is said to be true.
    parameters = {untyped(unquote(n)): unquote(v) if has else "true" for n, has, v in pairs}
    name, has_value, value = head.partition("=")
    key, _, device = unquote(name).partition("~")
    return Step(key, device.lower(), unquote(value) if has_value else None, parameters)


def _dry_run_tags(text: str) -> tuple[Tag, ...]:
    """Clients of the field write values as they are, so that slashes and ampersands are part of them."""
    pairs: list[tuple[str, str]] = []
    for each in text.split("&"):
        name, has_value, value = each.partition("=")
        if has_value or not pairs:
            pairs.append((name, value))
        else:
            last, so_far = pairs[-1]
            pairs[-1] = last, f"{so_far}&{each}"
    return tuple(Tag(unquote(name), unquote(value)) for name, value in pairs if name)


def _process_in(wishes: Mapping[str, str], step: Step) -> ProcessId | None:
    written = step.parameters.get("target") or wishes.get("target") or ""
    return ProcessId(tx_id(written)) if written else None


def _nonce(step: Step, wishes: Mapping[str, str]) -> int | None:
    wished = (step.value, step.parameters.get("slot"), wishes.get("slot"))
    written = next((each for each in wished if each is not None), None)
    return None if written is None else _number(written)


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,15}", text):
        raise InvalidItem(f"a slot is a number, {text[:60]!r} is none")
    return int(text)


def _unknown(path: str) -> Asked:
    raise NotFound("path", path[:_SHOWN])
