"""Requests signed as ao's mainnet clients sign them: each field, nothing else, and with the longest salt there is."""

from base64 import b64encode
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA512

from tests.items import a_wallet
from unitstack.hyperbeam.signatures import label_of
from unitstack.wire import ids
from unitstack.wire.keys import Wallet

ALGORITHMS = {"arweave": "rsa-pss-sha512", "ethereum": "ethereum", "ed25519": "ed25519"}


def as_clients_sign(wallet: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with the two that sign them."""
    signer = a_wallet(wallet)
    names = sorted(fields)
    covered = " ".join(f'"{name}"' for name in names)
    told = f'({covered});alg="{ALGORITHMS[wallet]}";keyid="{ids.encode(signer.owner)}"'
    lines = [f'"{name}": {fields[name]}' for name in names]
    base = "\n".join([*lines, f'"@signature-params": {told}']).encode()
    label = label_of(signer.address)
    signature = b64encode(_signature(signer, base)).decode()
    return {**fields, "signature-input": f"{label}={told}", "signature": f"{label}=:{signature}:"}


def _signature(signer: Wallet, base: bytes) -> bytes:
    if isinstance(signer._key, RSAPrivateKey):
        form = padding.PSS(padding.MGF1(SHA512()), padding.PSS.MAX_LENGTH)
        return signer._key.sign(base, form, SHA512())
    return signer.sign(base)
