"""Putting a program into a template: the same bytes every time, sizes as asked, and clear refusals."""

import pytest

from unitstack.build.inject import PAGE, Sizes, inject
from unitstack.build.lua_module import MEGABYTE, Target, lua_module, program, quoted, template
from unitstack.engines.wasm_code.sections import Reader, SectionId, body_of, split
from unitstack.errors import EngineError

SIZES = Sizes(4 * MEGABYTE, 16 * MEGABYTE, 64 * MEGABYTE)


def memory_of(module: bytes) -> tuple[int, int]:
    """The pages that the module starts with, and at most has."""
    reader = Reader(body_of(split(module), SectionId.MEMORY))
    reader.unsigned()
    reader.unsigned()
    return reader.unsigned(), reader.unsigned()


@pytest.mark.parametrize("target", [32, 64])
def test_the_same_program_gives_the_same_bytes(target: Target) -> None:
    first, second = (inject(template(target), b"handle = print", SIZES) for _ in range(2))

    assert first == second


def test_memory_has_the_sizes_that_were_asked_for() -> None:
    assert memory_of(inject(template(32), b"", SIZES)) == (
        16 * MEGABYTE // PAGE,
        64 * MEGABYTE // PAGE,
    )


def test_initial_memory_is_raised_to_hold_program_and_stack() -> None:
    initial, _ = memory_of(
        inject(template(32), b"x" * 5 * MEGABYTE, Sizes(4 * MEGABYTE, PAGE, 64 * MEGABYTE))
    )

    assert initial * PAGE > 9 * MEGABYTE


def test_a_32_bit_module_has_at_most_4_gigabytes() -> None:
    assert memory_of(inject(template(32), b"", Sizes(0, 0, 16384 * MEGABYTE)))[1] == 65_536


def test_a_64_bit_module_may_have_more() -> None:
    assert memory_of(inject(template(64), b"", Sizes(0, 0, 16384 * MEGABYTE)))[1] == 262_144


def test_a_program_that_does_not_fit_is_refused_with_the_figures() -> None:
    with pytest.raises(EngineError, match="1048576 are allowed"):
        inject(template(32), b"", Sizes(0, 0, MEGABYTE))


@pytest.mark.parametrize(
    "text", ["plain", "a ]] b", "ends with ]", "]=] and ]]", "\nstarts with a line"]
)
def test_any_text_can_stand_in_a_long_string(text: str) -> None:
    written = quoted(text)
    bar = written[1 : written.index("[", 1)]

    assert written.startswith(f"[{bar}[\n")
    assert f"]{bar}]" not in (text + f"]{bar}]")[: len(text + bar) + 1]


def test_a_program_lists_its_sources_in_the_order_of_their_names() -> None:
    text = program({"b": "", "a": ""}, "a")

    assert text.index("a]] ]") < text.index("b]] ]")


def test_building_our_modules_needs_no_compiler() -> None:
    assert lua_module({"m": "handle = print"}, "m", sizes=SIZES).startswith(b"\0asm")
