"""Where in its process's log an instance stands."""

from dataclasses import dataclass

from unitstack.compute.timeline import Boundary, Step
from unitstack.wire.assignments import Assignment, BlockTime, Ordinate, ScheduledMessage
from unitstack.wire.ids import Nonce

BEFORE_ALL = Nonce(-1)


@dataclass(slots=True)
class Standing:
    """How far in its log an instance is: the last scheduled message that it passed, and the last that it evaluated."""

    boundary: Boundary
    block: BlockTime
    place: Ordinate | None = None
    assignment: Assignment | None = None

    @property
    def nonce(self) -> Nonce:
        return self.boundary.nonce

    @property
    def after(self) -> Ordinate | None:
        """The last cron message past the boundary."""
        place = self.place
        return place if place and place.cron and place.nonce == self.nonce else None

    def skip(self, step: Step) -> None:
        """Passes a message without its having been evaluated."""
        if isinstance(step.message, ScheduledMessage):
            self.boundary = Boundary(step.ordinate.nonce, step.block)
            self.assignment = step.message.assignment

    def take(self, step: Step) -> None:
        """Passes a message that was evaluated."""
        self.skip(step)
        self.place, self.block = step.ordinate, step.block


def beginning(block: BlockTime) -> Standing:
    """Before the first message; cron messages count from the process's own block."""
    return Standing(Boundary(BEFORE_ALL, block), block)
