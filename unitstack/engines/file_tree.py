"""The names of a process's files, and what they hold: small, in memory, and part of its state. They go back where a message
fails, and into its checkpoints; who reads and writes them is in `files`."""

import posixpath
from dataclasses import dataclass, field, replace
from typing import Any

from unitstack.wire.results import Json

# The numbers that WASI and emscripten have for what may go wrong.
EACCES, EBADF, EEXIST, EINVAL, EISDIR, EMFILE = 2, 8, 20, 28, 31, 33
ENOENT, ENOSPC, ENOSYS, ENOTDIR, ENOTEMPTY, ENOTTY, ERANGE, ESPIPE = 44, 51, 52, 54, 55, 59, 68, 70
FOLDER, FILE = 0o040000, 0o100000
MOST_BYTES, MOST_FILES = 64 << 20, 4_096
FOLDERS = ("/", "/dev", "/home", "/home/web_user", "/proc", "/tmp")


class FileProblem(Exception):
    """What a module is told by number: no such file, no such descriptor, no room."""

    def __init__(self, number: int) -> None:
        super().__init__(f"file problem {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Node:
    """A file's content, or a folder (None). `source` is the path that a drive has it by."""

    number: int
    mode: int
    content: bytes | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A descriptor: which file, where in it, and how it was opened. One from a drive is read from its start at first,
    wherever it was moved to: programs measure a file by going to its end."""

    node: int
    path: str
    position: int
    flags: int
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """All files of a process, at one moment. Descriptors that were duplicated share what they say by its number."""

    paths: dict[str, int] = field(default_factory=dict)
    nodes: dict[int, Node] = field(default_factory=dict)
    descriptors: dict[int, int] = field(default_factory=dict)
    opened: dict[int, Opened] = field(default_factory=dict)


def new_tree() -> Tree:
    """What every process begins with."""
    nodes = {number: Node(number, FOLDER | 0o777, None) for number in range(1, len(FOLDERS) + 1)}
    return Tree(paths=dict(zip(FOLDERS, nodes, strict=True)), nodes=nodes)


BEGINNING = new_tree()


class FileTree:
    """The tree at work. What fails raises FileProblem."""

    def __init__(self) -> None:
        self.now = BEGINNING
        self._shared = True

    def keep(self) -> Tree:
        """All as it is now; costs nothing where nothing changed since."""
        self._shared = True
        return self.now

    def put_back(self, tree: Tree) -> None:
        """All as it was then."""
        self.now, self._shared = tree, True

    def changed(self) -> Tree:
        """The tree to change: another one, where the present one was kept."""
        if self._shared:
            old = self.now
            self.now = Tree(
                dict(old.paths), dict(old.nodes), dict(old.descriptors), dict(old.opened)
            )
            self._shared = False
        return self.now

    def find(self, path: str) -> Node | None:
        """Raises FileProblem where what the path leads through is missing or no folder."""
        if not path:
            raise FileProblem(ENOENT)
        place = normal(path)
        self._check_above(place)
        number = self.now.paths.get(place)
        return None if number is None else self.now.nodes[number]

    def node(self, path: str) -> Node:
        found = self.find(path)
        if found is None:
            raise FileProblem(ENOENT)
        return found

    def make(self, path: str, mode: int, content: bytes | None, source: str = "") -> Node:
        if len(self.now.nodes) >= MOST_FILES:
            raise FileProblem(ENOSPC)
        tree = self.changed()
        node = Node(max(tree.nodes) + 1, mode, content, source)
        tree.nodes[node.number] = node
        tree.paths[normal(path)] = node.number
        return node

    def write(self, node: Node, content: bytes) -> None:
        """What the file holds from now on. What comes from outside counts against no limit."""
        local = (each for each in self.now.nodes.values() if not each.source)
        taken = sum(len(each.content or b"") for each in local if each.number != node.number)
        if not node.source and taken + len(content) > MOST_BYTES:
            raise FileProblem(ENOSPC)
        self.changed().nodes[node.number] = replace(node, content=content)

    def set_mode(self, path: str, mode: int) -> None:
        node = self.node(path)
        self.changed().nodes[node.number] = replace(node, mode=node.mode & ~0o777 | mode & 0o777)

    def make_folder(self, path: str, mode: int = 0o777) -> None:
        if self.find(path) is not None:
            raise FileProblem(EEXIST)
        self.make(path, FOLDER | mode & 0o777, None)

    def remove(self, path: str) -> None:
        """Takes the name away; who has the file open still reads it."""
        node = self.node(path)
        if node.content is None:
            raise FileProblem(EISDIR)
        del self.changed().paths[normal(path)]
        self.forget(node.number)

    def remove_folder(self, path: str) -> None:
        node, place = self.node(path), normal(path)
        if node.content is not None:
            raise FileProblem(ENOTDIR)
        if place == "/":
            raise FileProblem(EACCES)
        if any(each.startswith(place + "/") for each in self.now.paths):
            raise FileProblem(ENOTEMPTY)
        tree = self.changed()
        del tree.nodes[tree.paths.pop(place)]

    def rename(self, old: str, new: str) -> None:
        """A file takes the place of another; a folder moves with all that is in it, where nothing is yet."""
        node, source, target = self.node(old), normal(old), normal(new)
        present = self.find(new)
        self._check_above(target)
        if source == target:
            return
        if target.startswith(source + "/"):
            raise FileProblem(EINVAL)
        if present is not None:
            if node.content is None or present.content is None:
                raise FileProblem(EEXIST)
            self.remove(new)
        tree = self.changed()
        for path in [
            each for each in tree.paths if each == source or each.startswith(source + "/")
        ]:
            tree.paths[target + path[len(source) :]] = tree.paths.pop(path)

    def _check_above(self, place: str) -> None:
        above = posixpath.dirname(place)
        while above not in self.now.paths and above != "/":
            above = posixpath.dirname(above)
            if above in self.now.paths and self._is_folder(above):
                raise FileProblem(ENOENT)
        if not self._is_folder(above):
            raise FileProblem(ENOTDIR)

    def _is_folder(self, place: str) -> bool:
        return self.now.nodes[self.now.paths[place]].content is None

    def ensure_folders(self, place: str) -> None:
        if place not in self.now.paths:
            self.ensure_folders(posixpath.dirname(place))
            self.make(place, FOLDER | 0o777, None)

    def forget(self, number: int) -> None:
        """A file without a name that nobody has open is gone."""
        tree = self.now
        named = number in tree.paths.values()
        if not named and all(each.node != number for each in tree.opened.values()):
            del tree.nodes[number]


def normal(path: str) -> str:
    """The path from the top, without detours; a process's own folder is the top."""
    return posixpath.normpath("/" + path.lstrip("/"))


def described(tree: Tree) -> tuple[dict[str, Json], bytes]:
    """The tree as JSON, and its files' bytes one behind another. What came from outside is only named."""
    nodes = tree.nodes.values()
    contents = [b"" if each.source else each.content or b"" for each in nodes]
    sizes = [
        None if each.content is None else len(content)
        for each, content in zip(nodes, contents, strict=True)
    ]
    told: dict[str, Json] = {
        "paths": [list(each) for each in tree.paths.items()],
        "nodes": [
            [each.number, each.mode, size, each.source]
            for each, size in zip(nodes, sizes, strict=True)
        ],
        "descriptors": [list(each) for each in tree.descriptors.items()],
        "opened": [
            [number, each.node, each.path, each.position, each.flags, each.unread]
            for number, each in tree.opened.items()
        ],
    }
    return told, b"".join(contents)


def undescribed(told: Any, raw: bytes) -> Tree:
    """Raises KeyError, TypeError, ValueError for what no tree was described by."""
    nodes, at = {}, 0
    for number, mode, size, source in told["nodes"]:
        content = None if size is None else raw[at : at + size]
        nodes[number] = Node(number, mode, content, source)
        at += size or 0
    opened = {number: Opened(*rest) for number, *rest in told["opened"]}
    tree = Tree(dict(told["paths"]), nodes, dict(told["descriptors"]), opened)
    missing = {*tree.paths.values(), *(each.node for each in opened.values())} - set(nodes)
    if missing or set(tree.descriptors.values()) != set(opened) or "/" not in tree.paths:
        raise ValueError("the files do not belong together")
    return tree
