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

    @property
    def pointer_size(self) -> int:
        return 8 if self.wide else 4

    def attach(self, address: int, size: int) -> None:
        """Says where the memory lies; again after each growth."""
        self.address, self.size = address, size

    def get(self, at: int, size: int) -> bytes:
        return ctypes.string_at(self._checked(at, size), size)

    def put(self, at: int, raw: bytes) -> None:
        ctypes.memmove(self._checked(at, len(raw)), raw, len(raw))

    def check(self, at: int, size: int) -> None:
        """That so many bytes may be put there."""
        self._checked(at, size)

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
            chunk = ctypes.string_at(self.address + at, min(chunk_size, end - at))
            zero = chunk.find(0)
            if zero >= 0:
                return b"".join([*parts, chunk[:zero]])
            parts.append(chunk)
            at += len(chunk)
            chunk_size = 1 << 20
        raise EngineError(f"the module's {what} has no end within {end - start:,} bytes")

    def _checked(self, at: int, size: int) -> int:
        if not 0 <= at <= self.size - size:
            raise EngineError(
                f"the module gave its host the address {at} for {size} bytes; its memory has {self.size}"
            )
        return self.address + at
