"""The digests and ciphers of `.crypto` against Python's: `.crypto.strict` wherever, `.crypto` where the field deviates
in nothing, and exactly there where it does."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest
from Crypto.Cipher import AES
from Crypto.Hash import MD2, MD4, keccak
from Crypto.Util import Counter
from Crypto.Util.Padding import pad
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types

from tests.unitstack.runtime.lua_world import LuaWorld

LENGTHS = range(301)
TEXT = bytes(i * 7 % 256 for i in range(LENGTHS.stop))
FAST = settings(deadline=None, max_examples=60)

Digest = Callable[[bytes], bytes]


def of_keccak(bits: int) -> Digest:
    return lambda text: keccak.new(digest_bits=bits, data=text).digest()


STANDARD: dict[str, Digest] = {
    "md2": lambda text: MD2.new(text).digest(),
    "md4": lambda text: MD4.new(text).digest(),
    "md5": lambda text: hashlib.md5(text).digest(),
    "sha1": lambda text: hashlib.sha1(text).digest(),
    "sha2_256": lambda text: hashlib.sha256(text).digest(),
    "sha2_512": lambda text: hashlib.sha512(text).digest(),
    "sha3_256": lambda text: hashlib.sha3_256(text).digest(),
    "sha3_512": lambda text: hashlib.sha3_512(text).digest(),
    "keccak256": of_keccak(256),
    "keccak512": of_keccak(512),
    "blake2b": lambda text: hashlib.blake2b(text).digest(),
}
STREAMED = ("md2", "md4", "md5", "sha1", "sha2_256")
# Lengths at which the field's digests are not the standard's.
DEVIATIONS: dict[str, Callable[[int], bool]] = {
    "sha2_512": lambda length: 112 <= length % 128 <= 118,
    "sha3_256": lambda length: length % 136 == 135,
    "keccak256": lambda length: length % 136 == 135,
    "sha3_512": lambda length: length % 72 == 71,
    "keccak512": lambda length: length % 72 == 71,
    "blake2b": lambda length: length > 0 and length % 128 == 0,
}


def nowhere(_length: int) -> bool:
    return False


class Crypto:
    """One of the two tables, whose functions take bytes and give a result's bytes."""

    def __init__(self, name: str) -> None:
        self._world = LuaWorld()
        self._world.run(f"crypto = require('{name}') stream = crypto.utils.stream.fromString")

    def run(self, expression: str, *arguments: Any) -> Any:
        return self._world.run(f"local a, b, c, d, e, f = ... return {expression}", *arguments)

    def digest(self, name: str, text: bytes) -> bytes:
        data = "stream(a)" if name in STREAMED else "a"
        found: bytes = self.run(f"crypto.digest.{name}({data}).asString()", text)
        return found


FIELD, STRICT = Crypto(".crypto"), Crypto(".crypto.strict")


@pytest.mark.parametrize("name", STANDARD)
def test_strict_digests_are_the_standards_at_every_length(name: str) -> None:
    wrong = [n for n in LENGTHS if STRICT.digest(name, TEXT[:n]) != STANDARD[name](TEXT[:n])]

    assert wrong == []


@pytest.mark.parametrize("name", STANDARD)
def test_digests_deviate_from_the_standard_only_where_the_field_does(name: str) -> None:
    deviates = DEVIATIONS.get(name, nowhere)
    expected = [n for n in LENGTHS if deviates(n)]

    assert [
        n for n in LENGTHS if FIELD.digest(name, TEXT[:n]) != STANDARD[name](TEXT[:n])
    ] == expected


def test_sha512_of_a_deviating_length_has_its_length_in_the_same_block() -> None:
    found = FIELD.run("crypto.digest.sha2_512(a).asHex()", b"a" * 112)

    assert found != hashlib.sha512(b"a" * 112).hexdigest().encode()
    assert len(found) == 128


