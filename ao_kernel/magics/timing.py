"""The command that tells what a cell costs."""

import time

from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import magic, refused
from ao_kernel.outputs import Printed, Show
from ao_kernel.rendering import cell_lines, text_of
from ao_kernel.session import Session
from unitstack.errors import AoError

IN_USE = 'return tostring(collectgarbage("count"))'


@magic(
    "%%time",
    "Runs the cell, and tells how long it took with all that it set off, the gas that it burnt, and the process's memory.",
    called="timing",
)
async def _timing(session: Session, cell: MagicCell, show: Show) -> None:
    source = (cell.body or "") if cell.body is not None else cell.argument
    if not source.strip():
        raise refused("%%time wants Lua below it", cell, "`%time` alone is this world's clock")
    before = await _in_use(session)
    line = cell.line + (cell.body is not None)
    began, sent = time.perf_counter(), session.last_sent
    try:
        await session.evaluate(session.source(source, cell_lines(line)), show)
    finally:
        wall = time.perf_counter() - began
        gas = await _gas(session) if session.last_sent is not sent else None
        show(Printed(f"{told(wall, gas, before, await _in_use(session))}\n"))


async def _in_use(session: Session) -> float | None:
    """Kilobytes that the process's Lua holds; None where it does not say."""
    result = await session.dry_run(IN_USE, await session.process())
    try:
        return float(text_of(result.output.data))
    except ValueError:
        return None


async def _gas(session: Session) -> int | None:
    """What the cell's message burnt, and all that it set off."""
    sent = session.last_sent
    assert sent is not None, "asked for once a cell has sent something"
    try:
        events = await session.chronicle.set_off(sent.message)
    except AoError:
        return None
    return sum(event.result.gas_used for event in events if event.result is not None)


def told(wall: float, gas: int | None, before: float | None, after: float | None) -> str:
    """What a cell cost, in a line."""
    span = f"{wall * 1000:.1f} ms" if wall < 1 else f"{wall:.2f} s"
    parts = [f"wall {span}"]
    if gas:
        parts.append(f"gas {gas:,}")
    if after is not None:
        more = f" ({after - before:+,.0f})" if before is not None else ""
        parts.append(f"memory {after:,.0f} KB{more}")
    return ", ".join(parts)
