"""Clock and calendar as emscripten's modules ask for them. A process has no clock but its messages': here time begins anew
with each message and goes a millisecond further with each look, in UTC."""

import calendar
import struct
import time
from collections.abc import Callable

from unitstack.engines.dialects import Dialect
from unitstack.engines.guest_memory import GuestMemory

FIRST_MILLISECOND = 10_000
ZONE = b"UTC\0"
OLD_ZONE = b"Coordinated Universal Time\0"
PATTERN_LIMIT = 10_000
# What emscripten's own strftime makes of the forms that stand for several others.
EXPANSIONS = {
    "%c": "%a %b %d %H:%M:%S %Y",
    "%D": "%m/%d/%y",
    "%F": "%Y-%m-%d",
    "%h": "%b",
    "%r": "%I:%M:%S %p",
    "%R": "%H:%M",
    "%T": "%H:%M:%S",
    "%x": "%m/%d/%y",
    "%X": "%H:%M:%S",
}

HostFunction = Callable[..., int | float | None]


class GuestTime:
    """One instance's clock and calendar."""

    def __init__(self, memory: GuestMemory, dialect: Dialect) -> None:
        self._memory = memory
        self._runs = dialect.clock_runs
        self._now = FIRST_MILLISECOND
        self.allocate: Callable[[int], int] = lambda _: 0
        self.set_high: Callable[[int], object] = lambda _: None

    def begin(self) -> None:
        """A message begins: the clock is as for every other message."""
        self._now = FIRST_MILLISECOND

    def functions(self) -> dict[str, HostFunction]:
        return {
            "emscripten_date_now": self.tick,
            "_emscripten_date_now": self.tick,
            "emscripten_get_now": self.tick,
            "_emscripten_get_now_is_monotonic": lambda: 1,
            "_gmtime_js": self._split,
            "_localtime_js": self._split,
            "_mktime_js": self._join,
            "_tzset_js": self._zone,
            "strftime": self._format,
            "strftime_l": self._format,
        }

    def tick(self) -> float:
        if not self._runs:
            return 0.0
        self._now += 1
        return float(self._now - 1)

    def _split(self, *given: int) -> None:
        """What a moment is in the calendar. The older loaders are given an address, the newer ones a number, in halves on
        32 bits."""
        *moment, out = given
        if len(moment) == 2:
            seconds = (moment[0] & 0xFFFF_FFFF) | moment[1] << 32
        elif self._memory.wide:
            seconds = moment[0]
        else:
            seconds = struct.unpack("<i", self._memory.get(moment[0], 4))[0]
        self._write(seconds, out)

    def _write(self, seconds: int, out: int) -> None:
        when = time.gmtime(seconds)
        clock = (when.tm_sec, when.tm_min, when.tm_hour)
        date = (when.tm_mday, when.tm_mon - 1, when.tm_year - 1900)
        week_day = (when.tm_wday + 1) % 7
        self._memory.put(out, struct.pack("<9i", *clock, *date, week_day, when.tm_yday - 1, 0))
        # The offset from UTC; in between lies, on 64 bits, a gap.
        self._memory.put_pointer(out + (40 if self._memory.wide else 36), 0)

    def _fields(self, address: int) -> tuple[int, ...]:
        return struct.unpack("<9i", self._memory.get(address, 36))

    def _join(self, address: int) -> int:
        second, minute, hour, day, month, year, *_ = self._fields(address)
        first = calendar.timegm((year + 1900 + month // 12, month % 12 + 1, 1, 0, 0, 0))
        seconds = first + (day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
        self._write(seconds, address)
        self.set_high(seconds >> 32)
        return seconds

    def _zone(self, offset: int, daylight: int, *names: int) -> None:
        self._memory.put_pointer(offset, 0)
        self._memory.put(daylight, struct.pack("<i", 0))
        if len(names) == 2:
            for name in names:
                self._memory.put(name, ZONE)
        elif self._memory.get_pointer(names[0]) == 0:
            self._old_zone(names[0])

    def _old_zone(self, names: int) -> None:
        """The older loaders put the names into memory of their own making, once, the winter's first."""
        for at in (names + 4, names):
            name = self.allocate(len(OLD_ZONE))
            self._memory.put(name, OLD_ZONE)
            self._memory.put_pointer(at, name)

    def _format(self, out: int, room: int, form: int, tm: int, *_: int) -> int:
        second, minute, hour, day, month, year, week_day, year_day, _dst = self._fields(tm)
        date = (year + 1900, month + 1, day)
        days = ((week_day - 1) % 7, year_day + 1, 0)
        pattern = self._memory.text(form, PATTERN_LIMIT).decode("utf-8", "replace")
        for short, long in EXPANSIONS.items():
            pattern = pattern.replace(short, long)
        moment = time.struct_time((*date, hour, minute, second, *days))
        text = time.strftime(pattern, moment).encode() + b"\0"
        if len(text) > room:
            return 0
        self._memory.put(out, text)
        return len(text) - 1
