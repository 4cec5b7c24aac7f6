"""What a virtual machine must do to run processes. Engines know nothing of units."""

from typing import Protocol

from unitstack.engines.envelope import Envelope
from unitstack.engines.files import Drive
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.results import EvalResult, Memory


class Instance(Protocol):
    """One process's state, alive. Used by one thread at a time, save for `interrupt`."""

    def handle(self, envelope: Envelope) -> EvalResult:
        """Evaluates one message. Where the result has an error, or this raises (EngineError, Interrupted), the state is
        exactly what it was before: parked coroutines and the random generator included."""

    def dry_run(self, envelope: Envelope) -> EvalResult:
        """What `handle` would give; the state does not change."""

    def snapshot(self) -> Memory:
        """The whole state, for `Engine.instantiate` to start from, here or in another run."""

    def interrupt(self) -> None:
        """Makes the running `handle` or `dry_run` raise Interrupted soon; called from another thread. Without one
        running, it does nothing."""

    def close(self) -> None:
        """Frees what the instance holds."""


class Engine(Protocol):
    """Makes instances of modules in some formats."""

    formats: frozenset[ModuleFormat]

    def instantiate(
        self,
        module: bytes,
        *,
        memory: Memory | None,
        memory_limit: int,
        compute_limit: int,
        drive: Drive | None = None,
    ) -> Instance:
        """An instance of the module: fresh, or as the memory says. Limits are bytes, and gas for each message. The drive
        is what the module finds outside, where its format has that. Raises EngineError for a module or memory that is
        unfit."""
