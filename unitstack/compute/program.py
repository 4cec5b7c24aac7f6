"""What an instance of a process is made from: its module's code, the limits that it may use, its crons, its env."""

from dataclasses import dataclass

from unitstack.compute.availability import WEAVE_DRIVE, extensions
from unitstack.compute.cron import Crons, crons_of
from unitstack.compute.store import PackedMemory
from unitstack.compute.weave import Weave
from unitstack.engines import envelope
from unitstack.engines.engine import Engine
from unitstack.errors import Refused
from unitstack.wire import messages
from unitstack.wire.assignments import BlockTime
from unitstack.wire.messages import MAX_GAS, MAX_MEMORY, Limits, Module, Process
from unitstack.wire.results import Json
from unitstack.wire.tags import find

CAPS = Limits(memory=MAX_MEMORY, compute=MAX_GAS)


@dataclass(frozen=True, slots=True)
class Program:
    """All that instances of one process are made from. `env` is one object through the process's life. `scheduled` is
    whether the log begins with the process itself, as schedulers number it today. `cold` is the memory that a fork begins
    with; others begin as their module does. `weave` is what it may read from outside, if its module reads at all."""

    process: Process
    engine: Engine
    code: bytes
    limits: Limits
    crons: Crons
    env: dict[str, Json]
    scheduled: bool
    cold: PackedMemory | None = None
    weave: Weave | None = None

    @property
    def runs_at_boot(self) -> bool:
        """Whether the process's own message runs code that its maker chose."""
        return find(self.process.item.tags, "On-Boot") is not None

    def boot_message(self) -> dict[str, Json]:
        """The process's own item as its first message, where the log does not hold it."""
        return envelope.cold_start(self.process, self.crons.origin)


def read_program(
    process: Process, module: Module, engine: Engine, caps: Limits, log: tuple[BlockTime, bool]
) -> Program:
    """Puts it together; `log` is the process's own block, and whether its log begins with it. Raises Refused where the
    process asks for more than this unit allows, InvalidItem where it cannot be understood."""
    origin, scheduled = log
    if unknown := [name for name in extensions(module) if name != WEAVE_DRIVE]:
        names = ", ".join(unknown)
        raise Refused(f'Module Extensions for module "{module.id}" are not supported: {names}')
    return Program(
        process,
        engine,
        module.item.data,
        _allowed(process, module, caps),
        crons_of(process, origin),
        envelope.environment(process, module),
        scheduled,
    )


def _allowed(process: Process, module: Module, caps: Limits) -> Limits:
    limits = messages.limits(process, module)
    _check(process, "Memory-Limit", limits.memory, caps.memory)
    _check(process, "Compute-Limit", limits.compute, caps.compute)
    return limits


def _check(process: Process, name: str, asked: int, cap: int) -> None:
    if asked > cap:
        raise Refused(
            f'{name} for process "{process.id}" exceeds supported limit: {asked} is asked for, {cap} is allowed'
        )
