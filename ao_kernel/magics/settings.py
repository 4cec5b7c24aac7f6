"""Commands that turn something on or off for the session."""

from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import magic, number, refused
from ao_kernel.outputs import Printed, Show
from ao_kernel.session import Session

ENGINES = ("wasm", "lua")
CHOICES = {
    "summary": ("on", "off"),
    "engine": ENGINES,
    "connect": ("local",),
    "time": ("+1h", "+1d", "freeze", "run"),
    "block": ("+1", "+100"),
    "cron": ("run",),
}
"""What can follow a command that chooses."""


@magic("%summary [on|off]", "Whether a cell ends with a table of what it set off.")
async def _summary(session: Session, cell: MagicCell, show: Show) -> None:
    choices = {"on": True, "off": False, "": not session.settings.summary}
    if cell.argument not in choices:
        raise refused(
            f"{cell.called} is on or off, not {cell.argument!r}", cell, "use: %summary [on|off]"
        )
    session.settings.summary = choices[cell.argument]
    show(Printed(f"the summary is {'on' if session.settings.summary else 'off'}\n"))


@magic("%budget [MESSAGES]", "How many messages a cell may set off before it is stopped.")
async def _budget(session: Session, cell: MagicCell, show: Show) -> None:
    session.network.budget = number(cell, session.network.budget)
    show(Printed(f"a cell may set off {session.network.budget} messages\n"))


@magic("%engine [wasm|lua]", "What new processes run on: exact wasm, or Lua, which is quicker.")
async def _engine(session: Session, cell: MagicCell, show: Show) -> None:
    if cell.argument and cell.argument not in ENGINES:
        raise refused(
            f"there is no engine {cell.argument!r}", cell, f"one of: {', '.join(ENGINES)}"
        )
    session.network.engine = cell.argument or session.network.engine
    show(Printed(f"new processes run on {session.network.engine}\n"))


@magic(
    "%live", "Shows what processes print when others' messages make them (as it is at the start)."
)
async def _live(session: Session, cell: MagicCell, show: Show) -> None:
    session.settings.live = True
    show(Printed("live output is on\n"))


@magic("%pause", "Holds live output back.")
async def _pause(session: Session, cell: MagicCell, show: Show) -> None:
    session.settings.live = False
    show(Printed("live output is off; %live turns it on\n"))


@magic("%editor", "A cell is an editor already: Shift+Enter sends it.")
async def _editor(session: Session, cell: MagicCell, show: Show) -> None:
    show(Printed("a cell is an editor already: Shift+Enter sends it\n"))


@magic("%update", "The process's environment comes with the kernel, and is up to date with it.")
async def _update(session: Session, cell: MagicCell, show: Show) -> None:
    show(Printed("the environment comes with the kernel: %reset makes a process with the newest\n"))


@magic("%exit", "Shut the kernel down from the Kernel menu; closing the notebook keeps it.")
async def _exit(session: Session, cell: MagicCell, show: Show) -> None:
    show(Printed("a notebook's kernel is shut down from the Kernel menu\n"))
