"""Commands that put a world aside and go back to it, take a process back, and copy one."""

import re

from ao_kernel.ansi import plain
from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import MAGICS, magic, refused, wanted
from ao_kernel.magics.time import counted, local
from ao_kernel.outputs import Printed, Show, Shown, table_bundle
from ao_kernel.session import Session
from ao_kernel.tables import Table
from ao_kernel.travel import bar, fork, restore, rewind, take_snapshot
from unitstack.errors import Interrupted, NotFound, Refused, UnusableFile
from unitstack.wire.durations import moment_text
from unitstack.worlds.rewinding import Rewound
from unitstack.worlds.shelf import Snapshot

FORK = re.compile(r"(?P<parent>\S+)(?:\s+as\s+(?P<name>\S+))?(?:\s+at\s+(?P<nonce>\d+))?")
REWIND = re.compile(r"(?P<process>\S+)\s+(?P<nonce>\d+)")


@magic("%snapshot [NAME]", "Puts the whole world aside under a name; alone it lists what was.")
async def _snapshot(session: Session, cell: MagicCell, show: Show) -> None:
    network = local(session, cell)
    if not cell.argument:
        kept = network.stack.world.snapshots()
        table = _snapshots(kept, sized=network.seed is None)
        show(Shown(table_bundle(table), is_result=True))
        return
    try:
        taken = await take_snapshot(session, cell.argument)
    except Refused as error:
        raise refused(str(error), cell, f"use: {MAGICS['snapshot'].usage}") from error
    when = moment_text(taken.taken.timestamp)
    show(Printed(f"snapshot {taken.name} has the world as it is at {when}\n"))


def _snapshots(kept: tuple[Snapshot, ...], *, sized: bool) -> Table:
    """Their sizes are not the same each time."""
    rows = tuple(
        (each.name, moment_text(each.taken.timestamp), *((_size(each.size),) if sized else ()))
        for each in kept
    )
    headings = ("snapshot", "of", "size") if sized else ("snapshot", "of")
    return Table(headings, rows, "no snapshot yet: `%snapshot NAME` takes one")


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


@magic("%restore NAME", "Goes back to a snapshot: processes, what is owed, the clock, names.")
async def _restore(session: Session, cell: MagicCell, show: Show) -> None:
    network = local(session, cell)
    name = wanted(cell, "a snapshot's name")
    try:
        snapshot = await restore(session, name)
    except NotFound as error:
        known = ", ".join(each.name for each in network.stack.world.snapshots())
        hint = f"there are {known}" if known else "`%snapshot NAME` takes one"
        raise refused(f"there is no snapshot {name}", cell, hint) from error
    except UnusableFile as error:
        raise refused(str(error), cell, "the world goes on as it is") from error
    when = moment_text(snapshot.taken.timestamp)
    current = f"; cells go to {plain(session.current)}" if session.current else ""
    show(Printed(f"the world is as it was at {when}{current}\n"))


@magic(
    "%rewind PROCESS NONCE",
    "Takes a process back to where it was after the message with that nonce; what came after is dropped.",
)
async def _rewind(session: Session, cell: MagicCell, show: Show) -> None:
    network = local(session, cell)
    found = REWIND.fullmatch(wanted(cell, "a process and a nonce"))
    if found is None:
        raise refused(f"{cell.called} wants a process and a nonce", cell, "use: %rewind alice 5")
    process = await session.world.process(found["process"])
    try:
        with bar(session, "rewinding", "messages", show) as shown:
            rewound = await rewind(session, process, int(found["nonce"]), shown)
    except (NotFound, Refused) as error:
        last = await session.chronicle.length(process) - 1
        hint = f"the newest message of {plain(found['process'])} has nonce {last}"
        raise refused(session.world.with_names(str(error)), cell, hint) from error
    except Interrupted as error:
        name = plain(session.world.name_of(process))
        text = (
            f"stopped while the state of {name} was being made: it is rewound to {found['nonce']}"
        )
        raise refused(text, cell, "its state is made when it is next asked for") from error
    name = plain(session.world.name_of(process))
    show(Printed(_rewound(name, rewound, timed=network.seed is None)))


def _rewound(name: str, rewound: Rewound, *, timed: bool) -> str:
    origin = "from its beginning"
    if rewound.memory is not None:
        origin = f"from the memory after message {rewound.memory.nonce}"
    took = f" in {rewound.seconds * 1000:.0f} ms" if timed else ""
    return (
        f"{name} is as it was after message {rewound.nonce}: {counted(rewound.dropped, 'message')} dropped; "
        f"its state was made {origin} with {counted(rewound.repeated, 'message')} repeated{took}\n"
    )


@magic(
    "%fork PROCESS [as NAME] [at NONCE]",
    "A copy of a process, from now or from after a message, that goes its own way.",
)
async def _fork(session: Session, cell: MagicCell, show: Show) -> None:
    local(session, cell)
    found = FORK.fullmatch(wanted(cell, "a process"))
    if found is None:
        raise refused(f"{cell.called} cannot be read", cell, f"use: {MAGICS['fork'].usage}")
    parent = await session.world.process(found["parent"])
    name = found["name"] or _free(session, session.world.name_of(parent))
    nonce = None if found["nonce"] is None else int(found["nonce"])
    try:
        await fork(session, parent, name, nonce)
    except (NotFound, Refused) as error:
        text = session.world.with_names(str(error))
        raise refused(text, cell, f"use: {MAGICS['fork'].usage}") from error
    since = "is now" if nonce is None else f"was after message {nonce}"
    told = f"{plain(name)} begins as {plain(session.world.name_of(parent))} {since}"
    show(Printed(f"{told}; `%use {plain(name)}` sends cells to it\n"))


def _free(session: Session, parent: str) -> str:
    stem = parent if parent.replace("-", "_").isidentifier() else "copy"
    number = 2
    while f"{stem}-{number}" in session.world:
        number += 1
    return f"{stem}-{number}"
