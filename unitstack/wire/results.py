"""What evaluating a message gave: output, outbox, error; and a process's memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import NewType

from unitstack.wire.assignments import BlockTime, Ordinate
from unitstack.wire.ids import AssignmentId, Epoch, MessageId, ProcessId

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Memory = NewType("Memory", bytes)

MOST_NESTED = 500
"""Levels of arrays and objects in a result. Python reads and writes JSON by recursion, which ends not far above."""


@dataclass(frozen=True, slots=True)
class Display:
    """Something rich that an eval showed, by MIME type: anew (`show`), in the place of what was shown under the id
    (`update`), or as what it returned (`result`). `at` counts the bytes of `Output.data` that were printed before it."""

    kind: str
    at: int
    data: Mapping[str, str]
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What a process shows a person. `print` says that consoles should show it as live traffic. `values` are the texts
    that an eval returned, at the end of `data` (none or one); None where the process does not tell. `waiting` counts the
    coroutines that are parked in `Receive` after the message. Of a failure, `trace` are the calls that led to it, as Lua
    lists them, and `handler` is the name of the handler that failed. All travel in the JSON's `Output.test`, which is a
    leftover that no client reads: `{"values": ["42"], "waiting": 0}`, `{"trace": "stack traceback:…", "handler": "ping"}`."""

    data: Json = ""
    prompt: str = ""
    print: bool = False
    values: tuple[str, ...] | None = None
    waiting: int = 0
    trace: str = ""
    handler: str = ""
    displays: tuple[Display, ...] = ()


@dataclass(frozen=True, slots=True)
class OutgoingTag:
    """A tag as a process wrote it: only string values can leave, but all are shown."""

    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message that a process asks to be sent. A target or anchor of None was not given."""

    target: str | None
    tags: tuple[OutgoingTag, ...]
    data: Json
    anchor: str | None

    @property
    def is_patch(self) -> bool:
        """Whether it goes to no process at all: it tells a HyperBEAM node what to show of its sender."""
        return not self.target and OutgoingTag("device", "patch@1.0") in self.tags


@dataclass(frozen=True, slots=True)
class OutgoingSpawn:
    """A process that a process asks to be spawned."""

    tags: tuple[OutgoingTag, ...]
    data: Json
    anchor: str | None


@dataclass(frozen=True, slots=True)
class OutgoingAssignment:
    """An existing message that a process asks to be assigned to others."""

    message: str
    processes: tuple[str, ...]
    base_layer: bool = False
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbox:
    """All that a process asks for in one result."""

    messages: tuple[OutgoingMessage, ...] = ()
    spawns: tuple[OutgoingSpawn, ...] = ()
    assignments: tuple[OutgoingAssignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Text that a program wrote to a standard stream (`stdout` or `stderr`), where ao itself loses it."""

    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class EvalResult:
    """What evaluating one message gave. `error` is the process's own and any JSON value; its state then went back."""

    output: Output = field(default_factory=Output)
    outbox: Outbox = field(default_factory=Outbox)
    error: Json = None
    gas_used: int = 0
    written: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One row of a compute unit's memory: a result and its place. `message` is None for a cron message."""

    process: ProcessId
    message: MessageId | None
    ordinate: Ordinate
    block: BlockTime
    result: EvalResult


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A process's memory as it was after one evaluation."""

    process: ProcessId
    ordinate: Ordinate
    epoch: Epoch
    block: BlockTime
    assignment: AssignmentId | None
    hash_chain: str
    memory: Memory


def to_json(result: EvalResult) -> dict[str, Json]:
    """The result as ao's units write it. What was not given is absent."""
    written: dict[str, Json] = {
        "Messages": [_message_json(message) for message in result.outbox.messages],
        "Assignments": [_assignment_json(each) for each in result.outbox.assignments],
        "Spawns": [_spawn_json(spawn) for spawn in result.outbox.spawns],
        "Output": _output_json(result.output),
    }
    if result.error is not None:
        written["Error"] = result.error
    if result.gas_used:
        written["GasUsed"] = result.gas_used
    if result.written:
        written["Written"] = [{"stream": each.stream, "text": each.text} for each in result.written]
    return written


def from_json(written: dict[str, Json]) -> EvalResult:
    """Reads what `to_json` or a process wrote. Processes write anything: what does not have its field's shape is left
    out, a number as output is its text, and what is nested too deeply is an error of theirs."""
    if is_too_deep(written):
        return EvalResult(error=f"the result is nested more than {MOST_NESTED} levels deep")
    return EvalResult(
        output=_output(written.get("Output")),
        outbox=Outbox(
            messages=tuple(_message(each) for each in _objects(written.get("Messages"))),
            spawns=tuple(_spawn(each) for each in _objects(written.get("Spawns"))),
            assignments=tuple(_assignment(each) for each in _objects(written.get("Assignments"))),
        ),
        error=written.get("Error"),
        gas_used=_whole(written.get("GasUsed")),
        written=tuple(
            Written("stderr" if each.get("stream") == "stderr" else "stdout", f"{each.get('text')}")
            for each in _objects(written.get("Written"))
        ),
    )


