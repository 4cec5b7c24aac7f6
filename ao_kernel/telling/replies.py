"""Answering what lies in a process's inbox, in that process's own name."""

from ao_kernel.errors.failures import message_of, text_of
from ao_kernel.session import Session, eval_draft
from ao_kernel.telling.letters import reply_source
from unitstack.errors import Refused
from unitstack.wire.ids import ProcessId


async def reply(
    session: Session, process: ProcessId, letter: tuple[int, str], action: str, data: str
) -> str:
    """Has the process answer the letter with that number in its inbox, from that sender. Says what was done. Raises Refused
    where it was not."""
    text = reply_source(letter, action, data)
    message = await session.network.send(eval_draft(process, text))
    result = await session.units.compute.result(process, message)
    if result.error is not None:
        raise Refused(f"the reply was not sent: {message_of(text_of(result.error))}")
    await session.units.messenger.settled(message)
    sender = session.world.name_of(letter[1])
    return f"{session.world.name_of(process)} replied to {sender}"
