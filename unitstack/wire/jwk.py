"""Private keys as JWK (RFC 7517): RSA as Arweave's wallets write it, Ed25519 as OKP, secp256k1 as EC. No error here shows
anything of what was read."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping

from coincurve import PrivateKey as Secp256k1PrivateKey
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from unitstack.errors import InvalidKey
from unitstack.wire import ids

PrivateKey = RSAPrivateKey | Ed25519PrivateKey | Secp256k1PrivateKey

RSA_BITS = 4096
RSA_EXPONENT = 65537
_SECRET_BYTES = 32
_BASE64URL = re.compile("[A-Za-z0-9_-]+")


def read(jwk: Mapping[str, object]) -> PrivateKey:
    """The private key of a JWK. Raises InvalidKey."""
    match jwk.get("kty"), jwk.get("crv"):
        case "RSA", _:
            return _read_rsa(jwk)
        case "OKP", "Ed25519":
            return _checked(Ed25519PrivateKey.from_private_bytes(_secret(jwk)), jwk)
        case "EC", "secp256k1":
            return _checked(secp256k1_key(_secret(jwk)), jwk)
        case _:
            raise InvalidKey("a JWK has kty RSA, or OKP with crv Ed25519, or EC with crv secp256k1")


def write(key: PrivateKey) -> dict[str, str]:
    """The whole key, secret included."""
    if isinstance(key, RSAPrivateKey):
        return _write_rsa(key)
    if isinstance(key, Ed25519PrivateKey):
        x, d = ids.encode(owner_of(key)), ids.encode(key.private_bytes_raw())
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "d": d}
    x, y = _coordinates(key)
    return {"kty": "EC", "crv": "secp256k1", "x": x, "y": y, "d": ids.encode(key.secret)}


def owner_of(key: PrivateKey) -> bytes:
    """The public key as items carry it."""
    if isinstance(key, RSAPrivateKey):
        return key.public_key().public_numbers().n.to_bytes(RSA_BITS // 8)
    if isinstance(key, Ed25519PrivateKey):
        return key.public_key().public_bytes_raw()
    return key.public_key.format(compressed=False)


def secp256k1_key(secret: bytes) -> Secp256k1PrivateKey:
    """Raises InvalidKey for the few numbers that are no key."""
    try:
        return Secp256k1PrivateKey(secret)
    except ValueError as error:
        raise InvalidKey(f"the secret is not one of secp256k1: {error}") from error


def _checked(key: PrivateKey, jwk: Mapping[str, object]) -> PrivateKey:
    """A JWK states its public key too; one that is of another secret would be a mix-up."""
    for name, value in write(key).items():
        if name != "d" and jwk.get(name, value) != value:
            raise InvalidKey(f"the JWK's {name} does not belong to its d")
    return key


def _coordinates(key: Secp256k1PrivateKey) -> tuple[str, str]:
    point = key.public_key.format(compressed=False)
    return ids.encode(point[1:33]), ids.encode(point[33:])


def _write_rsa(key: RSAPrivateKey) -> dict[str, str]:
    secret = key.private_numbers()
    numbers = {
        "n": secret.public_numbers.n,
        "e": secret.public_numbers.e,
        "d": secret.d,
        "p": secret.p,
        "q": secret.q,
        "dp": secret.dmp1,
        "dq": secret.dmq1,
        "qi": secret.iqmp,
    }
    written = {
        name: number.to_bytes((number.bit_length() + 7) // 8) for name, number in numbers.items()
    }
    return {"kty": "RSA", **{name: ids.encode(raw) for name, raw in written.items()}}


def _read_rsa(jwk: Mapping[str, object]) -> RSAPrivateKey:
    n, e, d, p, q = (int.from_bytes(_bytes(jwk, name)) for name in ("n", "e", "d", "p", "q"))
    if n.bit_length() != RSA_BITS or e != RSA_EXPONENT:
        raise InvalidKey(
            f"the JWK's RSA key has {n.bit_length()} bits, {RSA_BITS} and exponent {RSA_EXPONENT} are needed"
        )
    # Arithmetic instead of the library's own check, which would take 0.2 s at each start.
    if min(p, q) < 3 or p * q != n or e * d % (p - 1) != 1 or e * d % (q - 1) != 1:
        raise InvalidKey("the JWK's n, e, d, p and q are not of one RSA key")
    try:
        dp, dq, qi = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
        numbers = rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n))
        return numbers.private_key(unsafe_skip_rsa_key_validation=True)
    except ValueError as error:
        raise InvalidKey(f"the JWK's RSA key is of no use: {error}") from error


def _secret(jwk: Mapping[str, object]) -> bytes:
    secret = _bytes(jwk, "d")
    if len(secret) != _SECRET_BYTES:
        raise InvalidKey(f"the JWK's d has {len(secret)} bytes, {_SECRET_BYTES} are needed")
    return secret


def _bytes(jwk: Mapping[str, object], name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str) or not text:
        raise InvalidKey(f"the JWK has no {name}: it holds no private key")
    # Not `ids.decode`: its error quotes the text, and the text is the key.
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise InvalidKey(f"the JWK's {name} is not base64url")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
