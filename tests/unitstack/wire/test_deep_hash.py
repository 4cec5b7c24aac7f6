from hashlib import sha384

from hypothesis import given
from hypothesis import strategies as st

from unitstack.wire.deep_hash import Chunk, cached_of_blob, deep_hash, of_blob, of_list

chunks = st.recursive(
    st.binary(max_size=50), lambda part: st.lists(part, max_size=4), max_leaves=10
)


def h(raw: bytes) -> bytes:
    return sha384(raw).digest()


def by_definition(chunk: Chunk) -> bytes:
    if isinstance(chunk, bytes):
        return h(h(b"blob" + str(len(chunk)).encode()) + h(chunk))
    folded = h(b"list" + str(len(chunk)).encode())
    for part in chunk:
        folded = h(folded + by_definition(part))
    return folded


@given(chunks)
def test_blobs_and_lists_are_hashed_by_definition(chunk: Chunk) -> None:
    assert deep_hash(chunk) == by_definition(chunk)


def test_a_list_is_hashed_from_the_hashes_of_its_parts() -> None:
    assert of_list([of_blob(b"a"), cached_of_blob(b"b")], 2) == deep_hash([b"a", b"b"])
