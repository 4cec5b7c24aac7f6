"""Vectors that were made with arbundles 0.11.2 and computed once more from the rules: items, payloads, links of a chain."""

from dataclasses import replace

from unitstack.wire import addresses, data_item, keys, tags
from unitstack.wire.assignments import Assignment, BlockTime, first_link, next_link
from unitstack.wire.data_item import DataItem, SignatureType
from unitstack.wire.ids import AssignmentId, Epoch, Nonce, ProcessId, TxId, encode
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

EVAL = (Tag("Action", "Eval"),)
A = DataItem(SignatureType.ARWEAVE, bytes(512), b"\x01" * 512, b"\x02" * 32, b"", EVAL, b"1+1")
B = replace(A, target=b"", tags=(), data=b"")
C = keys.sign(keys.from_seed(b"\x01" * 32, SignatureType.ETHEREUM), Draft(tags=EVAL, data=b"hi"))
PROCESS = ProcessId(TxId(encode(b"\x03" * 32)))


def test_an_item_with_a_target_and_a_tag() -> None:
    raw = data_item.encode(A)

    assert len(raw) == 1093
    assert raw[2 + 512 + 512 :].hex() == (
        "01" + "02" * 32 + "00" + "0100000000000000" + "0e00000000000000"
        "020c416374696f6e084576616c00" + "312b31"
    )
    assert A.signed_bytes().hex() == (
        "c5cd252c521e6939bd81d545129be8d69c2b2e01d5ba25587461e30b1fa3d66e"
        "f94a11f896c06521d976868d560bba53"
    )


def test_an_item_with_nothing() -> None:
    assert len(data_item.encode(B)) == 1044
    assert B.signed_bytes().hex() == (
        "fa40220ab0cbda330ebab13f9d677c722b71f4bc4133487285179cec2f6b36b8"
        "5fd8664eeab9ea86ae27c7e60745160a"
    )


def test_an_item_of_an_ethereum_key() -> None:
    assert len(data_item.encode(C)) == 166
    assert C.owner.hex() == (
        "041b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078f"
        "70beaf8f588b541507fed6a642c5ab42dfdf8120a7f639de5122d47a69a8e8d1"
    )
    assert C.signed_bytes().hex() == (
        "0f9636dd3a6501cfb7ac0dce1f8d06d8bb2287e2a92ecd9590de4018a7989c37"
        "38cbc970d400a9ee7795634746ca2423"
    )
    assert C.signature.hex() == (
        "f40dfbcbe44c2b8a806dd414dae1dc6476a8b10d23fab651fd2364537f9cc0b8"
        "30776e2da57f78f64fb06c2350f845b99d91edc7b796350130f15fcfaa64a489"
        "1b"
    )


def test_the_id_and_both_addresses_of_an_ethereum_key() -> None:
    assert C.id == "I9cSYu4tXxj1lF9sFplWIWr6x8syhsyuU1LIpPVZhS4"
    assert C.address == "wMXg2SfkzLtbvwPVDa52p5EUopaMrraR6R_scnfpm-U"
    assert addresses.process_address(C.owner) == "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"


def test_tags() -> None:
    assert tags.encode(EVAL).hex() == "020c416374696f6e084576616c00"
    assert tags.encode([Tag("A", "é"), Tag("E", "")]).hex() == "04024104c3a902450000"


def test_a_hash_chain() -> None:
    first = first_link(PROCESS)
    last = Assignment(
        id=AssignmentId(TxId(encode(b"\x04" * 32))),
        process=PROCESS,
        message=PROCESS,  # type: ignore[arg-type]  # a process is its own first message
        epoch=Epoch(0),
        nonce=Nonce(0),
        hash_chain=first,
        block=BlockTime(0, 0),
        exclude=(),
        item=C,
    )

    assert PROCESS == "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"
    assert first == "ZIqlxXn7MPOK90TZfW7IQMepEnekmaDXgPPnMU7KCQs"
    assert next_link(last) == "IV4KD8pJ0XWc6arVI66zOIPdzr0vlJiuz_XKZPB8gTA"
