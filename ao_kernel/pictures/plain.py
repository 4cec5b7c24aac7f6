"""The pictures as plain text: arrows between columns, where they fit on a terminal, and lines of words where they do not."""

from collections.abc import Iterable, Iterator

from ao_kernel.pictures.deliveries import (
    Delivery,
    Kind,
    Party,
    and_more,
    folded,
    with_few_parties,
)
from ao_kernel.pictures.labels import label

MOST = 30
"""Of more messages than these the first are written."""

DRAWN = 76
"""Columns that a drawing may take; what does not fit into them is listed."""

NAME, SAID, NOTE = 16, 24, 60
SHAFTS = {Kind.SPAWN: "=", Kind.ASSIGNMENT: "."}


def sequence(deliveries: tuple[Delivery, ...]) -> str:
    """A sequence diagram in letters. It holds no ids and no times: the same messages are the same text."""
    shown, more = folded(deliveries, MOST)
    few, parties = with_few_parties(shown)
    columns = _columns(few, parties)
    if not columns:
        return "no messages"
    drawn = _drawn(few, parties, columns) if columns[-1] <= DRAWN else _listed(few)
    return "\n".join((*drawn, *((and_more(more),) if more else ())))


def sentences(deliveries: tuple[Delivery, ...], most: int = MOST) -> str:
    """The messages in words, as a screen reader says them."""
    shown, more = folded(deliveries, most)
    said = [_sentence(each) for each in shown]
    return "; ".join((*said, *((and_more(more),) if more else ()))) or "no messages"


def _sentence(delivery: Delivery) -> str:
    sender, receiver = label(delivery.sender.name, NAME), label(delivery.receiver.name, NAME)
    text = f"{sender} to {receiver}: {label(delivery.said, SAID)}"
    return f"{text}, {label(delivery.note, 60)}" if delivery.note else text


def _listed(deliveries: Iterable[Delivery]) -> Iterator[str]:
    for number, each in enumerate(deliveries, 1):
        arrow = f"{label(each.sender.name, NAME)} -> {label(each.receiver.name, NAME)}"
        yield f"{number:>3}  {arrow}: {label(each.said, SAID)}{_note(each)}"


def _columns(deliveries: tuple[Delivery, ...], parties: tuple[Party, ...]) -> tuple[int, ...]:
    """Where each party's column is, so that every name and every label has its room."""
    names = [label(party.name, NAME) for party in parties]
    lane = {party.id: index for index, party in enumerate(parties)}
    columns = [max(1, len(names[0]) // 2)] if names else []
    for right in range(1, len(names)):
        wanted = [columns[-1] + (len(names[right - 1]) + len(names[right])) // 2 + 3]
        for each in deliveries:
            left, end = sorted((lane[each.sender.id], lane[each.receiver.id]))
            said = len(label(each.said, SAID))
            if left == end == right - 1:
                wanted.append(columns[left] + said + 8)
            elif end == right and left != right:
                wanted.append(columns[left] + said + 6)
        columns.append(max(wanted))
    return tuple(columns)


def _drawn(
    deliveries: tuple[Delivery, ...], parties: tuple[Party, ...], columns: tuple[int, ...]
) -> Iterator[str]:
    lane = {party.id: column for party, column in zip(parties, columns, strict=True)}
    heads = ""
    for party, column in zip(parties, columns, strict=True):
        name = label(party.name, NAME)
        heads = heads.ljust(column - len(name) // 2) + name
    yield heads
    for each in deliveries:
        yield _row(each, lane[each.sender.id], lane[each.receiver.id], columns)


def _row(delivery: Delivery, start: int, end: int, columns: tuple[int, ...]) -> str:
    line = [" "] * (columns[-1] + 1)
    for column in columns:
        line[column] = "|"
    said = label(delivery.said, SAID)
    if start == end:
        text = "".join(line).ljust(start + len(said) + 7)
        drawn = text[: start + 1] + f"--. {said}" + text[start + len(said) + 5 :]
        return drawn.rstrip() + _note(delivery)
    left, right = sorted((start, end))
    shaft = f" {said} ".center(right - left - 1, SHAFTS.get(delivery.kind, "-"))
    tip = "x" if delivery.nonce is None else ">" if end > start else "<"
    shaft = shaft[:-1] + tip if end > start else tip + shaft[1:]
    line[left + 1 : right] = shaft
    return "".join(line).rstrip() + _note(delivery)


def _note(delivery: Delivery) -> str:
    nonce = f"  #{delivery.nonce}" if delivery.nonce is not None else ""
    return f"{nonce}  {label(delivery.note, NOTE)}".rstrip() if delivery.note else nonce
