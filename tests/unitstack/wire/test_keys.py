import copy
import pickle
from collections.abc import Callable

import pytest

from tests.items import A_PROCESS, a_draft, a_wallet
from unitstack.errors import InvalidItem, InvalidKey
from unitstack.wire import ids, keys
from unitstack.wire.data_item import SignatureType
from unitstack.wire.keys import Signer, Wallet
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

SIGNERS = ("arweave", "ed25519", "ethereum", "solana")
SEEDED = (SignatureType.ED25519, SignatureType.ETHEREUM, SignatureType.SOLANA)
FOREIGN = (
    SignatureType.INJECTED_APTOS,
    SignatureType.MULTI_APTOS,
    SignatureType.TYPED_ETHEREUM,
)


@pytest.mark.parametrize("name", SIGNERS)
def test_a_draft_is_signed_whole(name: str) -> None:
    draft = a_draft([("A", "B"), ("A", "C")], b"data", A_PROCESS, b"a" * 32)

    item = keys.sign(a_wallet(name), draft)

    keys.verify(item)
    assert (item.target_id, item.tags, item.data) == (draft.target, draft.tags, draft.data)
    assert (item.anchor, item.owner) == (draft.anchor, a_wallet(name).owner)
    assert item.signature_type is a_wallet(name).signature_type


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (a_draft(target="AAAA"), "target 'AAAA' has 3 bytes, 32 are needed"),
        (a_draft(target="alice!"), "'alice!' is not base64url"),
        (a_draft(target="="), "target '=' has 0 bytes, 32 are needed"),
        (a_draft(anchor=b"1"), "anchor has 1 bytes, 0 or 32 are allowed"),
        (a_draft([("", "v")]), "tag 1 of 1: its name has 0 bytes, 1 to 1024 are allowed"),
    ],
)
def test_a_draft_that_cannot_be_an_item_is_not_signed(draft: Draft, reason: str) -> None:
    with pytest.raises(InvalidItem) as error:
        keys.sign(a_wallet(), draft)

    assert str(error.value).startswith(reason)


def test_anything_that_signs_can_sign_a_draft() -> None:
    class Elsewhere:
        signature_type = SignatureType.ED25519
        owner = a_wallet().owner

        def sign(self, payload: bytes) -> bytes:
            return a_wallet().sign(payload)

    signer: Signer = Elsewhere()

    item = keys.sign(signer, Draft(tags=(Tag("A", "B"),)))

    keys.verify(item)
    assert (item.owner, item.tags) == (signer.owner, (Tag("A", "B"),))


@pytest.mark.parametrize("signature_type", [*SEEDED, SignatureType.ARWEAVE])
def test_a_new_key_signs(signature_type: SignatureType) -> None:
    wallet = keys.generate(signature_type)

    keys.verify(keys.sign(wallet, Draft()))
    assert wallet.signature_type is signature_type


def test_new_keys_differ() -> None:
    assert keys.generate(SignatureType.ED25519) != keys.generate(SignatureType.ED25519)


@pytest.mark.parametrize("signature_type", FOREIGN)
def test_keys_that_only_others_sign_with_are_not_made(signature_type: SignatureType) -> None:
    with pytest.raises(InvalidKey, match=signature_type.name):
        keys.generate(signature_type)


@pytest.mark.parametrize("signature_type", SEEDED)
def test_the_same_seed_gives_the_same_key(signature_type: SignatureType) -> None:
    wallet = keys.from_seed(bytes(range(32)), signature_type)

    assert wallet == keys.from_seed(bytes(range(32)), signature_type)
    keys.verify(keys.sign(wallet, Draft()))


def test_a_seed_gives_the_public_key_of_rfc_8032() -> None:
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

    assert keys.from_seed(bytes.fromhex(seed)).owner.hex() == public


@pytest.mark.parametrize(
    ("seed", "signature_type", "reason"),
    [
        (b"short", SignatureType.ED25519, "a seed has 32 bytes, this has 5"),
        (bytes(32), SignatureType.ETHEREUM, "the secret is not one of secp256k1"),
        (bytes(32), SignatureType.ARWEAVE, "ARWEAVE do not come from a seed"),
    ],
)
def test_what_is_no_seed_is_refused(
    seed: bytes, signature_type: SignatureType, reason: str
) -> None:
    with pytest.raises(InvalidKey, match=reason):
        keys.from_seed(seed, signature_type)


@pytest.mark.parametrize("name", SIGNERS)
def test_a_wallet_comes_back_from_its_jwk(name: str) -> None:
    wallet = keys.from_jwk(a_wallet(name).to_jwk())

    assert wallet == a_wallet(name)
    keys.verify(keys.sign(wallet, Draft()))


def test_a_wallet_tells_both_of_its_addresses() -> None:
    wallet = a_wallet("ethereum")

    assert wallet.process_address == "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"
    assert wallet.address == "wMXg2SfkzLtbvwPVDa52p5EUopaMrraR6R_scnfpm-U"


@pytest.mark.parametrize("name", SIGNERS)
def test_a_wallet_never_shows_its_secret(name: str) -> None:
    wallet = a_wallet(name)
    secret = wallet.to_jwk()["d"]
    forms = (secret, ids.decode(secret).hex(), str(int.from_bytes(ids.decode(secret))))

    for shown in (repr(wallet), str(wallet), f"{wallet}", f"{[wallet]}"):
        assert wallet.address in shown
        assert not any(form in shown for form in forms)


def _pickled(wallet: Wallet) -> object:
    return pickle.dumps(wallet)


@pytest.mark.parametrize("leak", [_pickled, copy.copy, copy.deepcopy])
def test_a_wallet_is_neither_pickled_nor_copied(leak: Callable[[Wallet], object]) -> None:
    with pytest.raises(TypeError, match="that would show its secret"):
        leak(a_wallet())
