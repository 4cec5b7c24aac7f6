"""Signatures of requests, beginning with those of RFC 9421's appendix B.2 that are made with the algorithms of ao's
clients. The keys are those of appendix B.1."""

from base64 import b64decode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.items import a_wallet
from tests.unitstack.hyperbeam.signing import as_clients_sign
from unitstack.errors import InvalidItem
from unitstack.hyperbeam.signatures import (
    Answer,
    Commitment,
    Request,
    can_sign,
    digest_of,
    fields_of,
    find_commitment,
    has_digest,
    label_of,
    sign,
)
from unitstack.wire import ids
from unitstack.wire.addresses import address

RSA_PSS = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2+QEtvpuRaV8Yq40gjUR8y2Rjxa6d"
    "pG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO"
    "7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU"
    "4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDO"
    "kFV6+U9nV5oyc6XI2wIDAQAB"
)
ED25519 = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
FIELDS = {
    "host": "example.com",
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest": "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "content-length": "18",
}
BODY = b'{"hello": "world"}'
REQUEST = Request("POST", "https://example.com/foo?param=Value&Pet=dog", FIELDS)
VECTORS = {
    "B.2.1 minimal": (
        'sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
        "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:",
        frozenset[str](),
    ),
    "B.2.2 selective": (
        'sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
        "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:",
        frozenset({"content-digest"}),
    ),
    "B.2.3 full coverage": (
        'sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
        "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:",
        frozenset({"date", "content-type", "content-digest", "content-length"}),
    ),
    "B.2.6 ed25519": (
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
        frozenset({"date", "content-type", "content-length"}),
    ),
}
ANSWER = Answer(200, {"slot": "7", "process": "p"})


def key_of(name: str) -> bytes:
    if name == "test-key-ed25519":
        return b64decode(ED25519)
    key = load_der_public_key(b64decode(RSA_PSS))
    assert isinstance(key, RSAPublicKey)
    return key.public_numbers().n.to_bytes(256)


def signed(vector: str, **changed: str) -> Request:
    told, signature, _ = VECTORS[vector]
    return replace(
        REQUEST, headers={**FIELDS, "signature-input": told, "signature": signature, **changed}
    )


def signed_by_us(**fields: str) -> Request:
    """An answer's signature, on a request: it covers the status, which no request has."""
    made = sign(a_wallet("ed25519"), Answer(200, fields), 1_700_000_000)
    return Request("POST", "http://node/push", {**fields, **made})


@pytest.mark.parametrize("vector", VECTORS)
def test_the_rfcs_signatures_hold(vector: str) -> None:
    commitment = find_commitment(signed(vector), key_of)

    assert commitment is not None
    assert commitment.covered == VECTORS[vector][2]


@pytest.mark.parametrize("vector", ["B.2.3 full coverage", "B.2.6 ed25519"])
def test_a_signature_does_not_hold_for_another_value(vector: str) -> None:
    with pytest.raises(InvalidItem, match="signature sig-b2"):
        find_commitment(signed(vector, date="Tue, 20 Apr 2021 02:07:56 GMT"), key_of)


def test_a_signature_of_a_path_does_not_hold_for_another_path() -> None:
    elsewhere = replace(signed("B.2.6 ed25519"), url="https://example.com/bar")

    with pytest.raises(InvalidItem):
        find_commitment(elsewhere, key_of)


def test_the_rfcs_body_has_the_rfcs_digest() -> None:
    assert has_digest(BODY, FIELDS["content-digest"])
    assert not has_digest(b"{}", FIELDS["content-digest"])


def test_a_digest_may_be_written_in_base64url_as_clients_of_the_field_do() -> None:
    assert digest_of(b"a\nb") == "sha-256=:fhj3NzEbLcOy8mndeDlrA1HxT7Zu+oefdoyyMYGIPHg=:"
    assert has_digest(b"a\nb", "sha-256=:fhj3NzEbLcOy8mndeDlrA1HxT7Zu-oefdoyyMYGIPHg:")


def test_a_field_without_a_digest_is_no_digest() -> None:
    assert not has_digest(b"", "")


