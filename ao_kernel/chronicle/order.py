"""Messages in the order in which they can be told: none before what it came of, none before those that its process had
earlier. Whatever the clocks of the moment said, the same messages are in the same order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from ao_kernel.chronicle.events import Event, references_of
from unitstack.wire.ids import MessageId, Nonce, ProcessId
from unitstack.wire.tags import find

Key = tuple[ProcessId, Nonce]
Origin = tuple[MessageId, int]
"""The message whose outbox held another, and the place that this had there."""


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events in the order of cause and effect, with their causes as far as these events tell them."""
    given = sorted(events, key=lambda event: (event.block.timestamp, event.nonce))
    origins = _origins(given)
    found = {(each.process, each.nonce): _origin(each, origins) for each in given}
    causes = {event.message: (event.process, event.nonce) for event in reversed(given)}
    known = tuple(
        event
        if (origin := found[event.process, event.nonce]) is None
        else replace(event, cause=origin[0])
        for event in given
    )
    try:
        levels = _levels(known, causes)
    except CycleError:
        # A process can write whatever it likes into what tells its messages apart.
        return known
    return _by_level(known, levels, causes, found)


def untangled(preferred: Iterable[Event]) -> tuple[Event, ...]:
    """The events as nearly in the given order as causes and nonces allow."""
    events = tuple(preferred)
    keys = [(event.process, event.nonce) for event in events]
    rank = {key: index for index, key in enumerate(keys)}
    causes = {event.message: key for event, key in reversed(tuple(zip(events, keys, strict=True)))}
    sorter = TopologicalSorter(_before(events, causes))
    try:
        sorter.prepare()
    except CycleError:
        return events
    told: list[Event] = []
    ready: list[int] = []
    while sorter.is_active():
        for key in sorter.get_ready():
            heappush(ready, rank[key])
        first = heappop(ready)
        told.append(events[first])
        sorter.done(keys[first])
    return tuple(told)


def runs(places: Iterable[tuple[ProcessId, int]]) -> Iterator[tuple[ProcessId, int, int]]:
    """Places in logs as runs of nonces that follow one another: the process, the first nonce and the last."""
    by_process: dict[ProcessId, set[int]] = defaultdict(set)
    for process, nonce in places:
        by_process[process].add(nonce)
    for process, nonces in by_process.items():
        first = last = min(nonces)
        for nonce in sorted(nonces)[1:]:
            if nonce > last + 1:
                yield process, first, last
                first = nonce
            last = nonce
        yield process, first, last


def _origins(events: Iterable[Event]) -> dict[tuple[str, str], Origin]:
    return {
        (event.process, reference): (event.message, place)
        for event in events
        if event.result is not None
        for place, reference in enumerate(references_of(event.result))
    }


def _origin(event: Event, origins: Mapping[tuple[str, str], Origin]) -> Origin | None:
    reference = find(event.tags, "Reference")
    return None if reference is None else origins.get((event.sender, reference))


def _levels(events: tuple[Event, ...], causes: Mapping[MessageId, Key]) -> dict[Key, int]:
    """How many messages at least came before each, by cause or by nonce."""
    before = _before(events, causes)
    levels: dict[Key, int] = {}
    for key in TopologicalSorter(before).static_order():
        levels[key] = 1 + max((levels[each] for each in before[key]), default=-1)
    return levels


def _before(events: tuple[Event, ...], causes: Mapping[MessageId, Key]) -> dict[Key, set[Key]]:
    before: dict[Key, set[Key]] = {(event.process, event.nonce): set() for event in events}
    last: dict[ProcessId, Key] = {}
    for event in sorted(events, key=lambda event: event.nonce):
        key = (event.process, event.nonce)
        if event.process in last:
            before[key].add(last[event.process])
        if event.cause is not None and event.cause in causes:
            before[key].add(causes[event.cause])
        last[event.process] = key
    return before


def _by_level(
    events: tuple[Event, ...],
    levels: Mapping[Key, int],
    causes: Mapping[MessageId, Key],
    origins: Mapping[Key, Origin | None],
) -> tuple[Event, ...]:
    """Level by level; within one in the order of the causes, and of the places in their outboxes."""
    by_level: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_level[levels[event.process, event.nonce]].append(event)
    ranks: dict[Key, int] = {}

    def rank(event: Event) -> tuple[int, int]:
        origin = origins[event.process, event.nonce]
        if origin is None:
            return len(events), 0
        return ranks.get(causes[origin[0]], len(events)), origin[1]

    for level in sorted(by_level):
        for event in sorted(by_level[level], key=rank):
            ranks[event.process, event.nonce] = len(ranks)
    place = {(event.process, event.nonce): event for event in events}
    return tuple(place[key] for key in ranks)
