"""Runs a cell's text: Lua goes to the session, commands to the magics. Also what front ends ask about a text."""

from dataclasses import dataclass, replace
from typing import Any

from ao_kernel.ansi import plain
from ao_kernel.cells import LuaCell, parse_cell
from ao_kernel.completion import Completion, Known, Place, Wanted, completions, name_at, wanted_at
from ao_kernel.language.help import Topic, find_topic, module_names, topics
from ao_kernel.language.owners import TAGS, owner_before
from ao_kernel.language.syntax import is_expression
from ao_kernel.magics import MAGICS, arguments_of, perform, topic_of
from ao_kernel.outputs import Failed, Show
from ao_kernel.rendering import Source, cell_lines, divided, explained, render, text_of
from ao_kernel.session import Session
from unitstack.errors import Interrupted, Refused

__all__ = ["complete", "explained", "expression", "inspect", "run_code", "stopped", "unopened"]

LATEST = 50
"""Messages whose words are offered."""

TYPES = "_jupyter_types_experimental"


async def run_code(session: Session, code: str, show: Show, number: int | None = None) -> None:
    """Runs what the cell's text asks for, in order; the number is the front end's for the cell. Raises CellFailed,
    AoError."""
    session.title = "" if number is None else f"In[{number}]"
    for cell in parse_cell(code):
        if isinstance(cell, LuaCell):
            await session.evaluate(session.source(cell.source, cell_lines(cell.line)), show)
        else:
            await perform(session, cell, show)


def stopped(code: str) -> Failed:
    """The error of a cell that Stop ended."""
    return explained(Interrupted("stopped"), code)


def unopened(error: BaseException, code: str) -> Failed:
    """The error of a cell whose session could not be opened."""
    failure = explained(error, code)
    if not isinstance(error, Refused):
        return failure
    hint = "hint: close the other kernel, or unset AO_HOME; the next cell tries again"
    return replace(failure, traceback=(*failure.traceback[:-1], hint))


async def expression(session: Session, source: str) -> dict[str, Any]:
    """What Lua would give here and now, as `user_expressions` want it."""
    result = await session.dry_run(source, await session.process())
    if result.error is not None:
        failure = next(
            o for o in render(result, Source(source), is_expression) if isinstance(o, Failed)
        )
        return {
            "status": "error",
            "ename": failure.name,
            "evalue": failure.message,
            "traceback": list(failure.traceback),
        }
    prints, value = divided(result, source, is_expression)
    text = plain(text_of(value or prints or ""))
    return {"status": "ok", "data": {"text/plain": text}, "metadata": {}}


async def complete(session: Session, code: str, cursor: int, *, busy: bool) -> dict[str, Any]:
    """What could stand at the cursor. A busy process is not asked: its names of before are offered."""
    if not busy:
        await session.look()
    wanted = wanted_at(code, cursor)
    start = cursor - len(wanted.prefix)
    seen = Seen() if busy else await seen_by(session, wanted)
    found = completions(wanted, known(session, wanted, seen), code[:start] + code[cursor:])
    texts = [wanted.owner + c.text if wanted.place is Place.MAGIC else c.text for c in found]
    first = start - len(wanted.owner) if wanted.place is Place.MAGIC else start
    types = [_typed(c, text, wanted, (first, cursor)) for c, text in zip(found, texts, strict=True)]
    return {
        "matches": texts,
        "cursor_start": first,
        "cursor_end": cursor,
        "metadata": {TYPES: types},
    }


def _typed(
    completion: Completion, text: str, wanted: Wanted, span: tuple[int, int]
) -> dict[str, Any]:
    path = (
        f"{wanted.owner}.{completion.text}"
        if wanted.place in (Place.FIELD, Place.METHOD)
        else completion.text
    )
    of_module = find_topic(f"{wanted.like}.{completion.text}") if wanted.like else None
    topic = (of_module or find_topic(path)) if completion.kind == "function" else None
    signature = topic.form[len(topic.name) :] if topic is not None else ""
    return {
        "start": span[0],
        "end": span[1],
        "text": text,
        "type": completion.kind,
        "signature": signature,
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """Words of messages that a process has got."""

    tags: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


async def seen_by(session: Session, wanted: Wanted) -> Seen:
    """The words of the current process's latest messages, where the place wants such."""
    process = session.world.find_id(session.current or "")
    if process is None or (wanted.place is not Place.ACTION and wanted.like != TAGS):
        return Seen()
    length = await session.chronicle.length(process)
    events = await session.chronicle.events(process, after=max(-1, length - LATEST), limit=LATEST)
    tags = {tag.name: tag.value for event in events for tag in event.tags}
    actions = dict.fromkeys(event.action for event in events if event.action not in ("", "Eval"))
    return Seen(tuple(tags), tuple(actions))


def known(session: Session, wanted: Wanted, seen: Seen) -> Known:
    """What can be offered at such a place."""
    return Known(
        names={**module_names(), **session.names.offered},
        tags=seen.tags,
        actions=tuple(dict.fromkeys((*seen.actions, *session.names.actions))),
        handlers=session.names.handlers,
        processes=session.world.names,
        magics=tuple(MAGICS),
        arguments={wanted.owner: arguments_of(session, wanted.owner, wanted.prefix)}
        if wanted.place is Place.ARGUMENT
        else {},
    )


async def inspect(session: Session, code: str, cursor: int) -> dict[str, str]:
    """Help on the name that the cursor is at: from our pages, or what the process has of that name."""
    name = name_at(code, cursor)
    topic = (_of_value(name, code, cursor) or await topic_of(session, name)) if name else None
    return {"text/plain": topic.to_plain(), "text/html": topic.to_html()} if topic else {}


def _of_value(name: str, code: str, cursor: int) -> Topic | None:
    """Help on a field of what the text tells the kind of, such as a local that holds a module."""
    owner, _, last = name.rpartition(".")
    end = code.rfind(owner, 0, cursor + len(name)) + len(owner)
    like = owner_before(code[:end]) if owner else ""
    return topics().get(f"{like}.{last}") if like else None
