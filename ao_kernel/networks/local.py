"""A network of one's own: the whole stack in this process, and a wallet that is made the first time."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from ao_kernel.networks.network import Resolve
from unitstack.client import wallets
from unitstack.client.client import Client
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.units import Cascade
from unitstack.wire.data_item import SignatureType
from unitstack.wire.ids import Address, MessageId, ProcessId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Draft
from unitstack.wire.seeds import Seed

WALLET = "wallet.json"
COMPILED = "compiled"


class LocalNetwork:
    """Plays `Network` in this process."""

    is_shared = False
    host = ""

    def __init__(
        self, stack: Stack, client: Client, closing: AsyncExitStack, compiled: Path
    ) -> None:
        self.units = stack.units
        self.address = client.address
        self.wallet = client.wallet
        self.authority: Address | None = stack.authority
        self.engine: str = EngineName.WASM
        self.stack = stack
        self.compiled = compiled
        self._client = client
        self._closing = closing
        self._halting: asyncio.Task[Cascade] | None = None

    @property
    def seed(self) -> Seed | None:
        """What the world grows from, if all that is random in it comes from a seed."""
        return self.stack.seed

    @property
    def budget(self) -> int:
        return self.stack.messenger.budget.messages

    @budget.setter
    def budget(self, messages: int) -> None:
        self.stack.messenger.budget = replace(self.stack.messenger.budget, messages=messages)

    async def spawn(self, name: str, tags: tuple[tuple[str, str], ...]) -> ProcessId:
        module = self.stack.modules[EngineName(self.engine)]
        return (await self._client.spawn(name, module=module, tags=tags)).id

    async def send(self, draft: Draft) -> MessageId:
        return await self._client.send(draft)

    def resolve_names(self, resolve: Resolve) -> None:
        self.stack.messenger.resolve = resolve

    def listen(self, tell: Callable[[ProcessId], None]) -> None:
        self.stack.listen(tell)

    def interrupt(self, root: MessageId | None) -> None:
        self.stack.compute.interrupt()
        if root is not None and (self._halting is None or self._halting.done()):
            self._halting = asyncio.ensure_future(self.stack.messenger.halt(root, "stopped"))

    def withdraw(self, process: ProcessId, message: MessageId) -> None:
        self.stack.compute.withdraw(process, message)

    async def close(self) -> None:
        await self._closing.aclose()


async def open_network(
    data: Path, home: Path | None, tell: Callable[[str], None] | None = None
) -> LocalNetwork:
    """Opens the stack: in its home, or in memory. The wallet signs with Ed25519: it is made in no time, and a message is
    signed in a twentieth of the time that RSA takes. On the loop, it tells what keeps a person waiting."""
    progress = on_loop(asyncio.get_running_loop(), tell) if tell else None
    wallet = await asyncio.to_thread(wallets.load_or_make, data / WALLET, SignatureType.ED25519)
    return await _opened(home, StackSettings(compiled=data / COMPILED, progress=progress), wallet)


def on_loop(loop: asyncio.AbstractEventLoop, tell: Callable[[str], None]) -> Callable[[str], None]:
    """Tells the loop's thread what any thread says; nobody listens to one that is closed."""

    def told(text: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, text)

    return told


async def open_seeded(seed: Seed, compiled: Path) -> LocalNetwork:
    """Opens a stack in memory that is the same each time, the person's wallet included."""
    return await _opened(None, StackSettings(compiled=compiled, seed=seed), seed.wallet("you"))


async def _opened(home: Path | None, settings: StackSettings, wallet: Signer) -> LocalNetwork:
    assert settings.compiled is not None
    async with AsyncExitStack() as closing:
        stack = await closing.enter_async_context(open_stack(home, settings=settings))
        return LocalNetwork(stack, stack.client(wallet), closing.pop_all(), settings.compiled)