@FAST
@given(text=st.binary(max_size=300), size=st.integers(1, 64), key=st.binary(max_size=64))
def test_strict_blake2b_has_sizes_and_keys(text: bytes, size: int, key: bytes) -> None:
    expected = hashlib.blake2b(text, digest_size=size, key=key).digest()

    assert STRICT.run("crypto.digest.blake2b(a, b, c).asString()", text, size, key) == expected


# Of a few bytes two different digests may well be the same.
@FAST
@given(text=st.binary(max_size=300), size=st.integers(8, 64), key=st.binary(max_size=64))
@example(text=b"", size=64, key=b"key")
@example(text=TEXT[:256], size=64, key=b"")
def test_blake2b_with_sizes_and_keys_deviates_only_on_full_blocks(
    text: bytes, size: int, key: bytes
) -> None:
    taken = len(text) + (128 if key else 0)
    deviates = taken > 0 and taken % 128 == 0
    expected = hashlib.blake2b(text, digest_size=size, key=key).digest()
    found = FIELD.run("crypto.digest.blake2b(a, b, c).asString()", text, size, key)

    assert (found != expected) == deviates


ALGORITHMS = st.sampled_from([("sha1", hashlib.sha1), ("sha256", hashlib.sha256)])


@FAST
@given(text=st.binary(max_size=200), key=st.binary(max_size=100), algorithm=ALGORITHMS)
def test_strict_hmac_is_the_standards(text: bytes, key: bytes, algorithm: tuple[str, Any]) -> None:
    name, digest = algorithm
    expected = hmac.new(key, text, digest).digest()

    assert (
        STRICT.run("crypto.mac.createHmac(a, b, c).asString()", text, key, name.encode())
        == expected
    )


def hmac_with_blocks_of_32(key: bytes, text: bytes, digest: Any) -> bytes:
    key = digest(key).digest() if len(key) > 32 else key
    key = key.ljust(32, b"\0")
    inner = digest(bytes(byte ^ 0x36 for byte in key) + text).digest()
    found: bytes = digest(bytes(byte ^ 0x5C for byte in key) + inner).digest()
    return found


@FAST
@given(text=st.binary(max_size=200), key=st.binary(max_size=100), algorithm=ALGORITHMS)
def test_hmac_has_blocks_of_32_bytes(text: bytes, key: bytes, algorithm: tuple[str, Any]) -> None:
    name, digest = algorithm
    found = FIELD.run(
        "crypto.mac.createHmac(stream(a), crypto.utils.array.fromString(b), c).asString()",
        text, key, name.encode(),
    )  # fmt: skip

    assert found == hmac_with_blocks_of_32(key, text, digest)


@pytest.mark.parametrize("crypto", [FIELD, STRICT], ids=["field", "strict"])
@settings(deadline=None, max_examples=15)
@given(
    password=st.binary(max_size=80),
    salt=st.binary(max_size=40),
    rounds=st.integers(1, 4),
    size=st.integers(1, 70),
    algorithm=st.sampled_from(["sha1", "sha256"]),
)
def test_pbkdf2_is_the_standards(
    crypto: Crypto, password: bytes, salt: bytes, rounds: int, size: int, algorithm: str
) -> None:
    array = "crypto.utils.array.fromString"
    found = crypto.run(
        f"crypto.kdf.pbkdf2({array}(a), {array}(b), c, d, e).asString()",
        password, salt, rounds, size, algorithm.encode(),
    )  # fmt: skip

    assert found == hashlib.pbkdf2_hmac(algorithm, password, salt, rounds, size)


@st.composite
def aes_cases(draw: st.DrawFn) -> tuple[bytes, bytes, bytes, str]:
    key = draw(
        st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
    )
    iv = draw(st.binary(min_size=16, max_size=16) | st.just(b"\xff" * 16))
    return (
        draw(st.binary(max_size=70)),
        key,
        iv,
        draw(st.sampled_from(["ECB", "CBC", "CFB", "OFB", "CTR"])),
    )


