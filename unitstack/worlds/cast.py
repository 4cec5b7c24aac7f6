"""What is moved when time is: the units of a network, their tables, its clock, and who signs for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from unitstack.clock import VirtualClock
from unitstack.compute.unit import ComputeUnit
from unitstack.gateway.unit import GatewayUnit
from unitstack.messenger.unit import MessengerUnit
from unitstack.scheduler.unit import SchedulerUnit
from unitstack.units import Gateway
from unitstack.wire.ids import ProcessId
from unitstack.wire.keys import Signer


@dataclass(frozen=True, slots=True)
class Cast:
    """The players in this process. `databases` are their tables by unit; a gateway that others run is not among them. There
    is no clock where the network goes by one that is not its own. `anchor` gives bytes unlike all others."""

    messenger: MessengerUnit
    scheduler: SchedulerUnit
    compute: ComputeUnit
    gateway: Gateway
    databases: Mapping[str, Connection]
    clock: VirtualClock | None
    signer: Signer
    anchor: Callable[[], bytes]

    async def last_nonce(self, process: ProcessId) -> int:
        """That of the newest message in the process's log. Raises NotFound."""
        last = await self.scheduler.last(process)
        return last.nonce

    def reread(self, reason: str) -> None:
        """Other states were put into all tables."""
        if isinstance(self.gateway, GatewayUnit):
            self.gateway.reread()
        self.scheduler.reread()
        self.messenger.reread(reason)
