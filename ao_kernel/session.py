"""A person's session with an ao network: which units, whose wallet, which process; what a piece of Lua gives there."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ao_kernel.aftermath import Aftermath, Settled
from ao_kernel.asking import reads, typed_for
from ao_kernel.chronicle import Chronicle
from ao_kernel.displaying import as_text
from ao_kernel.errors.failures import Raised, raised
from ao_kernel.errors.recalling import recalled
from ao_kernel.errors.source import CELL
from ao_kernel.language.libraries import with_libraries
from ao_kernel.language.names import Names
from ao_kernel.language.syntax import as_statement, is_expression
from ao_kernel.networks.local import COMPILED, open_network, open_seeded
from ao_kernel.networks.network import Network
from ao_kernel.outputs import Ask, CellFailed, CellOutput, Failed, Printed, Show
from ao_kernel.progress import Bar, followed
from ao_kernel.rendering import Source, render
from ao_kernel.teaching.exercises import Lessons
from ao_kernel.telling.letters import text_bytes
from ao_kernel.world import DEFAULT, World, with_ids
from unitstack.errors import Interrupted
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.messages import Draft, draft_of_eval
from unitstack.wire.results import EvalResult, Outbox
from unitstack.wire.seeds import Seed
from unitstack.wire.tags import Tag

GOES_ON = re.compile(r"\bfunction\b|[Rr]eceive\b")
"""A text that may run once more after its cell has ended, and fail then."""

KEPT = 200
"""Messages of cells that are known for as long as the session goes on."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a cell sent, and what the cell is called, such as `In[7]`."""

    title: str
    message: MessageId


@dataclass(slots=True)
class Settings:
    """What a person has turned on or off."""

    summary: bool = True
    dry: bool = False
    live: bool = True


class View(Protocol):
    """Something on the screen that follows a process."""

    def close(self) -> None:
        """Follows no more."""


class OtherLanguage(Protocol):
    """Runs cells in another language than the processes'."""

    async def run(self, code: str, show: Show) -> None:
        """Runs a cell. Raises CellFailed."""


@dataclass(slots=True)
class Stay:
    """A network that a session is on, and what it knows of it."""

    network: Network
    world: World
    aftermath: Aftermath
    chronicle: Chronicle
    current: str | None = None


