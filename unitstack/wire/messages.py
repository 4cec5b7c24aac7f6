"""Items read in ao's terms: a draft to be signed, a message, a process, a module. Readers raise InvalidItem."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from unitstack.errors import InvalidItem
from unitstack.wire.addresses import process_address
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, ModuleId, ProcessId, tx_id
from unitstack.wire.tags import Tag, find

MAX_MEMORY = 1 << 30
MAX_GAS = 9_000_000_000_000

_UNITS = {unit: 1024**power for power, unit in enumerate(("b", "kb", "mb", "gb", "tb", "pb"))}
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?) *([kmgtp]?b)?", re.IGNORECASE)
_INTERVAL = "Cron-Interval"
_CRON_TAG = "Cron-Tag-"


@dataclass(frozen=True, slots=True)
class Draft:
    """What will be signed: an item without owner and signature. An empty target or anchor is absent."""

    target: str = ""
    tags: tuple[Tag, ...] = ()
    data: bytes = b""
    anchor: bytes = b""


@dataclass(frozen=True, slots=True)
class Guise:
    """What a dry run's message is to say of itself that only a scheduled one has of its own. What is not given is that of
    the process's last evaluation."""

    id: str = "1234"
    signature: str = ""
    timestamp: int | None = None
    height: int | None = None


PLAIN = Guise()
"""What clients of the field say where they say nothing."""


def draft_of_eval(process: ProcessId, source: bytes, *tags: Tag) -> Draft:
    """What has a process evaluate Lua, if its owner signs it."""
    return Draft(target=process, tags=(Tag("Action", "Eval"), *tags), data=source)


@dataclass(frozen=True, slots=True)
class Message:
    """An item for a process."""

    item: DataItem
    process: ProcessId
    sender: Address


@dataclass(frozen=True, slots=True)
class Cron:
    """One `Cron-Interval` of a process with the tags of the messages that it makes."""

    interval: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Process:
    """An actor, as its item declares it."""

    item: DataItem
    id: ProcessId
    module: ModuleId
    scheduler: Address
    owner: Address
    cron: tuple[Cron, ...]


class ModuleFormat(StrEnum):
    """What a module's `Module-Format` tag may say."""

    LUA = "lua53-aos"
    WASM32 = "wasm32-unknown-emscripten"
    WASM32_2 = "wasm32-unknown-emscripten2"
    WASM32_3 = "wasm32-unknown-emscripten3"
    WASM32_4 = "wasm32-unknown-emscripten4"
    WASM32_METERING = "wasm32-unknown-emscripten-metering"
    WASM64 = "wasm64-unknown-emscripten-draft_2024_02_15"
    WASM64_METERING = "wasm64-unknown-emscripten-draft_2024_10_16-metering"


@dataclass(frozen=True, slots=True)
class Module:
    """A process's code, as its item declares it. Limits are bytes and gas."""

    item: DataItem
    id: ModuleId
    format: ModuleFormat
    input_encoding: str
    output_encoding: str
    memory_limit: int
    compute_limit: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use: bytes of memory, and gas for each message."""

    memory: int
    compute: int


def read_message(item: DataItem) -> Message:
    """An item as a message. A process item reads as well: it is the first message of its own log."""
    kind = _type_of(item)
    if kind == "Process":
        return Message(item, read_process(item).id, sender_of(item))
    if kind != "Message":
        raise InvalidItem(f"item {item.id}: its Type is {kind!r}, Message or Process is needed")
    _check_ao(item)
    if not item.target:
        raise InvalidItem(f"message {item.id} has no target: the process that it is for")
    return Message(item, ProcessId(tx_id(item.target_id)), sender_of(item))


def read_process(item: DataItem) -> Process:
    """An item as the process that it declares."""
    kind = _type_of(item)
    if kind != "Process":
        raise InvalidItem(f"item {item.id}: its Type is {kind!r}, Process is needed")
    _check_ao(item)
    return Process(
        item=item,
        id=ProcessId(item.id),
        module=ModuleId(tx_id(_needed(item, "Module"))),
        scheduler=Address(_needed(item, "Scheduler")),
        owner=process_address(item.owner),
        cron=read_cron(item.tags),
    )


def read_module(item: DataItem) -> Module:
    """An item as a module. Of its tags, these alone are what compute units ask for."""
    return Module(
        item=item,
        id=ModuleId(item.id),
        format=_format(item),
        input_encoding=_needed(item, "Input-Encoding"),
        output_encoding=_needed(item, "Output-Encoding"),
        memory_limit=memory_bytes(find(item.tags, "Memory-Limit") or f"{MAX_MEMORY}"),
        compute_limit=gas(find(item.tags, "Compute-Limit") or f"{MAX_GAS}"),
    )


def read_cron(tags: Iterable[Tag]) -> tuple[Cron, ...]:
    """A process's intervals. The Cron-Tag-… that follow an interval are the tags of its messages."""
    crons: list[Cron] = []
    for name, value in tags:
        if name == _INTERVAL:
            crons.append(Cron(value, ()))
        elif name.startswith(_CRON_TAG):
            if not crons:
                raise InvalidItem(f"unmatched Cron-Tag with no preceding Cron-Interval: {name}")
            tag = Tag(name.removeprefix(_CRON_TAG), value)
            crons[-1] = Cron(crons[-1].interval, (*crons[-1].tags, tag))
    return tuple(crons)


