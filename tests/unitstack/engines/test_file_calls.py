"""The file functions as modules call them: by addresses, and with numbers for what goes wrong."""

import ctypes
import struct

import pytest

from unitstack.engines.dialects import DIALECTS
from unitstack.engines.emscripten import Host
from unitstack.engines.file_tree import EBADF, EEXIST, EINVAL, ENOENT, ENOTTY, ERANGE, ESPIPE
from unitstack.engines.files import CREATE, HERE, READ_WRITE, no_drive
from unitstack.wire.messages import ModuleFormat

NAME, OTHER, TEXT, VECTORS, OUT, FOUND = 16, 96, 200, 300, 400, 800
MODE = 700


class Guest:
    """A host with a memory of its own, on one width."""

    def __init__(self, format: ModuleFormat) -> None:
        self.host = Host(DIALECTS[format], no_drive)
        self._raw = ctypes.create_string_buffer(2048)
        self.memory = self.host.memory
        self.memory.attach(ctypes.addressof(self._raw), 2048)
        self.form = "<QQ" if self.memory.wide else "<II"

    def call(self, name: str, *arguments: int) -> int:
        answer = self.host.functions()[name](*arguments)
        assert isinstance(answer, int)
        return answer

    def name(self, text: str, at: int = NAME) -> int:
        self.memory.put(at, text.encode() + b"\0")
        return at

    def open(self, path: str, flags: int = CREATE | READ_WRITE) -> int:
        self.memory.put(MODE, struct.pack("<i", 0o644))
        return self.call("__syscall_openat", HERE, self.name(path), flags, MODE)

    def write(self, fd: int, text: bytes) -> int:
        self.memory.put(TEXT, text)
        self.memory.put(VECTORS, struct.pack(self.form, TEXT, len(text)))
        return self.call("fd_write", fd, VECTORS, 1, OUT)

    def read(self, fd: int, size: int) -> bytes:
        self.memory.put(VECTORS, struct.pack(self.form, FOUND, size))
        assert self.call("fd_read", fd, VECTORS, 1, OUT) == 0
        return self.memory.get(FOUND, self.memory.get_pointer(OUT))

    def number(self, at: int, form: str) -> int:
        value: int = struct.unpack(form, self.memory.get(at, struct.calcsize(form)))[0]
        return value


@pytest.fixture(params=[ModuleFormat.WASM32_4, ModuleFormat.WASM64])
def guest(request: pytest.FixtureRequest) -> Guest:
    return Guest(request.param)


def test_a_file_is_written_and_read_again(guest: Guest) -> None:
    fd = guest.open("/tmp/a")

    guest.write(fd, b"hello")
    guest.call("fd_seek", fd, -4, 1, OUT)

    assert guest.read(fd, 100) == b"ello"
    assert guest.call("fd_close", fd) == 0
    assert guest.call("fd_close", fd) == EBADF


def test_an_offset_may_come_in_halves() -> None:
    guest = Guest(ModuleFormat.WASM32_4)
    fd = guest.open("/tmp/a")
    guest.write(fd, b"hello")

    guest.call("fd_seek", fd, -2, -1, 2, OUT)

    assert guest.number(OUT, "<q") == 3
    assert guest.call("__syscall_ftruncate64", fd, 2, 0) == 0
    assert guest.call("fd_seek", fd, 0, 0, 2, OUT) == 0
    assert guest.number(OUT, "<q") == 2


@pytest.mark.parametrize(
    ("format", "size_at", "number_at"),
    [(ModuleFormat.WASM32_4, 24, 88), (ModuleFormat.WASM64, 32, 96)],
)
def test_what_a_file_is_stands_where_each_width_has_it(
    format: ModuleFormat, size_at: int, number_at: int
) -> None:
    guest = Guest(format)
    fd = guest.open("/tmp/a")
    guest.write(fd, b"hello")

    by_name, empty = guest.name("/tmp/a"), guest.name("", OTHER)
    asked = (
        ("__syscall_fstat64", fd, OUT),
        ("__syscall_stat64", by_name, OUT),
        ("__syscall_newfstatat", HERE, by_name, OUT, 0),
        ("__syscall_newfstatat", fd, empty, OUT, 4096),
    )
    for name, *arguments in asked:
        guest.memory.put(OUT, bytes(104))
        assert guest.call(name, *arguments) == 0
        assert guest.number(OUT + 4, "<i") == 0o100644
        assert guest.number(OUT + size_at, "<q") == 5
        assert guest.number(OUT + number_at, "<q") > 0


