"""What a compute unit reads from elsewhere: a process and its module, the log, items that were assigned, blocks."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from unitstack.compute.availability import has_drive, terms_of
from unitstack.compute.program import CAPS, Program, read_program
from unitstack.compute.standing import BEFORE_ALL, Standing
from unitstack.compute.store import PackedMemory
from unitstack.compute.timeline import Boundary, Step, timeline
from unitstack.compute.weave import Headers, Weave, no_headers
from unitstack.engines import envelope
from unitstack.engines.engine import Engine
from unitstack.errors import EngineError, InvalidItem, NotFound, Refused
from unitstack.units import Gateway, Scheduler
from unitstack.wire.assignments import (
    BlockTime,
    CronMessage,
    Ordinate,
    ScheduledMessage,
    next_link,
)
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Nonce, ProcessId, tx_id
from unitstack.wire.messages import (
    Limits,
    Module,
    ModuleFormat,
    Process,
    read_module,
    read_process,
)
from unitstack.wire.results import Json
from unitstack.wire.tags import find

PAGE = 1000
# Processes of earlier blocks may have links that were never checked.
CHAINED_SINCE = 1_440_000
# Names the item that holds the memory which a fork begins with.
FORKED_STATE = "Forked-State"
EXCLUDABLE = ("Data", "Tags", "Signature", "Anchor")

Blocks = Callable[[BlockTime, BlockTime], Awaitable[Sequence[BlockTime]]]
Engines = Callable[[ModuleFormat], Engine]


async def no_blocks(left: BlockTime, right: BlockTime) -> Sequence[BlockTime]:
    """Where no chain is followed, no block is known, and crons that count blocks never fall due."""
    return ()


@dataclass(frozen=True, slots=True)
class ChainView:
    """Who knows the chain that the log is dated by: which blocks lie in between, and what their headers say."""

    blocks: Blocks = no_blocks
    headers: Headers = no_headers


NO_CHAIN = ChainView()


class Sources:
    """Reads through the parts that keep it."""

    def __init__(
        self,
        scheduler: Scheduler,
        gateway: Gateway,
        engines: Engines,
        *,
        caps: Limits = CAPS,
        chain: ChainView = NO_CHAIN,
        vouching: bytes | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._gateway = gateway
        self._engines = engines
        self._caps = caps
        self._chain = chain
        self._vouching = vouching

    async def program(self, id: ProcessId) -> Program:
        """Raises NotFound for a process that its scheduler does not know, EngineError for a module that is missing or
        that no engine runs, Refused where it asks for more than this unit allows."""
        own = await self._scheduler.process(id)
        process = read_process(await self._item_of(own))
        module = read_module(await self._module(process))
        first = await self._scheduler.messages(id, limit=1)
        scheduled = bool(first.items) and str(first.items[0].assignment.message) == id
        log = (own.assignment.block, scheduled)
        program = read_program(process, module, self._engines(module.format), self._caps, log)
        weave = self._weave(process, module)
        return replace(program, cold=await self._cold(process), weave=weave)

    async def steps(
        self,
        program: Program,
        standing: Standing,
        *,
        to: ScheduledMessage | Nonce | None = None,
        until: BlockTime | None = None,
    ) -> AsyncGenerator[Step]:
        """What comes next in the process's timeline, up to `to` or the log's end; with `until` also the cron messages
        that fall due before that. The standing is read again for each page."""
        end = to.assignment.nonce if isinstance(to, ScheduledMessage) else to
        while end is None or standing.nonce < end:
            if isinstance(to, ScheduledMessage) and end == standing.nonce + 1:
                page: tuple[ScheduledMessage, ...] = (to,)
            else:
                page = await self._page(program.process.id, standing.nonce, end)
            if not page:
                break
            blocks = await self._known(program, standing.boundary.block, page[-1].assignment.block)
            crons, left, after = program.crons, standing.boundary, standing.after
            for step in timeline(crons, left, page, blocks=blocks, after=after):
                _check_chain(program, standing, step)
                yield step
        if until is not None and program.crons:
            blocks = await self._known(program, standing.boundary.block, until)
            crons, left, after = program.crons, standing.boundary, standing.after
            for step in timeline(crons, left, (), blocks=blocks, until=until, after=after):
                yield step

    async def standing(self, program: Program, place: Ordinate, block: BlockTime) -> Standing:
        """Where an instance stands whose last evaluation was that one."""
        page = await self._page(program.process.id, Nonce(place.nonce - 1), place.nonce)
        if not page:
            raise NotFound("message", f"{place.nonce} of process {program.process.id}")
        assignment = page[0].assignment
        boundary = Boundary(assignment.nonce, assignment.block)
        return Standing(boundary, block, place, assignment)

    async def read(self, program: Program, step: Step) -> dict[str, Json]:
        """The message as the process sees it. Raises NotFound for an assigned item that no gateway has."""
        if isinstance(step.message, CronMessage):
            return envelope.cron(step.message, program.process)
        if step.message.message is not None:
            return envelope.scheduled(step.message)
        item = await self._gateway.item(step.message.assignment.message)
        return _assigned(step.message, item)

    def _weave(self, process: Process, module: Module) -> Weave | None:
        if not has_drive(module):
            return None
        return Weave(self._gateway, self._chain.headers, terms_of(process, module))

    async def _cold(self, process: Process) -> PackedMemory | None:
        """What a fork begins with. A memory is taken over unchecked, so that of strangers is not."""
        state = find(process.item.tags, FORKED_STATE)
        if state is None or self._vouching is None:
            return None
        item = await self._gateway.item(tx_id(state))
        if item.owner != self._vouching:
            raise Refused(
                f"process {process.id} begins with a state that was not taken here: {state}"
            )
        return PackedMemory(item.data)

    async def _page(
        self, process: ProcessId, nonce: Nonce, end: Nonce | None
    ) -> tuple[ScheduledMessage, ...]:
        limit = PAGE if end is None else min(PAGE, end - nonce)
        after = None if nonce == BEFORE_ALL else nonce
        return (await self._scheduler.messages(process, after=after, limit=limit)).items

    async def _known(
        self, program: Program, left: BlockTime, right: BlockTime
    ) -> Sequence[BlockTime]:
        return await self._chain.blocks(left, right) if program.crons else ()

    async def _item_of(self, own: ScheduledMessage) -> DataItem:
        if own.message is not None:
            return own.message.item
        return await self._gateway.item(own.assignment.message)

    async def _module(self, process: Process) -> DataItem:
        try:
            return await self._gateway.item(process.module)
        except NotFound as error:
            raise EngineError(
                f"module {process.module} of process {process.id} is not known to the gateway"
            ) from error


def _assigned(message: ScheduledMessage, item: DataItem) -> dict[str, Json]:
    """An assigned item without what its assignment excludes; without its tags, no one is known to have pushed it."""
    excluded = [name for name in EXCLUDABLE if name in message.assignment.exclude]
    shown = replace(item, tags=(), signed_tag_bytes=None) if "Tags" in excluded else item
    whole = envelope.scheduled(message, shown)
    return {name: value for name, value in whole.items() if name not in excluded}


def _check_chain(program: Program, standing: Standing, step: Step) -> None:
    """Raises InvalidItem where the log is not the one that its scheduler signed link by link."""
    if not isinstance(step.message, ScheduledMessage) or standing.assignment is None:
        return
    assignment = step.message.assignment
    if program.crons.origin.height < CHAINED_SINCE:
        return
    if assignment.hash_chain != next_link(standing.assignment):
        raise InvalidItem(f"HashChain invalid on message {assignment.message}")
