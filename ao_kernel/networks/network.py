"""The ao network that a session is on: its units, the wallet that signs, and what only a stack of one's own can do."""

from collections.abc import Callable
from typing import Protocol

from unitstack.units import Units
from unitstack.wire.ids import Address, MessageId, ProcessId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Draft

Resolve = Callable[[str], ProcessId | None]
"""The process that a person means by a name."""


class Network(Protocol):
    """What a session needs of a network. Its players are a stack in this process, and units elsewhere."""

    units: Units
    address: Address
    """The wallet's: the sender of all that cells send."""

    wallet: Signer
    """What signs all that cells send."""

    authority: Address | None
    """The messenger that spawns for processes, where it is known."""

    is_shared: bool
    """Whether others are on it too: then it is never looked through whole."""

    host: str
    """Where the units are, as a person knows it; empty where they are in this process."""

    engine: str
    """The virtual machine of the processes that are spawned from now on: `wasm` or `lua`."""

    budget: int
    """How many messages one message may set off."""

    async def spawn(self, name: str, tags: tuple[tuple[str, str], ...]) -> ProcessId:
        """A new process with the aos environment, which can be sent to as soon as this returns."""

    async def send(self, draft: Draft) -> MessageId:
        """Signs and sends. What it gave is for the compute unit to say."""

    def resolve_names(self, resolve: Resolve) -> None:
        """Lets messages be sent to processes by name."""

    def listen(self, tell: Callable[[ProcessId], None]) -> None:
        """Has told which processes were sent something or have evaluated something, where the network can say so."""

    def interrupt(self, root: MessageId | None) -> None:
        """Stops what runs, and drops what the message still owes. Does no harm where nothing runs."""

    def withdraw(self, process: ProcessId, message: MessageId) -> None:
        """Nobody waits for the message any more: if it is not begun yet, it never is, where the network can see to that."""

    async def close(self) -> None:
        """Ends the network, if it is one's own."""
