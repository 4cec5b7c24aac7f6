"""What goes on between all processes of a session, read from their logs as values for the graph and the timeline."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ao_kernel.chronicle import Event, Facts
from ao_kernel.chronicle.order import in_order, untangled
from ao_kernel.pictures.deliveries import Delivery, Kind, Party, parties_of
from ao_kernel.pictures.topology import Node, Topology, edges_of
from ao_kernel.session import Session
from ao_kernel.telling.tracing import SPAWNED, delivery_of
from ao_kernel.world import YOU
from unitstack.wire.ids import MessageId, ProcessId
from unitstack.wire.tags import find

MANY = 1000
"""The last so many messages of each process are looked at."""


async def topology(session: Session) -> Topology:
    """The processes that are known, and who wrote to whom."""
    facts = await session.chronicle.overview()
    events = [event for each in facts for event in await _last(session, each.process, MANY)]
    deliveries = [delivery_of(event, session.world) for event in in_order(events)]
    written = [each for each in deliveries if each.kind is not Kind.SPAWN]
    processes = {each.process for each in facts}
    others = [party for party in parties_of(written) if party.id not in processes]
    nodes = (*(Node(party) for party in others), *(_node(each, session) for each in facts))
    return Topology(nodes, edges_of(written))


def _node(facts: Facts, session: Session) -> Node:
    known = {process for _, process in session.world} | {session.network.address}

    def party(address: str) -> Party:
        # Nobody knows a messenger by its address, which is another in each new world.
        name = session.world.name_of(address) if address in known else "a messenger"
        return Party(address, name, address in known and name != YOU)

    return Node(
        party=Party(facts.process, facts.name),
        messages=facts.nonce + 1,
        queue=facts.queue,
        waiting=facts.waiting,
        errors=facts.errors,
        crons=facts.crons,
        owner=replace(party(facts.spawner), name=facts.owner),
        trusts=tuple(party(each) for each in facts.authorities),
    )


async def history(
    session: Session, processes: Sequence[ProcessId], most: int = MANY
) -> tuple[Delivery, ...]:
    """The last messages of these processes, or of all where none are named, in the order of their time."""
    wanted = processes or [process for _, process in session.world]
    events = [event for process in wanted for event in await _last(session, process, most)]
    return tuple(delivery_of(event, session.world) for event in _in_time(events))


def _in_time(events: Iterable[Event]) -> Iterable[Event]:
    """One cascade after the other as they began, each in the order of cause and effect: messages that came within one
    moment are told alike each time."""
    given = sorted(events, key=lambda event: (event.block.timestamp, event.nonce))
    births: dict[str, MessageId] = {each.process: each.root for each in given if each.nonce == 0}
    cascades: dict[MessageId, list[Event]] = defaultdict(list)
    for event in given:
        born = find(event.tags, "Process") if event.action == SPAWNED else None
        cascades[births.get(born or "", event.root)].append(event)
    return untangled(event for cascade in cascades.values() for event in in_order(cascade))


async def _last(session: Session, process: ProcessId, count: int) -> tuple[Event, ...]:
    first = await session.chronicle.length(process) - count
    return await session.chronicle.events(
        process, after=first - 1 if first > 0 else None, limit=count
    )
