"""The scheduler unit: takes signed items, gives each the next place of its process, and keeps the logs."""

import logging
import os
from collections.abc import Callable, Sequence

from unitstack.errors import Duplicate, NotFound, Refused
from unitstack.scheduler.hand_over import HandOver, Settle, Shelve
from unitstack.scheduler.schedule import check_settled, later, next_assignment, read_for
from unitstack.scheduler.store import ScheduleStore
from unitstack.units import Clock, Gateway, Page
from unitstack.wire.assignments import Assignment, BlockTime, ScheduledMessage, read_assignment
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import ID_BYTES, Address, AssignmentId, MessageId, ProcessId, TxId, tx_id
from unitstack.wire.keys import Wallet, sign
from unitstack.wire.messages import Message
from unitstack.wire.seeds import Anchor
from unitstack.wire.vouched import Vouched

_log = logging.getLogger(__name__)
_START = BlockTime(0, 0)


def random_anchor() -> bytes:
    """Bytes that nobody else has."""
    return os.urandom(ID_BYTES)


class SchedulerUnit:
    """Plays `Scheduler` here. It takes processes whose Scheduler tag names its wallet (with `any_scheduler`, all), and
    messages for processes that it has taken. Its listeners are told of each process whose log has grown.
    `anchor` may be set: it makes its assignments unlike all others."""

    def __init__(
        self,
        store: ScheduleStore,
        wallet: Wallet,
        clock: Clock,
        gateway: Gateway,
        *,
        vouched: Vouched | None = None,
        any_scheduler: bool = False,
    ) -> None:
        self._store = store
        self._wallet = wallet
        self._clock = clock
        self._latest = _START
        self._gateway = gateway
        self._vouched = vouched or Vouched()
        self.anchor: Anchor = random_anchor
        self._wanted = None if any_scheduler else wallet.address
        self.listeners: list[Callable[[ProcessId], None]] = []
        self._hand_over = HandOver(store, gateway, self._vouched)

    @property
    def address(self) -> Address:
        """What a process's Scheduler tag names."""
        return self._wallet.address

    async def schedule(self, item: DataItem) -> Assignment:
        self._vouched.verify(item)
        message = read_for(self._wanted, item)
        assignment = self._append_sent(message)
        await self._hand_over.begin()
        return assignment

    async def assign(
        self, process: ProcessId, tx: TxId, *, exclude: Sequence[str] = (), base_layer: bool = False
    ) -> Assignment:
        """Raises Refused for an item of the base layer that is not settled as deep as the process asks for."""
        if tx == process:
            raise Refused(f"process {process} cannot be assigned to itself: it begins its own log")
        if base_layer:
            await self._check_settled(process, tx)
        elif self._store.find_item(tx_id(tx)) is None:
            await self._gateway.item(tx)
        assignment = self._append_assigned(process, tx, exclude)
        await self._hand_over.begin()
        return assignment

    async def process(self, id: ProcessId) -> ScheduledMessage:
        found = self._store.find_process(id)
        if found is None:
            raise NotFound("process", id)
        return found

    async def message(
        self, process: ProcessId, message: MessageId | AssignmentId
    ) -> ScheduledMessage:
        found = self._store.find(process, message)
        if found is None:
            raise NotFound("message", message)
        return found

    async def messages(
        self, process: ProcessId, *, after: int | None = None, limit: int = 1000
    ) -> Page[ScheduledMessage]:
        """The cursor is the last nonce of the page. Raises NotFound for an unknown process."""
        if limit < 1:
            raise Refused(f"limit is {limit}, at least 1 is needed")
        found = self._store.after(process, -1 if after is None else after, limit + 1)
        if not found and self._store.find_process(process) is None:
            raise NotFound("process", process)
        items = found[:limit]
        return Page(items, str(items[-1].assignment.nonce) if len(found) > limit else None)

    async def last(self, process: ProcessId) -> Assignment:
        """The end of the process's log. Raises NotFound."""
        found = self._store.find_last(process)
        if found is None:
            raise NotFound("process", process)
        return found

    async def now(self) -> BlockTime:
        """Never goes back. A process to which much is sent at once may be some milliseconds ahead."""
        return self._now()

    async def catch_up(self) -> None:
        """Hands over to the gateway what it was not given before a restart."""
        await self._hand_over.finish()

    def hand_over_through(self, shelve: Shelve) -> Settle:
        """From now on the gateway is given many items at once through this, which costs much less than each by itself. The
        gateway calls what is returned before it answers anyone: then it has all."""
        self._hand_over.shelve = shelve
        return self._hand_over.settle

    def reread(self) -> None:
        """Another state was put into its tables, from a time that may be earlier."""
        self._hand_over.forget()
        self._store.reread()
        self._latest = _START

    def ids(self, process: ProcessId, nonce: int) -> tuple[str, ...]:
        """Those of the messages that come after that nonce in the process's log, and of their assignments."""
        return self._store.ids(process, nonce)

    def check_cut(self, process: ProcessId) -> None:
        """Raises Refused where the gateway has not been given all that the log of the process may lose."""
        self._hand_over.settle()
        if self._store.find_entry(self._store.handed_over + 1) is not None:
            raise Refused(
                f"process {process} cannot go back yet: the gateway is away, and has not been given all"
            )

    def cut(self, process: ProcessId, nonce: int) -> int:
        """Drops what comes after that nonce from the process's log, for good; how many messages that were. The gateway keeps
        the items, for they were published; after `catch_up` it has them. Raises Refused where it does not."""
        self.check_cut(process)
        self._hand_over.forget()
        return self._store.cut(process, nonce)

    async def close(self) -> None:
        await self._hand_over.stop()
        self._store.close()

    async def _check_settled(self, process: ProcessId, tx: TxId) -> None:
        message = (await self.process(process)).message
        assert message is not None, "a process is its own first message"
        check_settled(message.item, tx, await self._gateway.confirmations(tx_id(tx)))

    # There is no await in the next two: what is read of the log's end holds until the message is appended.

    def _append_sent(self, message: Message) -> Assignment:
        with self._store.appending():
            process, sent = message.process, message.item.id
            nonce = self._store.find_nonce(process, sent)
            if nonce is not None:
                reason = f"is in process {process} already, its nonce is {nonce}"
                raise Duplicate(f"message {sent} {reason}")
            last = self._store.find_last(process)
            if last is None and sent != process:
                raise NotFound("process", process)
            assignment = self._append(last, process, sent, message)
        self._tell(process)
        return assignment

    def _append_assigned(self, process: ProcessId, tx: TxId, exclude: Sequence[str]) -> Assignment:
        with self._store.appending():
            last = self._store.find_last(process)
            if last is None:
                raise NotFound("process", process)
            assignment = self._append(last, process, tx, None, exclude)
        self._tell(process)
        return assignment

    def _append(
        self,
        last: Assignment | None,
        process: ProcessId,
        tx: TxId,
        message: Message | None,
        exclude: Sequence[str] = (),
    ) -> Assignment:
        draft = next_assignment(
            last, process, tx, self._now(), exclude=exclude, anchor=self.anchor()
        )
        assignment = read_assignment(sign(self._wallet, draft))
        self._store.append(ScheduledMessage(assignment, message))
        return assignment

    def _tell(self, process: ProcessId) -> None:
        for listener in self.listeners:
            try:
                listener(process)
            except Exception:  # the message stands in the log, whatever is made of that
                _log.exception("process %s has a new message, and who listens failed", process)

    def _now(self) -> BlockTime:
        # Cron messages are evaluated up to what `now` told: no message may be placed before them afterwards.
        self._latest = later(self._latest, self._clock())
        return self._latest
