"""Events for tests of what is made of them."""

from ao_kernel.chronicle import Event
from unitstack.wire.assignments import BlockTime
from unitstack.wire.ids import MessageId, Nonce, ProcessId, TxId
from unitstack.wire.results import (
    EvalResult,
    Outbox,
    OutgoingAssignment,
    OutgoingMessage,
    OutgoingSpawn,
    OutgoingTag,
    Output,
)
from unitstack.wire.tags import Tag

NAMES = {"a" * 43: "alice", "b" * 43: "bob", "k" * 43: "kid", "y" * 43: "you"}
ALICE, BOB, KID = (ProcessId(TxId(letter * 43)) for letter in "abk")
YOU = "y" * 43
ROOT = MessageId(TxId("r" * 43))


class Known:
    """Names for a few addresses."""

    def name_of(self, id: str) -> str:
        return NAMES.get(id, f"{id[:6]}…")

    def with_names(self, text: str) -> str:
        for address, name in NAMES.items():
            text = text.replace(address, name)
        return text


def message_id(name: str) -> MessageId:
    return MessageId(TxId(name.ljust(43, "_")))


def an_event(
    process: ProcessId,
    nonce: int,
    sender: str = YOU,
    *,
    action: str = "Ping",
    data: str = "",
    time: int = 0,
    reference: str | None = None,
    root: MessageId = ROOT,
    result: EvalResult | None = None,
    problem: str = "",
    tags: tuple[Tag, ...] = (),
) -> Event:
    """The message of that nonce; it knows nothing of its cause but what its tags say."""
    pushed = () if sender == YOU else (Tag("From-Process", sender),)
    numbered = () if reference is None else (Tag("Reference", reference),)
    return Event(
        process=process,
        nonce=Nonce(nonce),
        message=message_id(f"{NAMES[process]}-{nonce}"),
        sender=sender,
        action=action,
        data=data,
        tags=(*pushed, *numbered, *tags),
        block=BlockTime(1, time),
        root=root,
        result=result,
        problem=problem,
    )


def sending(*references: str, target: str = BOB, waiting: int = 0) -> EvalResult:
    """A result whose outbox holds messages of these references."""
    messages = tuple(
        OutgoingMessage(target, (OutgoingTag("Reference", each),), "", None) for each in references
    )
    return EvalResult(Output(waiting=waiting), Outbox(messages=messages))


def spawning(*references: str) -> EvalResult:
    spawns = tuple(
        OutgoingSpawn((OutgoingTag("Reference", each),), "", None) for each in references
    )
    return EvalResult(outbox=Outbox(spawns=spawns))


def assigning(message: str, *processes: str) -> EvalResult:
    return EvalResult(outbox=Outbox(assignments=(OutgoingAssignment(message, processes),)))
