"""What a process was told since its memory was last copied. Copying it after each message costs a tenth of a small message;
going back to an older copy and telling the few messages since once more gives the same bytes."""

from typing import NamedTuple

# A rollback repeats this much work at most, besides the last message before the copy.
MOST_SECONDS = 0.005
# After a rollback another is likely: trust comes back with each message that goes well.
TRUST_A_MESSAGE = 0.01


class Told(NamedTuple):
    """A message and its environment, as the module reads them."""

    message: bytes
    env: bytes


class Journal:
    """The messages since the last copy that went well, and whether it is time for another copy."""

    def __init__(self) -> None:
        self.entries: list[Told] = []
        self._seconds = 0.0
        self._trust = 0.0

    def add(self, told: Told, seconds: float) -> None:
        """The message went well, in so many seconds."""
        self.entries.append(told)
        self._seconds += seconds
        self._trust = min(1.0, self._trust + TRUST_A_MESSAGE)

    @property
    def is_due(self) -> bool:
        """Whether repeating what stands here would take longer than a rollback should."""
        return self._seconds > MOST_SECONDS * self._trust

    def clear(self) -> None:
        """The memory was copied: there is nothing to repeat."""
        self.entries.clear()
        self._seconds = 0.0

    def distrust(self) -> None:
        """A message did not go well."""
        self._trust = 0.0