def sender_of(item: DataItem) -> Address:
    """What a process sees as `From`: the process that a messenger pushed the item for, else who signed it."""
    return Address(find(item.tags, "From-Process") or process_address(item.owner))


def limits(process: Process, module: Module) -> Limits:
    """The process's own limits, else its module's. Raises InvalidItem for more than any process may use."""
    own_memory, own_compute = _own_limits(process.item.tags)
    memory = module.memory_limit if own_memory is None else own_memory
    compute = module.compute_limit if own_compute is None else own_compute
    whose = f"for process {process.id}"
    _check_limit("Memory-Limit", whose, memory, MAX_MEMORY)
    _check_limit("Compute-Limit", whose, compute, MAX_GAS)
    return Limits(memory, compute)


def check_limits(tags: Iterable[Tag]) -> None:
    """Raises InvalidItem for limits that cannot be read, or are more than any process may use."""
    memory, compute = _own_limits(tags)
    _check_limit("Memory-Limit", "of a process", memory or 0, MAX_MEMORY)
    _check_limit("Compute-Limit", "of a process", compute or 0, MAX_GAS)


def _own_limits(tags: Iterable[Tag]) -> tuple[int | None, int | None]:
    given = tuple(tags)
    memory, compute = find(given, "Memory-Limit"), find(given, "Compute-Limit")
    return memory_bytes(memory) if memory else None, gas(compute) if compute else None


def memory_bytes(text: str) -> int:
    """The bytes of a Memory-Limit such as `500-mb`; units count in steps of 1024."""
    size = _SIZE.fullmatch(text.replace("-", "", 1).strip())
    if size is None:
        raise InvalidItem(f"Memory-Limit is {text[:60]!r}, a size such as '500-mb' is needed")
    return int(float(size[1]) * _UNITS[(size[2] or "b").lower()])


def gas(text: str) -> int:
    """The gas of a Compute-Limit."""
    if not re.fullmatch("[0-9]{1,20}", text):
        raise InvalidItem(f"Compute-Limit is {text[:60]!r}, a whole number is needed")
    return int(text)


def _format(module: DataItem) -> ModuleFormat:
    written = _needed(module, "Module-Format")
    try:
        return ModuleFormat(written)
    except ValueError as error:
        raise InvalidItem(
            f"Module-Format for module {module.id} is not supported: {written[:60]!r}"
        ) from error


def _check_limit(name: str, whose: str, value: int, allowed: int) -> None:
    if value > allowed:
        raise InvalidItem(f"{name} {whose} is {value}, {allowed} is supported")


def _type_of(item: DataItem) -> str:
    for name, value in item.tags:
        if name in ("Type", "type"):
            return value
    raise InvalidItem(f"item {item.id} has no Type tag")


def _check_ao(item: DataItem) -> None:
    """What every item for a process must say, and must not."""
    if not any(
        name in ("Data-Protocol", "data-protocol") and value == "ao" for name, value in item.tags
    ):
        raise InvalidItem(f"item {item.id} has no tag Data-Protocol with the value ao")
    # A suffix by which HyperBEAM marks that the value is to be fetched elsewhere.
    for name, value in item.tags:
        if name.endswith("+link") or value.endswith("+link"):
            raise InvalidItem(f"item {item.id}: tag {name!r} ends with +link, which no tag may")


def _needed(item: DataItem, name: str) -> str:
    # Mainnet's clients write the names of tags in lower case too.
    value = find(item.tags, name) or find(item.tags, name.lower())
    if not value:
        raise InvalidItem(f"item {item.id} has no {name} tag, or an empty one")
    return value
