"""Exceptions of the older kind (`try … catch`), which HyperBEAM's modules have, rewritten to the standard's `try_table`.

A `try` with n catches becomes a block around n blocks around a `try_table`; catch number k branches to the end of the
k-th of these blocks, where its handler stands. So labels inside move outwards, and that is most of the work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from unitstack.engines.wasm_code.instructions import Function, Instruction, instructions_of
from unitstack.engines.wasm_code.interface import Kind, imports_of
from unitstack.engines.wasm_code.rewriting import Locals, rewritten
from unitstack.engines.wasm_code.sections import (
    END,
    Reader,
    Section,
    SectionId,
    signed,
    unsigned,
)
from unitstack.errors import EngineError

BLOCK, LOOP, IF, TRY, CATCH, RETHROW, THROW_REF = 0x02, 0x03, 0x04, 0x06, 0x07, 0x09, 0x0A
BR, BR_IF, BR_TABLE, DELEGATE, CATCH_ALL, TRY_TABLE = 0x0C, 0x0D, 0x0E, 0x18, 0x19, 0x1F
EMPTY, EXNREF, FUNCTION_TYPE = 0x40, 0x69, 0x60
OPENERS = (BLOCK, LOOP, IF, TRY_TABLE)
CLAUSE, CLAUSE_ALL, KEEPING = 0x00, 0x02, 0x01


@dataclass(slots=True)
class Frame:
    """An open block; for a `try`, which tags it catches (None: all), and which of the handlers the walk is in."""

    catches: tuple[int | None, ...] = ()
    rethrows: bool = False
    handler: int = -1
    type: bytes = b""
    number: int = 0

    @property
    def is_try(self) -> bool:
        return bool(self.type)

    @property
    def labels(self) -> int:
        """How many labels stand for this one."""
        if not self.is_try:
            return 1
        return len(self.catches) + 2 if self.handler < 0 else len(self.catches) - self.handler

    @property
    def exit(self) -> int:
        """Which of these labels leaves the block."""
        return 0 if not self.is_try or self.handler < 0 else len(self.catches) - self.handler - 1


def has_legacy_exceptions(sections: Sequence[Section]) -> bool:
    """Whether any function has a `try`. Only a module with tags can."""
    return any(s.id == SectionId.TAG for s in sections) or any(
        entry.kind == Kind.TAG for entry in imports_of(sections)
    )


def modernised(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The same module with `try_table`. Raises EngineError for a `delegate`."""
    types = _Types(sections)

    def walk(code: bytes, function: Function, spare: Locals) -> Iterator[bytes]:
        instructions = tuple(instructions_of(code, function))
        if not any(one.operation == TRY for one in instructions):
            yield code[function.instructions[0] : function.instructions[1]]
            return
        yield from _Modern(code, instructions, types, spare).parts()

    changed = rewritten(sections, walk)
    return tuple(types.section if s.id == SectionId.TYPE else s for s in changed)


class _Types:
    """The module's types, and those that the rewriting adds to them."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._count, self._raw, self._parameters = _parameters(sections)
        tags = [i.type for i in imports_of(sections) if i.kind == Kind.TAG]
        for section in sections:
            if section.id == SectionId.TAG:
                reader = Reader(section.body)
                for _ in range(reader.unsigned()):
                    start = reader.at
                    reader.byte()
                    reader.unsigned()
                    tags.append(reader.since(start))
        self._tags = [self._parameters[Reader(tag, 1).unsigned()] for tag in tags]
        self._added: dict[bytes, int] = {}

    @property
    def section(self) -> Section:
        added = b"".join(self._added)
        return Section(SectionId.TYPE, unsigned(self._count + len(self._added)) + self._raw + added)

    def check(self, block: bytes) -> None:
        """Raises EngineError for a block type with parameters: they would have to be carried into each block."""
        number = Reader(block).signed()
        if number >= 0 and self._parameters[number]:
            raise EngineError("the module has a try block with parameters, which is not supported")

    def block(self, tag: int | None, *, keeping: bool) -> bytes:
        """The block type of what a catch leaves on the stack: the tag's values, and the exception where it is kept."""
        results = (b"" if tag is None else self._tags[tag]) + (bytes([EXNREF]) if keeping else b"")
        if len(results) < 2:
            return results or bytes([EMPTY])
        form = bytes([FUNCTION_TYPE]) + unsigned(0) + unsigned(len(results)) + results
        return signed(self._added.setdefault(form, self._count + len(self._added)))


