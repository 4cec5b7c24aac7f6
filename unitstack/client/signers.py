"""Who signs what a client sends: a wallet, or a function that keeps its key elsewhere, as ao's own clients call one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Protocol

from unitstack.errors import InvalidItem
from unitstack.wire import data_item, keys
from unitstack.wire.addresses import address, process_address
from unitstack.wire.data_item import SIZES, DataItem, SignatureType
from unitstack.wire.ids import Address
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Draft

ANS104 = "ans104"
"""The kind of thing that is to be signed: an item."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What such a function answers with: the signature of what it was given, and whose it is."""

    signature: bytes
    address: Address


class Create(Protocol):
    """Gives what is to be signed, to a function that says with which key: an item's 48 bytes."""

    def __call__(
        self, *, public_key: bytes, signature_type: SignatureType = SignatureType.ARWEAVE
    ) -> bytes:
        """Raises InvalidItem for a key that is not of that type."""

    @property
    def draft(self) -> Draft:
        """The item itself, for who rather makes all of it: such a function answers with the bytes of the signed item."""


SigningFunction = Callable[[Create, str], Awaitable[Signed | bytes] | Signed | bytes]
Signing = Signer | SigningFunction


async def sign(signer: Signing, draft: Draft) -> DataItem:
    """The draft as an item. Raises InvalidItem where what a function answers is not that item, signed."""
    if not callable(signer):
        return keys.sign(signer, draft)
    creating = _Creating(draft)
    answered = signer(creating, ANS104)
    given = await answered if isawaitable(answered) else answered
    item = data_item.decode(given) if isinstance(given, bytes) else creating.finish(given)
    keys.verify(item)
    if (item.target_id, item.tags, item.data) != (draft.target, draft.tags, draft.data):
        raise InvalidItem(f"item {item.id} is not what the signer was given to sign")
    return item


@dataclass(slots=True)
class _Key:
    """A key that signs nothing: what it is asked to sign is kept, and the signature comes later."""

    signature_type: SignatureType
    owner: bytes
    payload: bytes = b""

    def sign(self, payload: bytes) -> bytes:
        self.payload = payload
        return bytes(SIZES[self.signature_type][0])


class _Creating:
    """Plays `Create` for one draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._unsigned: DataItem | None = None

    def __call__(
        self, *, public_key: bytes, signature_type: SignatureType = SignatureType.ARWEAVE
    ) -> bytes:
        size = SIZES[signature_type][1]
        if len(public_key) != size:
            told = f"a key of {len(public_key)} bytes, {size} are needed"
            raise InvalidItem(f"the signer says {signature_type.name} with {told}")
        key = _Key(signature_type, public_key)
        self._unsigned = keys.sign(key, self.draft)
        return key.payload

    def finish(self, signed: Signed) -> DataItem:
        """The item with its signature. Raises InvalidItem."""
        item = self._unsigned
        if item is None:
            raise InvalidItem("the signer did not ask what it is to sign: it never called create")
        if signed.address not in (address(item.owner), process_address(item.owner)):
            raise InvalidItem(
                f"the signer says that it is {signed.address}, its key is {item.address}'s"
            )
        return replace(item, signature=signed.signature)
