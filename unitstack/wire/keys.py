"""Keys that sign items: made, kept as JWK, used. A wallet never shows its secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from coincurve import PrivateKey as Secp256k1PrivateKey
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from unitstack.errors import InvalidItem, InvalidKey
from unitstack.wire import addresses, ethereum, ids, jwk, tags
from unitstack.wire.data_item import DataItem, SignatureType, signing_payload
from unitstack.wire.ids import ID_BYTES, Address
from unitstack.wire.jwk import PrivateKey
from unitstack.wire.messages import Draft
from unitstack.wire.signatures import text_to_sign, verify

__all__ = ["Signer", "Wallet", "from_jwk", "from_seed", "generate", "sign", "verify"]

_SEED_BYTES = 32
# Salts of this length are accepted by every verifier there is.
_PSS = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
# A JWK of Ed25519 does not tell an item's type; what is not the usual one is said in this member.
_TYPE_MEMBER = "signature_type"


class Signer(Protocol):
    """What signs items: a wallet, or something that keeps its key elsewhere."""

    @property
    def signature_type(self) -> SignatureType:
        """How it signs."""

    @property
    def owner(self) -> bytes:
        """Its public key, as items carry it."""

    def sign(self, payload: bytes) -> bytes:
        """The signature of an item's 48 bytes."""


def sign(signer: Signer, draft: Draft) -> DataItem:
    """The draft as an item that the signer vouches for. Raises InvalidItem where the draft cannot be an item."""
    target = _target_bytes(draft.target)
    if len(draft.anchor) not in (0, ID_BYTES):
        raise InvalidItem(f"anchor has {len(draft.anchor)} bytes, 0 or {ID_BYTES} are allowed")
    tag_bytes = tags.encode(draft.tags)
    payload = signing_payload(
        signer.signature_type, signer.owner, target, draft.anchor, tag_bytes, draft.data
    )
    return DataItem(
        signature_type=signer.signature_type,
        signature=signer.sign(payload),
        owner=signer.owner,
        target=target,
        anchor=draft.anchor,
        tags=tuple(draft.tags),
        data=draft.data,
        signed_tag_bytes=tag_bytes,
    )


def _target_bytes(target: str) -> bytes:
    raw = ids.decode(target)
    if target and len(raw) != ID_BYTES:
        raise InvalidItem(f"target {target[:60]!r} has {len(raw)} bytes, {ID_BYTES} are needed")
    return raw


@dataclass(frozen=True, slots=True, repr=False)
class Wallet:
    """A private key and how it signs. Only `to_jwk` gives the secret away: not repr, not pickle, not a copy."""

    signature_type: SignatureType
    owner: bytes
    _key: PrivateKey = field(compare=False)

    @property
    def address(self) -> Address:
        """By Arweave's rule."""
        return addresses.address(self.owner)

    @property
    def process_address(self) -> Address:
        """As processes see it."""
        return addresses.process_address(self.owner)

    def sign(self, payload: bytes) -> bytes:
        """The signature of an item's 48 bytes."""
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(payload, _PSS, SHA256())
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(text_to_sign(self.signature_type, payload))
        return ethereum.sign(self._key, ethereum.personal_digest(payload))

    def to_jwk(self) -> dict[str, str]:
        """The whole key, secret included; `from_jwk` reads it."""
        written = jwk.write(self._key)
        if self.signature_type is SignatureType.SOLANA:
            written[_TYPE_MEMBER] = self.signature_type.name
        return written

    def __repr__(self) -> str:
        return f"<Wallet {self.signature_type.name} {self.address}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a wallet is neither pickled nor copied: that would show its secret")


def generate(signature_type: SignatureType) -> Wallet:
    """A new key. One for Arweave takes about a second. Raises InvalidKey for the types that only others sign with."""
    match signature_type:
        case SignatureType.ARWEAVE:
            return _wallet(rsa.generate_private_key(jwk.RSA_EXPONENT, jwk.RSA_BITS))
        case SignatureType.ED25519 | SignatureType.SOLANA:
            return _wallet(Ed25519PrivateKey.generate(), signature_type)
        case SignatureType.ETHEREUM:
            return _wallet(Secp256k1PrivateKey())
        case _:
            raise InvalidKey(f"keys that sign items as {signature_type.name} are not made here")


def from_seed(seed: bytes, signature_type: SignatureType = SignatureType.ED25519) -> Wallet:
    """The key whose secret is these 32 bytes: Ed25519, Solana or Ethereum. Raises InvalidKey."""
    if len(seed) != _SEED_BYTES:
        raise InvalidKey(f"a seed has {_SEED_BYTES} bytes, this has {len(seed)}")
    match signature_type:
        case SignatureType.ED25519 | SignatureType.SOLANA:
            return _wallet(Ed25519PrivateKey.from_private_bytes(seed), signature_type)
        case SignatureType.ETHEREUM:
            return _wallet(jwk.secp256k1_key(seed))
        case _:
            raise InvalidKey(
                f"keys that sign items as {signature_type.name} do not come from a seed"
            )


def from_jwk(written: Mapping[str, object]) -> Wallet:
    """The wallet of a JWK's private key. Raises InvalidKey, whose text shows nothing of the key."""
    key = jwk.read(written)
    solana = written.get(_TYPE_MEMBER) == SignatureType.SOLANA.name
    if isinstance(key, Ed25519PrivateKey) and solana:
        return _wallet(key, SignatureType.SOLANA)
    return _wallet(key)


def _wallet(key: PrivateKey, signature_type: SignatureType | None = None) -> Wallet:
    return Wallet(signature_type or _usual_type(key), jwk.owner_of(key), key)


def _usual_type(key: PrivateKey) -> SignatureType:
    if isinstance(key, RSAPrivateKey):
        return SignatureType.ARWEAVE
    if isinstance(key, Ed25519PrivateKey):
        return SignatureType.ED25519
    return SignatureType.ETHEREUM
