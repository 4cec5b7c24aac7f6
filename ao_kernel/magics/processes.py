"""Commands on processes: making, choosing, listing them; their inboxes and logs."""

from ao_kernel.ansi import plain
from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import MAGICS, magic, number, refused, wanted
from ao_kernel.magics.widgets import live_inbox
from ao_kernel.outputs import Printed, Show, Shown, table_bundle
from ao_kernel.rendering import cell_lines
from ao_kernel.session import Session
from ao_kernel.telling.views import inbox_table, process_table
from ao_kernel.world import YOU
from unitstack.errors import Refused

INBOX = 10


@magic("%spawn NAME [Tag=value ...]", "Makes a process, and uses it from now on.")
async def _spawn(session: Session, cell: MagicCell, show: Show) -> None:
    name, *pairs = wanted(cell, "a name for the process").split()
    tags = [pair.partition("=") for pair in pairs]
    strange = next(("".join(tag) for tag in tags if not tag[0] or not tag[1]), None)
    if strange is not None:
        raise refused(
            f"a tag is Name=value, not {strange!r}", cell, f"use: {MAGICS['spawn'].usage}"
        )
    await session.spawn(name, tuple((key, value) for key, _, value in tags))
    show(Printed(f"spawned process {name}; cells go to it from now on\n"))


@magic("%use NAME", "Sends the cells that follow to that process: a name, or an id.")
async def _use(session: Session, cell: MagicCell, show: Show) -> None:
    name = await session.use(wanted(cell, "a process's name or id"))
    owner = await session.world.owner_of(await session.process())
    show(Printed(f"cells go to {name} from now on\n"))
    if owner != YOU:
        show(
            Printed(
                f"{name} belongs to {owner}: it evaluates what {owner} sends, and not your cells\n",
                "stderr",
            )
        )


@magic("%%on NAME", "Sends this cell to that process; those that follow go where they went before.")
async def _on(session: Session, cell: MagicCell, show: Show) -> None:
    process = await session.world.process(wanted(cell, "a process's name or id"))
    if not (cell.body or "").strip():
        raise refused("%%on wants Lua below it", cell, "`%use NAME` is for all cells that follow")
    await session.evaluate(
        session.source(cell.body or "", cell_lines(cell.line + 1)), show, process
    )


@magic(
    "%prompt",
    "What the aos console would show before a line: the process's name, version and inbox.",
)
async def _prompt(session: Session, cell: MagicCell, show: Show) -> None:
    result = await session.dry_run("", await session.process())
    show(Shown({"text/plain": plain(result.output.prompt).strip()}, is_result=True))


@magic("%ps", "The processes that are known here.")
async def _ps(session: Session, cell: MagicCell, show: Show) -> None:
    await session.aftermath.follow_all()
    show(Shown(table_bundle(await process_table(session)), is_result=True))


@magic(
    "%inbox [COUNT | live]",
    "The last messages that no handler of the current process took; live, they are kept up to date.",
)
async def _inbox(session: Session, cell: MagicCell, show: Show) -> None:
    try:
        if cell.argument == "live":
            bundle = await live_inbox(session, await session.process())
        else:
            bundle = table_bundle(await inbox_table(session, number(cell, INBOX)))
    except Refused as error:
        raise refused(str(error), cell, "`%log` lists what it was sent") from error
    show(Shown(bundle, is_result=True))


@magic(
    "%reset",
    "Puts a new process in the place of the current one; the old one goes on without a name.",
)
async def _reset(session: Session, cell: MagicCell, show: Show) -> None:
    name = await session.reset()
    show(Printed(f"{name} is a new process\n"))


@magic(
    "%monitor",
    "From now on the messenger evaluates the current process's cron messages as they fall due.",
)
async def _monitor(session: Session, cell: MagicCell, show: Show) -> None:
    await session.units.messenger.monitor(await session.process())
    show(Printed(f"{session.current} is monitored\n"))


@magic("%unmonitor", "Ends %monitor.")
async def _unmonitor(session: Session, cell: MagicCell, show: Show) -> None:
    await session.units.messenger.unmonitor(await session.process())
    show(Printed(f"{session.current} is not monitored any more\n"))
