"""Identifiers, told apart by type, and the base64url text that ao writes them in. A text is checked once, when decoded."""

import binascii
from base64 import urlsafe_b64encode
from typing import NewType

from unitstack.errors import InvalidItem

TxId = NewType("TxId", str)
ProcessId = NewType("ProcessId", TxId)
MessageId = NewType("MessageId", TxId)
ModuleId = NewType("ModuleId", TxId)
AssignmentId = NewType("AssignmentId", TxId)
Address = NewType("Address", str)
Nonce = NewType("Nonce", int)
Epoch = NewType("Epoch", int)

ID_BYTES = 32
ID_CHARACTERS = 43


def encode(raw: bytes) -> str:
    """base64url without padding, as ao writes all binary values."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of base64url text, padded or not, in either alphabet (readers are lenient, writers are not)."""
    unpadded = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return binascii.a2b_base64(unpadded + "=" * (-len(unpadded) % 4), strict_mode=True)
    except ValueError as error:
        raise InvalidItem(f"{text[:60]!r} is not base64url: {error}") from error


def tx_id(text: str) -> TxId:
    """Checks that the text is an id: 43 base64url characters of 32 bytes, in the one way that they are written."""
    if len(text) != ID_CHARACTERS:
        raise InvalidItem(f"an id has {ID_CHARACTERS} characters, {text[:60]!r} has {len(text)}")
    if encode(decode(text)) != text:
        raise InvalidItem(f"{text!r} is not an id: {ID_BYTES} bytes are written in another way")
    return TxId(text)
