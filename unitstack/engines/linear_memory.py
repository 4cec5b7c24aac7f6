"""A wasm instance's memory: what of it is alive, a twin of that to go back to, and its image for a checkpoint."""

import ctypes
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from unitstack.engines.file_tree import BEGINNING, Tree, described, undescribed
from unitstack.errors import EngineError
from unitstack.wire.results import Memory

PAGE = 65_536
CHUNK = 4_096
ZEROS = bytes(CHUNK)
HEADER_END = b"\n"
FORMAT = 2
LEVEL = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A part of memory: from an address up to, but not including, another."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Frame:
    """What belongs to a memory besides its bytes: its size, the module's globals, the process's files."""

    size: int
    globals: tuple[int | float, ...] = ()
    files: Tree = BEGINNING


class Twin:
    """A copy of the live spans as they were once, and of what belongs to them."""

    def __init__(self) -> None:
        self.frame = Frame(0)
        self._spans: tuple[Span, ...] = ()
        self._copy = ctypes.create_string_buffer(1)

    def keep(self, address: int, spans: tuple[Span, ...], frame: Frame) -> None:
        """Copies the live spans out; the buffer is used again while it is large enough."""
        self.frame = frame
        needed = sum(span.size for span in spans)
        if ctypes.sizeof(self._copy) < needed:
            self._copy = ctypes.create_string_buffer(needed + needed // 4)
        for span, at in _places(spans, ctypes.addressof(self._copy)):
            ctypes.memmove(at, address + span.start, span.size)
        self._spans = spans

    def put_back(self, address: int, spans: tuple[Span, ...]) -> None:
        """Copies the kept spans in again, and clears what of the present ones was not alive then."""
        for span in without(spans, self._spans):
            ctypes.memset(address + span.start, 0, span.size)
        for span, at in _places(self._spans, ctypes.addressof(self._copy)):
            ctypes.memmove(address + span.start, at, span.size)

    def image(self) -> "Image":
        """The same, for another machine."""
        places = _places(self._spans, ctypes.addressof(self._copy))
        parts = tuple((span.start, ctypes.string_at(at, span.size)) for span, at in places)
        return Image(self.frame, parts)


def _places(spans: tuple[Span, ...], start: int) -> Iterator[tuple[Span, int]]:
    """Each span, and where it lies when they are put one behind another."""
    for span in spans:
        yield span, start
        start += span.size


def without(spans: tuple[Span, ...], taken: tuple[Span, ...]) -> Iterator[Span]:
    """What of the spans lies in none of the others; both are in order and do not overlap."""
    for span in spans:
        start = span.start
        for other in taken:
            if other.end > start and other.start < span.end:
                if other.start > start:
                    yield Span(start, other.start)
                start = other.end
        if start < span.end:
            yield Span(start, span.end)


def image_of(address: int, spans: tuple[Span, ...], frame: Frame) -> Memory:
    """The memory as bytes for a checkpoint: live spans without their zero chunks, compressed; and what belongs to them."""
    places, parts = [], []
    for span in spans:
        raw = ctypes.string_at(address + span.start, span.size)
        for run in _filled(raw):
            places.append((span.start + run.start, run.size))
            parts.append(raw[run.start : run.end])
    said: dict[str, object] = {"format": FORMAT, "size": frame.size, "places": places}
    if frame.globals:
        said["globals"] = frame.globals
    if frame.files is not BEGINNING:
        said["files"], contents = described(frame.files)
        parts.append(contents)
        said["more"] = len(contents)
    header = json.dumps(said, separators=(",", ":"))
    return Memory(header.encode() + HEADER_END + zstandard.compress(b"".join(parts), LEVEL))


def _filled(raw: bytes) -> Iterator[Span]:
    """Runs of chunks that are not all zeros."""
    start = None
    for at in range(0, len(raw), CHUNK):
        chunk = raw[at : at + CHUNK]
        empty = chunk == ZEROS[: len(chunk)]
        if start is None and not empty:
            start = at
        if start is not None and empty:
            yield Span(start, at)
            start = None
    if start is not None:
        yield Span(start, len(raw))


@dataclass(frozen=True, slots=True)
class Image:
    """A checkpoint's memory, read: what stands where, and what belongs to it."""

    frame: Frame
    parts: tuple[tuple[int, bytes], ...]


def read_image(memory: Memory) -> Image:
    """Raises EngineError for bytes that are no image."""
    try:
        header, packed = memory.split(HEADER_END, 1)
        said = json.loads(header)
        if said["format"] not in UNPACK:
            raise EngineError(
                f"the memory image has format {said['format']}, {FORMAT} is the newest known"
            )
        taken = sum(size for _, size in said["places"])
        raw = UNPACK[said["format"]](packed, taken + said.get("more", 0))
        files = undescribed(said["files"], raw[taken:]) if "files" in said else BEGINNING
        frame = Frame(said["size"], tuple(said.get("globals", ())), files)
        return Image(frame, tuple(_parts(said["places"], raw)))
    except (ValueError, KeyError, TypeError, zlib.error, zstandard.ZstdError) as error:
        raise EngineError(f"these {len(memory)} bytes are no memory image: {error}") from error


def _inflated(packed: bytes, size: int) -> bytes:
    return _whole(zlib.decompressobj().decompress(packed, size), size)


def _decompressed(packed: bytes, size: int) -> bytes:
    if zstandard.frame_content_size(packed) != size:
        raise ValueError(f"they do not hold the {size} bytes that they name")
    return _whole(zstandard.decompress(packed), size)


def _whole(raw: bytes, size: int) -> bytes:
    if len(raw) != size:
        raise ValueError(f"they hold {len(raw)} of the {size} bytes that they name")
    return raw


# What was written before is still read.
UNPACK = {1: _inflated, FORMAT: _decompressed}


def _parts(places: list[tuple[int, int]], raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for start, size in places:
        yield start, raw[at : at + size]
        at += size
