"""HTTP message signatures (RFC 9421) as nodes and their clients use them: who signed a request, and which of its fields;
the fields that sign an answer. Digests of bodies (RFC 9530)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256, sha512
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA512
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from unitstack.errors import InvalidItem
from unitstack.wire import addresses, ethereum, ids
from unitstack.wire.data_item import SignatureType
from unitstack.wire.ids import Address
from unitstack.wire.keys import Signer

_INPUT, _SIGNATURE = "signature-input", "signature"
_KEY_SCHEME = "publickey:"
_RSA_EXPONENT = 65537
_ETHEREUM_BYTES, _ED25519_BYTES = 65, 32
# Nodes add one of these to what a key has signed. Its secret is public, so that it says nothing of who it is from.
_CHECKSUM = "hmac-sha256"
_DIGEST = re.compile("(sha-256|sha-512)=:([^:]*):")
_HASHES = {"sha-256": sha256, "sha-512": sha512}

Fields = Mapping[str, str]
KeyOf = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Request:
    """What of a request can be signed. Names of fields are in lower case; the lines of one field stand in one."""

    method: str
    url: str
    headers: Fields


@dataclass(frozen=True, slots=True)
class Answer:
    """What of an answer can be signed."""

    status_code: int
    headers: dict[str, str]
    request: None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A signature that holds: who made it, and what it is of."""

    signer: Address
    covered: frozenset[str]
    signature: bytes


def fields_of(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The fields of header lines, in the order in which they came."""
    fields: dict[str, str] = {}
    for name, value in lines:
        before = fields.get(name.lower())
        fields[name.lower()] = value if before is None else f"{before}, {value}"
    return fields


def key_of(key_id: str) -> bytes:
    """The public key that a `keyid` is, as ao's clients and nodes write it."""
    return ids.decode(key_id.removeprefix(_KEY_SCHEME))


def find_commitment(request: Request, key_of: KeyOf = key_of) -> Commitment | None:
    """Who signed the request, if anyone did. Raises InvalidItem for a signature that does not hold."""
    if _INPUT not in request.headers and _SIGNATURE not in request.headers:
        return None
    label = _label(request.headers)
    fields = {**request.headers, **_only(request.headers, label)}
    try:
        parameters = _dictionary(fields, _INPUT)[label][1]
        key = key_of(str(parameters.get("keyid", "")))
        verifier = _Verifier(
            signature_algorithm=_algorithm(key, parameters.get("alg")), key_resolver=_Given(key)
        )
        asked = Request(request.method, request.url, fields)
        (result,) = verifier.verify(asked, max_age=None)
    except (HTTPMessageSignaturesException, ValueError, TypeError, KeyError) as error:
        raise InvalidItem(f"signature {label[:60]}: {error}") from error
    names = [str(component).split('"')[1] for component in result.covered_components]
    return Commitment(
        signer=addresses.process_address(key),
        covered=frozenset(name for name in names if not name.startswith("@")),
        signature=_dictionary(fields, _SIGNATURE)[label][0],
    )


def can_sign(signer: Signer) -> bool:
    """Whether the key can sign answers: others sign only what is shaped like an item."""
    return signer.signature_type is SignatureType.ED25519


def sign(signer: Signer, answer: Answer, created: int) -> dict[str, str]:
    """The two fields that sign an answer: its status and all of its fields. The time is in seconds since 1970."""
    assert can_sign(signer)
    making = HTTPMessageSigner(signature_algorithm=ED25519)
    prepared = making.prepare(
        answer,
        key_id=ids.encode(signer.owner),
        created=datetime.fromtimestamp(created, tz=UTC),
        covered_component_ids=("@status", *sorted(answer.headers)),
        use_existing_digest="content-digest" in answer.headers,
    )
    label = label_of(addresses.address(signer.owner))
    signature = signer.sign(prepared.signature_base)
    written = http_sf.ser({label: (signature, {})})
    return {_INPUT: f"{label}={prepared.signature_params}", _SIGNATURE: written}


def label_of(address: Address) -> str:
    """What clients of the field call the signature of an address."""
    return f"http-sig-{ids.decode(address)[1:9].hex()}"


def digest_of(body: bytes) -> str:
    """The `content-digest` of a body."""
    return http_sf.ser({"sha-256": (sha256(body).digest(), {})})


def has_digest(body: bytes, field: str) -> bool:
    """Whether that is the body's digest. Clients of the field write it in base64url, which no structured field has."""
    found = _DIGEST.findall(field)
    return bool(found) and all(
        _HASHES[name](body).digest() == ids.decode(text) for name, text in found
    )


class _Verifier(HTTPMessageVerifier):
    """What ao's clients sign says neither when nor for what."""

    require_created = False


class _Given(HTTPSignatureKeyResolver):
    """One key, whatever it is called."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> object:
        if len(self._key) == _ED25519_BYTES:
            return Ed25519PublicKey.from_public_bytes(self._key)
        return self._key


class _AnySalt(HTTPSignatureAlgorithm):
    """RSA-PSS. RFC 9421 asks for a salt of 64 bytes; node's library, and so ao's clients, take the longest there is."""

    algorithm_id = "rsa-pss-sha512"

    def __init__(self, public_key: bytes, private_key: None = None) -> None:
        self._key = RSAPublicNumbers(_RSA_EXPONENT, int.from_bytes(public_key)).public_key()

    def verify(self, signature: bytes, message: bytes) -> None:
        form = padding.PSS(padding.MGF1(SHA512()), padding.PSS.AUTO)
        self._key.verify(signature, message, form, SHA512())


class _Ethereum(HTTPSignatureAlgorithm):
    """What an Ethereum wallet makes of the text (EIP-191)."""

    algorithm_id = "ethereum"

    def __init__(self, public_key: bytes, private_key: None = None) -> None:
        self._key = public_key

    def verify(self, signature: bytes, message: bytes) -> None:
        if ethereum.recover(signature, ethereum.personal_digest(message)) != self._key:
            raise InvalidItem(
                "the secp256k1 signature does not match what is signed and who signed"
            )


def _algorithm(key: bytes, named: object) -> type[HTTPSignatureAlgorithm]:
    """By the kind of key, which its size tells; the library then holds it against what is named."""
    if len(key) == _ETHEREUM_BYTES:
        return _Ethereum
    return ED25519 if len(key) == _ED25519_BYTES else _AnySalt


def _label(fields: Fields) -> str:
    """The signature that says who it is from."""
    inputs = _dictionary(fields, _INPUT)
    labels = [label for label, (_, told) in inputs.items() if told.get("alg") != _CHECKSUM]
    if len(labels) != 1:
        raise InvalidItem(f"the request has {len(labels)} signatures of keys, one is needed")
    return labels[0]


def _only(fields: Fields, label: str) -> dict[str, str]:
    """The two fields, of that one signature."""
    return {
        name: http_sf.ser({label: member})
        for name in (_INPUT, _SIGNATURE)
        if (member := _dictionary(fields, name).get(label)) is not None
    }


def _dictionary(fields: Fields, name: str) -> dict[str, Any]:
    """Values and their parameters."""
    try:
        read = http_sf.parse(fields.get(name, "").encode("latin-1"), tltype="dictionary")
    except (ValueError, KeyError) as error:
        raise InvalidItem(
            f"field {name} is not a dictionary of structured values: {error}"
        ) from error
    assert isinstance(read, dict)
    return read
