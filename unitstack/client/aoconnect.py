"""What ao's own client, aoconnect, offers, by its names as Python writes them, over any units: here or elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from unitstack.client import drafts, signers
from unitstack.client.drafts import Data, Defaults, Tags, data_of, tags_of
from unitstack.client.signers import Signing
from unitstack.errors import InvalidItem, NotFound
from unitstack.units import Page, Units
from unitstack.wire import keys
from unitstack.wire.addresses import process_address
from unitstack.wire.assignments import Ordinate, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ModuleId, Nonce, ProcessId, TxId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import PLAIN, Draft, Guise
from unitstack.wire.results import EvalResult, Evaluation
from unitstack.wire.tags import Tag, find_all

create_signer = create_data_item_signer = keys.from_jwk
"""A signer from a JWK; whatever has an owner and signs bytes is one as well, and so is a `signers.SigningFunction`."""

STRANGER = Address("1234")
"""Whom a dry run is from where nobody is named."""

_INTERVAL = re.compile(
    r"(?P<count>[1-9][0-9]*)-(?P<unit>millisecond|second|minute|hour|day|month|year|block)(?P<plural>s?)"
)
_DECLARED = (("Data-Protocol", "ao"), ("Type", "Module"))
_NEEDED = ("Module-Format", "Input-Encoding", "Output-Encoding")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent, and its place in its process's log."""

    id: MessageId
    slot: Nonce


@dataclass(frozen=True, slots=True)
class Habits:
    """What a network is used to where a call does not say it: the scheduler and further tags of new processes, and whom dry
    runs are from. Where modules are checked, a process of something that is no module is refused before it is signed."""

    scheduler: Address | None = None
    spawn_tags: tuple[Tag, ...] = ()
    owner: Address = STRANGER
    checks_modules: bool = True


