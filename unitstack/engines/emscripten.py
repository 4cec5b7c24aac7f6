"""The host functions that ao's modules import, by the names that emscripten gives them. A process has no files and no
environment but what its format's loader shows: what it asks for is answered the same on every machine."""

import struct
from collections.abc import Callable
from typing import Protocol

from unitstack.engines.dialects import Dialect
from unitstack.engines.guest_memory import GuestMemory
from unitstack.engines.guest_time import GuestTime, HostFunction

EBADF, ENOENT, ENOSYS, ESPIPE = 8, 44, 52, 70
STDOUT, STDERR = 1, 2
WRITTEN_LIMIT = 1_000_000
NAME_LIMIT = 4_096
MOST_VECTORS = 1_024


class ProcessExit(Exception):
    """The module asked the host to end it; its message fails, and the state is as it was before."""


class Drive(Protocol):
    """Where a module's WeaveDrive finds Arweave's data, as files by path."""

    def open(self, path: str) -> int:
        """A number for the file, or 0 where there is none."""

    def read(self, file: int, size: int) -> bytes:
        """What comes next in it."""

    def close(self, file: int) -> None:
        """The module is done with it."""


class NoDrive:
    """A drive without files."""

    def open(self, path: str) -> int:
        return 0

    def read(self, file: int, size: int) -> bytes:
        return b""

    def close(self, file: int) -> None:
        return None


class Host:
    """One instance's host: its memory, its clock, and what it wrote to its standard streams."""

    def __init__(self, dialect: Dialect, drive: Drive) -> None:
        self.memory = GuestMemory(wide=dialect.wide)
        self.time = GuestTime(self.memory, dialect)
        self._dialect = dialect
        self._drive = drive
        self._written: list[tuple[str, bytes]] = []
        self._room = WRITTEN_LIMIT
        self.grow: Callable[[int], bool] = lambda _: False
        self.wait: Callable[[Callable[[], int]], int] = lambda answer: answer()
        self.gas_used: Callable[[], int] = lambda: 0

    def begin(self) -> None:
        """A message begins: the clock and the streams are as for every other message."""
        self.time.begin()
        self._written.clear()
        self._room = WRITTEN_LIMIT

    def written(self) -> tuple[tuple[str, str], ...]:
        """What the message wrote to stdout and stderr, in order."""
        return tuple((stream, text.decode("utf-8", "replace")) for stream, text in self._written)

    def functions(self) -> dict[str, HostFunction]:
        """Every function by name; what is not here no module of ao's may import."""
        return {
            **self.time.functions(),
            **self._stream_functions(),
            **self._drive_functions(),
            **dict.fromkeys(_FILES, _absent if self._dialect.has_files else _nothing),
            **dict.fromkeys(_NOTHING, _nothing),
            "emscripten_resize_heap": self._resize,
            "emscripten_get_heap_max": lambda: self._dialect.most_memory,
            "metering_gasUsed": self._gas_used,
            **dict.fromkeys(_ENDS, _end),
            "exit": _exit,
        }

    def _gas_used(self) -> int:
        return self.gas_used()

    def _resize(self, size: int) -> int:
        return int(
            self.grow(size & 0xFFFF_FFFF_FFFF_FFFF if self.memory.wide else size & 0xFFFF_FFFF)
        )

    def _stream_functions(self) -> dict[str, HostFunction]:
        files = self._dialect.has_files
        return {
            "fd_write": self._write,
            "fd_read": self._read if files else lambda *_: ENOSYS,
            "fd_close": lambda _: 0 if files else ENOSYS,
            "fd_seek": lambda *_: ESPIPE,
            "fd_sync": lambda _: 0,
            "fd_fdstat_get": lambda *_: EBADF,
            "environ_sizes_get": self._environ_sizes,
            "environ_get": self._environ,
            "emscripten_err": self._say,
        }

    def _drive_functions(self) -> dict[str, HostFunction]:
        return {
            "__asyncjs__weavedrive_open": self._open,
            "__asyncjs__weavedrive_read": self._read_drive,
            "__asyncjs__weavedrive_close": self._close,
        }

    def _open(self, name: int, _mode: int) -> int:
        path = self.memory.text(name, NAME_LIMIT).decode("utf-8", "replace")
        return self.wait(lambda: self._drive.open(path))

    def _read_drive(self, file: int, out: int, size: int) -> int:
        def read() -> int:
            raw = self._drive.read(file, size)[:size]
            self.memory.put(out, raw)
            return len(raw)

        return self.wait(read)

    def _close(self, file: int) -> int:
        def close() -> int:
            self._drive.close(file)
            return 0

        return self.wait(close)

    def _write(self, fd: int, vectors: int, count: int, written: int) -> int:
        form, step = ("<QQ", 16) if self.memory.wide else ("<II", 8)
        raw = self.memory.get(vectors, step * min(count, MOST_VECTORS))
        text = b"".join(self.memory.get(at, size) for at, size in struct.iter_unpack(form, raw))
        if fd in (STDOUT, STDERR):
            self._keep("stdout" if fd == STDOUT else "stderr", text)
        self.memory.put_pointer(written, len(text))
        return 0

    def _say(self, text: int) -> None:
        self._keep("stderr", self.memory.text(text, WRITTEN_LIMIT) + b"\n")

    def _keep(self, stream: str, text: bytes) -> None:
        if text and self._room:
            self._written.append((stream, text[: self._room]))
            self._room -= min(self._room, len(text))

    def _read(self, _fd: int, _vectors: int, _count: int, read: int) -> int:
        self.memory.put_pointer(read, 0)
        return 0

    def _environ_sizes(self, count: int, size: int) -> int:
        self.memory.put_pointer(count, len(self._dialect.environ))
        self.memory.put_pointer(size, sum(len(each) + 1 for each in self._dialect.environ))
        return 0

    def _environ(self, pointers: int, texts: int) -> int:
        for each in self._dialect.environ:
            self.memory.put_pointer(pointers, texts)
            self.memory.put(texts, each.encode() + b"\0")
            pointers += self.memory.pointer_size
            texts += len(each) + 1
        return 0


_FILES = (
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
    "system",
)
_ENDS = ("abort", "_abort_js", "__assert_fail", "__cxa_throw", "_dlinit", "_dlopen_js", "_dlsym_js")


def _absent(*_: int) -> int:
    return -ENOENT


def _nothing(*_: int) -> int:
    return 0


def _exit(code: int) -> None:
    raise ProcessExit(f"the module called exit({code})")


def _end(*_: int) -> None:
    raise ProcessExit("the module aborted")
