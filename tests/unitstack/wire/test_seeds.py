from unitstack.wire.ids import ID_BYTES
from unitstack.wire.seeds import GENESIS, Seed


def test_the_same_seed_gives_the_same_key() -> None:
    assert Seed("42").wallet("you").to_jwk() == Seed("42").wallet("you").to_jwk()


def test_each_has_a_key_of_its_own() -> None:
    owners = {Seed(s).wallet(whose).owner for s in ("1", "2") for whose in ("you", "messenger")}

    assert len(owners) == 4


def test_anchors_are_unlike_one_another_and_the_same_each_time() -> None:
    one, other = Seed("42").anchors("you"), Seed("42").anchors("you")
    drawn = [one() for _ in range(100)]

    assert len(set(drawn)) == 100
    assert drawn == [other() for _ in range(100)]


def test_an_anchor_is_text_of_the_length_that_items_want() -> None:
    anchor = Seed("42").anchors("you")()

    assert len(anchor) == ID_BYTES
    assert anchor.isascii()


def test_worlds_begin_with_a_block() -> None:
    assert GENESIS.timestamp == 1_767_225_600_000
