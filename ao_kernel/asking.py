"""What a cell reads from the person at the keyboard. A process has no keyboard: what is typed becomes a part of the message,
so that whoever replays the log reads the same."""

from collections.abc import Awaitable, Callable

from ao_kernel.outputs import Ask
from ao_kernel.rendering import text_of
from unitstack.program.tokens import code_of
from unitstack.wire.results import EvalResult

Rehearse = Callable[[str], Awaitable[EvalResult]]
"""What the cell would give if that had been typed."""

NOTHING_LEFT = "a process has no standard input to read"
READERS = frozenset(("lines", "read", "stdin"))


def reads(source: str) -> bool:
    """Whether Lua asks `io` for standard input."""
    tokens = code_of(source)
    return any(
        first.text == "io" and dot.text == "." and name.text in READERS
        for first, dot, name in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


async def typed_for(rehearse: Rehearse, ask: Ask) -> str:
    """All that the person types for a cell: it is rehearsed again and again, with one more line each time that it wants
    one."""
    typed = ""
    while NOTHING_LEFT in text_of((result := await rehearse(typed)).error or ""):
        typed += f"{await ask(prompt_of(result))}\n"
    return typed


def prompt_of(result: EvalResult) -> str:
    """What the cell wrote last without ending the line: the question."""
    written = "".join(each.text for each in result.written)
    return written.rpartition("\n")[2]
