from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.items import a_wallet
from unitstack.errors import InvalidKey
from unitstack.wire import ids, jwk

RSA, ED25519, SECP256K1 = (a_wallet(name).to_jwk() for name in ("arweave", "ed25519", "ethereum"))
values = st.one_of(st.none(), st.integers(), st.text(max_size=50), st.lists(st.text()))


def number(value: int) -> str:
    return ids.encode(value.to_bytes((value.bit_length() + 7) // 8))


def of(written: Mapping[str, object], **members: object) -> dict[str, object]:
    return {**written, **members}


def without(written: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in written.items() if name not in names}


def refusal(written: Mapping[str, object]) -> str:
    with pytest.raises(InvalidKey) as error:
        jwk.read(written)
    return str(error.value)


@pytest.mark.parametrize("written", [RSA, ED25519, SECP256K1])
def test_a_key_is_read_as_it_was_written(written: dict[str, str]) -> None:
    assert jwk.write(jwk.read(written)) == written


def test_an_arweave_wallet_has_the_members_that_others_write() -> None:
    assert list(RSA) == ["kty", "n", "e", "d", "p", "q", "dp", "dq", "qi"]
    assert (RSA["kty"], RSA["e"]) == ("RSA", "AQAB")


def test_the_private_parts_that_can_be_computed_need_not_be_there() -> None:
    assert jwk.write(jwk.read(without(RSA, "dp", "dq", "qi"))) == RSA
    assert jwk.write(jwk.read(without(ED25519, "x"))) == ED25519
    assert jwk.write(jwk.read(without(SECP256K1, "x", "y"))) == SECP256K1


@pytest.mark.parametrize("name", ["arweave", "ed25519", "ethereum"])
def test_an_owner_is_the_public_key_as_items_carry_it(name: str) -> None:
    assert jwk.owner_of(jwk.read(a_wallet(name).to_jwk())) == a_wallet(name).owner


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({}, "a JWK has kty RSA, or OKP with crv Ed25519, or EC with crv secp256k1"),
        (of(ED25519, crv="X25519"), "a JWK has kty RSA, or OKP with crv Ed25519, or EC with crv secp256k1"),
        (of(SECP256K1, crv="P-256"), "a JWK has kty RSA, or OKP with crv Ed25519, or EC with crv secp256k1"),
        (without(RSA, "d"), "the JWK has no d: it holds no private key"),
        (without(RSA, "p"), "the JWK has no p: it holds no private key"),
        (of(RSA, q=5), "the JWK has no q: it holds no private key"),
        (of(ED25519, d=""), "the JWK has no d: it holds no private key"),
        (of(ED25519, d="AAA!"), "the JWK's d is not base64url"),
        (of(ED25519, d="AAAAA"), "the JWK's d is not base64url"),
        (of(ED25519, d="AAAA"), "the JWK's d has 3 bytes, 32 are needed"),
        (of(ED25519, x=ids.encode(bytes(32))), "the JWK's x does not belong to its d"),
        (of(SECP256K1, y=ids.encode(bytes(32))), "the JWK's y does not belong to its d"),
        (of(RSA, n=RSA["n"][:342]), "the JWK's RSA key has 2048 bits, 4096 and exponent 65537 are needed"),
        (of(RSA, e="Aw"), "the JWK's RSA key has 4096 bits, 4096 and exponent 65537 are needed"),
        (of(RSA, p=RSA["q"]), "the JWK's n, e, d, p and q are not of one RSA key"),
        (of(RSA, d=RSA["n"]), "the JWK's n, e, d, p and q are not of one RSA key"),
        (of(RSA, p="AQ", q=RSA["n"]), "the JWK's n, e, d, p and q are not of one RSA key"),
    ],
)  # fmt: skip
def test_what_is_no_private_key_is_refused(written: dict[str, object], reason: str) -> None:
    assert refusal(written) == reason


def test_a_secret_that_no_curve_has_is_refused() -> None:
    assert refusal(of(without(SECP256K1, "x", "y"), d=ids.encode(b"\xff" * 32))).startswith(
        "the secret is not one of secp256k1"
    )


def test_numbers_that_belong_together_and_are_no_rsa_key_are_refused() -> None:
    p, q = 4, (1 << 4094) - 1  # an even modulus: no prime has 2 as a factor twice
    d = pow(65537, -1, 3 * (q - 1))
    members = {"n": p * q, "e": 65537, "d": d, "p": p, "q": q}

    reason = refusal({"kty": "RSA", **{name: number(value) for name, value in members.items()}})

    assert reason.startswith("the JWK's RSA key is of no use")


@given(st.dictionaries(st.sampled_from([*RSA, "crv", "x", "y"]), values))
def test_any_members_are_a_key_or_refused(members: dict[str, object]) -> None:
    for written in (RSA, ED25519, SECP256K1):
        try:
            key = jwk.read({**written, **members})
        except InvalidKey as error:
            shown = str(error)
            assert not any(len(value) > 20 and value in shown for value in written.values())
        else:
            assert isinstance(key, RSAPrivateKey) or jwk.write(key)["d"] == written["d"]
