import pytest

from ao_kernel.asking import prompt_of, reads, typed_for
from unitstack.wire.results import EvalResult, Output, Written


@pytest.mark.parametrize(
    ("source", "does"),
    [
        ("x = io.read()", True),
        ("for line in io.lines() do end", True),
        ("io.stdin:read()", True),
        ('io.write("x")', False),
        ('print("io.read()") -- io.read()', False),
        ("file.read()", False),
    ],
)
def test_a_cell_that_reads_is_told_from_one_that_does_not(source: str, does: bool) -> None:
    assert reads(source) is does


async def test_a_person_is_asked_until_the_cell_has_enough() -> None:
    rehearsed: list[str] = []
    asked: list[str] = []

    async def rehearse(typed: str) -> EvalResult:
        rehearsed.append(typed)
        if typed.count("\n") < 2:
            question = Written("stdout", f"hello\nnumber {typed.count(chr(10)) + 1}? ")
            return EvalResult(
                error="x:1: a process has no standard input to read", written=(question,)
            )
        return EvalResult(output=Output(data="done"))

    async def ask(prompt: str) -> str:
        asked.append(prompt)
        return "abc"

    assert await typed_for(rehearse, ask) == "abc\nabc\n"
    assert asked == ["number 1? ", "number 2? "]
    assert rehearsed == ["", "abc\n", "abc\nabc\n"]


def test_without_a_question_there_is_no_prompt() -> None:
    assert prompt_of(EvalResult(written=(Written("stdout", "a line\n"),))) == ""