class AoConnect:
    """ao's client on one network. Signers come with each call, as there."""

    def __init__(self, units: Units, habits: Habits | None = None) -> None:
        self.units = units
        self._habits = habits or Habits()
        self._modules = set[ModuleId]()

    async def spawn(
        self,
        *,
        module: ModuleId,
        signer: Signing,
        scheduler: Address | None = None,
        tags: Tags = (),
        data: Data = "",
    ) -> ProcessId:
        """A new process. It trusts the messengers that its `Authority` tags name, and no other. Raises InvalidItem for what
        is no module."""
        named = scheduler or self._habits.scheduler
        if named is None:
            raise InvalidItem(
                "no scheduler is named: give the address of the one that is to order the messages"
            )
        if self._habits.checks_modules:
            await self._check(module)
        draft = Draft(tags=self._completed(tags_of(tags)), data=data_of(data))
        item = await signers.sign(signer, drafts.process(draft, Defaults(module, named)))
        return ProcessId(await self.units.messenger.send(item))

    async def message(
        self,
        *,
        process: ProcessId,
        signer: Signing,
        data: Data = "",
        tags: Tags = (),
        anchor: Data = "",
    ) -> MessageId:
        """Sends a message."""
        item = await self.sign_message(
            process=process, signer=signer, data=data, tags=tags, anchor=anchor
        )
        return await self.units.messenger.send(item)

    async def message_slot(
        self,
        *,
        process: ProcessId,
        signer: Signing,
        data: Data = "",
        tags: Tags = (),
        anchor: Data = "",
    ) -> Sent:
        """Sends a message, and asks the scheduler which place it got: aoconnect's `returnAssignmentSlot`."""
        sent = await self.message(
            process=process, signer=signer, data=data, tags=tags, anchor=anchor
        )
        placed = await self.units.scheduler.message(process, sent)
        return Sent(sent, placed.assignment.nonce)

    async def sign_message(
        self,
        *,
        process: ProcessId,
        signer: Signing,
        data: Data = "",
        tags: Tags = (),
        anchor: Data = "",
    ) -> DataItem:
        """A message that is signed now, to be sent later."""
        draft = Draft(process, tags_of(tags), data_of(data), data_of(anchor))
        return await signers.sign(signer, drafts.message(draft))

    async def send_signed_message(self, item: DataItem) -> MessageId:
        """Sends what was signed before. Raises InvalidItem where the signature is not that of the item."""
        keys.verify(item)
        return await self.units.messenger.send(item)

    async def result(self, *, process: ProcessId, message: MessageId | AssignmentId) -> EvalResult:
        """What the message gave."""
        return await self.units.compute.result(process, message)

    async def results(
        self,
        *,
        process: ProcessId,
        after: Ordinate | None = None,
        until: Ordinate | None = None,
        sort: str = "ASC",
        limit: int = 25,
    ) -> Page[Evaluation]:
        """What the process's messages gave, past a place and not past another; `DESC` is the newest first."""
        return await self.units.compute.results(
            process, after=after, until=until, newest_first=sort == "DESC", limit=limit
        )

    async def dryrun(
        self,
        *,
        process: ProcessId,
        data: Data = "",
        tags: Tags = (),
        anchor: Data = "",
        owner: Address | Signer | None = None,
        guise: Guise = PLAIN,
    ) -> EvalResult:
        """What the process would do with such a message from that owner; leaves no trace."""
        draft = Draft(process, tags_of(tags), data_of(data), data_of(anchor))
        given = self._habits.owner if owner is None else owner
        sender = given if isinstance(given, str) else process_address(given.owner)
        return await self.units.compute.dry_run(
            process, drafts.message(draft), sender=sender, guise=guise
        )

    async def assign(
        self,
        *,
        process: ProcessId,
        message: TxId,
        exclude: Sequence[str] = (),
        base_layer: bool = False,
    ) -> AssignmentId:
        """Has an existing item put into the log of one more process."""
        return await self.units.messenger.assign(
            process, message, exclude=exclude, base_layer=base_layer
        )

    async def monitor(self, *, process: ProcessId) -> None:
        """From now on the process's cron messages are evaluated as they fall due. Anyone may ask for it."""
        await self.units.messenger.monitor(process)

    async def unmonitor(self, *, process: ProcessId) -> None:
        """Ends `monitor`."""
        await self.units.messenger.unmonitor(process)

    async def get_messages(
        self, *, process: ProcessId, after: int | None = None, limit: int = 100
    ) -> Page[ScheduledMessage]:
        """The process's messages with greater numbers, as its scheduler has them."""
        return await self.units.scheduler.messages(process, after=after, limit=limit)

    async def get_last_slot(self, *, process: ProcessId) -> Nonce:
        """The number of the newest message. It is looked for, as schedulers tell what comes after a number, not the end."""
        known, beyond = 0, 1
        while await self._has(process, beyond):
            known, beyond = beyond, beyond * 2
        while beyond - known > 1:
            middle = (known + beyond) // 2
            if await self._has(process, middle):
                known = middle
            else:
                beyond = middle
        return Nonce(known)

    async def get_message_by_id(
        self, *, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        """One message of a process, as its scheduler has it."""
        return await self.units.scheduler.message(process, message)

    def _completed(self, tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
        return (*tags, *(tag for tag in self._habits.spawn_tags if not find_all(tags, tag.name)))

    async def _has(self, process: ProcessId, nonce: int) -> bool:
        page = await self.units.scheduler.messages(process, after=nonce - 1, limit=1)
        return bool(page.items)

    async def _check(self, module: ModuleId) -> None:
        """Once for each: of a module elsewhere the whole code comes along."""
        if module in self._modules:
            return
        try:
            tags = (await self.units.gateway.item(TxId(module))).tags
        except NotFound as error:
            raise NotFound("module", module) from error
        for name, value in _DECLARED:
            if value not in find_all(tags, name):
                raise InvalidItem(f"Tag '{name}': value '{value}' was not found on module {module}")
        for name in _NEEDED:
            if not find_all(tags, name):
                raise InvalidItem(f"Tag '{name}': was not found on module {module}")
        self._modules.add(module)


def serialize_cron(interval: str, tags: Tags = ()) -> tuple[Tag, ...]:
    """The tags of a process that is sent a message with those tags again and again. Raises InvalidItem."""
    found = _INTERVAL.fullmatch(interval)
    if found is None or (found["count"] == "1") == bool(found["plural"]):
        raise InvalidItem(f"a cron interval is such as 1-minute or 10-blocks, not {interval!r}")
    told = (Tag(f"Cron-Tag-{name}", value) for name, value in tags_of(tags))
    return (Tag("Cron-Interval", interval), *told)
