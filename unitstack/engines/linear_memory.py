"""A wasm instance's memory: what of it is alive, a twin of that to go back to, and its image for a checkpoint."""

import ctypes
import json
import zlib
from dataclasses import dataclass

from unitstack.errors import EngineError
from unitstack.wire.results import Memory

PAGE = 65_536
CHUNK = 4_096
ZEROS = bytes(CHUNK)
HEADER_END = b"\n"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A part of memory: from an address up to, but not including, another."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


def live_spans(*, stack_end: int, stack_base: int, heap_end: int) -> tuple[Span, ...]:
    """Between two messages the stack is empty: static data before it, and what lies behind it up to the heap's end."""
    return (Span(0, stack_end), Span(stack_base, heap_end))


class Twin:
    """A copy of the live spans as they were after the last message that counted."""

    def __init__(self) -> None:
        self._spans: tuple[Span, ...] = ()
        self._copies: list[ctypes.Array[ctypes.c_char]] = []

    def keep(self, address: int, spans: tuple[Span, ...]) -> None:
        """Copies the live spans out; buffers are used again while they are large enough."""
        for number, span in enumerate(spans):
            if number >= len(self._copies):
                self._copies.append(ctypes.create_string_buffer(max(1, span.size)))
            elif ctypes.sizeof(self._copies[number]) < span.size:
                self._copies[number] = ctypes.create_string_buffer(span.size + span.size // 4)
            ctypes.memmove(self._copies[number], address + span.start, span.size)
        self._spans = spans

    def put_back(self, address: int, heap_end: int) -> None:
        """Copies the spans in again, and clears what the heap took beyond them since."""
        for span, copy in zip(self._spans, self._copies, strict=True):
            ctypes.memmove(address + span.start, copy, span.size)
        last = self._spans[-1].end
        if heap_end > last:
            ctypes.memset(address + last, 0, heap_end - last)

    def image(self) -> "Image":
        """The same, for another machine."""
        copies = zip(self._spans, self._copies, strict=True)
        return Image(
            self._spans[-1].end, tuple((span.start, copy.raw[: span.size]) for span, copy in copies)
        )


def image_of(address: int, size: int, spans: tuple[Span, ...]) -> Memory:
    """The memory as bytes for a checkpoint: live spans without their zero chunks, compressed."""
    places, parts = [], []
    for span in spans:
        raw = ctypes.string_at(address + span.start, span.size)
        for at in range(0, span.size, CHUNK):
            chunk = raw[at : at + CHUNK]
            if chunk != ZEROS[: len(chunk)]:
                places.append((span.start + at, len(chunk)))
                parts.append(chunk)
    header = json.dumps({"format": FORMAT, "size": size, "places": places}, separators=(",", ":"))
    return Memory(header.encode() + HEADER_END + zlib.compress(b"".join(parts), 1))


@dataclass(frozen=True, slots=True)
class Image:
    """A checkpoint's memory, read: its whole size in bytes, and what stands where."""

    size: int
    parts: tuple[tuple[int, bytes], ...]


def read_image(memory: Memory) -> Image:
    """Raises EngineError for bytes that are no image."""
    try:
        header, packed = memory.split(HEADER_END, 1)
        said = json.loads(header)
        raw = zlib.decompress(packed)
        if said["format"] != FORMAT:
            raise EngineError(f"the memory image has format {said['format']}, {FORMAT} is known")
        return Image(said["size"], tuple(_parts(said["places"], raw)))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise EngineError(f"these {len(memory)} bytes are no memory image: {error}") from error


def _parts(places: list[tuple[int, int]], raw: bytes) -> list[tuple[int, bytes]]:
    parts, at = [], 0
    for start, size in places:
        parts.append((start, raw[at : at + size]))
        at += size
    return parts
