"""Casts every part in this process: one ao network that needs no other."""

import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from unitstack import runtime
from unitstack.build.lua_module import PRESETS, lua_module
from unitstack.client import wallets
from unitstack.client.client import Client
from unitstack.client.drafts import VARIANT, Defaults
from unitstack.compute import store as compute_store
from unitstack.compute import unit as compute_unit
from unitstack.compute.store import EvaluationStore
from unitstack.compute.unit import ComputeUnit
from unitstack.database import open_database
from unitstack.engines import engines
from unitstack.errors import NotFound, Refused
from unitstack.gateway import store as gateway_store
from unitstack.gateway.store import ItemStore
from unitstack.gateway.unit import GatewayUnit
from unitstack.messenger import store as messenger_store
from unitstack.messenger.budget import Budget
from unitstack.messenger.carrier import Parts
from unitstack.messenger.store import MessengerStore
from unitstack.messenger.unit import MessengerUnit
from unitstack.scheduler import store as scheduler_store
from unitstack.scheduler.store import ScheduleStore
from unitstack.scheduler.unit import SchedulerUnit
from unitstack.units import Clock, Gateway, Scheduler, Units
from unitstack.wire.assignments import BlockTime
from unitstack.wire.chain import Chain
from unitstack.wire.data_item import SignatureType
from unitstack.wire.ids import Address, ModuleId, ProcessId
from unitstack.wire.keys import Signer, Wallet, generate, sign
from unitstack.wire.messages import Draft, ModuleFormat
from unitstack.wire.tags import Tag
from unitstack.wire.vouched import Vouched

Listener = Callable[[ProcessId], None]

CHAIN = Chain()
"""The blocks that the clock counts, and that crons such as `10-blocks` fall due by."""

MODULE_TAGS = (
    Tag("Data-Protocol", "ao"),
    Tag("Variant", VARIANT),
    Tag("Type", "Module"),
    Tag("Input-Encoding", "JSON-1"),
    Tag("Output-Encoding", "JSON-1"),
    Tag("Memory-Limit", "500-mb"),
    Tag("Compute-Limit", "9000000000000"),
)


class EngineName(StrEnum):
    """Which virtual machine runs the bundled environment: wasm is exact and can always be stopped, Lua is quicker."""

    WASM = "wasm"
    LUA = "lua"


@dataclass(frozen=True, slots=True)
class Keys:
    """What the units sign with: the messenger what it pushes, the scheduler its assignments."""

    messenger: Wallet
    scheduler: Wallet


@dataclass(frozen=True, slots=True)
class Stack:
    """An ao network in this process: who plays each part, and what a new process is to name."""

    units: Units
    messenger: MessengerUnit
    compute: ComputeUnit
    modules: Mapping[EngineName, ModuleId]
    module: ModuleId
    scheduler: Address
    authority: Address
    listeners: tuple[list[Listener], ...]

    def listen(self, listener: Listener) -> None:
        """From now on the listener is told of each process that was sent something or has evaluated something."""
        for listeners in self.listeners:
            listeners.append(listener)

    def client(self, wallet: Signer) -> Client:
        """A client whose processes run the bundled environment and trust this messenger."""
        return Client(self.units, wallet, Defaults(self.module, self.scheduler, (self.authority,)))


@dataclass(frozen=True, slots=True)
class StackSettings:
    """How a stack works: which engine runs new processes; whether what was acknowledged survives a power cut; where
    compiled modules are kept, if anywhere; whether the scheduler takes processes that name another, as clients of a
    HyperBEAM node make them name the node."""

    engine: EngineName = EngineName.WASM
    durable: bool = False
    compiled: Path | None = None
    any_scheduler: bool = False


def _wasm_bundle() -> tuple[ModuleFormat, bytes]:
    module = lua_module(runtime.sources(), runtime.ENTRY, sizes=PRESETS["md"])
    return ModuleFormat.WASM32_4, module


def _lua_bundle() -> tuple[ModuleFormat, bytes]:
    return ModuleFormat.LUA, runtime.bundle()


BUNDLED = {EngineName.WASM: _wasm_bundle, EngineName.LUA: _lua_bundle}
"""The bundled environment, as each engine runs it: the module's format and bytes."""


