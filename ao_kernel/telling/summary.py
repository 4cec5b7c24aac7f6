"""What a cell set off: a line that counts, which unfolds to a table of who sent what to whom, and how it went. Nothing of it
differs from run to run, neither an id nor a time."""

from html import escape
from typing import Literal, TypedDict

from ao_kernel import ansi
from ao_kernel.errors.failures import message_of, text_of
from ao_kernel.outputs import Bundle
from ao_kernel.pictures import plain
from ao_kernel.pictures.deliveries import Delivery, Party, and_more, folded
from ao_kernel.pictures.labels import label
from ao_kernel.tables import Table

ROWS = 12
HEADINGS = ("from", "to", "action", "data", "outcome")

RESULT = "application/vnd.ao.result+json"
"""The same as values, which the lab extension renders."""

TOLD, TEXT = 200, 2000
"""How many messages are told as values, and how much of each text."""


class PartyJson(TypedDict):
    """A process or a wallet. Ids differ from run to run, and the name says it: they are left empty."""

    id: str
    name: str


MessageJson = TypedDict(
    "MessageJson",
    {
        "id": str,
        "process": str,
        "nonce": int | None,
        "from": PartyJson,
        "to": PartyJson,
        "action": str,
        "data": str,
        "outcome": str,
        "error": str,
        "kind": str,
        "waits": int,
    },
)


class ResultJson(TypedDict):
    """What a cell set off. `more` messages are left out."""

    version: Literal[1]
    headline: str
    process: PartyJson | None
    messages: list[MessageJson]
    spawned: list[PartyJson]
    more: int
    gas: int | None


def summary_bundle(deliveries: tuple[Delivery, ...], spawned: tuple[str, ...]) -> Bundle:
    """What was set off, folded to its headline where a front end can fold."""
    headline = headline_of(deliveries, spawned)
    first, left_out = folded(deliveries, ROWS)
    table, more = table_of(first), and_more(left_out)
    drawing = f"<pre>{escape(plain.sequence(deliveries), quote=False)}</pre>"
    body = table.to_html() + more + drawing if deliveries else ""
    folding = f"<details><summary>{escape(headline)}</summary>{body}</details>"
    lines = (headline, table.to_plain() if deliveries else "", more)
    return {
        "text/plain": "\n".join(line for line in lines if line),
        "text/html": folding if body else f"<div>{escape(headline)}</div>",
        RESULT: result_json(deliveries, spawned),
    }


def counted(messages: int) -> str:
    """So many messages, in words."""
    return "1 message" if messages == 1 else f"{messages} messages"


def headline_of(deliveries: tuple[Delivery, ...], spawned: tuple[str, ...]) -> str:
    """The line that counts."""
    errors = sum(each.has_failed for each in deliveries)
    parts = [counted(len(deliveries))] if deliveries else []
    if errors:
        parts.append(f"{errors} failed")
    if spawned:
        parts.append(f"spawned {', '.join(label(name, 40) for name in spawned)}")
    return f"set off: {', '.join(parts)}"


def table_of(deliveries: tuple[Delivery, ...]) -> Table:
    """Who sent what to whom, and how it went."""
    return Table(HEADINGS, tuple(_row(delivery) for delivery in deliveries))


def trace_table(deliveries: tuple[Delivery, ...]) -> Table:
    """The same, numbered as in the picture, and with the nonces."""
    return Table(
        ("", *HEADINGS[:2], "nonce", *HEADINGS[2:]),
        tuple(
            (str(number), *row[:2], "" if each.nonce is None else str(each.nonce), *row[2:])
            for number, (each, row) in enumerate(((each, _row(each)) for each in deliveries), 1)
        ),
        "nothing was sent",
    )


def _row(delivery: Delivery) -> tuple[str, ...]:
    return (
        label(delivery.sender.name, 40),
        label(delivery.receiver.name, 40),
        label(delivery.action, 60),
        label(delivery.data, 40),
        label(delivery.outcome, 60),
    )


def result_json(
    deliveries: tuple[Delivery, ...],
    spawned: tuple[str, ...],
    process: Party | None = None,
    headline: str = "",
) -> ResultJson:
    """The deliveries as values. All text is as it was sent: whoever shows it must not trust it."""
    told, more = folded(deliveries, TOLD)
    return {
        "version": 1,
        "headline": headline or headline_of(deliveries, spawned),
        "process": _party_json(process) if process is not None else None,
        "messages": [_message_json(delivery) for delivery in told],
        "spawned": [{"id": "", "name": name[:TEXT]} for name in spawned],
        "more": more,
        "gas": None,
    }


def _party_json(party: Party) -> PartyJson:
    return {"id": "", "name": party.name[:TEXT]}


def _message_json(delivery: Delivery) -> MessageJson:
    failed = delivery.failed
    error = "" if failed is None else message_of(text_of(failed.error))
    return {
        "id": "",
        "process": "",
        "nonce": delivery.nonce,
        "from": _party_json(delivery.sender),
        "to": _party_json(delivery.receiver),
        "action": delivery.action[:TEXT],
        "data": delivery.data[:TEXT],
        "outcome": delivery.outcome[:TEXT],
        "error": ansi.plain(error[:TEXT]),
        "kind": delivery.kind.value,
        "waits": delivery.waits,
    }
