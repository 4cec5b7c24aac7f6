"""Python cells: a shell beside the process, with the session in it as `ao`."""

import asyncio

from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import magic, refused
from ao_kernel.outputs import Show
from ao_kernel.session import Session


@magic(
    "%%python",
    "Runs Python below it. `ao` is the session there: ao.eval(LUA), ao.send(NAME, Action=...), ao.log(), ao.inbox().",
)
async def _python(session: Session, cell: MagicCell, show: Show) -> None:
    if not (cell.body or "").strip():
        raise refused("%%python wants Python below it", cell, "`ao` is the session there")
    if session.python is None:
        from ao_kernel.python.ao import Ao  # noqa: PLC0415  they bring IPython along
        from ao_kernel.python.shell import Shell  # noqa: PLC0415

        session.python = Shell({"ao": Ao(session, asyncio.get_running_loop())})
    await session.python.run(cell.body or "", show)
