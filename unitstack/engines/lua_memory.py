"""A Lua process's state, as the way to it: an image and the messages since. Here it becomes bytes and is read from them."""

import json
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from unitstack.engines.envelope import Envelope
from unitstack.engines.lua_machine import Counts, Image
from unitstack.errors import EngineError
from unitstack.wire.results import Memory

MAGIC = b"ao-lua\x00\x01"
DIGEST_BYTES = 32
_HEADER = struct.Struct("<6Q")
_LETTERS = {bytes: b"s", int: b"i", float: b"f"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A message that was handled, and the counts of memory that its program was told."""

    envelope: Envelope
    counts: Counts


@dataclass(frozen=True, slots=True)
class History:
    """A state: what an image says (None: the module as it starts), and the messages handled since."""

    base: Image | None = None
    journal: tuple[Entry, ...] = ()


def encode(history: History, module: bytes) -> Memory:
    """The state as bytes that name the module by its digest."""
    sections = [_encode_journal(history.journal), *_pack(history.base or [])]
    header = _HEADER.pack(*map(len, sections))
    return Memory(MAGIC + module + zlib.compress(header + b"".join(sections), 1))


def decode(memory: Memory, module: bytes) -> History:
    """Raises EngineError for bytes that are not a state of that module."""
    if not memory.startswith(MAGIC):
        raise EngineError("the memory is not one that this Lua engine wrote")
    start = len(MAGIC) + DIGEST_BYTES
    if memory[len(MAGIC) : start] != module:
        raise EngineError("the memory is of a process with another module")
    try:
        journal, *image = _sections(zlib.decompress(memory[start:]))
        return History(_unpack(image), tuple(_decode_journal(journal)))
    except (zlib.error, struct.error, ValueError, LookupError, TypeError, StopIteration) as error:
        raise EngineError(f"the memory is damaged: {error}") from error


def _sections(raw: bytes) -> list[bytes]:
    at = _HEADER.size
    sections = []
    for size in _HEADER.unpack_from(raw):
        sections.append(raw[at : at + size])
        at += size
    return sections


def _encode_journal(journal: Iterable[Entry]) -> bytes:
    # For one process the environment is one object: it is written once.
    envs = {id(entry.envelope.env): entry.envelope.env for entry in journal}
    places = {key: at for at, key in enumerate(envs)}
    entries = [
        [entry.envelope.message, places[id(entry.envelope.env)], entry.counts] for entry in journal
    ]
    return json.dumps([list(envs.values()), entries]).encode()


def _decode_journal(raw: bytes) -> list[Entry]:
    envs, entries = json.loads(raw)
    return [Entry(Envelope(message, envs[place]), counts) for message, place, counts in entries]


def _pack(image: Image) -> list[bytes]:
    """A letter for each value; then the integers, the floats, the strings' lengths, and the strings."""
    integers = [value for value in image if type(value) is int]
    floats = [value for value in image if type(value) is float]
    strings = [value for value in image if type(value) is bytes]
    return [
        b"".join(_LETTERS.get(type(value)) or (b"T" if value else b"F") for value in image),
        struct.pack(f"<{len(integers)}q", *integers),
        struct.pack(f"<{len(floats)}d", *floats),
        struct.pack(f"<{len(strings)}Q", *map(len, strings)),
        b"".join(strings),
    ]


def _unpack(sections: list[bytes]) -> Image | None:
    letters, integers, floats, lengths, strings = sections
    values = {
        ord("i"): iter(struct.unpack(f"<{len(integers) // 8}q", integers)),
        ord("f"): iter(struct.unpack(f"<{len(floats) // 8}d", floats)),
        ord("s"): iter(_cut(strings, struct.unpack(f"<{len(lengths) // 8}Q", lengths))),
        ord("T"): iter(lambda: True, False),
        ord("F"): iter(lambda: False, True),
    }
    return [next(values[letter]) for letter in letters] or None


def _cut(strings: bytes, lengths: Iterable[int]) -> Iterable[bytes]:
    at = 0
    for length in lengths:
        yield strings[at : at + length]
        at += length
