"""The command that explains: functions, globals, words of ao, and the commands themselves."""

from ao_kernel.cells import MagicCell
from ao_kernel.errors.hints import did_you_mean
from ao_kernel.language.commands import CELL_NAMES
from ao_kernel.language.help import Topic, find_topic, topics
from ao_kernel.magics.registry import MAGICS, magic, refused
from ao_kernel.outputs import Paged, Show
from ao_kernel.session import Session


@magic(
    "%help [NAME]", "Explains a function, a global, a word of ao's or a magic; NAME? does the same."
)
async def _help(session: Session, cell: MagicCell, show: Show) -> None:
    name = cell.argument.strip()
    topic = await topic_of(session, name) if name else overview()
    if topic is None:
        near = did_you_mean(
            name, (*topics(), *session.names.kinds, *(f"%{known}" for known in MAGICS))
        )
        hint = f"did you mean {near}?" if near else "`%help` lists what there is"
        raise refused(f"there is no help on {name}", cell, hint)
    show(Paged({"text/plain": topic.to_plain(), "text/html": topic.to_html()}))


def overview() -> Topic:
    """All commands, in a table."""
    width = max(len(known.usage) for known in MAGICS.values())
    lines = [f"{known.usage.ljust(width)}  {known.text}" for known in MAGICS.values()]
    return Topic(
        "%help", "Anything else in a cell is Lua for the current process.", "\n".join(lines)
    )


async def topic_of(session: Session, name: str) -> Topic | None:
    """What there is to say about a name here: a magic's use, our page on it, what the process has of that name, or the
    process that is called so."""
    word = name.lstrip("%")
    known = MAGICS.get(CELL_NAMES.get(word, word) if name.startswith("%%") else word)
    if known is not None and name.startswith("%"):
        return known.topic
    kind = session.names.kinds.get(name)
    own = Topic(name, name, f"a {kind} of {session.current}") if kind else None
    written = find_topic(name) or own or await process_topic(session, name)
    return written or (known.topic if known else None)


async def process_topic(session: Session, name: str) -> Topic | None:
    """What a process of that name is, if there is one."""
    process = session.world.find_id(name)
    if process is None:
        return None
    nonce = await session.chronicle.length(process) - 1
    here = "; cells go to it" if name == session.current else ""
    return Topic(name, name, f"a process{here}\nid     {process}\nnonce  {nonce}")