def standard_aes(key: bytes, iv: bytes, mode: str) -> Any:
    match mode:
        case "ECB":
            return AES.new(key, AES.MODE_ECB)
        case "CBC":
            return AES.new(key, AES.MODE_CBC, iv)
        case "CFB":
            return AES.new(key, AES.MODE_CFB, iv, segment_size=128)
        case "OFB":
            return AES.new(key, AES.MODE_OFB, iv)
    wrapping = Counter.new(128, initial_value=int.from_bytes(iv, "big"), allow_wraparound=True)
    return AES.new(key, AES.MODE_CTR, counter=wrapping)


ENCRYPT = "crypto.cipher.aes.encrypt(a, b, c, d, e)"
DECRYPT = "crypto.cipher.aes.decrypt(a, b, c, d, e)"


@FAST
@given(case=aes_cases())
def test_strict_aes_is_the_standards(case: tuple[bytes, bytes, bytes, str]) -> None:
    text, key, iv, mode = case
    rest = (key, iv, mode.encode(), len(key) * 8)
    padded = pad(text, 16) if mode in ("ECB", "CBC") else text + bytes(-len(text) % 16)
    expected = standard_aes(key, iv, mode).encrypt(padded)
    expected = expected if mode in ("ECB", "CBC") else expected[: len(text)]

    assert STRICT.run(f"{ENCRYPT}.asString()", text, *rest) == expected
    assert STRICT.run(f"{DECRYPT}.asString()", expected.hex().encode(), *rest) == text


@FAST
@given(case=aes_cases())
def test_aes_pads_with_zeros_in_every_mode(case: tuple[bytes, bytes, bytes, str]) -> None:
    text, key, iv, mode = case
    # Only the counter's last eight bytes count up.
    iv = iv[:8] + b"\0" * 8 if mode == "CTR" else iv
    padded = text + bytes(-len(text) % 16)
    whole = iv + padded if mode == "ECB" else padded
    expected = standard_aes(key, iv, mode).encrypt(whole)
    rest = (key, iv, mode.encode(), len(key) * 8)

    assert FIELD.run(f"{ENCRYPT}.asHex()", text, *rest) == expected.hex().upper().encode()
    if mode != "ECB":
        assert FIELD.run(f"{DECRYPT}.asString()", expected.hex().encode(), *rest) == padded


@FAST
@given(case=aes_cases(), place=st.integers(0))
def test_strict_aes_refuses_keys_and_vectors_of_other_sizes(
    case: tuple[bytes, bytes, bytes, str], place: int
) -> None:
    text, key, iv, mode = case

    with pytest.raises(lua53.LuaError, match="has 16 bytes" if len(key) == 16 else "bits has"):
        STRICT.run(ENCRYPT, text, key[: place % len(key)], iv, mode.encode(), len(key) * 8)
    if mode != "ECB":
        with pytest.raises(lua53.LuaError, match="an initial vector has 16 bytes"):
            STRICT.run(ENCRYPT, text, key, iv[: place % 16], mode.encode(), len(key) * 8)


@pytest.mark.parametrize(("cipher", "size"), [("morus", 16), ("norx", 32)])
@FAST
@given(data=st.data())
def test_authenticated_ciphers_open_only_what_is_whole(
    cipher: str, size: int, data: st.DataObject
) -> None:
    key = data.draw(st.binary(min_size=32, max_size=32))
    nonce = data.draw(st.binary(min_size=size, max_size=size))
    text, header = data.draw(st.binary(max_size=250)), data.draw(st.binary(max_size=120))
    sealed = FIELD.run(
        f"crypto.cipher.{cipher}.encrypt(a, b, c, d).asString()", key, nonce, text, header
    )
    extra = len(header) if cipher == "morus" else header
    opened = f"crypto.cipher.{cipher}.decrypt(a, b, c, d)"
    place = data.draw(st.integers(0, len(sealed) - 1))
    broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]

    assert FIELD.run(opened, key, nonce, sealed, extra) == text
    assert FIELD.run(opened, key, nonce, broken, extra)[0] is None
