"""A gateway in memory on a chain whose clock tests set, and its HTTP form."""

from dataclasses import dataclass, field

import httpx

from unitstack.database import open_database
from unitstack.gateway.http import gateway_app
from unitstack.gateway.store import MIGRATIONS, ItemStore
from unitstack.gateway.unit import GatewayUnit
from unitstack.wire.assignments import BlockTime
from unitstack.wire.chain import Chain
from unitstack.wire.data_item import DataItem

CHAIN = Chain(BlockTime(100, 1_000_000), interval=1000)


@dataclass
class World:
    """Blocks are mined when a test says so; the first height is 100."""

    height: int = 100
    unit: GatewayUnit = field(init=False)

    def __post_init__(self) -> None:
        store = ItemStore(open_database(None, MIGRATIONS))
        self.unit = GatewayUnit(store, clock=self.now, chain=CHAIN)

    def now(self) -> BlockTime:
        return CHAIN.block(self.height)

    async def keep(self, *items: DataItem) -> None:
        for item in items:
            await self.unit.upload(item)

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(gateway_app(self.unit))
        return httpx.AsyncClient(transport=transport, base_url="http://gateway")
