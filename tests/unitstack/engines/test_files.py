"""A process's files: opened, read, written, moved; back again where a message fails; those from outside had once."""

import pytest

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
    ENOTEMPTY,
    FILE,
    MOST_BYTES,
    MOST_FILES,
    FileProblem,
    described,
    undescribed,
)
from unitstack.engines.files import (
    APPEND,
    CREATE,
    EXCLUSIVE,
    FOLDER_ONLY,
    MOST_OPEN,
    READ_ONLY,
    READ_WRITE,
    TRUNCATE,
    WRITE_ONLY,
    Files,
)
from unitstack.errors import EngineError


def files_with(path: str, content: bytes) -> Files:
    files = Files()
    descriptor = files.open(path, CREATE | WRITE_ONLY)
    files.write(descriptor, content)
    files.close(descriptor)
    return files


def text_of(files: Files, path: str) -> bytes:
    descriptor = files.open(path, READ_ONLY)
    found = files.read(descriptor, 1_000)
    files.close(descriptor)
    return found


def problem(act: object, *given: object) -> int:
    with pytest.raises(FileProblem) as raised:
        act(*given)  # type: ignore[operator]  # any of the methods
    return raised.value.number


def test_what_is_written_is_read_again() -> None:
    files = files_with("/tmp/a", b"hello")

    assert text_of(files, "/tmp/../tmp/./a") == b"hello"


def test_descriptors_are_the_lowest_that_are_free() -> None:
    files = files_with("/a", b"")
    first, second = files.open("/a", READ_ONLY), files.open("/a", READ_ONLY)
    files.close(first)

    assert (first, second, files.open("/a", READ_ONLY)) == (3, 4, 3)


def test_a_place_is_counted_from_the_start_from_itself_and_from_the_end() -> None:
    files = files_with("/a", b"0123456789")
    descriptor = files.open("/a", READ_ONLY)

    places = [files.seek(descriptor, *each) for each in ((4, 0), (2, 1), (-1, 2))]

    assert places == [4, 6, 9]
    assert files.read(descriptor, 10) == b"9"
    assert problem(files.seek, descriptor, -1, 0) == EINVAL
    assert problem(files.seek, descriptor, 0, 7) == EINVAL


def test_writing_past_the_end_fills_with_zeros_and_appending_ignores_the_place() -> None:
    files = files_with("/a", b"ab")
    gap, end = files.open("/a", READ_WRITE), files.open("/a", WRITE_ONLY | APPEND)
    files.seek(gap, 4, 0)

    files.write(gap, b"x")
    files.write(end, b"y")

    assert text_of(files, "/a") == b"ab\0\0xy"


def test_a_file_is_cut_and_filled() -> None:
    files = files_with("/a", b"hello")
    descriptor = files.open("/a", READ_WRITE)

    files.truncate(descriptor, 2)
    files.truncate(descriptor, 3)
    cut = text_of(files, "/a")
    files.open("/a", WRITE_ONLY | TRUNCATE)

    assert (cut, text_of(files, "/a")) == (b"he\0", b"")
    assert problem(files.truncate, descriptor, -1) == EINVAL
    assert problem(files.truncate, descriptor, MOST_BYTES + 1) == ENOSPC


def test_how_a_file_was_opened_decides_what_may_be_done_with_it() -> None:
    files = files_with("/a", b"hello")
    reading, writing = files.open("/a", READ_ONLY), files.open("/a", WRITE_ONLY)

    assert problem(files.write, reading, b"x") == EBADF
    assert problem(files.read, writing, 1) == EBADF
    assert problem(files.truncate, reading, 0) == EINVAL
    assert problem(files.read, 77, 1) == EBADF


@pytest.mark.parametrize(
    ("path", "flags", "number"),
    [
        ("/none", READ_ONLY, ENOENT),
        ("", CREATE, ENOENT),
        ("/no/such/folder", CREATE, ENOENT),
        ("/a/below", CREATE, ENOTDIR),
        ("/a", CREATE | EXCLUSIVE, EEXIST),
        ("/tmp", WRITE_ONLY, EISDIR),
        ("/a", FOLDER_ONLY, ENOTDIR),
    ],
)
def test_what_cannot_be_opened_is_told_by_number(path: str, flags: int, number: int) -> None:
    assert problem(files_with("/a", b"").open, path, flags) == number


def test_a_folder_is_not_read() -> None:
    files = Files()

    assert problem(files.read, files.open("/tmp", READ_ONLY), 1) == EISDIR


def test_there_is_an_end_to_what_may_be_open_and_how_much_may_be_kept() -> None:
    files = files_with("/a", b"")
    descriptor = files.open("/a", READ_WRITE)
    files.seek(descriptor, 2**62, 0)

    assert problem(files.write, descriptor, b"x") == ENOSPC
    for _ in range(MOST_OPEN - 1):
        files.open("/a", READ_ONLY)
    assert problem(files.open, "/a", READ_ONLY) == EMFILE


