"""How a virtual clock goes: with the wall clock, ahead of it, or not at all. What is read is given the wall's time."""

from dataclasses import dataclass, replace

from unitstack.errors import Refused
from unitstack.wire.durations import LAST, moment_text


@dataclass(frozen=True, slots=True)
class Dial:
    """What a clock shows at some time of the wall clock, and whether it goes on from there. In milliseconds since 1970."""

    shown: int
    wall: int
    runs: bool = True

    def read(self, wall: int) -> int:
        """What the clock shows when the wall clock shows that. A wall clock that is set back does not take it along."""
        return self.shown + max(0, wall - self.wall) if self.runs else self.shown

    def ahead(self, wall: int) -> int:
        """By how much it is ahead of the wall clock."""
        return self.read(wall) - wall

    def moved(self, wall: int, to: int) -> "Dial":
        """The clock put forward. Raises Refused for a moment that has passed, or that no calendar has."""
        now = self.read(wall)
        if to < now:
            raise Refused(
                f"it is {moment_text(now)} already, and time does not go back to {moment_text(to)}: "
                "a snapshot that is restored brings its own time"
            )
        if to > LAST:
            raise Refused(f"the clock goes up to {moment_text(LAST)}, and not to {to} ms")
        return replace(self, shown=to, wall=wall)

    def frozen(self, wall: int) -> "Dial":
        """The clock stopped."""
        return Dial(self.read(wall), wall, runs=False)

    def running(self, wall: int) -> "Dial":
        """The clock going on from where it is."""
        return Dial(self.read(wall), wall)


def with_wall(wall: int) -> Dial:
    """A clock that shows what the wall clock does."""
    return Dial(wall, wall)
