"""A scheduler with a gateway and a clock that tests set."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.items import a_message, a_process, a_wallet
from unitstack.database import open_database
from unitstack.gateway import store as gateway_store
from unitstack.gateway.store import ItemStore
from unitstack.gateway.unit import GatewayUnit
from unitstack.scheduler import store as scheduler_store
from unitstack.scheduler.store import ScheduleStore
from unitstack.scheduler.unit import SchedulerUnit
from unitstack.units import Gateway
from unitstack.wire.assignments import BlockTime
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, ProcessId

WALLET = a_wallet()
NOON = BlockTime(1_720_000, 1_751_400_000_000)


@dataclass
class Clock:
    """Stands still until it is set."""

    time: BlockTime = NOON

    def __call__(self) -> BlockTime:
        return self.time

    def set(self, height: int, timestamp: int) -> None:
        self.time = BlockTime(height, timestamp)


@dataclass
class Network:
    """What a scheduler needs, kept in memory or under a folder, where another can find it again."""

    home: Path | None = None
    clock: Clock = field(default_factory=Clock)
    gateway: Gateway = field(init=False)
    scheduler: SchedulerUnit = field(init=False)

    def __post_init__(self) -> None:
        kept = ItemStore(open_database(self._file("gateway"), gateway_store.MIGRATIONS))
        self._gateway = self.gateway = GatewayUnit(kept, clock=self.clock)
        self.scheduler = self.a_scheduler()
        self._gateway.settle = self.scheduler.hand_over_through(self._gateway.shelve)

    def a_scheduler(
        self, gateway: Gateway | None = None, *, any_scheduler: bool = False
    ) -> SchedulerUnit:
        file = self._file("scheduler")
        log = ScheduleStore(open_database(file, scheduler_store.MIGRATIONS, durable=False))
        chosen = gateway or self.gateway
        return SchedulerUnit(log, WALLET, self.clock, chosen, any_scheduler=any_scheduler)

    async def close(self) -> None:
        await self.scheduler.close()
        await self._gateway.close()

    def _file(self, name: str) -> Path | None:
        return self.home / f"{name}.sqlite" if self.home else None


def a_process_here(name: str = "", scheduler: Address = WALLET.address) -> DataItem:
    """A process item for this scheduler; another name makes another process."""
    return a_process((("Name", name),), scheduler=scheduler)


def a_message_to(process: DataItem | ProcessId, text: str = "1 + 1") -> DataItem:
    target = process.id if isinstance(process, DataItem) else process
    return a_message(data=text.encode(), target=target)