def is_too_deep(written: Json) -> bool:
    """Whether a value is nested more than `MOST_NESTED` levels deep."""
    level = [written] if isinstance(written, (dict, list)) else []
    for _ in range(MOST_NESTED):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _output_json(output: Output) -> dict[str, Json]:
    written: dict[str, Json] = {"data": output.data}
    if output.prompt:
        written["prompt"] = output.prompt
    if output.print:
        written["print"] = True
    told: dict[str, Json] = {}
    if output.values is not None:
        told = {"values": list(output.values), "waiting": output.waiting}
    if output.displays:
        told["displays"] = [
            {"kind": each.kind, "at": each.at, "data": dict(each.data), "id": each.id}
            for each in output.displays
        ]
    if output.trace:
        told |= {"trace": output.trace, "handler": output.handler}
    return {**written, "test": told} if told else written


def _displays(written: Json) -> tuple[Display, ...]:
    if not isinstance(written, list):
        return ()
    return tuple(
        Display(
            kind=_text(each.get("kind")) or "show",
            at=at if isinstance(at := each.get("at"), int) else 0,
            data={str(mime): str(text) for mime, text in data.items()},
            id=_text(each.get("id")),
        )
        for each in written
        if isinstance(each, dict) and isinstance(data := each.get("data"), dict)
    )


def _output(written: Json) -> Output:
    if not isinstance(written, dict):
        number = isinstance(written, (int, float)) and not isinstance(written, bool)
        return Output(data="" if written is None else str(written) if number else written)
    prompt, test = written.get("prompt"), written.get("test")
    told = test if isinstance(test, dict) else {}
    values, waiting = told.get("values"), told.get("waiting")
    return Output(
        data=written.get("data", ""),
        prompt=prompt if isinstance(prompt, str) else "",
        print=written.get("print") is True,
        values=_texts(values) if isinstance(values, list) else None,
        waiting=waiting if isinstance(waiting, int) else 0,
        trace=_text(told.get("trace")) or "",
        handler=_text(told.get("handler")) or "",
        displays=_displays(told.get("displays")),
    )


def _tags_json(tags: tuple[OutgoingTag, ...]) -> list[Json]:
    return [{"name": tag.name, "value": tag.value} for tag in tags]


def _given(**fields: Json) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value is not None}


def _message_json(message: OutgoingMessage) -> dict[str, Json]:
    return _given(
        Target=message.target,
        Anchor=message.anchor,
        Data=message.data,
        Tags=_tags_json(message.tags),
    )


def _spawn_json(spawn: OutgoingSpawn) -> dict[str, Json]:
    return _given(Anchor=spawn.anchor, Data=spawn.data, Tags=_tags_json(spawn.tags))


def _assignment_json(assignment: OutgoingAssignment) -> dict[str, Json]:
    written: dict[str, Json] = {
        "Message": assignment.message,
        "Processes": list(assignment.processes),
    }
    if assignment.base_layer:
        written["BaseLayer"] = True
    if assignment.exclude:
        written["Exclude"] = list(assignment.exclude)
    return written


def _objects(written: Json) -> list[dict[str, Json]]:
    return [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []


def _texts(written: Json) -> tuple[str, ...]:
    return (
        tuple(each for each in written if isinstance(each, str))
        if isinstance(written, list)
        else ()
    )


def _whole(written: Json) -> int:
    if isinstance(written, float):
        return int(written) if isfinite(written) else 0
    return written if isinstance(written, int) else 0


def _text(written: Json) -> str | None:
    return written if isinstance(written, str) else None


def _tags(written: Json) -> tuple[OutgoingTag, ...]:
    return tuple(
        OutgoingTag(name, tag.get("value"))
        for tag in _objects(written)
        if isinstance(name := tag.get("name"), str)
    )


def _message(written: dict[str, Json]) -> OutgoingMessage:
    return OutgoingMessage(
        _text(written.get("Target")),
        _tags(written.get("Tags")),
        written.get("Data"),
        _text(written.get("Anchor")),
    )


def _spawn(written: dict[str, Json]) -> OutgoingSpawn:
    return OutgoingSpawn(
        _tags(written.get("Tags")), written.get("Data"), _text(written.get("Anchor"))
    )


def _assignment(written: dict[str, Json]) -> OutgoingAssignment:
    return OutgoingAssignment(
        _text(written.get("Message")) or "",
        _texts(written.get("Processes")),
        written.get("BaseLayer") is True,
        _texts(written.get("Exclude")),
    )
