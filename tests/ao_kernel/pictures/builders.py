"""Messages for pictures."""

from ao_kernel.errors.failures import Raised
from ao_kernel.pictures.deliveries import Delivery, Kind, Party

YOU = Party("y" * 43, "you", is_process=False)
ALICE, BOB, CAROL = (Party(name[0] * 43, name) for name in ("alice", "bob", "carol"))


def a_message(
    sender: Party = ALICE,
    receiver: Party = BOB,
    action: str = "Ping",
    data: str = "hello",
    nonce: int | None = 1,
    *,
    waits: int = 0,
    kind: Kind = Kind.MESSAGE,
) -> Delivery:
    return Delivery(sender, receiver, action, data, "ok", nonce=nonce, waits=waits, kind=kind)


def a_failure(sender: Party = ALICE, receiver: Party = BOB, error: str = "boom") -> Delivery:
    return Delivery(sender, receiver, "Ping", "", f"error: {error}", failed=Raised(error), nonce=1)


def a_lost_message(sender: Party = ALICE, receiver: Party = CAROL) -> Delivery:
    return Delivery(sender, receiver, "Ping", "", "not a process here", is_lost=True)


def a_ring(parties: int, messages: int) -> tuple[Delivery, ...]:
    """Messages that go round among so many processes."""
    ring = [Party(f"{number:043}", f"process{number}") for number in range(parties)]
    return tuple(
        a_message(
            ring[number % parties],
            ring[(number * 7 + 3) % parties],
            ("Ping", "Transfer", "Credit-Notice")[number % 3],
            f"message {number}",
            number // parties + 1,
        )
        for number in range(messages)
    )


def a_message_of(data: str) -> Delivery:
    return a_message(data=data)
