"""A clock that a person can put forward, stop, and let go on; where it has a file, it goes on from there after a restart."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from unitstack.errors import UnusableFile
from unitstack.wire.assignments import BlockTime
from unitstack.wire.chain import Chain
from unitstack.wire.dial import Dial, with_wall

CHAIN = Chain()
"""The blocks that the clock counts, and that crons such as `10-blocks` fall due by."""

Wall = Callable[[], int]


def wall_milliseconds() -> int:
    """What the machine's own clock shows."""
    return time.time_ns() // 1_000_000


def wall_clock() -> BlockTime:
    """Now."""
    return CHAIN.at(wall_milliseconds())


class VirtualClock:
    """Plays `Clock`. Blocks follow from its time: to mine blocks is to let the time pass in which they are mined."""

    def __init__(
        self, dial: Dial | None = None, *, file: Path | None = None, wall: Wall = wall_milliseconds
    ) -> None:
        self._wall = wall
        self._file = file
        self._dial = dial or _read(file) or with_wall(wall())
        self._held = False

    def __call__(self) -> BlockTime:
        return CHAIN.at(self._dial.read(self._wall()))

    @property
    def dial(self) -> Dial:
        """How it goes; may be set, also to where it went before."""
        return self._dial

    @dial.setter
    def dial(self, dial: Dial) -> None:
        self._dial = dial
        if self._file is not None:
            _write(self._file, replace(dial, runs=dial.runs or self._held))

    def wall(self) -> int:
        """What the wall clock shows."""
        return self._wall()

    def check(self, moment: int) -> None:
        """Raises Refused for a moment that it cannot be put forward to."""
        self._dial.moved(self._wall(), moment)

    @property
    def ahead(self) -> int:
        """Milliseconds by which it is ahead of the wall clock."""
        return self._dial.ahead(self._wall())

    def move(self, span: int) -> BlockTime:
        """Lets so many milliseconds pass at once; answers with what it shows then. Raises Refused."""
        return self.move_to(self().timestamp + span)

    def move_to(self, moment: int) -> BlockTime:
        """Raises Refused for a moment that has passed."""
        self.dial = self._dial.moved(self._wall(), moment)
        return self()

    def after_blocks(self, count: int) -> int:
        """The moment at which so many more blocks are mined."""
        return CHAIN.block(self().height + count).timestamp

    def freeze(self) -> None:
        """It stands still, until it is moved or runs again."""
        self.dial = self._dial.frozen(self._wall())

    def run(self) -> None:
        """It goes on, as fast as the wall clock."""
        self.dial = self._dial.running(self._wall())

    @contextmanager
    def held(self) -> Iterator[None]:
        """It stands still meanwhile, and then goes on if it did; so it does after a crash, too."""
        went = self._dial.runs
        self._held = self._held or went
        try:
            self.freeze()
            yield
        finally:
            if went:
                self._held = False
                self.run()


def _read(file: Path | None) -> Dial | None:
    if file is None or not file.exists():
        return None
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        return Dial(int(written["shown"]), int(written["wall"]), bool(written["runs"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableFile(str(file), f"it says nothing of a clock: {error}") from error


def _write(file: Path, dial: Dial) -> None:
    # Renamed into its place, so that a crash leaves the old one or the new one.
    draft = file.with_name(f".{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.write_text(json.dumps(asdict(dial)), encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        raise UnusableFile(str(file), f"the clock cannot be kept: {error.strerror}") from error
