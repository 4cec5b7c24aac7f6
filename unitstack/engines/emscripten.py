"""The host functions that ao's modules import, by the names that emscripten gives them. A process has no files and no
environment but what its format's loader shows: what it asks for is answered the same on every machine."""

import struct
from collections.abc import Callable

from unitstack.engines.dialects import Dialect
from unitstack.engines.file_calls import FileCalls
from unitstack.engines.file_tree import EBADF, ENOSYS, ESPIPE, FileProblem
from unitstack.engines.files import Drive, Files
from unitstack.engines.guest_memory import GuestMemory
from unitstack.engines.guest_time import GuestTime, HostFunction
from unitstack.engines.wasi_calls import WasiCalls

STDOUT, STDERR = 1, 2
WRITTEN_LIMIT = 1_000_000
NAME_LIMIT = 4_096


class ProcessExit(Exception):
    """The module asked the host to end it; its message fails, and the state is as it was before."""


class Host:
    """One instance's host: its memory, its clock, and what it wrote to its standard streams."""

    def __init__(self, dialect: Dialect, drive: Drive) -> None:
        self.memory = GuestMemory(wide=dialect.wide)
        self.time = GuestTime(self.memory, dialect)
        self._dialect = dialect
        self.files = Files(drive)
        self.raised: list[BaseException] = []
        self._written: list[tuple[str, bytes]] = []
        self._room = WRITTEN_LIMIT
        self.grow: Callable[[int], bool] = lambda _: False
        self.wait: Callable[[Callable[[], int]], int] = lambda answer: answer()
        self.gas_used: Callable[[], int] = lambda: 0

    def begin(self) -> None:
        """A message begins: the clock and the streams are as for every other message."""
        self.time.begin()
        self.raised.clear()
        self._written.clear()
        self._room = WRITTEN_LIMIT

    def written(self) -> tuple[tuple[str, str], ...]:
        """What the message wrote to stdout and stderr, in order."""
        return tuple((stream, text.decode("utf-8", "replace")) for stream, text in self._written)

    def take_raised(self) -> BaseException | None:
        """What one of the functions raised, which ended the call."""
        return self.raised.pop() if self.raised else None

    def functions(self) -> dict[str, HostFunction]:
        """Every function by name; what is not here no module of ao's may import."""
        return {
            **self.time.functions(),
            **self._drive_functions(),
            **self._file_functions(),
            **dict.fromkeys(_NOTHING, _nothing),
            "environ_sizes_get": self._environ_sizes,
            "environ_get": self._environ,
            "emscripten_err": self._err,
            "clock_time_get": self._clock_time,
            "proc_exit": _exit,
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

    def _file_functions(self) -> dict[str, HostFunction]:
        """The oldest loader says of each that all went well, and of descriptors that there are none."""
        calls = WasiCalls(self.memory, self.files, self._say).functions()
        functions = {**FileCalls(self.memory, self.files).functions(), **calls}
        if self._dialect.has_files:
            return functions
        nothing: dict[str, HostFunction] = dict.fromkeys(functions, _nothing)
        return nothing | {
            "fd_write": functions["fd_write"],
            "fd_read": lambda *_: ENOSYS,
            "fd_close": lambda _: ENOSYS,
            "fd_seek": lambda *_: ESPIPE,
            "fd_fdstat_get": lambda *_: EBADF,
        }

    def _drive_functions(self) -> dict[str, HostFunction]:
        return {
            "__asyncjs__weavedrive_open": self._open,
            "__asyncjs__weavedrive_read": self._read_drive,
            "__asyncjs__weavedrive_close": self._close,
        }

    def _open(self, name: int, _mode: int) -> int:
        path = self.memory.text(name, NAME_LIMIT).decode("utf-8", "replace")
        return self.wait(lambda: _or_none(lambda: self.files.open_outside(path)))

    def _read_drive(self, file: int, out: int, size: int) -> int:
        def read() -> int:
            self.memory.check(out, size)
            raw = self.files.read(file, size)
            self.memory.put(out, raw)
            return len(raw)

        return self.wait(lambda: _or_none(read))

    def _close(self, file: int) -> int:
        def close() -> int:
            self.files.close(file)
            return 0

        return self.wait(lambda: _or_none(close))

    def _clock_time(self, _clock: int, _precision: int, out: int) -> int:
        self.memory.put(out, struct.pack("<Q", int(self.time.tick() * 1_000_000)))
        return 0

    def _err(self, text: int) -> None:
        self._say(STDERR, self.memory.text(text, WRITTEN_LIMIT) + b"\n")

    def _say(self, fd: int, text: bytes) -> None:
        self._keep("stdout" if fd == STDOUT else "stderr", text)

    def _keep(self, stream: str, text: bytes) -> None:
        if text and self._room:
            self._written.append((stream, text[: self._room]))
            self._room -= min(self._room, len(text))

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


_NOTHING = ("_munmap_js", "_emscripten_system", "system")
_ENDS = ("abort", "_abort_js", "__assert_fail", "__cxa_throw", "_dlinit", "_dlopen_js", "_dlsym_js")


def _or_none(act: Callable[[], int]) -> int:
    """What the drive's own functions answer with, where there is no such file."""
    try:
        return act()
    except FileProblem:
        return 0


def _nothing(*_: int) -> int:
    return 0


def _exit(code: int) -> None:
    raise ProcessExit(f"the module called exit({code})")


def _end(*_: int) -> None:
    raise ProcessExit("the module aborted")
