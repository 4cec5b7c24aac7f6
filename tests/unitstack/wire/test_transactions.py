from dataclasses import replace
from typing import Any

import pytest

from tests.items import a_transaction
from unitstack.errors import InvalidItem
from unitstack.wire import transactions


def test_a_transaction_that_its_owner_signed_holds() -> None:
    transaction = a_transaction((("Type", "Module"), ("Größe", "ü")), b"data", b"l" * 48)

    transactions.verify(transaction)
    with pytest.raises(InvalidItem):
        transactions.verify(replace(transaction, last_tx=b"m" * 48))


@pytest.mark.parametrize(
    "changed",
    [
        {"quantity": 1},
        {"reward": 2},
        {"data_size": 5},
        {"data_root": bytes(32)},
        {"target": bytes(32)},
        {"last_tx": bytes(32)},
        {"tags": ()},
        {"signature": bytes(512)},
        {"owner": bytes(512)},
    ],
    ids=str,
)
def test_one_in_which_anything_was_changed_does_not(changed: dict[str, Any]) -> None:
    signed = a_transaction((("Type", "Module"),), b"data")

    with pytest.raises(InvalidItem, match="does not match"):
        transactions.verify(replace(signed, **changed))


def test_a_transaction_is_read_as_it_was_written() -> None:
    signed = a_transaction((("Type", "Module"), ("Größe", "")), b"data", b"l" * 32)

    assert transactions.from_json(transactions.to_json(signed)) == signed


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("format", 1, "format is 1"),
        ("signature", "AAAA", "signature has 3 bytes, 512 are allowed"),
        ("owner", "", "owner has 0 bytes"),
        ("owner", 5, "owner is not a text"),
        ("owner", "!", "not base64url"),
        ("target", "AAAA", "target has 3 bytes"),
        ("last_tx", "AAAA", "0 or 32 or 48 are allowed"),
        ("quantity", "-1", "quantity is '-1'"),
        ("reward", "1" * 40, "reward is"),
        ("data_size", None, "data_size is 'None'"),
        ("tags", {}, "tags are not a list"),
        ("tags", [{"name": "QQ"}], "a tag is not a name and a value"),
        ("tags", [{"name": "_w", "value": "QQ"}], "a tag is not a name and a value"),
        ("tags", [None], "a tag is not a name and a value"),
        ("tags", [{"name": "QQ", "value": "QQ"}] * 129, "129, 128 are allowed"),
    ],
)
def test_what_is_no_transaction_says_why(name: str, value: object, told: str) -> None:
    written = {**transactions.to_json(a_transaction()), name: value}

    with pytest.raises(InvalidItem, match=told):
        transactions.from_json(written)
