"""The host functions that ao's modules import, by the names that emscripten gives them. A process has no files, no
environment and no clock of its own: what it asks for is answered the same on every machine."""

import calendar
import ctypes
import struct
import time
from collections.abc import Callable

EBADF, ENOENT, ENOSYS, ESPIPE = 8, 44, 52, 70
STDOUT, STDERR = 1, 2
FIRST_MILLISECOND = 10_000
WRITTEN_LIMIT = 1_000_000

HostFunction = Callable[..., int | float | None]


class Host:
    """One instance's host: its memory, its clock, and what it wrote to its standard streams."""

    def __init__(self, *, wide: bool) -> None:
        self._wide = wide
        self._clock = FIRST_MILLISECOND
        self._address = 0
        self._size = 0
        self._written: list[tuple[str, bytes]] = []
        self.grow: Callable[[int], bool] = lambda _: False

    def attach(self, address: int, size: int) -> None:
        """Says where the memory lies; again after each growth."""
        self._address, self._size = address, size

    def begin(self) -> None:
        """A message begins: the clock and the streams are as for every other message."""
        self._clock = FIRST_MILLISECOND
        self._written.clear()

    def written(self) -> tuple[tuple[str, str], ...]:
        """What the message wrote to stdout and stderr, in order."""
        return tuple((stream, text.decode("utf-8", "replace")) for stream, text in self._written)

    def functions(self) -> dict[str, HostFunction]:
        """Every function by name; what is not here no module of ao's may import."""
        return {
            **self._time_functions(),
            **self._stream_functions(),
            **dict.fromkeys(_NO_FILES, _absent),
            **dict.fromkeys(_NOTHING, _nothing),
            "emscripten_resize_heap": lambda size: int(self.grow(size)),
            "emscripten_get_heap_max": lambda: 1 << 34 if self._wide else 1 << 32,
            "exit": _exit,
            "_abort_js": _abort,
            "abort": _abort,
        }

    def _time_functions(self) -> dict[str, HostFunction]:
        return {
            "emscripten_date_now": self._tick,
            "_emscripten_date_now": self._tick,
            "emscripten_get_now": self._tick,
            "_emscripten_get_now_is_monotonic": lambda: 1,
            "_gmtime_js": self._split_time,
            "_localtime_js": self._split_time,
            "_mktime_js": self._join_time,
            "_tzset_js": self._tzset,
            "strftime": self._strftime,
        }

    def _stream_functions(self) -> dict[str, HostFunction]:
        return {
            "fd_write": self._fd_write,
            "fd_read": self._fd_read,
            "fd_close": lambda fd: 0,
            "fd_seek": lambda *_: ESPIPE,
            "fd_sync": lambda fd: 0,
            "fd_fdstat_get": lambda *_: EBADF,
            "environ_sizes_get": self._no_environ,
            "environ_get": lambda *_: 0,
        }

    def _tick(self) -> float:
        self._clock += 1
        return float(self._clock - 1)

    def _get(self, address: int, size: int) -> bytes:
        return ctypes.string_at(self._address + address, size)

    def _put(self, address: int, raw: bytes) -> None:
        ctypes.memmove(self._address + address, raw, len(raw))

    def _put_pointer(self, address: int, value: int) -> None:
        self._put(address, struct.pack("<Q" if self._wide else "<I", value))

    def _text(self, address: int) -> str:
        return ctypes.string_at(self._address + address).decode("utf-8", "replace")

    def _fd_write(self, fd: int, vectors: int, count: int, written: int) -> int:
        form, step = ("<QQ", 16) if self._wide else ("<II", 8)
        spans = [struct.unpack(form, self._get(vectors + n * step, step)) for n in range(count)]
        raw = b"".join(self._get(address, size) for address, size in spans)
        if fd in (STDOUT, STDERR) and sum(len(text) for _, text in self._written) < WRITTEN_LIMIT:
            self._written.append(("stdout" if fd == STDOUT else "stderr", raw[:WRITTEN_LIMIT]))
        self._put_pointer(written, len(raw))
        return 0

    def _fd_read(self, _fd: int, _vectors: int, _count: int, read: int) -> int:
        self._put_pointer(read, 0)
        return 0

    def _no_environ(self, count: int, size: int) -> int:
        self._put_pointer(count, 0)
        self._put_pointer(size, 0)
        return 0

    def _split_time(self, seconds: int, out: int) -> None:
        when = time.gmtime(seconds)
        year_day = when.tm_yday - 1
        week_day = (when.tm_wday + 1) % 7
        fields = (
            when.tm_sec,
            when.tm_min,
            when.tm_hour,
            when.tm_mday,
            when.tm_mon - 1,
            when.tm_year - 1900,
            week_day,
        )
        self._put(out, struct.pack("<9i", *fields, year_day, 0))
        self._put_pointer(out + (40 if self._wide else 36), 0)

    def _tm(self, address: int) -> tuple[int, ...]:
        return struct.unpack("<9i", self._get(address, 36))

    def _join_time(self, address: int) -> int:
        second, minute, hour, day, month, year, *_ = self._tm(address)
        seconds = calendar.timegm((year + 1900 + month // 12, month % 12 + 1, 1, 0, 0, 0))
        seconds += (day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
        self._split_time(seconds, address)
        return seconds

    def _tzset(self, offset: int, daylight: int, standard: int, summer: int) -> None:
        self._put_pointer(offset, 0)
        self._put(daylight, struct.pack("<i", 0))
        self._put(standard, b"UTC\0")
        self._put(summer, b"UTC\0")

    def _strftime(self, out: int, room: int, form: int, tm: int) -> int:
        second, minute, hour, day, month, year, week_day, year_day, _ = self._tm(tm)
        moment = (
            year + 1900,
            month + 1,
            day,
            hour,
            minute,
            second,
            (week_day - 1) % 7,
            year_day + 1,
            0,
        )
        text = time.strftime(self._text(form), time.struct_time(moment)).encode() + b"\0"
        if len(text) > room:
            return 0
        self._put(out, text)
        return len(text) - 1


_NO_FILES = (
    "__syscall_openat",
    "__syscall_unlinkat",
    "__syscall_rmdir",
    "__syscall_renameat",
    "__syscall_readlinkat",
    "__syscall_stat64",
    "__syscall_lstat64",
    "__syscall_newfstatat",
    "__syscall_faccessat",
    "__syscall_mkdirat",
    "__syscall_chmod",
)
_NOTHING = (
    "__syscall_fcntl64",
    "__syscall_ioctl",
    "__syscall_dup3",
    "__syscall_fchmod",
    "__syscall_fchown32",
    "__syscall_fstat64",
    "__syscall_ftruncate64",
    "__syscall_getcwd",
    "__syscall_utimensat",
    "_munmap_js",
    "_emscripten_system",
    "__asyncjs__weavedrive_open",
    "__asyncjs__weavedrive_read",
    "__asyncjs__weavedrive_close",
)


def _absent(*_: int) -> int:
    return -ENOENT


def _nothing(*_: int) -> int:
    return 0


def _exit(code: int) -> None:
    raise ProcessExit(f"the module called exit({code})")


def _abort() -> None:
    raise ProcessExit("the module called abort()")


class ProcessExit(Exception):
    """The module asked the host to end it; its message fails, and the state is as it was before."""
