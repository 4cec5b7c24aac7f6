"""How much one message may set off, and why it is stopped when it sets off more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """What one message may set off: so many messages, so many one after another, for so long."""

    messages: int = 5_000
    depth: int = 1_000
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Spent:
    """What a message has set off by now. `depth` is that of the message which is to go out next."""

    messages: int
    depth: int
    seconds: float


def why_to_stop(budget: Budget, spent: Spent) -> str | None:
    """A sentence with the figures where the next message is one too many, None where it may go out."""
    if spent.messages >= budget.messages:
        return (
            f"one message set off {spent.messages:,} others and more are owed; "
            f"the budget allows {budget.messages:,} messages"
        )
    if spent.depth > budget.depth:
        return (
            f"one message set off a chain of {spent.depth:,} messages, each the answer to the last, "
            f"the budget allows a depth of {budget.depth:,}"
        )
    if spent.seconds > budget.seconds:
        return (
            f"one message set off others for {spent.seconds:,.1f} s ({spent.messages:,} messages), "
            f"the budget allows {budget.seconds:,.1f} seconds"
        )
    return None
