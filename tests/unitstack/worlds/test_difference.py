from hypothesis import given
from hypothesis import strategies as st

from unitstack.worlds.difference import Change, Tree, brief, differences

keys = st.sampled_from([".alice", ".bob", "[1]", "[2]", "[10]", '["x y"]'])
trees = st.recursive(
    st.dictionaries(keys, st.sampled_from(["1", "2", '"text"', "true"])),
    lambda inner: st.dictionaries(keys, inner | st.sampled_from(["1", "2"])),
    max_leaves=8,
)


def test_a_value_that_is_another_is_told_with_both() -> None:
    before: Tree = {"Balances": {".alice": "1", ".bob": "2"}}
    after: Tree = {"Balances": {".alice": "5", ".bob": "2"}}

    assert differences(before, after) == (Change("Balances.alice", "1", "5"),)


def test_what_is_new_and_what_is_gone_are_told() -> None:
    before: Tree = {"X": "1", "Y": "2"}
    after: Tree = {"Y": "2", "Z": "3"}

    assert differences(before, after) == (Change("X", "1", ""), Change("Z", "", "3"))


def test_a_table_that_is_new_is_one_change() -> None:
    after: Tree = {"Inbox": {"[1]": {".Data": '"hi"', ".Action": '"Ping"', ".Nonce": "4"}}}

    (change,) = differences({"Inbox": {}}, after)

    assert change == Change("Inbox[1]", "", '{ Action = "Ping", Data = "hi", Nonce = 4 }')


def test_what_was_a_table_and_is_none_is_one_change() -> None:
    assert differences({"X": {".a": "1"}}, {"X": "nil"}) == (Change("X", "{ a = 1 }", "nil"),)


def test_numbers_come_in_their_order() -> None:
    after: Tree = {"Log": {"[10]": "1", "[9]": "1", "[2]": "1"}}

    changes = differences({"Log": {}}, after)

    assert [each.path for each in changes] == ["Log[2]", "Log[9]", "Log[10]"]


def test_a_long_table_is_told_in_short() -> None:
    assert brief({f".k{n}": str(n) for n in range(9)}) == "{ k0 = 0, k1 = 1, k2 = 2, … 6 more }"
    assert brief({".a": {}, ".b": {}}) == "{ 2 entries }"
    assert brief({}) == "{}"


@given(trees)
def test_a_state_does_not_differ_from_itself(tree: Tree) -> None:
    assert differences(tree, tree) == ()


@given(trees, trees)
def test_the_way_back_is_the_same_changes_the_other_way(one: Tree, other: Tree) -> None:
    back = tuple(Change(each.path, each.after, each.before) for each in differences(other, one))

    assert differences(one, other) == back
