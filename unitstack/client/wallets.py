"""Key files: a JWK in a file that only its owner may read. Loads one, or makes one the first time."""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from unitstack.errors import InvalidKey
from unitstack.wire.data_item import SignatureType
from unitstack.wire.keys import Wallet, from_jwk, generate

MAX_KEY_FILE = 64 * 1024


def load(path: Path) -> Wallet:
    """The wallet that the file keeps. Raises InvalidKey, whose text names the file and shows nothing of what is in it."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_KEY_FILE + 1)
    except OSError as error:
        raise InvalidKey(f"the key file {path} cannot be read: {error.strerror}") from error
    if len(raw) > MAX_KEY_FILE:
        raise InvalidKey(f"the key file {path} has more than {MAX_KEY_FILE} bytes: it is not a JWK")
    return _read(raw, path)


def load_or_make(path: Path, signature_type: SignatureType = SignatureType.ARWEAVE) -> Wallet:
    """The wallet that the file keeps; where there is no file, a new wallet of that type, kept there from now on. Of
    several that make it at once, all get the same. Raises InvalidKey."""
    if not path.exists():
        save(generate(signature_type), path)
    return load(path)


def save(wallet: Wallet, path: Path) -> None:
    """Keeps the wallet in the file, unless there is one already: a key is never overwritten. Raises InvalidKey."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            _write_private(draft, json.dumps(wallet.to_jwk()).encode())
            # A link, unlike a renaming, leaves alone what is there already: another's key, made at the same time.
            with suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidKey(f"the key file {path} cannot be written: {error.strerror}") from error


def _read(raw: bytes, path: Path) -> Wallet:
    written = _json(raw)
    if not isinstance(written, dict):
        raise InvalidKey(f"the key file {path} is not a JWK: it holds no JSON object")
    try:
        return from_jwk(written)
    except InvalidKey as error:
        raise InvalidKey(f"the key file {path} is of no use: {error}") from error


def _json(raw: bytes) -> object:
    """None for what is not JSON. The parser's error must not go on, not even as a cause: it holds the text, and that may
    be a key."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _write_private(path: Path, raw: bytes) -> None:
    """The file is made with its narrow rights, so that there is no moment at which others can open it."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(number)
