"""What Ethereum keys need: Keccak-256, EIP-55 addresses, the digests of EIP-191 and EIP-712, recoverable signatures."""

from coincurve import PrivateKey, PublicKey
from Crypto.Hash import keccak

from unitstack.errors import InvalidItem

# Half the order of secp256k1: of a signature's two forms only the one with the lower s is verified, as by arbundles.
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_RECOVERY_IDS = {0: 0, 1: 1, 27: 0, 28: 1}


def keccak256(data: bytes) -> bytes:
    """Keccak as it was before it became SHA-3."""
    return keccak.new(digest_bits=256, data=data).digest()


def checksum_address(public_key: bytes) -> str:
    """The EIP-55 address (0x…, mixed case) of an uncompressed public key."""
    text = keccak256(public_key[1:])[-20:].hex()
    marks = keccak256(text.encode()).hex()
    return "0x" + "".join(
        letter.upper() if mark >= "8" else letter for letter, mark in zip(text, marks, strict=False)
    )


def personal_digest(payload: bytes) -> bytes:
    """What a wallet signs when asked to sign a text (EIP-191)."""
    return keccak256(b"\x19Ethereum Signed Message:\n%d" % len(payload) + payload)


def typed_digest(payload: bytes, address: bytes) -> bytes:
    """What a wallet signs when asked to sign arbundles' typed form of an item (EIP-712); the address has 20 bytes."""
    form = keccak256(b"Bundlr(bytes Transaction hash,address address)")
    content = keccak256(form + keccak256(payload) + address.rjust(32, b"\0"))
    return keccak256(b"\x19\x01" + _DOMAIN + content)


_DOMAIN = keccak256(
    keccak256(b"EIP712Domain(string name,string version)") + keccak256(b"Bundlr") + keccak256(b"1")
)


def sign(key: PrivateKey, digest: bytes) -> bytes:
    """r, s and v, v being 27 or 28; the same for the same digest (RFC 6979)."""
    signature = key.sign_recoverable(digest, hasher=None)
    return signature[:64] + bytes((27 + signature[64],))


def recover(signature: bytes, digest: bytes) -> bytes:
    """The uncompressed public key that signed. Raises InvalidItem."""
    recovery_id = _RECOVERY_IDS.get(signature[64])
    if recovery_id is None:
        raise InvalidItem(f"signature: v is {signature[64]}, 27, 28, 0 or 1 is allowed")
    if int.from_bytes(signature[32:64]) > _HALF_ORDER:
        raise InvalidItem(
            "signature: s is in the upper half of its range, only the lower is allowed"
        )
    compact = signature[:64] + bytes((recovery_id,))
    try:
        key = PublicKey.from_signature_and_message(compact, digest, hasher=None)
    except ValueError as error:
        raise InvalidItem(f"signature: no key can have made it: {error}") from error
    return key.format(compressed=False)
