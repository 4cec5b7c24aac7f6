"""A module's memory as its host sees it: bytes, pointers and texts at addresses."""

import ctypes
import struct

from unitstack.errors import EngineError


class GuestMemory:
    """The memory of one instance, wherever it lies now. Raises EngineError for an address outside of it."""

    def __init__(self, *, wide: bool) -> None:
        self._form = "<Q" if wide else "<I"
        self.wide = wide
        self.address = 0
        self.size = 0
        self._bytes = memoryview(b"")

    @property
    def pointer_size(self) -> int:
        return 8 if self.wide else 4

    def attach(self, address: int, size: int) -> None:
        """Says where the memory lies; again after each growth."""
        if (address, size) != (self.address, self.size):
            self.address, self.size = address, size
            self._bytes = memoryview((ctypes.c_ubyte * size).from_address(address)).cast("B")

    def get(self, at: int, size: int) -> bytes:
        self.check(at, size)
        return bytes(self._bytes[at : at + size])

    def put(self, at: int, raw: bytes) -> None:
        self.check(at, len(raw))
        self._bytes[at : at + len(raw)] = raw

    def check(self, at: int, size: int) -> None:
        """That so many bytes may be put there."""
        if not 0 <= at <= self.size - size:
            raise EngineError(
                f"the module gave its host the address {at} for {size} bytes; its memory has {self.size}"
            )

    def get_pointer(self, at: int) -> int:
        value: int = struct.unpack(self._form, self.get(at, self.pointer_size))[0]
        return value

    def put_pointer(self, at: int, value: int) -> None:
        self.put(at, struct.pack(self._form, value))

    def text(self, at: int, limit: int, what: str = "text") -> bytes:
        """The bytes before the next zero. Raises EngineError where there is none within the limit."""
        if not 0 < at < self.size:
            raise EngineError(
                f"the module's {what} is at address {at}, outside its memory of {self.size} bytes"
            )
        start, end = at, min(self.size, at + limit)
        parts: list[bytes] = []
        chunk_size = 4096
        while at < end:
            chunk = bytes(self._bytes[at : min(at + chunk_size, end)])
            zero = chunk.find(0)
            if zero >= 0:
                return b"".join([*parts, chunk[:zero]])
            parts.append(chunk)
            at += len(chunk)
            chunk_size = 1 << 20
        raise EngineError(f"the module's {what} has no end within {end - start:,} bytes")
