import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.items import KEYS, a_wallet
from unitstack.client import wallets
from unitstack.errors import InvalidKey
from unitstack.wire.data_item import SignatureType

SECRET = a_wallet().to_jwk()["d"]


def refusal(path: Path) -> str:
    with pytest.raises(InvalidKey) as error:
        wallets.load(path)
    return str(error.value)


def a_file(folder: Path, content: bytes) -> Path:
    path = folder / "key.json"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["arweave", "ed25519", "ethereum", "solana"])
def test_a_key_file_is_loaded(name: str) -> None:
    assert wallets.load(KEYS / f"{name}.json") == a_wallet(name)


@pytest.mark.parametrize(
    "signature_type", [SignatureType.ED25519, SignatureType.ETHEREUM, SignatureType.SOLANA]
)
def test_a_key_is_made_the_first_time_and_loaded_the_next(
    tmp_path: Path, signature_type: SignatureType
) -> None:
    path = tmp_path / "new" / "folder" / "key.json"

    made = wallets.load_or_make(path, signature_type)

    assert made.signature_type is signature_type
    assert wallets.load_or_make(path, SignatureType.ED25519) == wallets.load(path) == made


def test_unless_told_otherwise_a_new_key_is_arweaves(tmp_path: Path) -> None:
    made = wallets.load_or_make(tmp_path / "key.json")

    assert made.signature_type is SignatureType.ARWEAVE


def test_only_its_owner_may_read_a_key_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        wallets.save(a_wallet(), tmp_path / "folder" / "key.json")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "folder" / "key.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700


def test_nothing_but_the_key_file_is_left_behind(tmp_path: Path) -> None:
    wallets.save(a_wallet(), tmp_path / "key.json")

    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    wallets.save(a_wallet("ethereum"), path)

    wallets.save(a_wallet("ed25519"), path)

    assert wallets.load(path) == a_wallet("ethereum")
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_all_who_make_a_key_at_once_get_the_same(tmp_path: Path) -> None:
    def make(_: int) -> str:
        return wallets.load_or_make(tmp_path / "key.json", SignatureType.ED25519).address

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(make, range(32)))

    assert len(made) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not a JWK: it holds no JSON object"),
        (SECRET.encode(), "is not a JWK: it holds no JSON object"),
        (f'{{"d": "{SECRET}"'.encode(), "is not a JWK: it holds no JSON object"),
        (f'["{SECRET}"]'.encode(), "is not a JWK: it holds no JSON object"),
        (b"\xff\xfe\xfd", "is not a JWK: it holds no JSON object"),
        (b"[" * 60_000, "is not a JWK: it holds no JSON object"),
        (b" " * 70_000, "has more than 65536 bytes: it is not a JWK"),
        (b"{}", "is of no use: a JWK has kty RSA"),
        (
            json.dumps({"kty": "OKP", "crv": "Ed25519", "d": SECRET + "AAA"}).encode(),
            "is of no use: the JWK's d has 34 bytes",
        ),
        (
            json.dumps({"kty": "OKP", "crv": "Ed25519", "d": SECRET + " "}).encode(),
            "is of no use: the JWK's d is not base64url",
        ),
    ],
)
def test_what_is_no_key_file_is_refused_and_not_shown(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = a_file(tmp_path, content)

    with pytest.raises(InvalidKey) as error:
        wallets.load(path)

    shown: BaseException | None = error.value
    assert f"the key file {path} {reason}" in str(shown)
    while shown is not None:
        assert SECRET not in f"{shown!r} {vars(shown)}"
        shown = shown.__cause__ or shown.__context__


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"

    assert refusal(missing) == f"the key file {missing} cannot be read: No such file or directory"
    assert refusal(tmp_path) == f"the key file {tmp_path} cannot be read: Is a directory"


def test_a_file_that_cannot_be_written_is_named_with_the_reason(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"") / "key.json"

    with pytest.raises(InvalidKey, match=r"key\.json cannot be written: "):
        wallets.save(a_wallet(), path)
