"""Casts every part in this process: one ao network that needs no other."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from unitstack import runtime
from unitstack.build.lua_module import PRESETS, lua_module
from unitstack.client import wallets
from unitstack.client.client import Client
from unitstack.client.drafts import VARIANT, Defaults
from unitstack.clock import CHAIN, VirtualClock, wall_clock
from unitstack.compute import store as compute_store
from unitstack.compute import unit as compute_unit
from unitstack.compute.store import EvaluationStore
from unitstack.compute.unit import ComputeUnit
from unitstack.compute.weave import no_headers
from unitstack.database import open_database
from unitstack.engines import engines
from unitstack.errors import NotFound, Refused
from unitstack.gateway import store as gateway_store
from unitstack.gateway.store import ItemStore
from unitstack.gateway.unit import GatewayUnit
from unitstack.gateway.weave import header
from unitstack.messenger import store as messenger_store
from unitstack.messenger.budget import Budget
from unitstack.messenger.carrier import Parts
from unitstack.messenger.store import MessengerStore
from unitstack.messenger.unit import MessengerUnit
from unitstack.scheduler import store as scheduler_store
from unitstack.scheduler.store import ScheduleStore
from unitstack.scheduler.unit import SchedulerUnit, random_anchor
from unitstack.units import Clock, Gateway, Scheduler, Units
from unitstack.wire.assignments import BlockTime
from unitstack.wire.data_item import SignatureType
from unitstack.wire.ids import Address, ModuleId, ProcessId
from unitstack.wire.keys import Signer, Wallet, generate, sign
from unitstack.wire.messages import Draft, ModuleFormat
from unitstack.wire.seeds import Seed
from unitstack.wire.tags import Tag
from unitstack.wire.vouched import Vouched
from unitstack.worlds.beginning import (
    finish_restoring,
    in_order,
    memory_policy,
    own_clock,
    shelf_of,
)
from unitstack.worlds.cast import Cast
from unitstack.worlds.rewinding import Rewound
from unitstack.worlds.shelf import Snapshot
from unitstack.worlds.world import World

Listener = Callable[[ProcessId], None]

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
    world: World
    seed: Seed | None = None

    def listen(self, listener: Listener) -> None:
        """From now on the listener is told of each process that was sent something or has evaluated something."""
        for listeners in self.listeners:
            listeners.append(listener)

    def client(self, wallet: Signer) -> Client:
        """A client whose processes run the bundled environment and trust this messenger."""
        defaults = Defaults(self.module, self.scheduler, (self.authority,))
        if self.seed is None:
            return Client(self.units, wallet, defaults)
        return Client(self.units, wallet, defaults, anchor=self.seed.anchors(wallet.owner.hex()))

    async def snapshot(self, name: str) -> Snapshot:
        """Puts the whole world aside: processes, what is owed, the clock. Raises Refused, UnusableFile."""
        return await self.world.snapshot(name)

    async def restore(self, name: str) -> Snapshot:
        """Goes back to a snapshot; where that fails, all is as before. Raises NotFound, UnusableFile."""
        return await self.world.restore(name)

    async def rewind(self, process: ProcessId, nonce: int) -> Rewound:
        """Takes a process back to where it was after the message with that nonce. Raises NotFound, Refused."""
        return await self.world.rewind(process, nonce)

    async def fork(
        self, process: ProcessId, signer: Signer, name: str, *, at: int | None = None
    ) -> ProcessId:
        """A copy of the process, from after a message or from now, that goes its own way. Raises NotFound, Refused."""
        return await self.world.fork(process, signer, name, at)


@dataclass(frozen=True, slots=True)
class StackSettings:
    """How a stack works: which engine runs new processes; whether what was acknowledged survives a power cut; where
    compiled modules are kept, if anywhere, and who is told, in any thread, that compiling one takes long; whether the
    scheduler takes processes that name another, as clients of a HyperBEAM node make them name the node. A world that
    grows from a seed is the same each time: its keys, its ids, its times; it is in memory, and its clock stands still
    between what people send."""

    engine: EngineName = EngineName.WASM
    durable: bool = False
    compiled: Path | None = None
    progress: Callable[[str], None] | None = None
    any_scheduler: bool = False
    seed: Seed | None = None


def _wasm_bundle() -> tuple[ModuleFormat, bytes]:
    module = lua_module(runtime.sources(), runtime.ENTRY, sizes=PRESETS["md"])
    return ModuleFormat.WASM32_4, module


def _lua_bundle() -> tuple[ModuleFormat, bytes]:
    return ModuleFormat.LUA, runtime.bundle()


BUNDLED = {EngineName.WASM: _wasm_bundle, EngineName.LUA: _lua_bundle}
"""The bundled environment, as each engine runs it: the module's format and bytes."""


