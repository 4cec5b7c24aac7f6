"""The file functions that modules import by WASI's names; emscripten's modules use them to read and write. They answer with
zero, or with the number of what went wrong."""

import struct
from collections.abc import Callable

from unitstack.engines.file_calls import CHARACTERS, STREAMS, answering, size_of, whole
from unitstack.engines.file_tree import EBADF, ESPIPE, FileProblem, Node
from unitstack.engines.files import (
    APPEND,
    CREATE,
    EXCLUSIVE,
    FOLDER_ONLY,
    READ_ONLY,
    READ_WRITE,
    TRUNCATE,
    WRITE_ONLY,
    Files,
)
from unitstack.engines.guest_memory import GuestMemory
from unitstack.engines.guest_time import HostFunction

PATH_LIMIT = 4_096
MOST_VECTORS = 1_024
# What WASI calls a stream, a folder and a file.
KINDS = {0o020_000: 2, 0o040_000: 3, 0o100_000: 4}
ROOT_DESCRIPTOR = 3
MAY_READ, MAY_WRITE = 2, 64
CREATION = ((1, CREATE), (2, FOLDER_ONLY), (4, EXCLUSIVE), (8, TRUNCATE))


class WasiCalls:
    """One instance's. The standard streams are the host's; `say` is told what is written to them."""

    def __init__(
        self, memory: GuestMemory, files: Files, say: Callable[[int, bytes], None]
    ) -> None:
        self._memory = memory
        self._files = files
        self._say = say

    def functions(self) -> dict[str, HostFunction]:
        calls: dict[str, HostFunction] = {
            "fd_read": self._read,
            "fd_write": self._write,
            "fd_close": self._close,
            "fd_seek": self._seek,
            "fd_sync": lambda _: 0,
            "fd_fdstat_get": self._fdstat,
            "fd_filestat_get": self._filestat,
            "fd_prestat_get": self._prestat,
            "fd_prestat_dir_name": self._prestat_name,
            "path_open": self._path_open,
            "path_filestat_get": self._path_filestat,
            "path_unlink_file": self._path_unlink,
            "path_create_directory": self._path_create,
        }
        return {name: answering(1, call) for name, call in calls.items()}

    def _path(self, folder: int, address: int, size: int) -> str:
        text = self._memory.get(address, min(size, PATH_LIMIT)).decode("utf-8", "replace")
        return self._files.place(folder, text)

    def _vectors(self, vectors: int, count: int) -> list[tuple[int, int]]:
        form, step = ("<QQ", 16) if self._memory.wide else ("<II", 8)
        raw = self._memory.get(vectors, step * min(count, MOST_VECTORS))
        return list(struct.iter_unpack(form, raw))

    def _read(self, fd: int, vectors: int, count: int, read: int) -> int:
        total = 0
        for at, size in [] if fd in STREAMS else self._vectors(vectors, count):
            self._memory.check(at, size)
            found = self._files.read(fd, size)
            self._memory.put(at, found)
            total += len(found)
            if len(found) < size:
                break
        self._memory.put_pointer(read, total)
        return 0

    def _write(self, fd: int, vectors: int, count: int, written: int) -> int:
        text = b"".join(self._memory.get(at, size) for at, size in self._vectors(vectors, count))
        if fd not in STREAMS:
            self._files.write(fd, text)
        elif fd:
            self._say(fd, text)
        self._memory.put_pointer(written, len(text))
        return 0

    def _close(self, fd: int) -> int:
        if fd not in STREAMS:
            self._files.close(fd)
        return 0

    def _seek(self, fd: int, *rest: int) -> int:
        """The offset comes whole, or in halves."""
        *offset, whence, out = rest
        if fd in STREAMS:
            raise FileProblem(ESPIPE)
        at = self._files.seek(fd, whole(tuple(offset)), whence)
        self._memory.put(out, struct.pack("<q", at))
        return 0

    def _fdstat(self, fd: int, out: int) -> int:
        node = CHARACTERS if fd in STREAMS else self._files.node(fd)
        self._memory.put(out, struct.pack("<BxHxxxxQQ", _kind(node), 0, 0, 0))
        return 0

    def _filestat(self, fd: int, out: int) -> int:
        return self._tell_wasi(CHARACTERS if fd in STREAMS else self._files.node(fd), out)

    def _tell_wasi(self, node: Node, out: int) -> int:
        told = (1, node.number, _kind(node), 1, size_of(node), 0, 0, 0)
        self._memory.put(out, struct.pack("<QQBxxxxxxxQQQQQ", *told))
        return 0

    def _prestat(self, fd: int, out: int) -> int:
        """Programs ask which folders they were given: it is the top alone."""
        if fd != ROOT_DESCRIPTOR:
            raise FileProblem(EBADF)
        if fd not in self._files.tree.now.descriptors:
            self._files.open("/", 0)
        self._memory.put(out, struct.pack("<II", 0, 1))
        return 0

    def _prestat_name(self, _fd: int, out: int, _size: int) -> int:
        self._memory.put(out, b"/")
        return 0

    def _path_open(self, folder: int, _how: int, path: int, size: int, *rest: int) -> int:
        creation, rights, _inherited, behaviour, out = rest
        access = (
            (READ_WRITE if rights & MAY_READ else WRITE_ONLY) if rights & MAY_WRITE else READ_ONLY
        )
        chosen = sum(flag for bit, flag in CREATION if creation & bit)
        appending = APPEND if behaviour & 1 else 0
        place = self._path(folder, path, size)
        found = self._files.open(place, access | chosen | appending)
        self._memory.put(out, struct.pack("<I", found))
        return 0

    def _path_filestat(self, folder: int, _how: int, path: int, size: int, out: int) -> int:
        place = self._path(folder, path, size)
        return self._tell_wasi(self._files.tree.node(place), out)

    def _path_unlink(self, folder: int, path: int, size: int) -> int:
        self._files.tree.remove(self._path(folder, path, size))
        return 0

    def _path_create(self, folder: int, path: int, size: int) -> int:
        self._files.tree.make_folder(self._path(folder, path, size))
        return 0


def _kind(node: Node) -> int:
    return KINDS[node.mode & 0o170_000]
