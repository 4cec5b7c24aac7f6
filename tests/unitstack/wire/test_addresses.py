from tests.items import a_wallet
from unitstack.wire.addresses import address, process_address
from unitstack.wire.ethereum import checksum_address


def test_an_address_is_the_hash_of_the_public_key() -> None:
    assert address(b"") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


def test_processes_see_ethereum_addresses_of_ethereum_keys() -> None:
    owner = a_wallet("ethereum").owner

    assert process_address(owner) == checksum_address(owner) != address(owner)


def test_processes_see_the_hash_of_every_other_key() -> None:
    for name in ("arweave", "ed25519", "solana"):
        assert process_address(a_wallet(name).owner) == a_wallet(name).address
