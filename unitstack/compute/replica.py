"""One instance of a process that stands somewhere in the process's log, and the thread that it runs in."""

from asyncio import Future, get_running_loop
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from unitstack.compute.program import Program
from unitstack.compute.standing import beginning
from unitstack.compute.store import PackedMemory, SavedMemory, pack, unpack
from unitstack.compute.weave import WeaveDrive
from unitstack.compute.worker import Worker
from unitstack.engines.engine import Instance
from unitstack.engines.envelope import Envelope
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.results import EvalResult, Json, Memory

T = TypeVar("T")


class Unstarted(Interrupted):
    """The person stopped it between two messages: none was begun, so none has anything to show for it."""


class Replica:
    """An instance at work off the loop. Used under one turn at a time, save for `interrupt`."""

    def __init__(
        self, program: Program, worker: Worker, instance: Instance, drive: WeaveDrive | None
    ) -> None:
        self.standing = beginning(program.crons.origin)
        self._env = program.env
        self._worker = worker
        self._instance = instance
        self._drive = drive
        self._stopped = False

    async def handle(self, message: dict[str, Json]) -> EvalResult:
        """Evaluates one message. Raises EngineError, Interrupted; the state is then as before."""
        return await self._unless_stopped(lambda: self._instance.handle(self._envelope(message)))

    def repeat(self, messages: Sequence[dict[str, Json]]) -> Future[None]:
        """Evaluates messages whose results are known, one after another, and meanwhile lets go on who asked. Raises
        EngineError, Interrupted; the state is then somewhere among them."""
        return self._worker.run(lambda: self._repeat(messages))

    def _repeat(self, messages: Sequence[dict[str, Json]]) -> None:
        for message in messages:
            envelope = self._envelope(message)
            self._checked(partial(self._instance.handle, envelope))

    async def dry_run(self, message: dict[str, Json]) -> EvalResult:
        """What `handle` would give."""
        return await self._unless_stopped(lambda: self._instance.dry_run(self._envelope(message)))

    async def memory(self) -> Memory:
        """The whole state."""
        return await self._worker.run(self._instance.snapshot)

    async def packed_memory(self) -> PackedMemory:
        """The whole state, compressed."""
        return await self._worker.run(lambda: pack(self._instance.snapshot()))

    def interrupt(self) -> None:
        """Ends what runs with Interrupted, or else what would run next in this turn; called from any thread."""
        self._stopped = True
        self._instance.interrupt()

    def resume(self) -> None:
        """Forgets an interrupt that came when there was nothing left to stop."""
        self._stopped = False

    async def close(self) -> None:
        await self._worker.run(self._instance.close)
        self._worker.end()

    def _envelope(self, message: dict[str, Json]) -> Envelope:
        height = message.get("Block-Height")
        if self._drive is not None and isinstance(height, int):
            self._drive.height = height
        return Envelope(message, self._env)

    async def _unless_stopped(self, call: Callable[[], T]) -> T:
        return await self._worker.run(lambda: self._checked(call))

    def _checked(self, call: Callable[[], T]) -> T:
        if self._stopped:
            raise Unstarted("interrupted before the next message was begun")
        return call()


async def open_replica(program: Program, saved: SavedMemory | None = None) -> Replica:
    """An instance as it begins, or one with a saved memory. Raises EngineError where module or memory is unfit."""
    packed = saved.packed if saved else program.cold
    worker = Worker(f"ao process {program.process.id[:8]}")
    drive = WeaveDrive(program.weave, get_running_loop()) if program.weave else None
    try:
        instance = await worker.run(lambda: _instantiate(program, packed, drive))
    except BaseException:
        worker.end()
        raise
    return Replica(program, worker, instance, drive)


def _instantiate(
    program: Program, packed: PackedMemory | None, drive: WeaveDrive | None
) -> Instance:
    try:
        return program.engine.instantiate(
            program.code,
            memory=unpack(packed) if packed else None,
            memory_limit=program.limits.memory,
            compute_limit=program.limits.compute,
            drive=drive,
        )
    except EngineError as error:
        raise EngineError(f"module {program.process.module}: {error}") from error
