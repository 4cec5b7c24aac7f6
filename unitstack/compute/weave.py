"""What lies outside of a process, as the files that its module opens: `/data/TXID`, `/tx/TXID`, `/block/HEIGHT`."""

from asyncio import AbstractEventLoop, run_coroutine_threadsafe
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from unitstack.compute.availability import Terms, vouchers
from unitstack.errors import InvalidItem, NotFound
from unitstack.units import Gateway
from unitstack.wire.ids import TxId, tx_id

Headers = Callable[[str], Awaitable[bytes | None]]
"""What `/tx/TXID` or `/block/HEIGHT` holds, as JSON; None where there is none."""


async def no_headers(_: str) -> None:
    """Where no chain is followed there are none."""


@dataclass(frozen=True, slots=True)
class Weave:
    """Where one process's drives read, and on which terms."""

    gateway: Gateway
    headers: Headers
    terms: Terms

    async def read(self, path: str, height: int) -> bytes | None:
        """As of a block: what came later is not there yet, so that a replay reads the same. Raises EngineError."""
        match path.split("/"):
            case ["", "data", name]:
                return await self._data(name, height)
            case ["", "tx", _]:
                return await self.headers(path)
            case ["", "block", name] if name.isascii() and name.isdigit() and len(name) < 16:
                return await self.headers(path) if int(name) <= height else None
            case _:
                return None

    async def _data(self, name: str, height: int) -> bytes | None:
        try:
            tx = tx_id(name)
            return await self.gateway.data(tx) if await self._may_read(tx, height) else None
        except (InvalidItem, NotFound):
            return None

    async def _may_read(self, tx: TxId, height: int) -> bool:
        if tx == self.terms.boot:
            return True
        if not self.terms.asked or not self.terms.attestors:
            return False
        for search in vouchers(self.terms, tx, height):
            if (await self.gateway.search(search)).items:
                return True
        return False


class WeaveDrive:
    """One instance's drive, called in the instance's thread while the loop goes on. `height` is the block of the message
    that it handles."""

    def __init__(self, weave: Weave, loop: AbstractEventLoop) -> None:
        self._weave = weave
        self._loop = loop
        self.height = 0

    def __call__(self, path: str) -> bytes | None:
        """Raises EngineError, UnitUnreachable."""
        return run_coroutine_threadsafe(self._weave.read(path, self.height), self._loop).result()