def wall_clock() -> BlockTime:
    """Now."""
    return CHAIN.at(time.time_ns() // 1_000_000)


@asynccontextmanager
async def open_stack(
    home: Path | None,
    *,
    clock: Clock = wall_clock,
    keys: Keys | None = None,
    budget: Budget | None = None,
    gateway: Gateway | None = None,
    settings: StackSettings | None = None,
) -> AsyncIterator[Stack]:
    """A network that keeps all it knows in a folder; where there is none, in memory for as long as it is open. What was
    owed when it was closed or killed goes on. Raises Refused for a folder that another program has open."""
    async with AsyncExitStack() as closing:
        chosen = settings or StackSettings()
        casting = _Casting(home, chosen, keys or keys_in(home), closing)
        kept = gateway or casting.gateway(clock)
        scheduler = casting.scheduler(clock, kept)
        if isinstance(kept, GatewayUnit):
            kept.settle = scheduler.hand_over_through(kept.shelve)
        compute = casting.compute(scheduler, kept)
        messenger = casting.messenger(Parts(scheduler, compute, kept), budget)
        await scheduler.catch_up()
        modules = {name: await casting.publish(kept, name) for name in EngineName}
        await messenger.resume()
        units = Units(messenger, scheduler, compute, kept)
        yield Stack(
            units=units,
            messenger=messenger,
            compute=compute,
            modules=modules,
            module=modules[chosen.engine],
            scheduler=scheduler.address,
            authority=casting.keys.messenger.process_address,
            listeners=(scheduler.listeners, compute.listeners),
        )


class _Casting:
    """Opens one unit after another; `closing` closes them in the other order."""

    def __init__(
        self, home: Path | None, settings: StackSettings, keys: Keys, closing: AsyncExitStack
    ) -> None:
        self.keys = keys
        self._home = home
        self._settings = settings
        self._closing = closing
        self._vouched = Vouched()
        if home is not None:
            _claim(home, closing)

    def gateway(self, clock: Clock) -> GatewayUnit:
        store = ItemStore(self._open("gateway", gateway_store.MIGRATIONS))
        unit = GatewayUnit(store, vouched=self._vouched, clock=clock, chain=CHAIN)
        self._closing.push_async_callback(unit.close)
        return unit

    def scheduler(self, clock: Clock, gateway: Gateway) -> SchedulerUnit:
        store = ScheduleStore(self._open("scheduler", scheduler_store.MIGRATIONS))
        unit = SchedulerUnit(
            store,
            self.keys.scheduler,
            clock,
            gateway,
            vouched=self._vouched,
            any_scheduler=self._settings.any_scheduler,
        )
        self._closing.push_async_callback(unit.close)
        return unit

    def compute(self, scheduler: Scheduler, gateway: Gateway) -> ComputeUnit:
        store = EvaluationStore(self._open("compute", compute_store.MIGRATIONS))
        settings = compute_unit.Settings(blocks=_blocks)
        unit = ComputeUnit(store, scheduler, gateway, engines(self._settings.compiled), settings)
        self._closing.callback(store.close)
        self._closing.push_async_callback(unit.close)
        return unit

    def messenger(self, parts: Parts, budget: Budget | None) -> MessengerUnit:
        store = MessengerStore(self._open("messenger", messenger_store.MIGRATIONS))
        unit = MessengerUnit(
            store, self.keys.messenger, parts, budget=budget, vouched=self._vouched
        )
        self._closing.push_async_callback(unit.close)
        return unit

    async def publish(self, gateway: Gateway, engine: EngineName) -> ModuleId:
        """The bundled environment as a module of the gateway. Of the same bytes the same key makes the same item."""
        module_format, data = BUNDLED[engine]()
        tags = (*MODULE_TAGS, Tag("Module-Format", module_format))
        module = sign(self.keys.messenger, Draft(tags=tags, data=data))
        try:
            await gateway.item(module.id)
        except NotFound:
            await gateway.upload(module)
        return ModuleId(module.id)

    def _open(self, unit: str, migrations: Sequence[str]) -> sqlite3.Connection:
        path = None if self._home is None else self._home / f"{unit}.sqlite"
        return open_database(path, migrations, durable=self._settings.durable)


def _claim(home: Path, closing: AsyncExitStack) -> None:
    """Two programs that carry out what one home owes would do it twice. The claim ends with the program, however it
    ends."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    claim = sqlite3.connect(home / "claim.sqlite", timeout=0, isolation_level=None)
    closing.callback(claim.close)
    try:
        claim.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        raise Refused(f"{home} is open in another program: {error}") from error


def keys_in(home: Path | None) -> Keys:
    """The units' keys that the folder keeps, made the first time; without a folder, new ones."""
    if home is None:
        return Keys(generate(SignatureType.ED25519), generate(SignatureType.ED25519))
    messenger, scheduler = (
        wallets.load_or_make(home / "keys" / f"{unit}.json", SignatureType.ED25519)
        for unit in ("messenger", "scheduler")
    )
    return Keys(messenger, scheduler)


async def _blocks(left: BlockTime, right: BlockTime) -> Sequence[BlockTime]:
    return CHAIN.between(left, right)
