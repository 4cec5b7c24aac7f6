"""Finds the message that last changed a value of a process."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unitstack.units import Progress, Units, silent
from unitstack.wire.assignments import Ordinate
from unitstack.wire.ids import Address, ProcessId
from unitstack.wire.messages import Draft, sender_of
from unitstack.wire.results import EvalResult
from unitstack.worlds.cast import Cast
from unitstack.worlds.difference import Tree
from unitstack.worlds.states import item_of, question, value_of, value_source


@dataclass(frozen=True, slots=True)
class Cause:
    """What changed a value last: the evaluation, and the value before it and after it. Where nothing has changed it since
    the process began, `place` is None. `passed` counts the stretches between two memories that were passed over, because
    the value is the same at both ends."""

    place: Ordinate | None
    before: Tree | str
    after: Tree | str
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Probe:
    """How a value is asked for."""

    process: ProcessId
    draft: Draft
    sender: Address

    def read(self, result: EvalResult) -> Tree | str:
        return value_of(self.process, result)


async def find_cause(
    cast: Cast, process: ProcessId, expression: str, progress: Progress = silent
) -> Cause:
    """Looks at every message since the newest memory, and before that only where the value is another at one memory than at
    the next: what changed and changed back between two of them is passed over. Raises Refused, EngineError, Interrupted."""
    probe = await _probe(cast, process, expression)
    now = probe.read(await cast.compute.dry_run(process, probe.draft, sender=probe.sender))
    ends = cast.compute.memories(process)
    if not ends:
        return Cause(None, now, now)
    after, passed = now, 0
    for number, (start, end) in enumerate(zip(ends[1:], ends[:-1], strict=True), 1):
        before = await _value(cast, probe, start)
        if before != after or number == 1:
            found = await _within(cast, probe, (start, end), before)
            if found is not None:
                return replace(found, passed=passed)
        else:
            passed += 1
        after = before
        progress(number, len(ends) - 1)
    return Cause(None, after, after, passed)


async def _probe(cast: Cast, process: ProcessId, expression: str) -> Probe:
    units = Units(cast.messenger, cast.scheduler, cast.compute, cast.gateway)
    sender = Address(sender_of(await item_of(units, process)))
    return Probe(process, question(process, value_source(expression)), sender)


async def _value(cast: Cast, probe: Probe, at: Ordinate) -> Tree | str:
    ((_, result),) = await cast.compute.trail(probe.process, probe.draft, probe.sender, (at, at))
    return probe.read(result)


async def _within(
    cast: Cast, probe: Probe, span: tuple[Ordinate, Ordinate], before: Tree | str
) -> Cause | None:
    """The last change of the span, if there is one."""
    trail = await cast.compute.trail(probe.process, probe.draft, probe.sender, span)
    return _last(before, [(place, probe.read(result)) for place, result in trail[1:]])


def _last(before: Tree | str, values: Sequence[tuple[Ordinate, Tree | str]]) -> Cause | None:
    found: Cause | None = None
    for place, value in values:
        if value != before:
            found = Cause(place, before, value)
        before = value
    return found
