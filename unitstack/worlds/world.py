"""The world of a network in this process, as one thing: put aside, gone back to, split, and moved in time."""

from unitstack.clock import VirtualClock
from unitstack.units import Progress, silent
from unitstack.wire.ids import ProcessId
from unitstack.wire.keys import Signer
from unitstack.wire.results import Evaluation
from unitstack.worlds import causes, forking, passing, restoring, rewinding
from unitstack.worlds.cast import Cast
from unitstack.worlds.causes import Cause
from unitstack.worlds.passing import Interval
from unitstack.worlds.rewinding import Rewound
from unitstack.worlds.shelf import Shelf, Snapshot


class World:
    """What can be done with a whole network because all of it is here."""

    def __init__(self, cast: Cast, shelf: Shelf) -> None:
        self._cast = cast
        self._shelf = shelf

    @property
    def clock(self) -> VirtualClock:
        """What it goes by. Raises Refused where that is not its own."""
        return passing.clock_of(self._cast)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """What was put aside, by name."""
        return self._shelf.all()

    async def snapshot(self, name: str, note: str = "") -> Snapshot:
        """Puts the world aside as it is now; what is owed goes on. Raises Refused, UnusableFile."""
        return await restoring.take(self._cast, self._shelf, name, note)

    async def restore(self, name: str) -> Snapshot:
        """Goes back to a snapshot, any number of times. Where that fails, all is as before. Raises NotFound, UnusableFile."""
        return await restoring.restore(self._cast, self._shelf, name)

    def drop(self, name: str) -> None:
        """Forgets a snapshot. Raises NotFound."""
        self._shelf.drop(name)

    async def rewind(self, process: ProcessId, nonce: int, progress: Progress = silent) -> Rewound:
        """Takes a process back to where it was after the message with that nonce, for good. Raises NotFound, Refused."""
        return await rewinding.rewind(self._cast, process, nonce, progress)

    async def fork(
        self, process: ProcessId, signer: Signer, name: str, at: int | None = None
    ) -> ProcessId:
        """A copy of the process that goes its own way, from after the message with that nonce, or from now. Raises NotFound,
        Refused where the signer does not own the process."""
        return await forking.fork(self._cast, process, signer, name, at)

    async def cause(
        self, process: ProcessId, expression: str, progress: Progress = silent
    ) -> Cause:
        """What last changed a value of the process, such as `Balances.alice`. Raises Refused where it is not shown."""
        return await causes.find_cause(self._cast, process, expression, progress)

    async def pass_time(self, span: int, progress: Progress = silent) -> tuple[Evaluation, ...]:
        """Lets so many milliseconds pass; answers with the cron messages of monitored processes that were due."""
        return await self.pass_until(self.clock().timestamp + span, progress)

    async def pass_until(self, moment: int, progress: Progress = silent) -> tuple[Evaluation, ...]:
        """Lets time pass up to a moment. Raises Refused for one that has passed."""
        return await passing.pass_until(self._cast, moment, progress)

    async def mine(self, blocks: int, progress: Progress = silent) -> tuple[Evaluation, ...]:
        """Lets the time pass in which so many blocks are mined."""
        return await self.pass_until(self.clock.after_blocks(blocks), progress)

    async def intervals(self, process: ProcessId) -> tuple[Interval, ...]:
        """The process's crons: when each is due, and when it was evaluated last."""
        return await passing.intervals(self._cast, process)

    async def tick(self, process: ProcessId) -> tuple[Evaluation, ...]:
        """Evaluates the process's cron messages that are due by now, monitored or not, and waits until all that they set off
        has settled."""
        return await self._cast.messenger.tick(process)
