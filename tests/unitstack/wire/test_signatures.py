from collections.abc import Iterable
from dataclasses import replace

import pytest
from coincurve import PrivateKey
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.items import a_wallet, an_item
from unitstack.errors import InvalidItem
from unitstack.wire import ethereum
from unitstack.wire.data_item import DataItem, SignatureType, signing_payload
from unitstack.wire.signatures import text_to_sign, verify

SIGNERS = ("arweave", "ed25519", "ethereum", "solana")
ED25519 = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(1, 4)]
ETHEREUM = PrivateKey(bytes([1]) * 32)
ADDRESS = ethereum.checksum_address(ETHEREUM.public_key.format(compressed=False))


def signed(signature_type: SignatureType, owner: bytes, signature: bytes = b"") -> DataItem:
    return DataItem(signature_type, signature, owner, b"", b"", (), b"data")


def aptos(text: bytes | None = None) -> DataItem:
    item = signed(SignatureType.INJECTED_APTOS, ED25519[0].public_key().public_bytes_raw())
    own = text_to_sign(SignatureType.INJECTED_APTOS, item.signed_bytes())
    return replace(item, signature=ED25519[0].sign(text or own))


def multi(
    signers: Iterable[int] = (0, 2), threshold: int = 2, bitmap: int | None = None
) -> DataItem:
    keys = b"".join(key.public_key().public_bytes_raw() for key in ED25519)
    item = signed(SignatureType.MULTI_APTOS, keys.ljust(1024, b"\0") + bytes((threshold,)))
    slots, flags = bytearray(32 * 64), 0
    for number in signers:
        slots[number * 64 : (number + 1) * 64] = ED25519[number].sign(item.signed_bytes())
        flags |= 1 << (31 - number)
    stated = flags if bitmap is None else bitmap
    return replace(item, signature=bytes(slots) + stated.to_bytes(4))


def typed(owner: bytes = ADDRESS.lower().encode()) -> DataItem:
    item = signed(SignatureType.TYPED_ETHEREUM, owner)
    digest = ethereum.typed_digest(item.signed_bytes(), bytes.fromhex(ADDRESS[2:]))
    return replace(item, signature=ethereum.sign(ETHEREUM, digest))


def refusal(item: DataItem) -> str:
    with pytest.raises(InvalidItem) as error:
        verify(item)
    return str(error.value)


@pytest.mark.parametrize("signer", SIGNERS)
def test_what_a_wallet_signs_holds(signer: str) -> None:
    item = an_item([("Action", "Eval")], b"data", signer=signer)

    verify(item)

    assert refusal(replace(item, data=b"other"))


@pytest.mark.parametrize("item", [aptos(), multi(), typed(), typed(ADDRESS.encode())])
def test_what_only_others_sign_holds(item: DataItem) -> None:
    verify(item)

    assert refusal(replace(item, data=b"other"))


@pytest.mark.parametrize("salt", [0, 20, 32, 478])
def test_the_salt_of_an_rsa_signature_may_have_any_length(salt: int) -> None:
    key, item = a_wallet("arweave")._key, an_item(signer="arweave")
    assert isinstance(key, RSAPrivateKey)
    form = padding.PSS(padding.MGF1(SHA256()), salt)

    verify(replace(item, signature=key.sign(item.signed_bytes(), form, SHA256())))


@pytest.mark.parametrize(
    "item", [*(an_item(signer=name) for name in SIGNERS), aptos(), multi(), typed()]
)
def test_a_signature_of_something_else_is_refused(item: DataItem) -> None:
    reason = refusal(replace(item, data=b"other"))

    assert reason.startswith("signature: ")
    assert reason.endswith(f"signature of item {item.id} does not match its content and owner")


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (replace(an_item(), signature=b""), "signature has 0 bytes, 64 are needed"),
        (replace(an_item(), owner=b""), "owner has 0 bytes, 32 are needed"),
    ],
)
def test_a_part_of_the_wrong_size_is_refused(item: DataItem, reason: str) -> None:
    assert refusal(item) == reason


def test_an_rsa_key_must_be_one() -> None:
    item = replace(an_item(signer="arweave"), owner=bytes(512))

    assert refusal(item).startswith("owner: not an RSA public key: ")


def test_a_typed_signature_of_another_address_is_refused() -> None:
    assert "EIP-712" in refusal(typed(b"0x" + b"ab" * 20))


@pytest.mark.parametrize("owner", [b"1x" + b"ab" * 20, b"0x" + b"zz" * 20, b"\xff" * 42])
def test_a_typed_owner_must_be_an_address(owner: bytes) -> None:
    assert refusal(typed(owner)).startswith("owner: it is not an Ethereum address")


@pytest.mark.parametrize("threshold", [0, 33])
def test_a_threshold_must_be_possible(threshold: int) -> None:
    assert refusal(multi(threshold=threshold)) == (
        f"owner: its threshold is {threshold}, 1 to 32 are allowed"
    )


def test_no_fewer_than_the_threshold_must_sign() -> None:
    assert refusal(multi([1], threshold=2)) == "signature: 1 signed, 2 are needed"


def test_each_signer_of_several_must_have_signed() -> None:
    assert "signer 1 of 32" in refusal(multi([0, 2], bitmap=0b111 << 29))


def test_bytes_of_a_signer_that_is_not_named_are_refused() -> None:
    assert refusal(multi([0, 1, 2], bitmap=0b110 << 29)) == (
        "signature: signer 2 did not sign, yet its bytes are not 0"
    )


def test_wallets_of_solana_and_aptos_sign_text() -> None:
    payload = signing_payload(2, b"", b"", b"", b"", b"")

    assert text_to_sign(SignatureType.ED25519, payload) == payload
    assert text_to_sign(SignatureType.SOLANA, payload) == payload.hex().encode()
    assert (
        text_to_sign(SignatureType.INJECTED_APTOS, b"\xab") == b"APTOS\nmessage: ab\nnonce: bundlr"
    )
