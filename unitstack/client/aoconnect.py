"""What ao's own client, aoconnect, offers, by its names as Python writes them, over any units: here or elsewhere."""

import asyncio
import re
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, TypeVar

from unitstack.client import drafts
from unitstack.client.drafts import Data, Defaults, Tags, data_of, tags_of
from unitstack.errors import InvalidItem
from unitstack.units import Page, Units
from unitstack.wire import keys
from unitstack.wire.addresses import process_address
from unitstack.wire.assignments import Ordinate, ScheduledMessage
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, AssignmentId, MessageId, ModuleId, Nonce, ProcessId, TxId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Draft
from unitstack.wire.results import EvalResult, Evaluation
from unitstack.wire.tags import Tag

create_signer = create_data_item_signer = keys.from_jwk
"""A signer from a JWK; whatever has an owner and signs bytes is one as well."""

STRANGER = Address("1234")
"""Whom a dry run is from where nobody is named."""

_INTERVAL = re.compile(
    r"(?P<count>[1-9][0-9]*)-(?P<unit>millisecond|second|minute|hour|day|month|year|block)(?P<plural>s?)"
)

T = TypeVar("T")


class AoConnect:
    """ao's client on one network. Signers come with each call, as there."""

    def __init__(self, units: Units) -> None:
        self.units = units

    async def spawn(
        self,
        *,
        module: ModuleId,
        scheduler: Address,
        signer: Signer,
        tags: Tags = (),
        data: Data = "",
    ) -> ProcessId:
        """A new process. It trusts the messengers that its `Authority` tags name, and no other."""
        draft = Draft(tags=tags_of(tags), data=data_of(data))
        item = keys.sign(signer, drafts.process(draft, Defaults(module, scheduler)))
        return ProcessId(await self.units.messenger.send(item))

    async def message(
        self,
        *,
        process: ProcessId,
        signer: Signer,
        data: Data = "",
        tags: Tags = (),
        anchor: Data = "",
    ) -> MessageId:
        """Sends a message."""
        draft = Draft(process, tags_of(tags), data_of(data), data_of(anchor))
        return await self.send_signed_message(self.sign_message(draft, signer))

    def sign_message(self, draft: Draft, signer: Signer) -> DataItem:
        """A message that is signed now, to be sent later."""
        return keys.sign(signer, drafts.message(draft))

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
        sort: str = "ASC",
        limit: int = 25,
    ) -> Page[Evaluation]:
        """What the process's messages gave, past a place; `DESC` is the newest first."""
        return await self.units.compute.results(
            process, after=after, newest_first=sort == "DESC", limit=limit
        )

    async def dryrun(
        self, *, process: ProcessId, draft: Draft, signer: Signer | None = None
    ) -> EvalResult:
        """What the process would do with a message; leaves no trace."""
        sender = STRANGER if signer is None else process_address(signer.owner)
        return await self.units.compute.dry_run(process, drafts.message(draft), sender=sender)

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
        """From now on the process's cron messages are evaluated as they fall due."""
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

    async def _has(self, process: ProcessId, nonce: int) -> bool:
        page = await self.units.scheduler.messages(process, after=nonce - 1, limit=1)
        return bool(page.items)

    async def get_message_by_id(
        self, *, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        """One message of a process, as its scheduler has it."""
        return await self.units.scheduler.message(process, message)


def serialize_cron(interval: str, tags: Tags = ()) -> tuple[Tag, ...]:
    """The tags of a process that is sent a message with those tags again and again. Raises InvalidItem."""
    found = _INTERVAL.fullmatch(interval)
    if found is None or (found["count"] == "1") == bool(found["plural"]):
        raise InvalidItem(f"a cron interval is such as 1-minute or 10-blocks, not {interval!r}")
    told = (Tag(f"Cron-Tag-{name}", value) for name, value in tags_of(tags))
    return (Tag("Cron-Interval", interval), *told)


class Blocking:
    """A client, and what waits for each thing that it is asked. Nothing happens in between."""

    def __init__(self, client: AoConnect, runner: asyncio.Runner) -> None:
        self.client = client
        self._runner = runner

    def wait(self, asked: Coroutine[Any, Any, T]) -> T:
        """What was asked, once it is there."""
        return self._runner.run(asked)


@contextmanager
def blocking(opening: AbstractAsyncContextManager[Units]) -> Iterator[Blocking]:
    """A network for a program that has no event loop: `with blocking(connect(…)) as ao: ao.wait(ao.client.result(…))`."""
    with asyncio.Runner() as runner:
        units = runner.run(_entered(opening))
        try:
            yield Blocking(AoConnect(units), runner)
        finally:
            runner.run(_left(opening))


async def _entered(opening: AbstractAsyncContextManager[Units]) -> Units:
    return await opening.__aenter__()


async def _left(opening: AbstractAsyncContextManager[Units]) -> None:
    await opening.__aexit__(None, None, None)
