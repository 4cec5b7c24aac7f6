"""Gas by the reference's prices, for the formats that it meters: the same costs at the same places, but kept in a global of
the module's own instead of being told to the host each time. A call that overdraws it traps at the next loop or function."""

from collections.abc import Iterator, Sequence

from unitstack.engines.wasm_code import own_globals
from unitstack.engines.wasm_code.instructions import Function, instructions_of
from unitstack.engines.wasm_code.interface import (
    Export,
    Kind,
    export_section,
    exports_of,
    imported,
)
from unitstack.engines.wasm_code.rewriting import I64, Locals, Walk, rewritten
from unitstack.engines.wasm_code.sections import (
    END,
    I64_CONST,
    Section,
    SectionId,
    signed,
    unsigned,
)
from unitstack.errors import EngineError

GAS = "ao gas"
LOOP = 0x03
# What telling the host costs by the same prices: a constant and a call.
OVERHEAD = 91
GLOBAL_GET, GLOBAL_SET, I64_SUB, I64_LESS = 0x23, 0x24, 0x7D, 0x53
TRAP_IF = bytes([0x04, 0x40, 0x00, 0x0B])

# if, else, loop, end, br, br_if, br_table, return and memory.grow each end a stretch.
BRANCHES = frozenset((0x03, 0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x40))


def _prices() -> dict[int, int]:
    prices = dict.fromkeys((0x00, 0x01, 0x02, 0x03, 0x04), 1)
    prices |= dict.fromkeys((0x05, 0x0C, 0x0D, 0x0F, 0x10), 90)
    prices |= dict.fromkeys((0x0E, 0x1A, 0x1B, *range(0x20, 0x25), *range(0x28, 0x3F)), 120)
    prices |= {0x11: 10_000, 0x3F: 100, 0x40: 10_000}
    prices |= dict.fromkeys(range(0x41, 0x45), 1)
    for first, last in _ARITHMETIC:
        prices |= dict.fromkeys(range(first, last + 1), 45)
    for base in (0x6D, 0x7F):
        prices |= dict.fromkeys(range(base, base + 4), 36_000)
    for base in (0x74, 0x86):
        prices |= dict.fromkeys(range(base, base + 3), 67)
        prices |= dict.fromkeys((base + 3, base + 4), 90)
    return prices


# Integer comparisons and arithmetic, and those of the floats' operations that share their names with them.
_ARITHMETIC = (
    (0x45, 0x5A),
    (0x5B, 0x5C),
    (0x61, 0x62),
    (0x67, 0x6C),
    (0x71, 0x73),
    (0x79, 0x7E),
    (0x83, 0x85),
    (0x92, 0x94),
    (0xA0, 0xA2),
)
PRICES = _prices()


def metered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The module with what it may still spend as its exported global `GAS`, 0 at first."""
    if any(export.name == GAS for export in exports_of(sections)):
        raise EngineError("the module exports a gas counter of its own")
    number = imported(sections, Kind.GLOBAL) + own_globals.count(sections)
    export = Export(GAS, Kind.GLOBAL, number)
    return rewritten(tuple(_with_counter(sections, export)), _meter(number))


def _with_counter(sections: Sequence[Section], export: Export) -> Iterator[Section]:
    counter = bytes([I64, 1, I64_CONST]) + signed(0) + bytes([END])
    own = own_globals.count(sections)
    for section in sections:
        match section.id:
            case SectionId.GLOBAL:
                kept = section.body[len(unsigned(own)) :]
                yield Section(section.id, unsigned(own + 1) + kept + counter)
            case SectionId.EXPORT:
                if not own:
                    yield Section(SectionId.GLOBAL, unsigned(1) + counter)
                yield export_section((*exports_of(sections), export))
            case _:
                yield section


def _meter(number: int) -> Walk:
    get = bytes([GLOBAL_GET]) + unsigned(number)
    put = bytes([GLOBAL_SET]) + unsigned(number)
    check = get + bytes([I64_CONST]) + signed(0) + bytes([I64_LESS]) + TRAP_IF

    def spend(cost: int) -> bytes:
        return get + bytes([I64_CONST]) + signed(cost) + bytes([I64_SUB]) + put

    def walk(code: bytes, function: Function, _: Locals) -> Iterator[bytes]:
        first, cost, checked = function.instructions[0], 0, True
        for operation, _start, end in instructions_of(code, function):
            cost += PRICES.get(operation, 0)
            if operation in BRANCHES:
                if cost:
                    yield spend(cost + OVERHEAD)
                if checked:
                    yield check
                yield code[first:end]
                first, cost, checked = end, 0, operation == LOOP

    return walk
