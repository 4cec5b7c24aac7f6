"""The file functions that modules import by emscripten's names: numbers and addresses in, a process's own files behind them.
They answer with the negative number of what went wrong."""

import struct
from collections.abc import Callable

from unitstack.engines.file_tree import (
    EBADF,
    EINVAL,
    ENOTTY,
    ERANGE,
    FileProblem,
    Node,
)
from unitstack.engines.files import Files
from unitstack.engines.guest_memory import GuestMemory
from unitstack.engines.guest_time import HostFunction

PATH_LIMIT = 4_096
STREAMS = range(3)
REMOVE_FOLDER, EMPTY_PATH = 512, 4_096
CHARACTERS = Node(0, 0o020_666, b"")
BLOCK = 4_096


class FileCalls:
    """One instance's."""

    def __init__(self, memory: GuestMemory, files: Files) -> None:
        self._memory = memory
        self._files = files

    def functions(self) -> dict[str, HostFunction]:
        calls: dict[str, HostFunction] = {
            "__syscall_openat": self._openat,
            "__syscall_unlinkat": self._unlinkat,
            "__syscall_rmdir": lambda path: self._done(self._files.tree.remove_folder, path),
            "__syscall_renameat": self._renameat,
            "__syscall_readlinkat": self._readlinkat,
            "__syscall_stat64": self._stat,
            "__syscall_lstat64": self._stat,
            "__syscall_fstat64": self._fstat,
            "__syscall_newfstatat": self._newfstatat,
            "__syscall_faccessat": lambda folder, path, *_: self._exists(folder, path),
            "__syscall_mkdirat": self._mkdirat,
            "__syscall_chmod": self._chmod,
            "__syscall_fchmod": lambda *_: 0,
            "__syscall_ftruncate64": self._truncate,
            "__syscall_fcntl64": self._fcntl,
            "__syscall_dup3": self._dup3,
            "__syscall_getcwd": self._getcwd,
            "__syscall_ioctl": lambda fd, *_: 0 if fd in STREAMS else -ENOTTY,
            "__syscall_fchown32": lambda *_: 0,
            "__syscall_utimensat": lambda *_: 0,
        }
        return {name: answering(-1, call) for name, call in calls.items()}

    def _text(self, address: int) -> str:
        return self._memory.text(address, PATH_LIMIT, "path").decode("utf-8", "replace")

    def _done(self, act: Callable[[str], object], path: int) -> int:
        act(self._text(path))
        return 0

    def _openat(self, folder: int, path: int, flags: int, more: int = 0) -> int:
        mode = self._number(more) if more else 0
        return self._files.open(self._files.place(folder, self._text(path)), flags, mode)

    def _number(self, address: int) -> int:
        value: int = struct.unpack("<i", self._memory.get(address, 4))[0]
        return value

    def _unlinkat(self, folder: int, path: int, flags: int) -> int:
        place, tree = self._files.place(folder, self._text(path)), self._files.tree
        (tree.remove_folder if flags & REMOVE_FOLDER else tree.remove)(place)
        return 0

    def _renameat(self, old_folder: int, old: int, new_folder: int, new: int, *_: int) -> int:
        source, target = (
            self._files.place(old_folder, self._text(old)),
            self._files.place(new_folder, self._text(new)),
        )
        self._files.tree.rename(source, target)
        return 0

    def _readlinkat(self, folder: int, path: int, _out: int, _size: int) -> int:
        self._files.tree.node(self._files.place(folder, self._text(path)))
        raise FileProblem(EINVAL)

    def _mkdirat(self, folder: int, path: int, mode: int) -> int:
        self._files.tree.make_folder(self._files.place(folder, self._text(path)), mode)
        return 0

    def _chmod(self, path: int, mode: int) -> int:
        self._files.tree.set_mode(self._text(path), mode)
        return 0

    def _exists(self, folder: int, path: int) -> int:
        self._files.tree.node(self._files.place(folder, self._text(path)))
        return 0

    def _stat(self, path: int, out: int) -> int:
        return self._tell(self._files.tree.node(self._text(path)), out)

    def _fstat(self, fd: int, out: int) -> int:
        return self._tell(CHARACTERS if fd in STREAMS else self._files.node(fd), out)

    def _newfstatat(self, folder: int, path: int, out: int, flags: int) -> int:
        name = self._text(path)
        if not name and flags & EMPTY_PATH:
            return self._fstat(folder, out)
        return self._tell(self._files.tree.node(self._files.place(folder, name)), out)

    def _tell(self, node: Node, out: int) -> int:
        """`struct stat`, without times: files have none here."""
        size = size_of(node)
        blocks = -(-size // BLOCK)
        put = self._memory.put
        if self._memory.wide:
            put(out, struct.pack("<iiQiii", 1, node.mode, 1, 0, 0, 0))
            put(out + 32, struct.pack("<qii7q", size, BLOCK, blocks, *[0] * 6, node.number))
            return 0
        put(out, struct.pack("<iiIiiiqii", 1, node.mode, 1, 0, 0, 0, size, BLOCK, blocks))
        for at in (40, 56, 72):
            put(out + at, struct.pack("<qI", 0, 0))
        put(out + 88, struct.pack("<q", node.number))
        return 0

    def _truncate(self, fd: int, *size: int) -> int:
        self._files.truncate(fd, whole(size))
        return 0

    def _fcntl(self, fd: int, command: int, more: int = 0) -> int:
        if fd in STREAMS:
            return int(fd > 0 and command == 3)
        opened = self._files.opened(fd)
        match command:
            case 0:
                return self._files.duplicate(fd, self._number(more))
            case 3:
                return opened.flags
            case 5:
                # No one else has the file: it is not locked.
                self._memory.put(self._memory.get_pointer(more), struct.pack("<h", 2))
                return 0
            case 1 | 2 | 4 | 6 | 7:
                return 0
            case _:
                raise FileProblem(EINVAL)

    def _dup3(self, fd: int, other: int, _flags: int) -> int:
        if fd == other:
            raise FileProblem(EINVAL)
        if other in STREAMS or other < 0:
            raise FileProblem(EBADF)
        return self._files.duplicate(fd, other, exactly=True)

    def _getcwd(self, out: int, size: int) -> int:
        if size == 0:
            raise FileProblem(EINVAL)
        if size < len(b"/\0"):
            raise FileProblem(ERANGE)
        self._memory.put(out, b"/\0")
        return len(b"/\0")


def answering(sign: int, call: HostFunction) -> HostFunction:
    """The function, whose problems are answers."""

    def answered(*arguments: int) -> int | float | None:
        try:
            return call(*arguments)
        except FileProblem as problem:
            return sign * problem.number

    answered.__wrapped__ = call  # type: ignore[attr-defined]  # whether an import fits is seen from that one
    return answered


def whole(halves: tuple[int, ...]) -> int:
    """A number that comes whole, or in halves."""
    if len(halves) == 1:
        return halves[0]
    low, high = halves
    return (low & 0xFFFF_FFFF) | high << 32


def size_of(node: Node) -> int:
    """How large a file is said to be; a folder has the size of a block."""
    return BLOCK if node.content is None else len(node.content)
