"""A module on its way to a machine: what machines of it are made with, and its code, compiled for one of them."""

import json
from dataclasses import dataclass

import wasmtime

from unitstack.engines.compiled import CompiledModules
from unitstack.engines.dialects import DIALECTS, Dialect, guessed
from unitstack.engines.files import Drive, no_drive
from unitstack.engines.linking import signature_of
from unitstack.engines.springboard import Signature
from unitstack.engines.wasm_code.preparation import Preparation
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat

LOWERED_LIMIT = 1 << 32
START_SECONDS = 10.0
# What the templates export besides what every module does.
TEMPLATE_MARK = "ao_program"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of memory, and gas for each message."""

    memory: int
    gas: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A module, and all that a machine of it is made with."""

    code: bytes
    compiled: CompiledModules
    limits: Limits
    format: ModuleFormat | None = None
    drive: Drive = no_drive
    start_seconds: float = START_SECONDS


def new_engine(*, fuel: bool) -> wasmtime.Engine:
    """An engine of its own for each machine: its epoch then stops that machine alone."""
    config = wasmtime.Config()
    config.wasm_memory64 = True
    config.wasm_exceptions = True
    config.epoch_interruption = True
    config.consume_fuel = fuel
    # Data that is mapped from a file would look untouched until it is read.
    config.memory_init_cow = False
    return wasmtime.Engine(config)


def loaded(engine: wasmtime.Engine, plan: Plan, *, fuel: bool) -> tuple[Dialect, wasmtime.Module]:
    metered = plan.format is not None and DIALECTS[plan.format].metered
    preparation = Preparation(metered=metered, lowered=plan.limits.memory <= LOWERED_LIMIT)
    module = plan.compiled.load(engine, plan.code, preparation, setting(fuel=fuel))
    wide = _is_wide(module)
    tag = plan.format or guessed(wide=wide)
    if DIALECTS[tag].wide != wide:
        raise EngineError(
            f"the module is tagged {tag}, but its pointers have {64 if wide else 32} bits"
        )
    return DIALECTS[tag], module


def counts_by_fuel(plan: Plan) -> bool:
    """Only a template does, where its format has no prices: the reference counts nothing for other modules."""
    metered = plan.format is not None and DIALECTS[plan.format].metered
    return not metered and TEMPLATE_MARK.encode() in plan.code


def setting(*, fuel: bool) -> str:
    return json.dumps({"fuel": fuel})


def _is_wide(module: wasmtime.Module) -> bool:
    """Whether pointers have 64 bits: what `handle` takes, since the memory itself may have been lowered."""
    for entry in module.exports:
        if entry.name == "handle" and isinstance(entry.type, wasmtime.FuncType):
            shape = signature_of(entry.type)
            for pointer in ("i32", "i64"):
                if shape == Signature((pointer, pointer), (pointer,)):
                    return pointer == "i64"
            raise EngineError(
                f"the module exports handle as {shape.wat()}; it takes and gives pointers"
            )
    raise EngineError("the module exports no function handle")
