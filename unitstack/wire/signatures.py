"""What each type of key signs of an item's 48 bytes, and whether a signature holds."""

import re
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from unitstack.errors import InvalidItem
from unitstack.wire import ethereum
from unitstack.wire.data_item import SIZES, DataItem, SignatureType

_RSA_EXPONENT = 65537
_MULTI_KEYS = 32
_NO_SIGNATURE = bytes(64)


def verify(item: DataItem) -> None:
    """Raises InvalidItem, naming what fails, unless the owner signed the item."""
    sizes = SIZES[item.signature_type]
    _check_size("signature", len(item.signature), sizes.signature)
    _check_size("owner", len(item.owner), sizes.owner)
    _VERIFIERS[item.signature_type](item)


def text_to_sign(signature_type: SignatureType, payload: bytes) -> bytes:
    """What an Ed25519 key of that type signs: Solana's and Aptos's wallets sign readable text."""
    match signature_type:
        case SignatureType.SOLANA:
            return payload.hex().encode()
        case SignatureType.INJECTED_APTOS:
            return f"APTOS\nmessage: {payload.hex()}\nnonce: bundlr".encode()
        case _:
            return payload


def _check_size(part: str, size: int, needed: int) -> None:
    if size != needed:
        raise InvalidItem(f"{part} has {size} bytes, {needed} are needed")


def _verify_rsa(item: DataItem) -> None:
    # Signers differ in the length of the salt (0, 32, 478), so it is read from the signature.
    form = padding.PSS(padding.MGF1(SHA256()), padding.PSS.AUTO)
    key = _rsa_key(item.owner)
    try:
        key.verify(item.signature, item.signed_bytes(), form, SHA256())
    except InvalidSignature as error:
        raise _mismatch(item, "RSA-PSS") from error


def _verify_ed25519(item: DataItem) -> None:
    text = text_to_sign(item.signature_type, item.signed_bytes())
    if not _ed25519_holds(item.owner, item.signature, text):
        raise _mismatch(item, "Ed25519")


def _verify_ethereum(item: DataItem) -> None:
    digest = ethereum.personal_digest(item.signed_bytes())
    if ethereum.recover(item.signature, digest) != item.owner:
        raise _mismatch(item, "secp256k1")


def _verify_typed_ethereum(item: DataItem) -> None:
    address = _ethereum_address(item.owner)
    digest = ethereum.typed_digest(item.signed_bytes(), address)
    signer = ethereum.checksum_address(ethereum.recover(item.signature, digest))
    if bytes.fromhex(signer[2:]) != address:
        raise _mismatch(item, "EIP-712")


def _verify_multi_aptos(item: DataItem) -> None:
    """Every signer of the bitmap must have signed, and no fewer than the owner's threshold."""
    bitmap, threshold = int.from_bytes(item.signature[-4:]), item.owner[-1]
    if not 1 <= threshold <= _MULTI_KEYS:
        raise InvalidItem(f"owner: its threshold is {threshold}, 1 to {_MULTI_KEYS} are allowed")
    if bitmap.bit_count() < threshold:
        raise InvalidItem(f"signature: {bitmap.bit_count()} signed, {threshold} are needed")
    payload = item.signed_bytes()
    for number in range(_MULTI_KEYS):
        signature = item.signature[number * 64 : (number + 1) * 64]
        signed = bitmap >> (_MULTI_KEYS - 1 - number) & 1
        if signed and not _ed25519_holds(item.owner[number * 32 :][:32], signature, payload):
            raise _mismatch(item, f"Ed25519, signer {number} of {_MULTI_KEYS},")
        # Bytes that nothing vouches for would let anyone give the same item another id.
        if not signed and signature != _NO_SIGNATURE:
            raise InvalidItem(f"signature: signer {number} did not sign, yet its bytes are not 0")


_VERIFIERS: dict[SignatureType, Callable[[DataItem], None]] = {
    SignatureType.ARWEAVE: _verify_rsa,
    SignatureType.ED25519: _verify_ed25519,
    SignatureType.ETHEREUM: _verify_ethereum,
    SignatureType.SOLANA: _verify_ed25519,
    SignatureType.INJECTED_APTOS: _verify_ed25519,
    SignatureType.MULTI_APTOS: _verify_multi_aptos,
    SignatureType.TYPED_ETHEREUM: _verify_typed_ethereum,
}


def _mismatch(item: DataItem, scheme: str) -> InvalidItem:
    return InvalidItem(
        f"signature: the {scheme} signature of item {item.id} does not match its content and owner"
    )


@lru_cache(maxsize=256)
def _rsa_key(owner: bytes) -> RSAPublicKey:
    try:
        return RSAPublicNumbers(_RSA_EXPONENT, int.from_bytes(owner)).public_key()
    except ValueError as error:
        raise InvalidItem(f"owner: not an RSA public key: {error}") from error


def _ed25519_holds(owner: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(owner).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _ethereum_address(owner: bytes) -> bytes:
    if not re.fullmatch(rb"0x[0-9a-fA-F]{40}", owner):
        raise InvalidItem("owner: it is not an Ethereum address: 0x and 40 hexadecimal digits")
    return bytes.fromhex(owner[2:].decode())
