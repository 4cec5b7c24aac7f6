"""Commands that show what happened: what a cell set off, logs, single messages, who wrote to whom."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ao_kernel.cells import MagicCell
from ao_kernel.errors.hints import did_you_mean
from ao_kernel.magics.registry import MAGICS, magic, refused, wanted
from ao_kernel.magics.widgets import live_timeline, live_trace
from ao_kernel.outputs import Bundle, Show, Shown, table_bundle
from ao_kernel.pictures import graph, mermaid, timeline
from ao_kernel.pictures.deliveries import Delivery
from ao_kernel.rendering import cell_lines
from ao_kernel.session import Session
from ao_kernel.tables import Table
from ao_kernel.telling.maps import history, topology
from ao_kernel.telling.summary import counted
from ao_kernel.telling.traces import Trace
from ao_kernel.telling.views import Asked, anatomy_of, log_table
from unitstack.errors import NotFound
from unitstack.wire.ids import ID_CHARACTERS, MessageId, ProcessId, TxId

LOG = 20
MERMAID, LIVE = "mermaid", "live"
LIVE = "live"
FOLLOWED = "trace"


@magic(
    "%%trace [PROCESS] | %trace [CELL] [mermaid] | %trace live",
    "Runs the cell in the current process or in another, and draws exactly the messages that it set off. %trace draws those "
    "of the last cell again, %trace 7 those of In[7]; mermaid gives the diagram as text that Markdown cells draw. %trace live draws all that goes on.",
)
async def _trace(session: Session, cell: MagicCell, show: Show) -> None:
    if cell.body is None and cell.argument == LIVE:
        show(Shown(await live_trace(session), is_result=True))
    elif cell.body is None:
        await _trace_again(session, cell, show)
    elif cell.body.strip():
        await _trace_cell(session, cell, show)
    else:
        raise refused(
            "%%trace wants Lua below it", cell, "`%trace` draws what the last cell set off"
        )


async def _trace_cell(session: Session, cell: MagicCell, show: Show) -> None:
    process = await _process(session, cell, cell.argument)
    trace = _only_trace(session, Trace(session, show))
    trace.follow()
    try:
        with _without_summary(session):
            source = session.source(cell.body or "", cell_lines(cell.line + 1))
            await session.evaluate(source, show, process)
    finally:
        await trace.draw()
        # In one's own network all has settled now. Elsewhere, messages may still be on their way.
        if not session.network.is_shared:
            trace.close()


def _only_trace(session: Session, trace: Trace) -> Trace:
    """Ends the traces that are followed so far: of one alone is the picture kept up to date."""
    before = session.views.get(FOLLOWED)
    if before is not None:
        before.close()
    session.views[FOLLOWED] = trace
    return trace


@contextmanager
def _without_summary(session: Session) -> Iterator[None]:
    before, session.settings.summary = session.settings.summary, False
    try:
        yield
    finally:
        session.settings.summary = before


async def _trace_again(session: Session, cell: MagicCell, show: Show) -> None:
    words = cell.argument.split()
    strange = next((word for word in words if word != MERMAID and not word.isdecimal()), None)
    if strange is not None or len(words) > 2:
        raise refused(
            f"{cell.called} wants a cell's number, not {cell.argument!r}", cell, USE["trace"]
        )
    number = next((word for word in words if word.isdecimal()), "")
    root = _root(session, cell, number)
    if MERMAID in words:
        show(Shown(_as_mermaid(mermaid.sequence(await session.aftermath.deliveries(root)))))
    elif not await Trace(session, show, root).draw():
        raise refused(f"nothing is known here of what {_named(number)} sent", cell, CONNECTED)


def _root(session: Session, cell: MagicCell, number: str) -> MessageId:
    """What the cell of that number has sent, or the last one. Raises CellFailed."""
    title = f"In[{number}]"
    found = [sent for sent in session.sent if not number or sent.title == title]
    if found:
        return found[-1].message
    known = ", ".join(dict.fromkeys(sent.title for sent in session.sent if sent.title))
    hint = f"those that did are {known}" if known else "a cell with Lua in it sends one"
    raise refused(f"{_named(number)} has sent no message", cell, hint)


def _named(number: str) -> str:
    return f"In[{number}]" if number else "the last cell"


def _as_mermaid(diagram: str) -> Bundle:
    return {"text/plain": diagram, "text/markdown": mermaid.fenced(diagram)}


@magic(
    "%log [NAME] [COUNT] [from=NAME] [action=ACTION] [Tag=value ...]",
    "A process's log: its messages in order, and what each gave. Filters leave those that fit; %log NAME #3 shows the "
    "message with nonce 3 and all its parts.",
)
async def _log(session: Session, cell: MagicCell, show: Show) -> None:
    name, nonce, asked = _log_asked(cell)
    process = await _process(session, cell, name)
    if nonce is not None:
        show(Shown(await _message(session, cell, process, nonce), is_result=True))
        return
    show(Shown(table_bundle(await log_table(session, process, asked)), is_result=True))


def _log_asked(cell: MagicCell) -> tuple[str, int | None, Asked]:
    """The process, the one message of it that is asked for, or which messages. Raises CellFailed."""
    words = cell.argument.split()
    filters = dict(word.split("=", 1) for word in words if "=" in word[1:])
    rest = [word for word in words if "=" not in word[1:]]
    nonces = [word[1:] for word in rest if word.startswith("#")]
    counts = [word for word in rest if word.isdecimal()]
    names = [word for word in rest if not word.isdecimal() and not word.startswith("#")]
    for several in (nonces, counts, names):
        if len(several) > 1:
            raise refused(
                f"{cell.called} does not know what {several[1]!r} is for", cell, USE["log"]
            )
    if nonces and not nonces[0].isdecimal():
        raise refused(f"a nonce is a number, not {nonces[0]!r}", cell, USE["log"])
    asked = Asked(int(counts[0]) if counts else LOG, filters)
    return (names[0] if names else ""), (int(nonces[0]) if nonces else None), asked


@magic(
    "%message ID | [NAME] NONCE",
    "One message with all its parts: the signed item, its assignment and hash chain, what evaluating it gave, what it came "
    "of and what it set off.",
)
async def _message_magic(session: Session, cell: MagicCell, show: Show) -> None:
    words = wanted(cell, "a message's id, or its process and nonce").split()
    if len(words) == 1 and len(words[0]) == ID_CHARACTERS:
        process, nonce = await _place_of(session, MessageId(TxId(words[0])))
    elif len(words) <= 2 and words[-1].lstrip("#").isdecimal():
        process = await _process(session, cell, words[0] if words[1:] else "")
        nonce = int(words[-1].lstrip("#"))
    else:
        raise refused(
            f"%message wants an id or a nonce, not {cell.argument!r}", cell, USE["message"]
        )
    show(Shown(await _message(session, cell, process, nonce), is_result=True))


async def _process(session: Session, cell: MagicCell, name: str) -> ProcessId:
    """The process of that name, or the current one. Raises CellFailed where there is none."""
    try:
        return await (session.world.process(name) if name else session.process())
    except NotFound as error:
        near = did_you_mean(name, session.world.names)
        hint = f"did you mean {near}?" if near else "`%ps` lists those that there are"
        raise refused(f"there is no process {name}", cell, hint) from error


async def _place_of(session: Session, message: MessageId) -> tuple[ProcessId, int]:
    """The first process here that has the message, and its nonce there. Raises NotFound."""
    await session.world.discover()
    for _, process in session.world:
        try:
            event = await session.chronicle.find(process, message)
        except NotFound:
            continue
        return process, event.nonce
    raise NotFound("message", message)


async def _message(session: Session, cell: MagicCell, process: ProcessId, nonce: int) -> Bundle:
    length = await session.chronicle.length(process)
    if nonce >= length:
        name = session.world.name_of(process)
        hint = f"its log ends with #{length - 1}"
        raise refused(f"{name} has no message #{nonce}", cell, hint)
    anatomy = await anatomy_of(session, process, nonce)
    return {"text/plain": anatomy.to_plain(), "text/html": anatomy.to_html()}


@magic(
    "%graph [mermaid]",
    "The processes and who wrote to whom: how often, what waits in a queue or in receive(), who spawned and who trusts whom.",
)
async def _graph(session: Session, cell: MagicCell, show: Show) -> None:
    if cell.argument not in ("", MERMAID):
        raise refused(f"{cell.called} does not know {cell.argument!r}", cell, USE["graph"])
    found = await topology(session)
    if cell.argument == MERMAID:
        show(Shown(_as_mermaid(found.to_mermaid())))
        return
    picture = {"text/plain": found.to_plain(), "image/svg+xml": graph.svg(found)}
    tables = (found.nodes_table(), found.to_table())
    show(Shown(picture))
    show(Shown(_tables(tables)))


@magic(
    "%timeline [live] [PROCESS ...]",
    "The last messages of these processes, or of all, over time and by their nonces, with lines from causes to effects. Live, "
    "it has a slider that goes through the log of one process, the current one unless another is named.",
)
async def _timeline(session: Session, cell: MagicCell, show: Show) -> None:
    live, *names = cell.argument.split() or [""]
    if live == LIVE:
        process = await _process(session, cell, names[0]) if names else await session.process()
        show(Shown(await live_timeline(session, process), is_result=True))
        return
    if cell.argument == LIVE:
        bundle = await live_timeline(session, await session.process())
        show(Shown(bundle, is_result=True))
        return
    wanted = [await _process(session, cell, name) for name in cell.argument.split()]
    found = await history(session, wanted)
    picture = {"text/plain": timeline.to_plain(found), "image/svg+xml": timeline.svg(found)}
    show(Shown(picture))
    show(Shown({**table_bundle(timeline.to_table(found)), "text/plain": _counted(found)}))


def _counted(found: tuple[Delivery, ...]) -> str:
    # Of each run the times are others, and a terminal has shown the messages already.
    return counted(len(found))


def _tables(tables: Iterable[Table]) -> Bundle:
    return {
        "text/plain": "\n\n".join(table.to_plain() for table in tables),
        "text/html": "".join(table.to_html() for table in tables),
    }


CONNECTED = "after `%connect` only what is sent there is known"
USE = {name: f"use: {MAGICS[name].usage}" for name in ("trace", "log", "message", "graph")}