@asynccontextmanager
async def open_stack(
    home: Path | None,
    *,
    clock: Clock | None = None,
    keys: Keys | None = None,
    budget: Budget | None = None,
    gateway: Gateway | None = None,
    settings: StackSettings | None = None,
) -> AsyncIterator[Stack]:
    """A network that keeps all it knows in a folder; where there is none, in memory for as long as it is open. What was
    owed when it was closed or killed goes on. Raises Refused for a folder that another program has open."""
    async with AsyncExitStack() as closing:
        chosen = settings or StackSettings()
        own = own_clock(clock, home, chosen.seed)
        casting = _Casting(home, chosen, keys or _keys(home, chosen.seed), closing)
        finish_restoring(home, own)
        clock = clock or own or wall_clock
        kept = gateway or casting.gateway(clock)
        scheduler = casting.scheduler(clock, kept)
        # A gateway that was given may have others, who would no longer be asked.
        if gateway is None and isinstance(kept, GatewayUnit):
            kept.settle = scheduler.hand_over_through(kept.shelve)
        compute = casting.compute(scheduler, kept)
        messenger = casting.messenger(Parts(scheduler, compute, kept), budget, own)
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
            world=casting.world(messenger, scheduler, compute, kept, own),
            seed=chosen.seed,
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
        self._databases: dict[str, sqlite3.Connection] = {}
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
        if self._seed:
            unit.anchor = self._seed.anchors("scheduler")
        self._closing.push_async_callback(unit.close)
        return unit

    def compute(self, scheduler: Scheduler, gateway: Gateway) -> ComputeUnit:
        store = EvaluationStore(self._open("compute", compute_store.MIGRATIONS))
        policy = memory_policy(self._home, self._seed)
        vouching = self.keys.messenger.owner
        headers = partial(header, gateway) if isinstance(gateway, GatewayUnit) else no_headers
        settings = compute_unit.Settings(
            blocks=_blocks, headers=headers, policy=policy, vouching=vouching
        )
        unit = ComputeUnit(
            store,
            scheduler,
            gateway,
            engines(self._settings.compiled, self._settings.progress),
            settings,
        )
        self._closing.callback(store.close)
        self._closing.push_async_callback(unit.close)
        return unit

    def messenger(
        self, parts: Parts, budget: Budget | None, clock: VirtualClock | None
    ) -> MessengerUnit:
        store = MessengerStore(self._open("messenger", messenger_store.MIGRATIONS))
        unit = MessengerUnit(
            store,
            self.keys.messenger,
            parts,
            budget=budget,
            vouched=self._vouched,
            settings=in_order(clock) if self._seed and clock else None,
        )
        self._closing.push_async_callback(unit.close)
        return unit

    def world(
        self,
        messenger: MessengerUnit,
        scheduler: SchedulerUnit,
        compute: ComputeUnit,
        gateway: Gateway,
        clock: VirtualClock | None,
    ) -> World:
        shelf = shelf_of(self._home)
        self._closing.callback(shelf.close)
        anchor = self._seed.anchors("forks") if self._seed else random_anchor
        cast = Cast(
            messenger,
            scheduler,
            compute,
            gateway,
            self._databases,
            clock,
            self.keys.messenger,
            anchor,
        )
        return World(cast, shelf)

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
        opened = open_database(path, migrations, durable=self._settings.durable)
        self._databases[unit] = opened
        return opened

    @property
    def _seed(self) -> Seed | None:
        return self._settings.seed


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


def _keys(home: Path | None, seed: Seed | None) -> Keys:
    if seed is None:
        return keys_in(home)
    return Keys(seed.wallet("messenger"), seed.wallet("scheduler"))


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
