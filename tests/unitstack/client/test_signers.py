"""Functions that sign as ao's own clients call them."""

from dataclasses import replace

import pytest

from tests.items import A_PROCESS, a_draft, a_wallet
from unitstack.client.signers import ANS104, Create, Signed, Signing, sign
from unitstack.errors import InvalidItem
from unitstack.wire import data_item, keys
from unitstack.wire.data_item import SignatureType
from unitstack.wire.keys import Wallet, verify

DRAFT = a_draft((("Action", "Eval"),), b"1 + 1", A_PROCESS, b"a" * 32)
WALLETS = [a_wallet(name) for name in ("arweave", "ethereum", "ed25519", "solana")]


def function_of(wallet: Wallet) -> Signing:
    async def signing(create: Create, kind: str) -> Signed:
        assert kind == ANS104
        payload = create(public_key=wallet.owner, signature_type=wallet.signature_type)
        return Signed(wallet.sign(payload), wallet.address)

    return signing


@pytest.mark.parametrize("wallet", WALLETS, ids=lambda wallet: wallet.signature_type.name)
async def test_a_function_signs_what_it_is_given(wallet: Wallet) -> None:
    item = await sign(function_of(wallet), DRAFT)

    verify(item)
    assert item.signed_bytes() == keys.sign(wallet, DRAFT).signed_bytes()


async def test_a_wallet_signs_as_ever() -> None:
    wallet = a_wallet()

    assert await sign(wallet, DRAFT) == keys.sign(wallet, DRAFT)


async def test_a_function_need_not_wait() -> None:
    wallet = a_wallet("ethereum")

    def signing(create: Create, kind: str) -> Signed:
        payload = create(public_key=wallet.owner, signature_type=SignatureType.ETHEREUM)
        return Signed(wallet.sign(payload), wallet.process_address)

    assert (await sign(signing, DRAFT)).owner == wallet.owner


async def test_a_function_may_make_the_whole_item() -> None:
    wallet = a_wallet()

    def signing(create: Create, kind: str) -> bytes:
        return data_item.encode(keys.sign(wallet, create.draft))

    assert await sign(signing, DRAFT) == keys.sign(wallet, DRAFT)


async def test_a_function_that_signs_something_else_is_told() -> None:
    wallet, other = a_wallet(), a_wallet("solana")

    def wrong(create: Create, kind: str) -> Signed:
        payload = create(public_key=wallet.owner, signature_type=wallet.signature_type)
        return Signed(other.sign(payload), wallet.address)

    def elses(create: Create, kind: str) -> bytes:
        return data_item.encode(keys.sign(wallet, replace(create.draft, data=b"other")))

    def stranger(create: Create, kind: str) -> Signed:
        payload = create(public_key=wallet.owner, signature_type=wallet.signature_type)
        return Signed(wallet.sign(payload), other.address)

    def silent(create: Create, kind: str) -> Signed:
        return Signed(b"", wallet.address)

    def short(create: Create, kind: str) -> Signed:
        return Signed(wallet.sign(create(public_key=b"key")), wallet.address)

    faults: dict[str, Signing] = {
        "signature": wrong,
        "is not what the signer was given": elses,
        "the signer says that it is": stranger,
        "never called create": silent,
        "a key of 3 bytes, 512 are needed": short,
    }
    for fault, signing in faults.items():
        with pytest.raises(InvalidItem, match=fault):
            await sign(signing, DRAFT)