def test_an_unsigned_request_has_no_commitment() -> None:
    assert find_commitment(REQUEST) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": ""},
        {"signature-input": ""},
        {"signature": "another=:AAAA:"},
        {"signature-input": "no dictionary("},
        {"signature-input": 'sig-b26=("absent");keyid="test-key-ed25519"'},
        {"signature-input": 'sig-b26=("date");alg="rsa-pss-sha512";keyid="test-key-ed25519"'},
        {"signature-input": 'sig-b26=("date" "date");keyid="test-key-ed25519"'},
    ],
)
def test_what_is_no_signature_is_told_to_be_none(changed: dict[str, str]) -> None:
    with pytest.raises(InvalidItem):
        find_commitment(signed("B.2.6 ed25519", **changed), key_of)


def test_two_signatures_of_keys_are_one_too_many() -> None:
    first, second = VECTORS["B.2.1 minimal"], VECTORS["B.2.6 ed25519"]
    both = {
        "signature-input": f"{first[0]}, {second[0]}",
        "signature": f"{first[1]}, {second[1]}",
    }

    with pytest.raises(InvalidItem, match="2 signatures"):
        find_commitment(replace(REQUEST, headers={**FIELDS, **both}), key_of)


def test_the_checksum_that_nodes_add_says_nothing_of_who_it_is_from() -> None:
    told, signature, _ = VECTORS["B.2.6 ed25519"]
    both = {
        "signature-input": f'{told}, sum=("date");alg="hmac-sha256";keyid="constant:ao"',
        "signature": f"{signature}, sum=:AAAA:",
    }

    commitment = find_commitment(replace(REQUEST, headers={**FIELDS, **both}), key_of)

    assert commitment is not None
    assert "content-type" in commitment.covered


def test_a_key_of_a_kind_that_no_one_here_has_is_told() -> None:
    with pytest.raises(InvalidItem):
        find_commitment(signed("B.2.6 ed25519"), lambda name: b"short")


def test_answers_are_signed_by_ed25519_keys_alone() -> None:
    assert can_sign(a_wallet("ed25519"))
    assert not can_sign(a_wallet("arweave"))


def test_an_answers_signature_says_whose_it_is() -> None:
    wallet = a_wallet("ed25519")

    fields = sign(wallet, ANSWER, 1_700_000_000)

    assert fields["signature-input"] == (
        f'{label_of(wallet.address)}=("@status" "process" "slot");created=1700000000;'
        f'keyid="{ids.encode(wallet.owner)}";alg="ed25519"'
    )


def test_an_answers_signature_is_none_of_a_request() -> None:
    with pytest.raises(InvalidItem, match="@status"):
        find_commitment(signed_by_us(slot="7"))


@pytest.mark.parametrize("wallet", ["arweave", "ethereum", "ed25519"])
def test_what_clients_of_the_field_sign_is_from_their_wallets(wallet: str) -> None:
    fields = as_clients_sign(wallet, {"action": "Eval", "data": "1 + 1"})

    commitment = find_commitment(Request("POST", "http://node/push", fields))

    assert commitment is not None
    assert commitment.signer == a_wallet(wallet).process_address
    assert commitment.covered == {"action", "data"}


@pytest.mark.parametrize("wallet", ["arweave", "ethereum", "ed25519"])
def test_what_clients_of_the_field_sign_does_not_hold_for_anything_else(wallet: str) -> None:
    fields = as_clients_sign(wallet, {"action": "Eval", "data": "1 + 1"})

    with pytest.raises(InvalidItem, match="signature http-sig"):
        find_commitment(Request("POST", "http://node/push", {**fields, "data": "1 + 2"}))


def test_fields_that_were_not_signed_are_not_covered() -> None:
    fields = as_clients_sign("ed25519", {"action": "Eval"})

    commitment = find_commitment(Request("POST", "http://node/push", {**fields, "data": "1"}))

    assert commitment is not None
    assert commitment.covered == {"action"}


def test_lines_of_one_field_are_one_field() -> None:
    assert fields_of([("A", "1"), ("b", "2"), ("a", "3")]) == {"a": "1, 3", "b": "2"}


def test_a_commitment_is_from_the_address_of_its_key() -> None:
    commitment = find_commitment(signed("B.2.6 ed25519"), key_of)

    assert isinstance(commitment, Commitment)
    assert commitment.signer == address(b64decode(ED25519))