def _parameters(sections: Sequence[Section]) -> tuple[int, bytes, list[bytes]]:
    for section in sections:
        if section.id == SectionId.TYPE:
            reader = Reader(section.body)
            count = reader.unsigned()
            start = reader.at
            found = []
            for _ in range(count):
                reader.byte()
                found.append(reader.take(reader.unsigned()))
                reader.take(reader.unsigned())
            return count, section.body[start:], found
    return 0, b"", []


@dataclass(slots=True)
class _Modern:
    """One function's walk."""

    code: bytes
    instructions: tuple[Instruction, ...]
    types: _Types
    spare: Locals
    frames: list[Frame] = field(default_factory=lambda: [Frame()])
    tries: int = 0

    def parts(self) -> Iterator[bytes]:
        shapes = _shapes(self.code, self.instructions)
        for position, one in enumerate(self.instructions):
            raw = self.code[one.start : one.end]
            match one.operation:
                case 0x06:
                    yield self._open(raw[1:], *shapes[position])
                case 0x07 | 0x19:
                    yield self._handler()
                case 0x0B:
                    yield self._close(raw)
                case 0x09:
                    yield self._rethrow(Reader(raw, 1).unsigned())
                case 0x18:
                    raise EngineError("the module delegates exceptions, which is not supported")
                case 0x0C | 0x0D:
                    yield raw[:1] + unsigned(self._label(Reader(raw, 1).unsigned()))
                case 0x0E:
                    yield self._branch_table(raw)
                case operation:
                    if operation in OPENERS:
                        self.frames.append(Frame())
                    yield raw

    def _label(self, depth: int) -> int:
        inside = self.frames[len(self.frames) - depth :]
        target = self.frames[len(self.frames) - depth - 1]
        return sum(frame.labels for frame in inside) + target.exit

    def _branch_table(self, raw: bytes) -> bytes:
        reader = Reader(raw, 1)
        count = reader.unsigned()
        labels = [unsigned(self._label(reader.unsigned())) for _ in range(count + 1)]
        return raw[:1] + unsigned(count) + b"".join(labels)

    def _open(self, type: bytes, catches: tuple[int | None, ...], rethrows: bool) -> bytes:
        self.types.check(type)
        self.tries += 1
        self.frames.append(Frame(catches, rethrows, type=type, number=self.tries))
        blocks = [self.types.block(tag, keeping=rethrows) for tag in reversed(catches)]
        around = bytes([BLOCK]) + type + b"".join(bytes([BLOCK]) + block for block in blocks)
        clauses = b"".join(_clause(tag, label, rethrows) for label, tag in enumerate(catches))
        return around + bytes([TRY_TABLE]) + type + unsigned(len(catches)) + clauses

    def _handler(self) -> bytes:
        """Ends what stands before the handler, which leaves by the outer block."""
        frame = self.frames[-1]
        first = frame.handler < 0
        leave = bytes([BR]) + unsigned(len(frame.catches) if first else frame.exit)
        frame.handler += 1
        kept = self.spare.set(EXNREF, frame.number) if frame.rethrows else b""
        return (bytes([END]) if first else b"") + leave + bytes([END]) + kept

    def _close(self, raw: bytes) -> bytes:
        frame = self.frames.pop()
        unhandled = frame.is_try and frame.handler < 0
        return raw + raw if unhandled else raw

    def _rethrow(self, depth: int) -> bytes:
        frame = self.frames[len(self.frames) - depth - 1]
        return self.spare.get(EXNREF, frame.number) + bytes([THROW_REF])


def _clause(tag: int | None, label: int, keeping: bool) -> bytes:
    if tag is None:
        return bytes([CLAUSE_ALL + keeping]) + unsigned(label)
    return bytes([CLAUSE + keeping]) + unsigned(tag) + unsigned(label)


def _shapes(
    code: bytes, instructions: Sequence[Instruction]
) -> dict[int, tuple[tuple[int | None, ...], bool]]:
    """For each `try`, by its position: what it catches, and whether a handler throws the exception on."""
    catches: dict[int, list[int | None]] = {}
    rethrown: set[int] = set()
    open_at: list[int] = [-1]
    for position, one in enumerate(instructions):
        immediate = Reader(code, one.start + 1)
        match one.operation:
            case 0x02 | 0x03 | 0x04 | 0x1F:
                open_at.append(position)
            case 0x06:
                open_at.append(position)
                catches[position] = []
            case 0x07:
                catches[open_at[-1]].append(immediate.unsigned())
            case 0x19:
                catches[open_at[-1]].append(None)
            case 0x09:
                rethrown.add(open_at[-1 - immediate.unsigned()])
            case 0x0B | 0x18:
                open_at.pop()
    return {at: (tuple(tags), at in rethrown) for at, tags in catches.items()}
