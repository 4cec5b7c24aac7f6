"""What the node signs for a person: only what that person signed, and only for the process that they named."""

from dataclasses import replace
from hashlib import sha256

import pytest

from tests.items import A_PROCESS, AN_ID
from unitstack.errors import InvalidItem, Refused
from unitstack.hyperbeam.signatures import Commitment, digest_of
from unitstack.hyperbeam.vouching import vouched_draft
from unitstack.wire.ids import Address, ProcessId
from unitstack.wire.tags import Tag, find

SIGNER = Address("S" * 43)
FIELDS = {"target": A_PROCESS, "action": "Eval", "data": "1 + 1", "x-my-tag": "y"}
OWN = (
    Tag("Data-Protocol", "ao"),
    Tag("Variant", "ao.N.1"),
    Tag("Type", "Message"),
    Tag("From-Process", SIGNER),
)


def of(fields: dict[str, str]) -> Commitment:
    return Commitment(SIGNER, frozenset(fields), b"signature")


def test_fields_are_tags_as_processes_know_them() -> None:
    draft = vouched_draft(A_PROCESS, of(FIELDS), FIELDS, b"")

    assert draft.tags == (Tag("Action", "Eval"), Tag("X-My-Tag", "y"), *OWN)
    assert (draft.target, draft.data) == (A_PROCESS, b"1 + 1")


def test_one_signature_gives_one_item() -> None:
    draft = vouched_draft(A_PROCESS, of(FIELDS), FIELDS, b"")

    assert draft.anchor == sha256(b"signature").digest()


def test_what_was_not_signed_is_left_out() -> None:
    commitment = replace(of(FIELDS), covered=frozenset({"target", "action"}))

    draft = vouched_draft(A_PROCESS, commitment, FIELDS, b"")

    assert draft.tags == (Tag("Action", "Eval"), *OWN)
    assert draft.data == b""


@pytest.mark.parametrize(
    "name",
    ["from-process", "type", "variant", "anchor", "accept-codec", "content-type", "signature"],
)
def test_no_one_says_who_it_is_from_or_how_it_travelled(name: str) -> None:
    fields = {**FIELDS, name: "forged"}

    draft = vouched_draft(A_PROCESS, of(fields), fields, b"")

    assert draft.tags[-4:] == OWN
    assert "forged" not in [tag.value for tag in draft.tags]


def test_a_message_for_another_process_is_refused() -> None:
    with pytest.raises(Refused, match=f"not {AN_ID}"):
        vouched_draft(ProcessId(AN_ID), of(FIELDS), FIELDS, b"")


def test_a_message_whose_target_is_not_signed_is_refused() -> None:
    commitment = replace(of(FIELDS), covered=frozenset({"action"}))

    with pytest.raises(Refused, match="not signed for this process"):
        vouched_draft(A_PROCESS, commitment, FIELDS, b"")


def test_data_may_be_the_body_where_its_digest_is_signed() -> None:
    fields = {
        "target": A_PROCESS,
        "inline-body-key": "data",
        "content-digest": digest_of(b"a\nb"),
    }

    assert vouched_draft(A_PROCESS, of(fields), fields, b"a\nb").data == b"a\nb"


def test_what_a_body_is_called_must_be_signed_too() -> None:
    fields = {"target": A_PROCESS, "content-digest": digest_of(b"a\nb")}
    changed = {**fields, "inline-body-key": "another"}

    assert vouched_draft(A_PROCESS, of(fields), changed, b"a\nb").data == b"a\nb"


def test_a_body_that_is_called_body_is_the_data() -> None:
    fields = {"target": A_PROCESS, "content-digest": digest_of(b"a\nb")}

    assert vouched_draft(A_PROCESS, of(fields), fields, b"a\nb").data == b"a\nb"


@pytest.mark.parametrize("digest", ["", digest_of(b"another")])
def test_a_body_that_was_not_signed_is_not_taken(digest: str) -> None:
    fields = {"target": A_PROCESS, "content-digest": digest}

    with pytest.raises(InvalidItem, match="not what was signed"):
        vouched_draft(A_PROCESS, of(fields), fields, b"a\nb")


def test_a_body_that_was_lost_on_the_way_is_missed() -> None:
    fields = {
        "target": A_PROCESS,
        "inline-body-key": "data",
        "content-digest": digest_of(b"a\nb"),
    }

    with pytest.raises(InvalidItem, match="did not come along"):
        vouched_draft(A_PROCESS, of(fields), fields, b"")


def test_a_body_that_was_lost_and_held_no_data_is_not_missed() -> None:
    fields = {**FIELDS, "inline-body-key": "nested", "content-digest": digest_of(b"undefined")}

    draft = vouched_draft(A_PROCESS, of(fields), fields, b"")

    assert draft.data == b"1 + 1"
    assert find(draft.tags, "Inline-Body-Key") is None
