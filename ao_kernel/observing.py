"""Runs Lua as a cell does, and keeps what it did, so that it can be compared with what was expected."""

from dataclasses import dataclass

from ao_kernel.ansi import plain
from ao_kernel.errors.failures import raised
from ao_kernel.errors.source import Source
from ao_kernel.language.syntax import is_expression
from ao_kernel.outputs import CellFailed, CellOutput, Failed, Printed, Show, Shown
from ao_kernel.pictures.deliveries import Delivery, Kind
from ao_kernel.rendering import divided
from ao_kernel.session import Session
from ao_kernel.teaching.expectations import Expectation, Subject
from ao_kernel.teaching.judging import Post, Seen
from unitstack.wire.ids import MessageId
from unitstack.wire.results import EvalResult

SPAWN = "Spawn"
LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Observed:
    """What a cell did, and the error that it ended with."""

    seen: Seen
    failure: Failed | None = None


async def observe(
    session: Session, source: Source, show: Show, expectations: tuple[Expectation, ...]
) -> Observed:
    """Runs a text and shows what it gives; of inboxes only what is expected is read."""
    outputs: list[CellOutput] = []

    def record(output: CellOutput) -> None:
        outputs.append(output)
        show(output)

    failure, before = None, session.last_sent
    try:
        await session.evaluate(source, record)
    except CellFailed as failed:
        failure = failed.failure
    sent = session.last_sent
    root = sent.message if sent is not None and sent is not before else None
    subjects = {each.subject for each in expectations}
    seen = Seen(
        value=_value(outputs),
        stdout=await _printed(session, source, root) if root else _text(outputs),
        error=failure.message if failure is not None else None,
        messages=await _messages(session, root) if root and Subject.MESSAGES in subjects else (),
        inbox=await _inbox(session) if Subject.INBOX in subjects else (),
    )
    return Observed(seen, failure)


def _value(outputs: list[CellOutput]) -> str | None:
    results = [each for each in outputs if isinstance(each, Shown) and each.is_result]
    return str(results[-1].data["text/plain"]) if results else None


def _text(outputs: list[CellOutput]) -> str:
    printed = (each for each in outputs if isinstance(each, Printed) and each.stream == "stdout")
    return plain("".join(each.text for each in printed))


async def _printed(session: Session, source: Source, root: MessageId) -> str:
    """What the text printed itself: among the outputs there are also words of the kernel's."""
    result: EvalResult = await session.units.compute.result(await session.process(), root)
    if result.error is not None:
        return plain(raised(result).divided[0] or "")
    return plain(divided(result, source.text, is_expression)[0] or "")


async def _messages(session: Session, root: MessageId) -> tuple[Post, ...]:
    found = await session.aftermath.deliveries(root)
    return tuple(_post(each) for each in found if each.message != root)


def _post(each: Delivery) -> Post:
    action = SPAWN if each.kind is Kind.SPAWN else each.action
    return Post(each.sender.name, plain(action), each.receiver.name, plain(each.text))


async def _inbox(session: Session) -> tuple[Post, ...]:
    process = await session.process()
    name = session.world.name_of(process)
    letters = await session.chronicle.inbox(process, LETTERS)
    return tuple(
        Post(session.world.name_of(each.sender), plain(each.action), name, plain(each.data))
        for each in letters
    )
