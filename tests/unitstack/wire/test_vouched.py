from dataclasses import replace

import pytest

from tests.items import a_message
from unitstack.errors import InvalidItem
from unitstack.wire import data_item
from unitstack.wire.vouched import Vouched


def a_forgery(data: bytes = b"forged") -> data_item.DataItem:
    return replace(a_message(data=b"signed"), data=data)


def test_an_item_that_its_owner_did_not_sign_is_refused() -> None:
    with pytest.raises(InvalidItem, match="does not match"):
        Vouched().verify(a_forgery())


def test_an_item_that_its_owner_signed_passes() -> None:
    vouched, item = Vouched(), a_message()

    vouched.verify(item)
    with pytest.raises(InvalidItem):
        vouched.verify(replace(item, data=b"other"))


def test_an_item_that_was_vouched_for_is_not_looked_at_again() -> None:
    vouched, item = Vouched(), a_forgery()

    with pytest.raises(InvalidItem):
        vouched.verify(item)

    vouched.vouch(item)

    vouched.verify(item)


def test_an_equal_item_from_elsewhere_is_verified() -> None:
    vouched, item = Vouched(), a_forgery()
    vouched.vouch(item)

    with pytest.raises(InvalidItem):
        vouched.verify(data_item.decode(data_item.encode(item)))


def test_what_was_vouched_for_long_ago_is_verified_again() -> None:
    vouched, item = Vouched(), a_forgery()
    vouched.vouch(item)
    for number in range(64):
        vouched.vouch(a_message(data=b"%d" % number))

    with pytest.raises(InvalidItem):
        vouched.verify(item)


def test_large_items_are_not_held_in_memory() -> None:
    vouched, item = Vouched(), a_forgery(bytes(100_001))
    vouched.vouch(item)

    with pytest.raises(InvalidItem):
        vouched.verify(item)
