import pytest
from coincurve import PrivateKey

from unitstack.errors import InvalidItem
from unitstack.wire import ethereum

KEY = PrivateKey(bytes([1]) * 32)
PUBLIC = KEY.public_key.format(compressed=False)
DIGEST = ethereum.keccak256(b"digest")
SIGNATURE = ethereum.sign(KEY, DIGEST)
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def test_keccak_is_the_one_before_sha_3() -> None:
    expected = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"

    assert ethereum.keccak256(b"").hex() == expected


def test_an_address_has_the_letter_cases_of_eip_55() -> None:
    assert ethereum.checksum_address(PUBLIC) == "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"


def test_a_personal_digest_is_that_of_eip_191() -> None:
    # "Some data", the example of web3's own documentation.
    expected = "1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655"

    assert ethereum.personal_digest(b"Some data").hex() == expected


def test_a_signature_gives_the_key_that_made_it() -> None:
    assert SIGNATURE[64] in (27, 28)
    assert ethereum.recover(SIGNATURE, DIGEST) == PUBLIC
    assert ethereum.recover(SIGNATURE, bytes(32)) != PUBLIC


def test_the_same_digest_is_signed_the_same_way() -> None:
    assert ethereum.sign(KEY, DIGEST) == SIGNATURE


def test_v_may_be_written_without_its_27() -> None:
    assert ethereum.recover(SIGNATURE[:64] + bytes((SIGNATURE[64] - 27,)), DIGEST) == PUBLIC


def test_another_v_is_refused() -> None:
    with pytest.raises(InvalidItem, match="v is 29, 27, 28, 0 or 1 is allowed"):
        ethereum.recover(SIGNATURE[:64] + b"\x1d", DIGEST)


def test_the_other_form_of_the_same_signature_is_refused() -> None:
    high = ORDER - int.from_bytes(SIGNATURE[32:64])
    other = SIGNATURE[:32] + high.to_bytes(32) + bytes((55 - SIGNATURE[64],))

    with pytest.raises(InvalidItem, match="s is in the upper half of its range"):
        ethereum.recover(other, DIGEST)


def test_bytes_that_no_key_can_have_made_are_refused() -> None:
    with pytest.raises(InvalidItem, match="signature: no key can have made it"):
        ethereum.recover(bytes(64) + b"\x1b", DIGEST)
