"""What evaluating a message gave: output, outbox, error; and a process's memory."""

from dataclasses import dataclass, field
from typing import NewType

from unitstack.wire.assignments import BlockTime, Ordinate
from unitstack.wire.ids import AssignmentId, Epoch, MessageId, ProcessId

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Memory = NewType("Memory", bytes)


@dataclass(frozen=True, slots=True)
class Output:
    """What a process shows a person. `print` says that consoles should show it as live traffic."""

    data: Json = ""
    prompt: str = ""
    print: bool = False


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
class EvalResult:
    """What evaluating one message gave. `error` is the process's own and any JSON value; its state then went back."""

    output: Output = field(default_factory=Output)
    outbox: Outbox = field(default_factory=Outbox)
    error: Json = None
    gas_used: int = 0


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
