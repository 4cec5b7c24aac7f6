"""The latest traces: what persons sent, and how many messages each has set off. A rule from events to traces."""

from collections import OrderedDict
from collections.abc import Callable, Iterable

from ao_kernel.chronicle import Event
from ao_kernel.panel.messages import Trace
from ao_kernel.panel.telling import LINE, NAME, has_failed

KEPT = 30


class Traces:
    """Counts what each of the latest roots has set off."""

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._name_of = name_of
        self._traces: OrderedDict[str, Trace] = OrderedDict()

    @property
    def all(self) -> list[Trace]:
        """The latest traces, the oldest first."""
        return list(self._traces.values())

    def take(self, events: Iterable[Event]) -> list[Trace]:
        """Counts events that have not been counted before; answers with the traces that have changed by them."""
        changed: dict[str, Trace] = {}
        for event in sorted(events, key=lambda event: event.block.timestamp):
            trace = self._of(event)
            trace["messages"] += 1
            trace["errors"] += has_failed(event)
            if event.message == event.root:
                self._head(trace, event)
            changed[event.root] = trace
        while len(self._traces) > KEPT:
            self._traces.popitem(last=False)
        return [trace for root, trace in changed.items() if root in self._traces]

    def _of(self, event: Event) -> Trace:
        known = self._traces.get(event.root)
        if known is None:
            known = {
                "root": event.root,
                "process": event.process,
                "time": event.block.timestamp,
                "sender": "",
                "receiver": "",
                "action": "",
                "messages": 0,
                "errors": 0,
            }
            self._traces[event.root] = known
            self._head(known, event)
        return known

    def _head(self, trace: Trace, event: Event) -> None:
        """What a trace is called by: its root, or what is known of it first."""
        trace["process"] = event.process
        trace["time"] = event.block.timestamp
        trace["sender"] = self._name_of(event.sender)[:NAME]
        trace["receiver"] = self._name_of(event.process)[:NAME]
        trace["action"] = event.action[:LINE]
