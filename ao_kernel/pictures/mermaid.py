"""The pictures as mermaid text, for pages that draw it themselves: JupyterLab's Markdown, and GitHub's."""

from collections.abc import Iterable, Iterator

from ao_kernel.pictures.deliveries import (
    Delivery,
    Kind,
    Party,
    and_more,
    folded,
    with_few_parties,
)
from ao_kernel.pictures.labels import mermaid_label

MOST = 40
NAME, SAID, DATA, NOTE = 24, 24, 30, 60
ARROWS = {Kind.SPAWN: "-->>", Kind.ASSIGNMENT: "-->>"}


def fenced(diagram: str) -> str:
    """The diagram as a block of Markdown."""
    return f"```mermaid\n{diagram}\n```"


def sequence(deliveries: tuple[Delivery, ...]) -> str:
    """A sequence diagram."""
    shown, more = folded(deliveries, MOST)
    few, parties = with_few_parties(shown)
    lane = {party.id: f"p{index}" for index, party in enumerate(parties)}
    lines = ["sequenceDiagram", *_participants(parties)]
    for each in few:
        lines += _message(each, lane[each.sender.id], lane[each.receiver.id])
    if more:
        lines.append(f"Note over p0,p{len(parties) - 1}: {and_more(more)}")
    return "\n".join(lines)


def _participants(parties: Iterable[Party]) -> Iterator[str]:
    for index, party in enumerate(parties):
        kind = "participant" if party.is_process else "actor"
        yield f"{kind} p{index} as {mermaid_label(party.name, NAME) or 'nobody'}"


def _message(delivery: Delivery, start: str, end: str) -> Iterator[str]:
    arrow = "-x" if delivery.has_failed else ARROWS.get(delivery.kind, "->>")
    said, data = mermaid_label(delivery.said, SAID), mermaid_label(delivery.text, DATA)
    nonce = f" #35;{delivery.nonce}" if delivery.nonce is not None else ""
    yield f"{start}{arrow}{end}: {said}{nonce}{f' {data}' if data else ''}"
    if delivery.note:
        yield f"Note over {end}: {mermaid_label(delivery.note, NOTE)}"
