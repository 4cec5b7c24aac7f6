"""Commands on a world's time: its clock, its blocks, the crons of its processes, the seed that it grows from."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from ao_kernel.ansi import plain
from ao_kernel.cells import MagicCell
from ao_kernel.errors.failures import message_of, text_of
from ao_kernel.magics.registry import magic, refused, wanted
from ao_kernel.networks.local import LocalNetwork, open_seeded
from ao_kernel.outputs import Printed, Show, Shown, labelled, table_bundle
from ao_kernel.session import Session
from ao_kernel.tables import Table
from ao_kernel.travel import bar, own_network
from unitstack.errors import Interrupted, Refused
from unitstack.units import Progress
from unitstack.wire.durations import moment_text, parse_moment, parse_span, span_text
from unitstack.wire.results import Evaluation
from unitstack.wire.seeds import Seed
from unitstack.worlds.passing import Interval
from unitstack.worlds.world import World

Passing = Callable[[Progress], Awaitable[tuple[Evaluation, ...]]]
"""Lets time pass, and answers with the crons that were due."""

TIMES = "use: %time, %time +1d, %time +2h30m, %time 2030-01-01, %time freeze, %time run"
SECOND, HALF_MINUTE = 1000, 30_000


def local(session: Session, cell: MagicCell) -> LocalNetwork:
    """The network, if it is one's own. Raises CellFailed."""
    try:
        return own_network(session, cell.called)
    except Refused as error:
        raise refused(str(error), cell, "`%connect local` goes back to your own") from error


@magic(
    "%time [+SPAN | DAY | freeze | run]",
    "What time it is in this world; lets time pass (+1d, +2h30m, 2030-01-01) with the crons of monitored processes, stops its clock, or lets it go on.",
)
async def _time(session: Session, cell: MagicCell, show: Show) -> None:
    network = local(session, cell)
    clock, asked = network.stack.world.clock, cell.argument
    match asked:
        case "":
            pass
        case "freeze":
            clock.freeze()
        case "run":
            clock.run()
        case _:
            await _pass(session, cell, _passing(cell, network.stack.world), show)
    show(Printed(_clock_text(network)))


def _passing(cell: MagicCell, world: World) -> Passing:
    try:
        if cell.argument.startswith("+"):
            return partial(world.pass_time, parse_span(cell.argument))
        return partial(world.pass_until, parse_moment(cell.argument))
    except Refused as error:
        raise refused(str(error), cell, TIMES) from error


async def _pass(session: Session, cell: MagicCell, passing: Passing, show: Show) -> None:
    world = local(session, cell).stack.world
    try:
        with bar(session, "letting time pass", "seconds", show) as shown:
            ticks = await passing(lambda d, a: shown(d // SECOND, a // SECOND))
    except Refused as error:
        raise refused(
            str(error), cell, "`%snapshot NAME` now, and `%restore NAME` later"
        ) from error
    except Interrupted as error:
        await session.aftermath.catch_up()
        reached = moment_text(world.clock().timestamp)
        raise refused(
            f"stopped: time has passed up to {reached}", cell, "`%time` with the moment goes on"
        ) from error
    await _tell(session, ticks, show)


async def _tell(session: Session, ticks: Sequence[Evaluation], show: Show) -> None:
    """What crons have done; what they printed is shown first."""
    await session.aftermath.catch_up()
    for process in dict.fromkeys(tick.process for tick in ticks):
        own = [tick for tick in ticks if tick.process == process]
        name = plain(session.world.name_of(process))
        failed = [tick for tick in own if tick.result.error is not None]
        show(Printed(f"{name}: {counted(len(own), 'cron message')}\n"))
        if failed:
            problem = message_of(text_of(failed[0].result.error))
            text = f"{len(failed)} of {len(own)} failed, the first: {plain(problem)}"
            show(Printed(labelled(name, text), "stderr"))


def counted(count: int, what: str) -> str:
    """So many of something, in words."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _clock_text(network: LocalNetwork) -> str:
    clock = network.stack.world.clock
    now = clock()
    return f"{moment_text(now.timestamp)}, block {now.height:,}; {_pace(network)}\n"


def _pace(network: LocalNetwork) -> str:
    clock = network.stack.world.clock
    if not clock.dial.runs:
        seeded = "a second passes with each message that you send"
        return seeded if network.seed else "the clock stands still; `%time run` lets it go on"
    ahead = clock.ahead
    if abs(ahead) < HALF_MINUTE:
        return "with the wall clock"
    return f"{span_text(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the wall clock"


@magic("%block [+COUNT]", "The newest block; or lets the time pass in which so many are mined.")
async def _block(session: Session, cell: MagicCell, show: Show) -> None:
    network = local(session, cell)
    if cell.argument:
        count = cell.argument.removeprefix("+")
        if not count.isdecimal():
            raise refused(f"{cell.called} wants a count, not {count!r}", cell, "use: %block +100")
        await _pass(session, cell, partial(network.stack.world.mine, int(count)), show)
    show(Printed(_clock_text(network)))


@magic(
    "%cron [run [PROCESS]]",
    "The crons of all processes, and when they are due; runs what is due by now, monitored or not.",
)
async def _cron(session: Session, cell: MagicCell, show: Show) -> None:
    network = local(session, cell)
    await session.aftermath.follow_all()
    words = cell.argument.split()
    if not words:
        show(Shown(table_bundle(await cron_table(session, network)), is_result=True))
        return
    if words[0] != "run" or len(words) > 2:
        raise refused(
            f"{cell.called} knows run, not {cell.argument!r}", cell, "use: %cron run alice"
        )
    if len(words) == 2:
        processes = [await session.world.process(words[1])]
    else:
        processes = [process for _, process in session.world]
    try:
        ticks = [tick for each in processes for tick in await network.stack.world.tick(each)]
    except Interrupted as error:
        await session.aftermath.catch_up()
        text = "stopped: what was evaluated by then stays, the rest is still due"
        raise refused(text, cell, "`%cron run` goes on") from error
    await _tell(session, ticks, show)
    if not ticks:
        show(Printed("nothing is due; `%time +1h` lets time pass\n"))


async def cron_table(session: Session, network: LocalNetwork) -> Table:
    """Each process's crons with what is next and what was last."""
    now = network.stack.world.clock().timestamp
    rows = [
        _cron_row(name, interval, now)
        for name, process in session.world
        for interval in await network.stack.world.intervals(process)
    ]
    return Table(
        ("process", "cron", "next", "last", "monitored"),
        tuple(rows),
        "no process has a cron: `%spawn clock Cron-Interval=5-minutes Cron-Tag-Action=Tick` makes one",
    )


def _cron_row(name: str, interval: Interval, now: int) -> tuple[str, ...]:
    due = "never" if interval.due is None else moment_text(interval.due)
    if interval.due is not None and interval.due < now:
        due += " (due)"
    last = "" if interval.last is None else moment_text(interval.last.block.timestamp)
    cron = interval.cron.partition("-")[2]
    return (plain(name), plain(cron), due, last, "yes" if interval.monitored else "")


@magic(
    "%seed NUMBER",
    "Goes to a new world that grows from a seed: the same cells give the same outputs, ids and times, each time and anywhere.",
)
async def _seed(session: Session, cell: MagicCell, show: Show) -> None:
    wanted(cell, "a number, or a word")
    before = local(session, cell)
    seeded = await open_seeded(Seed(cell.argument), before.compiled)
    seeded.engine = before.engine
    await session.move(seeded)
    show(
        Printed(
            f"cells go to a new world that grows from seed {cell.argument}; `%connect local` goes back\n"
        )
    )
