"""Events for tests of the panel."""

from ao_kernel.chronicle import Event
from unitstack.wire.assignments import BlockTime
from unitstack.wire.ids import MessageId, Nonce, ProcessId, TxId
from unitstack.wire.results import EvalResult

ALICE = ProcessId(TxId("a" * 43))
FINE = EvalResult()
NAMES = {"a" * 43: "alice", "b" * 43: "bob", "y" * 43: "you"}


def id_of(letter: str) -> MessageId:
    return MessageId(TxId(letter * 43))


def an_event(
    message: str = "m",
    *,
    root: str | None = None,
    action: str = "Ping",
    time: int = 1,
    result: EvalResult | None = FINE,
    problem: str = "",
) -> Event:
    return Event(
        process=ALICE,
        nonce=Nonce(time),
        message=id_of(message),
        sender="y" * 43,
        action=action,
        data=f"for {'b' * 43}",
        tags=(),
        block=BlockTime(1, time),
        root=id_of(root or message),
        result=result,
        problem=problem,
    )


def name_of(id: str) -> str:
    return NAMES.get(id, id)


class Names:
    """What processes are called in these tests."""

    def name_of(self, id: str) -> str:
        return name_of(id)

    def with_names(self, text: str) -> str:
        for process, name in NAMES.items():
            text = text.replace(process, name)
        return text
