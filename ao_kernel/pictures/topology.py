"""Processes, and who wrote to whom: what the graph shows, as values, as text, as a table, and as mermaid."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ao_kernel.pictures.deliveries import Delivery, Party, and_more
from ao_kernel.pictures.labels import label, mermaid_label
from ao_kernel.tables import Table

NAME, ACTIONS = 24, 3


@dataclass(frozen=True, slots=True)
class Node:
    """A process at a glance, or somebody else who wrote. `trusts` are those that it takes pushed messages from."""

    party: Party
    messages: int = 0
    queue: int = 0
    waiting: int = 0
    errors: int = 0
    crons: tuple[str, ...] = ()
    owner: Party | None = None
    trusts: tuple[Party, ...] = ()

    @property
    def has_errors(self) -> bool:
        return self.errors > 0

    @property
    def lines(self) -> tuple[str, ...]:
        """What there is to say about it, line by line."""
        if not self.party.is_process:
            return ()
        told = (
            f"{self.messages} message{'' if self.messages == 1 else 's'}",
            f"{self.queue} in the queue" if self.queue else "",
            f"waits in receive(): {self.waiting}" if self.waiting else "",
            f"cron: {label(', '.join(self.crons), 24)}" if self.crons else "",
            f"✕ {self.errors} failed" if self.errors else "",
        )
        return tuple(line for line in told if line)


@dataclass(frozen=True, slots=True)
class Edge:
    """So many messages from one to another; or a tie of another kind, `spawned` or `trusts`."""

    sender: Party
    receiver: Party
    count: int = 0
    kind: str = "wrote"
    actions: tuple[str, ...] = ()

    @property
    def is_loop(self) -> bool:
        return self.sender.id == self.receiver.id

    @property
    def said(self) -> str:
        """What was written, and how often."""
        more = f", and {len(self.actions) - ACTIONS} more" if len(self.actions) > ACTIONS else ""
        return ", ".join(label(action, NAME) for action in self.actions[:ACTIONS]) + more


@dataclass(frozen=True, slots=True)
class Topology:
    """Who there is, who wrote to whom, and who spawned or trusts whom."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def ties(self) -> tuple[Edge, ...]:
        """Who spawned whom, and who trusts whom, among the processes that are shown."""
        shown = {node.party.id: node.party for node in self.nodes}
        spawned = [
            Edge(shown[node.owner.id], node.party, kind="spawned")
            for node in self.nodes
            if node.owner is not None and node.owner.id in shown and node.owner.is_process
        ]
        trusts = [
            Edge(node.party, shown[each.id], kind="trusts")
            for node in self.nodes
            for each in node.trusts
            if each.id in shown and each.id != node.party.id
        ]
        return (*spawned, *trusts)

    def between(self, one: str, other: str) -> int:
        """How much the two have to do with each other."""
        both = {one, other}
        return sum(
            edge.count + 1
            for edge in self.edges
            if edge.sender.id != edge.receiver.id and {edge.sender.id, edge.receiver.id} == both
        )

    def busiest(self, most: int) -> tuple["Topology", int]:
        """Those that wrote and got the most, in their order, and how many others there are."""
        if len(self.nodes) <= most:
            return self, 0
        weight: Counter[str] = Counter()
        for edge in self.edges:
            weight[edge.sender.id] += edge.count
            weight[edge.receiver.id] += edge.count
        ranked = sorted(self.nodes, key=lambda node: -weight[node.party.id])
        kept = {node.party.id for node in ranked[:most]}
        nodes = tuple(node for node in self.nodes if node.party.id in kept)
        edges = tuple(e for e in self.edges if e.sender.id in kept and e.receiver.id in kept)
        return Topology(nodes, edges), len(self.nodes) - most

    def in_words(self) -> str:
        """What a screen reader says."""
        return self.to_plain().replace("\n", "; ")

    def to_plain(self) -> str:
        """A line for each process, and one for each of those it wrote to."""
        return "\n".join(self._lines()) or "no processes"

    def _lines(self) -> Iterator[str]:
        for node in self.nodes:
            details = ", ".join((*node.lines, *_owned(node)))
            yield (
                f"{label(node.party.name, NAME)}: {details}"
                if details
                else label(node.party.name, NAME)
            )
            for edge in self.edges:
                if edge.sender.id == node.party.id:
                    yield f"  -> {label(edge.receiver.name, NAME)}: {edge.said}"

    def to_table(self) -> Table:
        """Who wrote to whom."""
        headings = ("from", "to", "messages", "actions")
        rows = tuple(
            (
                label(edge.sender.name, NAME),
                label(edge.receiver.name, NAME),
                str(edge.count),
                edge.said,
            )
            for edge in self.edges
        )
        return Table(headings, rows, "nobody wrote to anybody")

    def nodes_table(self) -> Table:
        """What there is to say about each process."""
        headings = (
            "process",
            "messages",
            "queue",
            "waiting",
            "failed",
            "cron",
            "owner",
            "trusts",
        )
        return Table(
            headings, tuple(_row(n) for n in self.nodes if n.party.is_process), "no processes"
        )

    def to_mermaid(self, most: int = 40) -> str:
        """A graph as mermaid text."""
        few, more = self.busiest(most)
        name = {node.party.id: f"p{index}" for index, node in enumerate(few.nodes)}
        lines = ["flowchart LR"]
        for node in few.nodes:
            text = "<br/>".join(mermaid_label(t, NAME) for t in (node.party.name, *node.lines))
            shape = '["{}"]' if node.party.is_process else '(["{}"])'
            lines.append(f"{name[node.party.id]}{shape.format(text)}")
        lines += [
            f"{name[edge.sender.id]} -->|{edge.count}| {name[edge.receiver.id]}"
            for edge in few.edges
        ]
        lines += [
            f"{name[tie.sender.id]} -.->|{tie.kind}| {name[tie.receiver.id]}" for tie in few.ties
        ]
        return "\n".join((*lines, *((f"more[{and_more(more)}]",) if more else ())))


def _owned(node: Node) -> Iterator[str]:
    if node.owner is not None and node.owner.is_process:
        yield f"spawned by {label(node.owner.name, NAME)}"


def _row(node: Node) -> tuple[str, ...]:
    return (
        label(node.party.name, NAME),
        str(node.messages),
        str(node.queue),
        str(node.waiting),
        str(node.errors),
        label(", ".join(node.crons), NAME),
        label(node.owner.name, NAME) if node.owner is not None else "",
        ", ".join(label(party.name, NAME) for party in node.trusts),
    )


def edges_of(deliveries: Iterable[Delivery]) -> tuple[Edge, ...]:
    """Who wrote to whom, how often and what, in the order of the first message."""
    counts: Counter[tuple[str, str]] = Counter()
    parties: dict[str, Party] = {}
    actions: dict[tuple[str, str], Counter[str]] = {}
    for each in deliveries:
        key = each.sender.id, each.receiver.id
        parties |= {each.sender.id: each.sender, each.receiver.id: each.receiver}
        counts[key] += 1
        actions.setdefault(key, Counter())[each.said] += 1
    return tuple(
        Edge(
            parties[sender],
            parties[receiver],
            count,
            actions=tuple(_counted(*pair) for pair in actions[sender, receiver].most_common()),
        )
        for (sender, receiver), count in counts.items()
    )


def _counted(action: str, count: int) -> str:
    return action if count == 1 else f"{count} {action}"