class Session:
    """Sends Lua to processes, and shows what it gave and all that it set off."""

    def __init__(self, network: Network, show_live: Show) -> None:
        self.settings = Settings()
        self.views: dict[str, View] = {}
        self.ask: Ask | None = None
        self.python: OtherLanguage | None = None
        self.title = ""
        self.lessons = Lessons()
        self.sent: deque[Sent] = deque(maxlen=KEPT)
        self._show_live = show_live
        self._root: MessageId | None = None
        self._is_stopped = False
        self._news: list[Printed] = []
        self._sources: dict[str, Source] = {}
        self._own = self._enter(self._begun_on(network))

    def _begun_on(self, network: Network) -> Stay:
        world = World(
            network.units,
            network.address,
            is_shared=network.is_shared,
            authority=network.authority,
        )
        chronicle = Chronicle(network.units, world, network.address, is_shared=network.is_shared)
        network.listen(chronicle.tell)
        aftermath = Aftermath(network.units, world, chronicle, self._show_if_live)
        return Stay(network, world, aftermath, chronicle)

    def _enter(self, stay: Stay) -> Stay:
        self.network = stay.network
        self.units = stay.network.units
        self.world = stay.world
        self.aftermath = stay.aftermath
        self.chronicle = stay.chronicle
        self.current = stay.current
        self.names = Names(self._look)
        self.network.resolve_names(self.world.find_id)
        return stay

    async def move(self, network: Network | None) -> None:
        """Goes on on another network; None is the one that the session began on, where all is as it was left."""
        self.names.close()
        for view in tuple(self.views.values()):
            view.close()
        if self.network is self._own.network:
            self._own.current = self.current
        else:
            await self._leave()
        self._enter(self._own if network is None else self._begun_on(network))

    async def _leave(self) -> None:
        self.chronicle.close()
        await self.aftermath.close()
        await self.network.close()

    def _show_if_live(self, output: CellOutput) -> None:
        if self.settings.live:
            self._show_live(output)

    async def spawn(self, name: str, tags: tuple[tuple[str, str], ...] = ()) -> ProcessId:
        """A new process of that name, which from now on is the current one."""
        self.world.check_free(name)
        process = await self.network.spawn(name, tags)
        self.world.add(name, process)
        await self.use(name)
        return process

    async def use(self, name_or_id: str) -> str:
        """Makes a process the current one; answers with its name."""
        process = await self.world.process(name_or_id)
        if self.network.is_shared:
            await self.aftermath.join(process)
            await self.chronicle.join(process)
        else:
            self.aftermath.follow(process)
        self.current = self.world.name_of(process)
        self.names = Names(self._look)
        return self.current

    async def reset(self) -> str:
        """Puts a new process in the place of the current one; answers with its name."""
        name = self.current or DEFAULT
        self.world.forget(name)
        await self.spawn(name)
        return name

    async def process(self) -> ProcessId:
        """The current process; the first time it is spawned."""
        if self.current is None:
            self._news.append(Printed(f"spawned process {DEFAULT}\n"))
            return await self.spawn(DEFAULT)
        return await self.world.process(self.current)

    def source(self, text: str, label: Callable[[int], str]) -> Source:
        """A text to evaluate, with the names that its author could have meant."""
        source = Source(text, label, tuple(self.names.offered), self._sources, self.title)
        if GOES_ON.search(text):
            # Kept without the names, which are many: only who writes a text now could have meant one.
            self._sources[source.chunk] = replace(source, names=())
        return source

    async def evaluate(self, source: Source, show: Show, process: ProcessId | None = None) -> None:
        """Evaluates Lua, shows what it gave, and waits until all that it set off has settled. Raises CellFailed."""
        if self.settings.dry:
            await self.rehearse(source, show)
            return
        self._is_stopped = False
        place = process or await self.process()
        self.names.before(source.text)
        try:
            text = self._prepared(source)
            typed = await self._typed(place, text, source.chunk)
            message = self._root = await self._sent(eval_draft(place, text, source.chunk, typed))
            self.sent.append(Sent(self.title, message))
            async with self._watched("evaluating", show, place):
                result = await self._trusted(place, await self._result(place, message))
            await self._recall(place, raised(result) if result.error is not None else None)
            self._show_result(result, source, show)
            if result.outbox != Outbox() or result.output.waiting:
                async with self._watched("delivering", show):
                    settled = await self._settle(message, place, result)
                for each in settled.deliveries:
                    await self._recall(each.receiver.id, each.failed)
                settled.show(show, source, summary=self.settings.summary)
        finally:
            self._root = None
            self.names.after()

    def _watched(
        self, what: str, show: Show, *places: ProcessId
    ) -> AbstractAsyncContextManager[None]:
        """A bar for what may take long, where a person looks on: in a notebook that nobody runs by hand, outputs are the
        same in each run."""
        if self.ask is None:
            return nullcontext()
        processes = places or tuple(process for _, process in self.world)
        return followed(Bar(what, "messages", show), self.chronicle, processes)

    async def _recall(self, process: str, failed: Raised | None) -> None:
        """Looks for the texts that something failed in, where this session has not sent them."""
        unknown = failed.chunks - self._sources.keys() if failed is not None else frozenset()
        cells = frozenset(chunk for chunk in unknown if chunk.startswith(CELL))
        if cells:
            place, name = ProcessId(TxId(process)), self.world.name_of(process)
            length = await self.chronicle.length(place)
            scheduler = self.units.scheduler
            self._sources |= await recalled(scheduler, place, length, cells, name)

    def _prepared(self, source: Source) -> str:
        text = as_statement(with_ids(source.text, self.world.find_id))
        return with_libraries(text, self.names.kinds)

    async def _typed(self, place: ProcessId, text: str, chunk: str) -> str:
        """What the person types for a cell that reads."""
        if self.ask is None or not reads(text):
            return ""

        async def rehearse(typed: str) -> EvalResult:
            draft = eval_draft(place, text, chunk, typed)
            return await self.units.compute.dry_run(place, draft, sender=self.network.address)

        return await typed_for(rehearse, self.ask)

    async def _trusted(self, place: ProcessId, result: EvalResult) -> EvalResult:
        """What is rich runs in the person's page: only processes of their own may show it, and only here, as units
        elsewhere may write anything. Of others it is shown as text."""
        displays = result.output.displays
        if not displays or (not self.network.is_shared and await self.world.is_own(place)):
            return result
        return replace(result, output=replace(result.output, displays=as_text(displays)))

    @property
    def last_sent(self) -> Sent | None:
        """What a cell has sent last."""
        return self.sent[-1] if self.sent else None

    async def _sent(self, draft: Draft) -> MessageId:
        sending = asyncio.ensure_future(self.network.send(draft))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            sending.add_done_callback(lambda sent: self._leave_behind(draft.target, sent))
            raise

    def _leave_behind(self, place: str, sent: "asyncio.Future[MessageId]") -> None:
        if not sent.cancelled() and sent.exception() is None:
            self.network.withdraw(ProcessId(TxId(place)), sent.result())

    async def _result(self, place: ProcessId, message: MessageId) -> EvalResult:
        try:
            return await self._until_evaluated(place, message)
        except asyncio.CancelledError:
            # Its process was not ready for it, as one that boots is not. Nobody could stop it later.
            self.network.withdraw(place, message)
            self.network.interrupt(message)
            raise

    async def _until_evaluated(self, place: ProcessId, message: MessageId) -> EvalResult:
        try:
            return await self.units.compute.result(place, message)
        except Interrupted as error:
            await self._until_on_record(place, message)
            raise Interrupted("stopped") from error

    async def _until_on_record(self, place: ProcessId, message: MessageId) -> None:
        # Stop may come before the message was begun. Were it left at that, the next cell would have to evaluate it first.
        # So its turn comes now, in which it is only recorded; where nothing can be withdrawn, the repeated Stop ends it.
        self.network.withdraw(place, message)
        while True:
            with suppress(Interrupted):
                await self.units.compute.result(place, message)
                return

    async def rehearse(self, source: Source, show: Show) -> None:
        """Evaluates Lua and shows what it gave; nothing of it is kept, nothing is sent. Raises CellFailed."""
        place = await self.process()
        result = await self.dry_run(self._prepared(source), place, source.chunk)
        result = await self._trusted(place, result)
        self._show_result(result, source, show)

    def _show_result(self, result: EvalResult, source: Source, show: Show) -> None:
        outputs = render(result, source, is_expression)
        failures = [output for output in outputs if isinstance(output, Failed)]
        # A failed cell shows its error alone; the news can wait for the next.
        news = () if failures else tuple(self._news)
        for output in (*news, *(o for o in outputs if not isinstance(o, Failed))):
            show(output)
        if failures:
            raise CellFailed(failures[0])
        self._news.clear()

    async def _settle(self, root: MessageId, sender: ProcessId, result: EvalResult) -> Settled:
        cascade = await self.aftermath.settle(root)
        if self._is_stopped:
            raise Interrupted(
                f"stopped after {cascade.done} messages; what was still owed is dropped"
            )
        return await self.aftermath.tell(cascade, sender, result)

    async def dry_run(self, source: str, process: ProcessId, chunk: str = "") -> EvalResult:
        """What Lua would give; nothing of it is kept."""
        draft = eval_draft(process, source, chunk)
        return await self.units.compute.dry_run(process, draft, sender=self.network.address)

    async def _look(self, source: str) -> EvalResult:
        return await self.dry_run(source, await self.process())

    async def look(self) -> None:
        """Brings the names of the current process up to date."""
        if self.current is not None:
            await self.names.look()

    def interrupt(self) -> None:
        """Stops what runs: the engines, and the messages that are still owed. Called again until the cell has ended."""
        self._is_stopped = True
        self.network.interrupt(self._root)

    async def close(self) -> None:
        """Ends the session, and the stack with it."""
        await self.move(None)
        self.names.close()
        await self._leave()


def eval_draft(process: ProcessId, source: str, chunk: str = "", typed: str = "") -> Draft:
    """The message that evaluates Lua in a process of one's own; the chunk's name is what errors call the text by, and what
    was typed is its standard input."""
    named = (Tag("Chunk-Name", chunk),) if chunk else ()
    read = (Tag("Standard-Input", typed),) if typed else ()
    return draft_of_eval(process, text_bytes(source), *named, *read)


async def open_session(
    data: Path, home: Path | None, show_live: Show, seed: str | None = None
) -> Session:
    """A session on a network of its own: the wallet from the data folder, the world from its home, or a new one; with a
    seed, both from the seed."""
    if seed is not None:
        return Session(await open_seeded(Seed(seed), data / COMPILED), show_live)

    def tell(text: str) -> None:
        show_live(Printed(f"{text}\n", "stderr"))

    return Session(await open_network(data, home, tell), show_live)
