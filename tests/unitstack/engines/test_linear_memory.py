"""A twin goes back exactly, images come back, and only what was touched is looked at."""

import ctypes
import zlib
from mmap import PAGESIZE, mmap

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from unitstack.engines.file_tree import FileTree
from unitstack.engines.linear_memory import Frame, Span, Twin, image_of, read_image, without
from unitstack.engines.touched_pages import TouchedPages
from unitstack.errors import EngineError
from unitstack.wire.results import Memory

PAGES = 64


class Mapping:
    """Fresh memory whose pages nobody touched yet."""

    def __init__(self, pages: int = PAGES) -> None:
        self.bytes = mmap(-1, pages * PAGESIZE)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.bytes))
        self.whole = Span(0, pages * PAGESIZE)

    def write(self, page: int, text: bytes) -> None:
        self.bytes[page * PAGESIZE : page * PAGESIZE + len(text)] = text


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 40), max_size=8)))
    return tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


def covered(given: tuple[Span, ...]) -> set[int]:
    return {at for span in given for at in range(span.start, span.end)}


@given(spans(), spans())
def test_what_is_left_of_spans_is_what_the_others_do_not_cover(
    some: tuple[Span, ...], others: tuple[Span, ...]
) -> None:
    left = tuple(without(some, others))

    assert covered(left) == covered(some) - covered(others)
    assert sum(span.size for span in left) == len(covered(left))


@pytest.mark.parametrize("scans", [True, False])
def test_only_touched_pages_are_found(scans: bool) -> None:
    memory, pages = Mapping(), TouchedPages(scans=scans)
    memory.write(3, b"here")
    memory.write(4, b"and here")
    memory.write(10, b"there")

    found = pages.within(memory.address, memory.whole)

    if pages.known:
        assert found == (
            Span(3 * PAGESIZE, 5 * PAGESIZE),
            Span(10 * PAGESIZE, 11 * PAGESIZE),
        )
    pages.close()


def test_spans_are_cut_to_what_was_asked_for() -> None:
    memory, pages = Mapping(), TouchedPages()
    memory.write(3, b"here")

    found = pages.within(memory.address, Span(3 * PAGESIZE + 5, 3 * PAGESIZE + 9))

    assert found == (Span(3 * PAGESIZE + 5, 3 * PAGESIZE + 9),)
    pages.close()


def test_more_regions_than_one_look_takes_are_found() -> None:
    memory, pages, old = Mapping(400), TouchedPages(), TouchedPages(scans=False)
    for page in range(0, 400, 2):
        memory.write(page, b"x")

    found = pages.within(memory.address, memory.whole)

    assert found == old.within(memory.address, memory.whole)
    pages.close()
    old.close()


def test_without_an_account_of_pages_all_counts_as_touched() -> None:
    memory, pages = Mapping(), TouchedPages("/no/such/file")

    assert not pages.known
    assert pages.within(memory.address, memory.whole) == (memory.whole,)


def test_a_twin_puts_back_what_it_kept_and_clears_what_came_after() -> None:
    memory, pages, twin = Mapping(), TouchedPages(), Twin()
    memory.write(1, b"old")
    files = FileTree()
    files.make("/kept", 0o100644, b"text")
    touched = pages.within(memory.address, memory.whole)
    twin.keep(memory.address, touched, Frame(memory.whole.size, files=files.keep()))
    memory.write(1, b"new")
    memory.write(7, b"more")

    twin.put_back(memory.address, pages.within(memory.address, memory.whole))

    assert memory.bytes[PAGESIZE : PAGESIZE + 3] == b"old"
    assert not any(memory.bytes[2 * PAGESIZE :])
    assert "/kept" in twin.frame.files.paths


def test_a_twins_image_is_what_it_kept() -> None:
    memory, twin = Mapping(), Twin()
    memory.write(2, b"kept")
    span = Span(2 * PAGESIZE, 2 * PAGESIZE + 4)
    twin.keep(memory.address, (span,), Frame(memory.whole.size, (7,)))

    image = twin.image()

    assert (image.frame, image.parts) == (
        Frame(memory.whole.size, (7,)),
        ((2 * PAGESIZE, b"kept"),),
    )


def test_an_image_comes_back_without_its_zeros() -> None:
    memory = Mapping()
    memory.write(5, b"x" * PAGESIZE)

    image = read_image(image_of(memory.address, (memory.whole,), Frame(memory.whole.size)))

    assert image.frame.size == memory.whole.size
    assert image.parts == ((5 * PAGESIZE, b"x" * PAGESIZE),)


def test_an_image_brings_back_what_belongs_to_the_memory() -> None:
    memory, files = Mapping(), FileTree()
    files.make("/tmp/a", 0o100644, b"text")
    memory.write(1, b"memory")

    frame = Frame(memory.whole.size, (1, -2, 0.5), files.keep())

    image = read_image(image_of(memory.address, (memory.whole,), frame))

    assert image.frame == frame
    assert image.parts[0][1].startswith(b"memory")


def test_an_image_as_it_was_written_before_is_still_read() -> None:
    header = b'{"format":1,"size":65536,"places":[[4096,4],[8192,2]]}\n'

    image = read_image(Memory(header + zlib.compress(b"wordsx", 1)))

    assert (image.frame.size, image.parts) == (65_536, ((4096, b"word"), (8192, b"sx")))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}\n",
        b'{"format":1}\nxx',
        b'{"format":3,"places":[]}\nx',
        b'{"format":2,"places":[]}\nx',
        b'{"format":2,"size":9,"places":[[0,9]]}\n' + zstandard.compress(b"short"),
        b'{"format":2,"size":9,"places":[],"files":{"paths":[["/",1]],"nodes":[],"descriptors":[],"opened":[]}}\n'
        + zstandard.compress(b""),
        b'{"format":1,"size":9,"places":[[0,9]]}\n' + zlib.compress(b"short"),
    ],
)
def test_what_is_no_image_is_refused(raw: bytes) -> None:
    with pytest.raises(EngineError, match="memory image"):
        read_image(Memory(raw))
