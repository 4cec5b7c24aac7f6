"""Which pages of an anonymous mapping were ever touched. Modules set tens of megabytes aside that they hardly use, and what
was never touched is zero: neither a rollback nor a checkpoint has to look at it."""

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from mmap import PAGESIZE

from unitstack.engines.linear_memory import Span

PAGEMAP = "/proc/self/pagemap"
ENTRY = 8
# Bit 63 of an entry says that the page is in memory, bit 62 that it was swapped out.
TOUCHED = bytes(bool(byte & 0xC0) for byte in range(256))
# The kernel's PAGEMAP_SCAN (since 6.7), which looks at a hundred megabytes in a dozen microseconds; its argument is twelve
# numbers, and its answer a list of (start, end, categories).
SCAN = 0xC060_6610
SCAN_FORM = "<12Q"
WALK_END = 32
PRESENT, SWAPPED, ZERO_PAGE = 1 << 3, 1 << 4, 1 << 5
MOST_REGIONS = 128


class TouchedPages:
    """The touched parts of this process's mappings, by the kernel's account; where there is none (outside Linux), all
    counts as touched."""

    def __init__(self, pagemap: str = PAGEMAP, *, scans: bool = True) -> None:
        self._file = -1
        self._regions = (ctypes.c_uint64 * (3 * MOST_REGIONS))()
        self._scans = scans and sys.platform == "linux"
        with suppress(OSError):
            self._file = os.open(pagemap, os.O_RDONLY | os.O_CLOEXEC)

    @property
    def known(self) -> bool:
        """Whether there is an account to ask."""
        return self._file >= 0

    def within(self, address: int, span: Span) -> tuple[Span, ...]:
        """The touched parts of a span of the memory that begins at the address."""
        if not self.known or not span.size:
            return (span,)
        first = (address + span.start) // PAGESIZE * PAGESIZE
        last = -(-(address + span.end) // PAGESIZE) * PAGESIZE
        found = self._found(first, last)
        return tuple(
            Span(max(start - address, span.start), min(end - address, span.end))
            for start, end in found
        )

    def close(self) -> None:
        if self.known:
            os.close(self._file)
            self._file = -1

    def _found(self, first: int, last: int) -> list[tuple[int, int]]:
        if self._scans:
            try:
                return list(self._scanned(first, last))
            except OSError:
                # An older kernel.
                self._scans = False
        return list(self._read(first, last))

    def _scanned(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        import fcntl  # noqa: PLC0415 - there is none outside of Unix

        regions = self._regions
        while first < last:
            places = (first, last, 0, ctypes.addressof(regions), MOST_REGIONS, 0)
            which = (ZERO_PAGE, ZERO_PAGE, PRESENT | SWAPPED, 0)
            argument = bytearray(struct.pack(SCAN_FORM, 96, 0, *places, *which))
            count = fcntl.ioctl(self._file, SCAN, argument)
            yield from zip(regions[0 : 3 * count : 3], regions[1 : 3 * count : 3], strict=True)
            first = struct.unpack_from("<Q", argument, WALK_END)[0]

    def _read(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        count = (last - first) // PAGESIZE
        entries = os.pread(self._file, count * ENTRY, first // PAGESIZE * ENTRY)
        flags = entries[ENTRY - 1 :: ENTRY].translate(TOUCHED)
        flags += b"\1" * (count - len(flags))
        at = flags.find(1)
        while at >= 0:
            end = flags.find(0, at)
            end = count if end < 0 else end
            yield first + at * PAGESIZE, first + end * PAGESIZE
            at = flags.find(1, end)
