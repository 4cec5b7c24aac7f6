"""Commands for lessons: what is expected of a cell, and the checks of exercises."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ao_kernel.ansi import coloured
from ao_kernel.cells import MagicCell
from ao_kernel.errors.failures import RED
from ao_kernel.errors.hints import did_you_mean
from ao_kernel.magics.registry import MAGICS, magic, refused, wanted
from ao_kernel.networks.local import LocalNetwork
from ao_kernel.observing import observe
from ao_kernel.outputs import CellFailed, CellOutput, Failed, Printed, Show, Shown
from ao_kernel.rendering import cell_lines
from ao_kernel.session import Session
from ao_kernel.teaching.exercises import (
    Exercise,
    Part,
    Verdict,
    headline,
    read_exercise,
    score,
    told,
)
from ao_kernel.teaching.expectations import Expected, Unclear, parse
from ao_kernel.teaching.judging import Shortfall, expects_error, shortfalls
from ao_kernel.travel import restore, take_snapshot

BEFORE = "before-the-check"
"""The name of the snapshot that a check goes back to."""


@magic(
    "%%expect [SUBJECT: EXPECTED]",
    "Runs the cell, and fails it unless it does what is expected. On the magic's line or below it stand value:, stdout:, "
    "error:, json:, messages: alice Ping -> bob, inbox: Ping from bob; /.../ is a regular expression, ... stands for "
    "anything, not denies; then the Lua.",
)
async def _expect(session: Session, cell: MagicCell, show: Show) -> None:
    expected = _expected(cell)
    source = session.source(expected.source, cell_lines(expected.line))
    observed = await observe(session, source, show, expected.expectations)
    failure = observed.failure
    if failure is not None and not expects_error(expected.expectations):
        raise CellFailed(failure)
    if failure is not None:
        show(Printed("\n".join(failure.traceback) + "\n", "stderr"))
    wrong = shortfalls(expected.expectations, observed.seen)
    if wrong:
        raise CellFailed(_not_as_expected(wrong, len(expected.expectations)))
    subjects = dict.fromkeys(each.subject.value for each in expected.expectations)
    show(Printed(f"as expected: {', '.join(subjects)}\n"))


def _expected(cell: MagicCell) -> Expected:
    """What the cell expects of which Lua. Raises CellFailed."""
    if cell.body is None:
        raise refused("%expect stands above a whole cell", cell, "write it %%expect")
    try:
        expected = parse(cell.argument, cell.body, cell.line)
    except Unclear as error:
        raise _unclear(error, cell) from None
    if not expected.expectations:
        raise refused("%%expect wants something to expect", cell, "such as %%expect value: 42")
    if not expected.source.strip():
        raise refused("%%expect wants Lua below it", cell, MAGICS["expect"].usage)
    return expected


def _unclear(error: Unclear, cell: MagicCell) -> CellFailed:
    lines = [cell.typed, *(cell.body or "").split("\n")]
    at = error.line - cell.line
    where = MagicCell(cell.name, "", None, error.line, lines[at] if at < len(lines) else "")
    return refused(str(error), where, f"use: {MAGICS[cell.name].usage}")


def _not_as_expected(wrong: tuple[Shortfall, ...], count: int) -> Failed:
    message = f"{len(wrong)} of {count} expectation{'' if count == 1 else 's'} not met: {wrong[0].expectation.written}"
    lines = [
        line
        for each in wrong
        for line in (
            f"{each.expectation.line:>3} | {each.expectation.written}",
            *(f"      {line}" for line in each.lines),
        )
    ]
    hint = "hint: what the cell showed stands above"
    return Failed(
        "NotAsExpected", message, (f"{coloured('NotAsExpected', RED)}: {message}", *lines, hint)
    )


@magic(
    "%%check NAME",
    "An exercise's check: points: and hint: lines, then parts below lines --- TITLE, each with expectations and Lua that is "
    "run in the reader's process; the world is then as it was before. %check NAME runs it again.",
)
async def _check(session: Session, cell: MagicCell, show: Show) -> None:
    name = wanted(cell, "a name for the check")
    exercise = _given(session, name, cell) if cell.body is None else _read(name, cell)
    session.lessons.given[exercise.name] = exercise
    async with _undone(session):
        verdicts = tuple([await _verdict(session, part) for part in exercise.parts])
    is_right = all(verdict.holds for verdict in verdicts)
    attempt = session.lessons.note(exercise, is_right=is_right)
    title, lines = headline(exercise, verdicts), told(exercise, verdicts, attempt)
    if is_right:
        show(Shown({"text/plain": "\n".join((title, *lines))}))
        return
    name = "CheckFailed" if score(exercise, verdicts) == 0 else "CheckIncomplete"
    raise CellFailed(Failed(name, title, (f"{coloured(name, RED)}: {title}", *lines)))


def _given(session: Session, name: str, cell: MagicCell) -> Exercise:
    found = session.lessons.given.get(name)
    if found is None:
        near = did_you_mean(name, session.lessons.given)
        hint = f"did you mean {near}?" if near else "its %%check cell comes first"
        raise refused(f"no check is called {name}", cell, hint)
    return found


def _read(name: str, cell: MagicCell) -> Exercise:
    try:
        return read_exercise(name, cell.body or "", cell.line)
    except Unclear as error:
        raise _unclear(error, cell) from None


async def _verdict(session: Session, part: Part) -> Verdict:
    source = session.source(part.expected.source, cell_lines(part.expected.line))
    observed = await observe(session, source, _nowhere, part.expected.expectations)
    wrong = shortfalls(part.expected.expectations, observed.seen)
    is_fault = observed.failure is not None and not expects_error(part.expected.expectations)
    return Verdict(part, wrong, observed.failure.message if observed.failure and is_fault else "")


def _nowhere(output: CellOutput) -> None:
    """A check shows its verdict alone."""


@asynccontextmanager
async def _undone(session: Session) -> AsyncIterator[None]:
    """What a check does to the world is taken back, where the world is one's own."""
    if not isinstance(session.network, LocalNetwork):
        yield
        return
    await session.process()
    live, session.settings.live = session.settings.live, False
    await take_snapshot(session, BEFORE)
    try:
        yield
    finally:
        await restore(session, BEFORE)
        session.network.stack.world.drop(BEFORE)
        session.settings.live = live
