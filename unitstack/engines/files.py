"""A process's files as its module reads and writes them, by descriptors. Those that come from outside, by a drive, are not
kept with the others: what their names stand for never changes."""

import posixpath
from collections.abc import Callable
from dataclasses import replace

from unitstack.engines.file_tree import (
    EACCES,
    EBADF,
    EEXIST,
    EINVAL,
    EISDIR,
    EMFILE,
    ENOENT,
    ENOSPC,
    ENOTDIR,
    FILE,
    MOST_BYTES,
    FileProblem,
    FileTree,
    Node,
    Opened,
    normal,
)
from unitstack.errors import EngineError

ACCESS, READ_ONLY, WRITE_ONLY, READ_WRITE = 3, 0, 1, 2
CREATE, EXCLUSIVE, TRUNCATE, APPEND, FOLDER_ONLY = 64, 128, 512, 1_024, 65_536
FIRST, MOST_OPEN = 3, 1_024
HERE = -100

Drive = Callable[[str], bytes | None]
"""What a path outside of the process holds (`/data/TXID`, `/tx/TXID`, `/block/HEIGHT`); None where it holds nothing that the
process may read."""


def no_drive(_: str) -> None:
    """Holds nothing."""


class Files:
    """One process's open files, the tree that they stand in, and how often something was had from the drive. What fails
    raises FileProblem."""

    def __init__(self, drive: Drive = no_drive) -> None:
        self.tree = FileTree()
        self.fetched = 0
        self._drive = drive

    def place(self, folder: int, path: str) -> str:
        """The path as seen from an open folder, or from the top."""
        if path.startswith("/") or folder == HERE or not path:
            return path
        return f"{self.opened(folder).path}/{path}"

    def open(self, path: str, flags: int, mode: int = 0o666) -> int:
        """The lowest free descriptor for the file; it may be made by this."""
        node = self.tree.find(path)
        if node is None and flags & CREATE:
            node = self.tree.make(path, FILE | mode & 0o777, b"")
        elif node is not None and flags & CREATE and flags & EXCLUSIVE:
            raise FileProblem(EEXIST)
        if node is None:
            raise FileProblem(ENOENT)
        self._check_opened(node, flags)
        if flags & TRUNCATE and node.content:
            self.tree.write(node, b"")
        return self._descriptor(Opened(node.number, normal(path), 0, flags))

    def open_outside(self, path: str) -> int:
        """A descriptor for what the drive has under that path; 0 where it has nothing."""
        tree = self.tree.now
        node = tree.nodes.get(tree.paths.get(normal(path), 0))
        if node is None or not node.source:
            content = self._fetch(path)
            if content is None:
                return 0
            self.tree.ensure_folders(posixpath.dirname(normal(path)))
            node = self.tree.make(path, FILE | 0o444, content, source=path)
        return self._descriptor(Opened(node.number, normal(path), 0, READ_ONLY, unread=True))

    def close(self, descriptor: int) -> None:
        shared = self._entry(descriptor)
        tree = self.tree.changed()
        del tree.descriptors[descriptor]
        if shared not in tree.descriptors.values():
            number = tree.opened.pop(shared).node
            self.tree.forget(number)

    def duplicate(self, descriptor: int, least: int = FIRST, *, exactly: bool = False) -> int:
        """Another descriptor for the same, which shares its place: the lowest free, or exactly that one."""
        shared = self._entry(descriptor)
        if exactly and least in self.tree.now.descriptors:
            self.close(least)
        free = least if exactly else self._free(max(least, FIRST))
        self.tree.changed().descriptors[free] = shared
        return free

    def read(self, descriptor: int, size: int) -> bytes:
        opened, node = self._at_work(descriptor)
        if opened.flags & ACCESS == WRITE_ONLY:
            raise FileProblem(EBADF)
        content = self._content(node)
        start = 0 if opened.unread else opened.position
        found = content[start : start + size]
        self._move(descriptor, start + len(found))
        return bytes(found)

    def write(self, descriptor: int, raw: bytes) -> int:
        opened, node = self._at_work(descriptor)
        if opened.flags & ACCESS == READ_ONLY:
            raise FileProblem(EBADF)
        content = self._content(node)
        at = len(content) if opened.flags & APPEND else opened.position
        if at + len(raw) > MOST_BYTES:
            raise FileProblem(ENOSPC)
        grown = content[:at].ljust(at, b"\0") + raw + content[at + len(raw) :]
        self.tree.write(node, grown)
        self._move(descriptor, at + len(raw))
        return len(raw)

    def seek(self, descriptor: int, offset: int, whence: int) -> int:
        """Where the descriptor then is: counted from the start, from where it was, or from the end."""
        opened, node = self._at_work(descriptor)
        if whence not in (0, 1, 2):
            raise FileProblem(EINVAL)
        at = offset + (0, opened.position, len(self._content(node)))[whence]
        if at < 0:
            raise FileProblem(EINVAL)
        tree = self.tree.changed()
        tree.opened[tree.descriptors[descriptor]] = replace(opened, position=at)
        return at

    def truncate(self, descriptor: int, size: int) -> None:
        """Cuts the file to that size, or fills it up with zeros."""
        opened, node = self._at_work(descriptor)
        if opened.flags & ACCESS == READ_ONLY or size < 0:
            raise FileProblem(EINVAL)
        if size > MOST_BYTES:
            raise FileProblem(ENOSPC)
        self.tree.write(node, self._content(node)[:size].ljust(size, b"\0"))

    def opened(self, descriptor: int) -> Opened:
        """What stands behind a descriptor."""
        return self.tree.now.opened[self._entry(descriptor)]

    def node(self, descriptor: int) -> Node:
        """The file behind a descriptor."""
        return self.tree.now.nodes[self.opened(descriptor).node]

    def _check_opened(self, node: Node, flags: int) -> None:
        if node.content is None and flags & ACCESS != READ_ONLY:
            raise FileProblem(EISDIR)
        if node.content is not None and flags & FOLDER_ONLY:
            raise FileProblem(ENOTDIR)
        if node.source and flags & ACCESS != READ_ONLY:
            raise FileProblem(EACCES)

    def _descriptor(self, opened: Opened) -> int:
        free = self._free(FIRST)
        tree = self.tree.changed()
        shared = max(tree.opened, default=0) + 1
        tree.opened[shared] = opened
        tree.descriptors[free] = shared
        return free

    def _free(self, least: int) -> int:
        if len(self.tree.now.descriptors) >= MOST_OPEN:
            raise FileProblem(EMFILE)
        while least in self.tree.now.descriptors:
            least += 1
        return least

    def _entry(self, descriptor: int) -> int:
        shared = self.tree.now.descriptors.get(descriptor)
        if shared is None:
            raise FileProblem(EBADF)
        return shared

    def _at_work(self, descriptor: int) -> tuple[Opened, Node]:
        opened = self.opened(descriptor)
        node = self.tree.now.nodes[opened.node]
        if node.content is None:
            raise FileProblem(EISDIR)
        return opened, node

    def _content(self, node: Node) -> bytes:
        """Raises EngineError where a drive no longer has what it had before."""
        assert node.content is not None
        if not node.source or node.content:
            return node.content
        content = self._fetch(node.source)
        if content is None:
            raise EngineError(f"{node.source}, which the process has open, cannot be had again")
        self.tree.write(node, content)
        return content

    def _fetch(self, path: str) -> bytes | None:
        self.fetched += 1
        return self._drive(path)

    def _move(self, descriptor: int, position: int) -> None:
        opened, tree = self.opened(descriptor), self.tree.changed()
        tree.opened[tree.descriptors[descriptor]] = replace(opened, position=position, unread=False)
