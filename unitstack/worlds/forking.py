"""Makes a copy of a process that goes its own way. The memory that it begins with is an item of the gateway, so that its
state follows from its own log alone, whatever becomes of its parent."""

from unitstack.compute.sources import FORKED_STATE
from unitstack.compute.store import pack
from unitstack.errors import NotFound, Refused
from unitstack.wire.addresses import process_address
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.keys import Signer, sign
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag, without
from unitstack.worlds.cast import Cast

FROM, AT = "Forked-From", "Forked-At"
# What a fork does not take over: its own name and origin are given to it, and what ran at its parent's boot has run.
OWN = ("Name", "On-Boot", "Pushed-For", FROM, AT, FORKED_STATE)
NO_DATA = b" "


async def fork(
    cast: Cast, process: ProcessId, signer: Signer, name: str, at: int | None = None
) -> ProcessId:
    """A new process of that name whose first state is that of the parent after the message with that nonce, or now. The
    signer is the parent's owner; what a process owns is signed for it. Raises NotFound, Refused, EngineError, Interrupted."""
    parent = await _item(cast, process)
    owner = _owner(cast, parent, signer)
    message, nonce = await _place(cast, process, at)
    state = await _state(cast, process, message, nonce)
    tags = (
        *without(parent.tags, *OWN),
        Tag("Name", name),
        Tag(FROM, process),
        Tag(AT, str(nonce)),
        Tag(FORKED_STATE, state),
    )
    item = sign(owner, Draft(tags=tags, data=NO_DATA, anchor=cast.anchor()))
    return ProcessId(await cast.messenger.send(item))


async def _item(cast: Cast, process: ProcessId) -> DataItem:
    scheduled = await cast.scheduler.process(process)
    if scheduled.message is not None:
        return scheduled.message.item
    return await cast.gateway.item(process)


def _owner(cast: Cast, parent: DataItem, signer: Signer) -> Signer:
    for each in (signer, cast.signer):
        if each.owner == parent.owner:
            return each
    raise Refused(
        f"process {parent.id} belongs to {process_address(parent.owner)}, who alone can fork it; "
        f"this wallet is {process_address(signer.owner)}"
    )


async def _place(cast: Cast, process: ProcessId, at: int | None) -> tuple[MessageId, int]:
    """The message that the fork begins after, by its assignment: an item may stand in a log twice."""
    if at is None:
        at = await cast.last_nonce(process)
    page = await cast.scheduler.messages(process, after=at - 1, limit=1) if at >= 0 else None
    if page is None or not page.items:
        raise NotFound("message", f"{at} of process {process}")
    found = page.items[0].assignment
    return (MessageId(process) if at == 0 else MessageId(found.id)), at


async def _state(cast: Cast, process: ProcessId, message: MessageId, nonce: int) -> TxId:
    checkpoint = await cast.compute.checkpoint(process, message)
    tags = (
        Tag("Data-Protocol", "ao"),
        Tag("Type", FORKED_STATE),
        Tag("Process", process),
        Tag("Nonce", str(nonce)),
        Tag("Timestamp", str(checkpoint.block.timestamp)),
        Tag("Block-Height", str(checkpoint.block.height)),
    )
    packed = pack(checkpoint.memory)
    return await cast.gateway.upload(sign(cast.signer, Draft(tags=tags, data=packed)))
