from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitstack.wire import ids
from unitstack.wire.data_tree import CHUNK_BYTES, Leaf, data_root, leaf_path, tree

# What arweave-js 1.15.7 makes of so many bytes of 7.
ROOTS = {
    1: "JIK3SDDlKjjt_JzGUajGEVDAYS2klcOz3BwUxUeqql4",
    262143: "4gJCzZieS6OMxzGmetWWkbI6VvyIBWuKFS3YBX9hT3o",
    262144: "h71ex8gWIe3kvPXOS5iBbKzfR_vhT8tS1xQV5Dbi2Xg",
    262145: "7xxdB5bOfVBrq5N1vaOl6Ck5lJj_2TvhIUXgQUeQ6-I",
    294911: "zS_Ls-dbCTrYjNgVrKRO0Wk-5iR-Gxh7ygncPUytc8A",
    294912: "8gGW5wE5gt83apjAKMx_7NqsE3EdDkJshS9A5txXzVE",
    1000000: "q8BW4jiAAAJ26Nz0HbQvAuQsuCgGcq2cm11WlEZfyIU",
    786437: "N0arfz1dBXzaWYFG93oyci4yoTlNigx_o3R_qkuuYhE",
}


# What it makes of all paths to such data's chunks, in one hash.
PATHS = {
    786437: "eKO9_Y4zJ9U_rDTu_smwh-RigHF2V7BbeAkvd8tn7kA",
    1000000: "WS8Eqfp7ThaCgorHzWF-5vkpO172V_UHiLXbgZwfqZ4",
}


@pytest.mark.parametrize("size", ROOTS)
def test_the_root_of_data_is_the_one_that_arweave_gives_it(size: int) -> None:
    assert ids.encode(data_root(b"\7" * size)) == ROOTS[size]


def test_no_data_has_no_root() -> None:
    assert data_root(b"") == b""


def hash_of(*parts: bytes) -> bytes:
    return sha256(b"".join(sha256(part).digest() for part in parts)).digest()


def proven(root: bytes, leaf: Leaf) -> tuple[bytes, int]:
    """What the path says lies at the leaf's first byte, and where that ends, if each step follows from the one before."""
    path = leaf.path
    while len(path) > 64:
        left, right, end = path[:32], path[32:64], path[64:96]
        assert hash_of(left, right, end) == root
        root, path = left if leaf.begin < int.from_bytes(end, "big") else right, path[96:]
    assert hash_of(path[:32], path[32:]) == root
    return path[:32], int.from_bytes(path[32:], "big")


@pytest.mark.parametrize("size", [1, 262143, 262144, 262145, 786437, 1_000_000, 1_572_864])
def test_a_path_proves_that_the_chunk_is_where_it_is(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    whole = tree(data)

    for leaf in whole.leaves[: -1 if size % CHUNK_BYTES == 0 else None]:
        chunk = data[leaf.begin : leaf.end]
        assert proven(whole.root, leaf) == (sha256(chunk).digest(), leaf.end)


@pytest.mark.parametrize("size", PATHS)
def test_a_path_is_the_one_that_arweave_gives_it(size: int) -> None:
    paths = b"".join(leaf.path for leaf in tree(b"\7" * size).leaves)

    assert ids.encode(sha256(paths).digest()) == PATHS[size]


@given(st.integers(1, 4 * CHUNK_BYTES))
def test_every_byte_of_the_data_is_in_one_chunk(size: int) -> None:
    whole = tree(bytes(size))

    ends = [leaf.end for leaf in whole.leaves]
    assert [leaf.begin for leaf in whole.leaves] == [0, *ends[:-1]]
    assert ends[-1] == whole.end == size
    for byte in (0, size // 2, size - 1):
        leaf = whole.leaf_at(byte)
        assert leaf.begin <= byte < leaf.end <= leaf.begin + CHUNK_BYTES


def test_a_tree_of_one_chunk_is_its_leaf() -> None:
    (leaf,) = tree(b"data").leaves

    assert leaf == Leaf(0, 4, leaf_path(sha256(b"data").digest(), 4))
