"""What a person or program does on an ao network: sign, send, wait, look."""

from collections.abc import Sequence

from unitstack.client import drafts
from unitstack.client.drafts import Data, Defaults, Tags, data_of, tags_of
from unitstack.client.process import Process
from unitstack.units import Cascade, Page, Units
from unitstack.wire import messages
from unitstack.wire.addresses import process_address
from unitstack.wire.assignments import Ordinate
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ModuleId, ProcessId, TxId
from unitstack.wire.keys import Signer, sign
from unitstack.wire.messages import Draft
from unitstack.wire.results import EvalResult, Evaluation
from unitstack.wire.seeds import Anchor
from unitstack.wire.tags import Tag


class Client:
    """One wallet on one network. `defaults` are what its new processes get, `anchor` makes what it sends unlike all else."""

    def __init__(
        self,
        units: Units,
        wallet: Signer,
        defaults: Defaults,
        *,
        anchor: Anchor = drafts.random_anchor,
    ) -> None:
        self.units = units
        self.wallet = wallet
        self.defaults = defaults
        self._anchor = anchor

    @property
    def address(self) -> Address:
        """The wallet's, as processes see it."""
        return process_address(self.wallet.owner)

    async def spawn(
        self,
        name: str | None = None,
        *,
        module: ModuleId | None = None,
        tags: Tags = (),
        data: Data = "",
    ) -> Process:
        """A new process, which can be sent to as soon as this returns. Raises InvalidItem, Refused."""
        own = (*_named("Name", name), *_named("Module", module), *tags_of(tags))
        # Its compute unit would say so too, but not before the first message has waited for it.
        messages.check_limits(own)
        item = self.sign(
            drafts.process(Draft(tags=own, data=data_of(data)), self.defaults, self._anchor)
        )
        return Process(self, ProcessId(await self.units.messenger.send(item)), name)

    def process(self, id: ProcessId, name: str | None = None) -> Process:
        """An existing process."""
        return Process(self, id, name)

    async def message(
        self, process: ProcessId, *, data: Data = "", tags: Tags = (), anchor: Data = ""
    ) -> MessageId:
        """Sends a message. What it gave is for `result` to say. Raises InvalidItem, NotFound, Refused."""
        return await self.send(Draft(process, tags_of(tags), data_of(data), data_of(anchor)))

    async def send(self, draft: Draft) -> MessageId:
        """Signs the draft as a message and sends it."""
        return await self.units.messenger.send(self.sign(drafts.message(draft, self._anchor)))

    def sign(self, draft: Draft) -> DataItem:
        """The draft as it is, signed."""
        return sign(self.wallet, draft)

    async def result(self, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        """What the message gave. Raises NotFound, EngineError, Interrupted."""
        return await self.units.compute.result(process, message)

    async def results(
        self,
        process: ProcessId,
        *,
        after: Ordinate | None = None,
        newest_first: bool = False,
        limit: int = 25,
    ) -> Page[Evaluation]:
        """What the process's messages gave, those that failed left out."""
        return await self.units.compute.results(
            process, after=after, newest_first=newest_first, limit=limit
        )

    async def dry_run(
        self,
        process: ProcessId,
        *,
        data: Data = "",
        tags: Tags = (),
        anchor: Data = "",
        at: MessageId | None = None,
    ) -> EvalResult:
        """What the process would do with such a message from this wallet; leaves no trace."""
        draft = Draft(process, tags_of(tags), data_of(data), data_of(anchor))
        whole = drafts.message(draft, self._anchor)
        return await self.units.compute.dry_run(process, whole, sender=self.address, at=at)

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> AssignmentId:
        """Has an existing item put into the log of one more process. Raises NotFound."""
        return await self.units.messenger.assign(
            process, tx, exclude=exclude, base_layer=base_layer
        )

    async def monitor(self, process: ProcessId) -> None:
        """From now on the process's cron messages are evaluated as they fall due."""
        await self.units.messenger.monitor(process)

    async def unmonitor(self, process: ProcessId) -> None:
        """Ends `monitor`. Raises NotFound where the process was not monitored."""
        await self.units.messenger.unmonitor(process)

    async def settled(self, root: MessageId | AssignmentId) -> Cascade:
        """Waits until nothing that the message set off is owed any more."""
        return await self.units.messenger.settled(MessageId(root))


def _named(name: str, value: str | None) -> tuple[Tag, ...]:
    return () if value is None else (Tag(name, value),)