def test_all_files_together_have_room_for_so_much() -> None:
    files = files_with("/a", b"x" * MOST_BYTES)
    second = files.open("/b", CREATE | WRITE_ONLY)

    assert problem(files.write, second, b"x") == ENOSPC


def test_there_is_an_end_to_how_many_files_there_may_be() -> None:
    tree = Files().tree
    for number in range(MOST_FILES - len(tree.now.nodes)):
        tree.make(f"/{number}", FILE | 0o644, b"")

    assert problem(tree.make, "/more", FILE, b"") == ENOSPC


def test_a_duplicate_shares_the_place() -> None:
    files = files_with("/a", b"0123")
    first = files.open("/a", READ_ONLY)
    second, ninth = files.duplicate(first), files.duplicate(first, 9, exactly=True)

    files.read(second, 2)
    files.close(first)

    assert (second, ninth, files.read(ninth, 2)) == (4, 9, b"23")
    assert files.duplicate(second, 9, exactly=True) == 9


def test_names_are_made_moved_and_taken_away() -> None:
    tree = files_with("/a", b"x").tree
    tree.make_folder("/f")
    tree.make_folder("/f/g")

    tree.rename("/a", "/f/g/a")
    tree.rename("/f", "/h")
    tree.set_mode("/h/g/a", 0o600)

    assert tree.node("/h/g/a").content == b"x"
    assert tree.node("/h/g/a").mode == 0o100600
    assert problem(tree.node, "/f/g") == ENOENT
    assert problem(tree.make_folder, "/h") == EEXIST
    assert problem(tree.remove_folder, "/h") == ENOTEMPTY
    assert problem(tree.remove_folder, "/h/g/a") == ENOTDIR
    assert problem(tree.remove_folder, "/") == EACCES
    assert problem(tree.remove, "/h") == EISDIR
    assert problem(tree.rename, "/h", "/h/g/inside") == EINVAL
    assert problem(tree.rename, "/h", "/tmp") == EEXIST
    tree.remove("/h/g/a")
    tree.remove_folder("/h/g")
    assert tree.find("/h/g") is None


def test_a_file_takes_anothers_place() -> None:
    files = files_with("/a", b"new")
    files.tree.rename("/a", "/a")
    files.close(files.open("/b", CREATE))

    files.tree.rename("/a", "/b")

    assert text_of(files, "/b") == b"new"


def test_who_has_a_file_open_reads_it_after_its_name_is_gone() -> None:
    files = files_with("/a", b"still")
    descriptor = files.open("/a", READ_ONLY)
    files.tree.remove("/a")

    assert files.read(descriptor, 9) == b"still"
    files.close(descriptor)
    assert all(node.content != b"still" for node in files.tree.now.nodes.values())


def test_a_tree_that_was_kept_comes_back_whole() -> None:
    files = files_with("/a", b"old")
    descriptor = files.open("/a", READ_WRITE)
    files.read(descriptor, 1)
    kept = files.tree.keep()
    files.write(descriptor, b"new")
    files.tree.remove("/a")

    files.tree.put_back(kept)

    assert files.tree.keep() is kept
    assert files.read(descriptor, 9) == b"ld"


def test_a_tree_comes_back_from_its_description() -> None:
    files = files_with("/a", b"text")
    files.duplicate(files.open("/a", READ_ONLY))

    assert undescribed(*described(files.tree.now)) == files.tree.now


def test_what_came_from_outside_is_had_once_and_not_kept_in_a_description() -> None:
    asked: list[str] = []

    def drive(path: str) -> bytes:
        asked.append(path)
        return b"from outside"

    files = Files(drive)
    descriptor = files.open_outside("/data/x")
    files.close(files.open_outside("/data/x"))
    told, raw = described(files.tree.now)
    other = Files(drive)
    other.tree.put_back(undescribed(told, raw))

    assert (asked, raw) == (["/data/x"], b"")
    assert other.read(descriptor, 4) == b"from"
    assert asked == ["/data/x", "/data/x"]
    assert problem(files.open, "/data/x", WRITE_ONLY) == EACCES


def test_a_file_from_outside_is_read_from_its_start_after_it_was_measured() -> None:
    files = Files(lambda _: b"0123456789")
    descriptor = files.open_outside("/tx/y")

    size = files.seek(descriptor, 0, 2)

    assert (size, files.read(descriptor, 4), files.read(descriptor, 9)) == (10, b"0123", b"456789")


def test_what_is_not_outside_is_not_opened() -> None:
    files = Files()

    assert files.open_outside("/data/x") == 0
    assert files.open_outside("/tmp/x") == 0


def test_what_cannot_be_had_again_says_so() -> None:
    files = Files(lambda _: b"text")
    descriptor = files.open_outside("/data/x")
    other = Files()
    other.tree.put_back(undescribed(*described(files.tree.now)))

    with pytest.raises(
        EngineError, match="/data/x, which the process has open, cannot be had again"
    ):
        other.read(descriptor, 1)