def test_names_are_made_moved_and_taken_away(guest: Guest) -> None:
    guest.call("__syscall_mkdirat", HERE, guest.name("/tmp/f"), 0o755)
    guest.call("fd_close", guest.open("/tmp/a"))

    guest.call(
        "__syscall_renameat", HERE, guest.name("/tmp/a"), HERE, guest.name("/tmp/f/b", OTHER)
    )

    assert guest.call("__syscall_faccessat", HERE, guest.name("/tmp/f/b"), 0, 0) == 0
    assert guest.call("__syscall_chmod", guest.name("/tmp/f/b"), 0o600) == 0
    assert guest.call("__syscall_readlinkat", HERE, guest.name("/tmp/f/b"), OUT, 9) == -EINVAL
    assert guest.call("__syscall_unlinkat", HERE, guest.name("/tmp/f/b"), 0) == 0
    assert guest.call("__syscall_unlinkat", HERE, guest.name("/tmp/f"), 512) == 0
    assert guest.call("__syscall_rmdir", guest.name("/tmp/f")) == -ENOENT
    assert guest.call("__syscall_lstat64", guest.name("/tmp/f"), OUT) == -ENOENT


def test_a_name_may_be_seen_from_an_open_folder(guest: Guest) -> None:
    folder = guest.open("/tmp", 0)

    fd = guest.call("__syscall_openat", folder, guest.name("a"), CREATE, 0)

    assert fd == folder + 1
    assert guest.call("__syscall_faccessat", HERE, guest.name("/tmp/a"), 0, 0) == 0


def test_descriptors_are_duplicated_and_asked_about(guest: Guest) -> None:
    fd = guest.open("/tmp/a")
    guest.memory.put_pointer(VECTORS, TEXT)
    guest.memory.put(MODE, struct.pack("<i", 7))

    assert guest.call("__syscall_fcntl64", fd, 0, MODE) == 7
    assert guest.call("__syscall_fcntl64", fd, 3, 0) == CREATE | READ_WRITE
    assert guest.call("__syscall_fcntl64", fd, 1, 0) == 0
    assert guest.call("__syscall_fcntl64", fd, 5, VECTORS) == 0
    assert guest.number(TEXT, "<h") == 2
    assert guest.call("__syscall_fcntl64", fd, 99, 0) == -EINVAL
    assert guest.call("__syscall_fcntl64", 1, 3, 0) == 1
    assert guest.call("__syscall_dup3", fd, 9, 0) == 9
    assert guest.call("__syscall_dup3", fd, fd, 0) == -EINVAL
    assert guest.call("__syscall_dup3", fd, 1, 0) == -EBADF
    assert guest.call("__syscall_ioctl", fd, 21505, 0) == -ENOTTY
    assert guest.call("__syscall_ioctl", 1, 21505, 0) == 0


def test_the_top_is_a_processs_own_folder(guest: Guest) -> None:
    assert guest.call("__syscall_getcwd", OUT, 100) == 2
    assert guest.memory.get(OUT, 2) == b"/\0"
    assert guest.call("__syscall_getcwd", OUT, 1) == -ERANGE
    assert guest.call("__syscall_getcwd", OUT, 0) == -EINVAL


def test_streams_are_no_files(guest: Guest) -> None:
    assert guest.call("fd_seek", 1, 0, 0, OUT) == ESPIPE
    assert guest.call("fd_close", 1) == 0
    assert guest.read(0, 5) == b""
    assert guest.write(9, b"x") == EBADF
    assert guest.call("fd_fdstat_get", 1, OUT) == 0
    assert guest.memory.get(OUT, 1) == b"\2"


def test_wasis_own_way_to_open_a_file() -> None:
    guest = Guest(ModuleFormat.WASM32_4)
    path, size = guest.name("tmp/a"), len("tmp/a")
    assert guest.call("fd_prestat_get", 3, OUT) == 0
    assert guest.call("fd_prestat_get", 4, OUT) == EBADF
    assert guest.call("fd_prestat_dir_name", 3, FOUND, 1) == 0

    opened = guest.call("path_open", 3, 0, path, size, 1, 2 | 64, 0, 0, OUT)
    fd = guest.number(OUT, "<I")
    guest.write(fd, b"hello")

    assert (opened, guest.memory.get(FOUND, 1)) == (0, b"/")
    assert guest.call("path_open", 3, 0, path, size, 1 | 4, 2, 0, 0, OUT) == EEXIST
    assert guest.call("fd_filestat_get", fd, OUT) == 0
    assert guest.number(OUT + 32, "<Q") == 5
    assert guest.call("path_filestat_get", 3, 0, path, size, OUT) == 0
    assert guest.memory.get(OUT + 16, 1) == b"\4"
    assert guest.call("path_unlink_file", 3, path, size) == 0
    assert guest.call("path_create_directory", 3, path, size) == 0
    assert guest.call("fd_sync", fd) == 0


def test_wasis_clock_is_the_messages() -> None:
    guest = Guest(ModuleFormat.WASM32_4)

    guest.call("clock_time_get", 0, 0, OUT)

    assert guest.number(OUT, "<Q") == 10_000 * 1_000_000
