"""A code section rewritten instruction by instruction, in one walk for all that has to change."""

from collections.abc import Callable, Iterator, Sequence

from unitstack.engines.wasm_code.instructions import (
    Function,
    functions_of,
    instructions_of,
    with_functions,
)
from unitstack.engines.wasm_code.sections import Reader, Section, SectionId, unsigned

I32, I64, F32, F64 = 0x7F, 0x7E, 0x7D, 0x7C
LOCAL_GET, LOCAL_SET, LOCAL_TEE = 0x20, 0x21, 0x22


class Locals:
    """Locals that a rewritten function has besides its own, one for each type and purpose."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._spare: dict[tuple[int, int], int] = {}

    def get(self, kind: int, purpose: int = 0) -> bytes:
        return bytes([LOCAL_GET]) + self._index(kind, purpose)

    def set(self, kind: int, purpose: int = 0) -> bytes:
        return bytes([LOCAL_SET]) + self._index(kind, purpose)

    def tee(self, kind: int, purpose: int = 0) -> bytes:
        return bytes([LOCAL_TEE]) + self._index(kind, purpose)

    def declared(self) -> list[bytes]:
        return [unsigned(1) + bytes([kind]) for kind, _ in self._spare]

    def _index(self, kind: int, purpose: int) -> bytes:
        return unsigned(self._first + self._spare.setdefault((kind, purpose), len(self._spare)))


Rewrite = Callable[[bytes, Locals], bytes | None]
Walk = Callable[[bytes, Function, Locals], Iterator[bytes]]


def each(rewrites: dict[int, Rewrite]) -> Walk:
    """A walk that puts what its operation's rewrite gives in the place of an instruction; None leaves it as it is."""

    def walk(code: bytes, function: Function, spare: Locals) -> Iterator[bytes]:
        kept = function.instructions[0]
        for operation, start, end in instructions_of(code, function):
            rewrite = rewrites.get(operation)
            changed = rewrite(code[start:end], spare) if rewrite else None
            if changed is not None:
                yield code[kept:start]
                yield changed
                kept = end
        yield code[kept : function.instructions[1]]

    return walk


def rewritten(sections: Sequence[Section], walk: Walk) -> tuple[Section, ...]:
    """The sections with each function's instructions as the walk gives them."""
    parameters = parameter_counts(sections)

    def code(body: bytes) -> bytes:
        pairs = zip(functions_of(body), parameters, strict=True)
        return with_functions([_function(body, one, count, walk) for one, count in pairs])

    return tuple(
        Section(section.id, code(section.body)) if section.id == SectionId.CODE else section
        for section in sections
    )


def parameter_counts(sections: Sequence[Section]) -> list[int]:
    """How many parameters each of the module's own functions has."""
    types: list[int] = []
    functions: list[int] = []
    for section in sections:
        reader = Reader(section.body)
        if section.id == SectionId.TYPE:
            types = [_parameters(reader) for _ in range(reader.unsigned())]
        elif section.id == SectionId.FUNCTION:
            functions = [reader.unsigned() for _ in range(reader.unsigned())]
    return [types[number] for number in functions]


def _parameters(reader: Reader) -> int:
    reader.byte()
    count = reader.unsigned()
    reader.take(count)
    reader.take(reader.unsigned())
    return count


def _function(code: bytes, function: Function, parameters: int, walk: Walk) -> bytes:
    groups, declared, start = _declared(code, function)
    spare = Locals(parameters + declared)
    instructions = b"".join(walk(code, function, spare))
    own = code[start : function.locals[1]]
    added = spare.declared()
    return unsigned(groups + len(added)) + own + b"".join(added) + instructions


def _declared(code: bytes, function: Function) -> tuple[int, int, int]:
    """How many groups of locals the function declares, how many locals, and where the first group stands."""
    reader = Reader(code, function.locals[0])
    groups = reader.unsigned()
    start, count = reader.at, 0
    for _ in range(groups):
        count += reader.unsigned()
        reader.byte()
    return groups, count, start
