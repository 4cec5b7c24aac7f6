"""Items read in ao's terms: a draft to be signed, a message, a process, a module."""

from dataclasses import dataclass
from enum import StrEnum

from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, ModuleId, ProcessId
from unitstack.wire.tags import Tag


@dataclass(frozen=True, slots=True)
class Draft:
    """What will be signed: an item without owner and signature. An empty target or anchor is absent."""

    target: str = ""
    tags: tuple[Tag, ...] = ()
    data: bytes = b""
    anchor: bytes = b""


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
