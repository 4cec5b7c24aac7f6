"""What `base64.lua` and Python make of one another's base64."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types

from tests.unitstack.runtime.lua_world import LuaWorld

Codec = tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]

PLAIN = "local b = require('.base64') return b.encode, b.decode"
FOR_URLS = """
local b = require(".base64")
local encoder, decoder = b.makeencoder("-", "_"), b.makedecoder("-", "_")
return function(text) return b.encode(text, encoder) end, function(text) return b.decode(text, decoder) end
"""


@pytest.fixture(scope="module")
def plain() -> Codec:
    encode, decode = LuaWorld().run(PLAIN)
    return encode, decode


@pytest.fixture(scope="module")
def for_urls() -> Codec:
    encode, decode = LuaWorld().run(FOR_URLS)
    return encode, decode


@settings(deadline=None)
@given(text=st.binary())
def test_text_is_encoded_as_python_does(plain: Codec, text: bytes) -> None:
    assert plain[0](text) == base64.b64encode(text)


@settings(deadline=None)
@given(text=st.binary())
def test_an_alphabet_of_ones_own_replaces_the_last_two_letters(
    for_urls: Codec, text: bytes
) -> None:
    assert for_urls[0](text) == base64.urlsafe_b64encode(text)
    assert for_urls[1](base64.urlsafe_b64encode(text)) == text


@settings(deadline=None)
@given(
    text=st.binary(),
    noise=st.lists(st.sampled_from(b"\n\r \t-_.!\xff"), max_size=5),
    at=st.integers(0),
)
def test_what_is_not_of_the_alphabet_is_passed_over(
    plain: Codec, text: bytes, noise: list[int], at: int
) -> None:
    encoded = base64.b64encode(text)
    place = at % (len(encoded) + 1)

    assert plain[1](encoded[:place] + bytes(noise) + encoded[place:]) == text


@settings(deadline=None)
@given(text=st.binary(min_size=1).filter(lambda text: len(text) % 3 != 0))
def test_text_without_its_padding_fails(plain: Codec, text: bytes) -> None:
    unpadded = base64.b64encode(text).rstrip(b"=")

    with pytest.raises(lua53.LuaError, match="padding is missing"):
        plain[1](unpadded)
