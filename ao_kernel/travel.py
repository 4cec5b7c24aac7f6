"""Takes a session along when its world is another: names, what is followed, what is known of the past."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ao_kernel.networks.local import LocalNetwork
from ao_kernel.outputs import Show
from ao_kernel.progress import progress
from ao_kernel.session import Session
from unitstack.errors import Refused
from unitstack.units import Progress, silent
from unitstack.wire.ids import ProcessId, TxId
from unitstack.worlds.rewinding import Rewound
from unitstack.worlds.shelf import Snapshot


@contextmanager
def bar(session: Session, what: str, unit: str, show: Show) -> Iterator[Progress]:
    """A bar, where it does not matter that how long a thing takes is seen: a world from a seed shows the same each time."""
    if isinstance(session.network, LocalNetwork) and session.network.seed is not None:
        yield silent
        return
    with progress(what, unit, show) as shown:
        yield shown


def own_network(session: Session, what: str) -> LocalNetwork:
    """The session's network, if all of it is in this process. Raises Refused."""
    if not isinstance(session.network, LocalNetwork):
        raise Refused(
            f"{what} is for a network of one's own, and this one is at {session.network.host}: "
            "what others run is not taken back"
        )
    return session.network


async def take_snapshot(session: Session, name: str) -> Snapshot:
    """The world with the names that its processes have here, and which is the current one."""
    world = own_network(session, "a snapshot").stack.world
    note = json.dumps({"names": dict(session.world), "current": session.current})
    return await world.snapshot(name, note)


async def restore(session: Session, name: str) -> Snapshot:
    """Goes back to a snapshot, names included. Raises NotFound, UnusableFile, Refused."""
    snapshot = await own_network(session, "a snapshot").stack.world.restore(name)
    told = json.loads(snapshot.note or "{}")
    names = {name: ProcessId(TxId(tx)) for name, tx in told.get("names", {}).items()}
    await arrive(session, names, told.get("current"))
    return snapshot


async def rewind(
    session: Session, process: ProcessId, nonce: int, bar: Progress = silent
) -> Rewound:
    """Takes a process back to a nonce. Raises NotFound, Refused, EngineError, Interrupted."""
    world = own_network(session, "a rewind").stack.world
    try:
        return await world.rewind(process, nonce, bar)
    finally:
        await arrive(session, dict(session.world), session.current)


async def fork(session: Session, process: ProcessId, name: str, at: int | None) -> ProcessId:
    """A copy of a process under a name of its own. Raises NotFound, Refused, EngineError, Interrupted."""
    network = own_network(session, "a fork")
    session.world.check_free(name)
    copy = await network.stack.fork(process, network.wallet, name, at=at)
    await network.units.compute.result(copy, copy)  # type: ignore[arg-type]  # a process is its own first message
    session.world.add(name, copy)
    await session.aftermath.join(copy)
    return copy


async def arrive(session: Session, names: Mapping[str, ProcessId], current: str | None) -> None:
    """The session goes on in a world in which processes have these names; nothing of the past is shown again."""
    session.world.recall(names)
    session.chronicle.forget()
    await session.aftermath.begin_anew()
    session.current = None
    if current is not None:
        await session.use(current)
