"""What a cell set off, as a small table: who sent what to whom, and how it went."""

from dataclasses import dataclass
from html import escape

from ao_kernel.ansi import plain
from ao_kernel.outputs import Bundle
from ao_kernel.tables import Table, shortened
from unitstack.wire.results import Json

ROWS = 12
HEADINGS = ("from", "to", "action", "data", "outcome")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way, by the names of those that it went between."""

    sender: str
    receiver: str
    action: str
    data: str
    outcome: str
    error: Json = None


def summary_bundle(deliveries: tuple[Delivery, ...], spawned: tuple[str, ...]) -> Bundle:
    """What was set off: a line that counts, and a table below it. It holds nothing that differs from run to run."""
    table = Table(HEADINGS, tuple(_row(delivery) for delivery in deliveries[:ROWS]))
    headline = headline_of(len(deliveries), spawned)
    more = f"and {len(deliveries) - ROWS} more" if len(deliveries) > ROWS else ""
    body = table.to_html() if deliveries else ""
    return {
        "text/plain": "\n".join(
            part for part in (headline, table.to_plain() if deliveries else "", more) if part
        ),
        "text/html": f"<details open><summary>{escape(headline)}</summary>{body}{more}</details>",
    }


def headline_of(messages: int, spawned: tuple[str, ...]) -> str:
    """The line that counts."""
    parts = [f"{messages} message{'' if messages == 1 else 's'}"] if messages else []
    if spawned:
        parts.append(f"spawned {plain(', '.join(spawned))}")
    return f"set off: {', '.join(parts)}"


def _row(delivery: Delivery) -> tuple[str, ...]:
    return (
        plain(delivery.sender),
        plain(delivery.receiver),
        plain(delivery.action),
        shortened(plain(delivery.data), 40),
        shortened(plain(delivery.outcome), 60),
    )
