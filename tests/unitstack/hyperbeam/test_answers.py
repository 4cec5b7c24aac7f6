import json

import pytest

from unitstack.hyperbeam.answers import Codec, answer, answer_value, codec_of
from unitstack.wire.results import Json


@pytest.mark.parametrize(
    ("wishes", "codec"),
    [
        ({}, Codec.HTTPSIG),
        ({"accept": "*/*"}, Codec.HTTPSIG),
        ({"accept": "application/json"}, Codec.JSON),
        ({"accept-codec": "json@1.0"}, Codec.JSON),
        ({"accept-codec": "httpsig@1.0", "accept": "application/json"}, Codec.HTTPSIG),
        ({"require-codec": "application/json", "accept-codec": "httpsig@1.0"}, Codec.JSON),
        ({"accept": "application/aos-2"}, Codec.AOS2),
        ({"accept": "application/ans104"}, Codec.ITEM),
        ({"accept-codec": "unheard-of@1.0", "accept": "application/json"}, Codec.JSON),
    ],
)
def test_what_is_required_counts_before_what_is_accepted(
    wishes: dict[str, str], codec: Codec
) -> None:
    assert codec_of(wishes) is codec


def test_in_json_what_is_one_value_is_a_field_too() -> None:
    said = answer({"slot": 1, "process": "p", "raw": {}, "text": "a\nb"}, Codec.JSON)

    assert (said.headers["slot"], said.headers["process"]) == ("1", "p")
    assert "raw" not in said.headers
    assert "text" not in said.headers


def test_in_fields_what_is_one_value_is_a_field() -> None:
    said = answer({"slot": 1, "process": "p"}, Codec.HTTPSIG)

    assert (said.headers["slot"], said.headers["process"]) == ("1", "p")
    assert said.body == b""


@pytest.mark.parametrize(("value", "text"), [("p", b"p"), (1, b"1"), (True, b"true"), (None, b"")])
def test_one_value_is_text(value: Json, text: bytes) -> None:
    said = answer_value(value, Codec.HTTPSIG)

    assert bytes(said.body) == text
    assert said.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("codec", [Codec.HTTPSIG, Codec.JSON])
def test_what_a_process_says_is_neither_a_field_nor_a_page_of_the_nodes(codec: Codec) -> None:
    value: Json = {"refresh": "0;url=x", "body": "<script>", "content-type": "text/html"}

    said = answer_value(value, codec)

    assert json.loads(bytes(said.body)) == value
    assert "refresh" not in said.headers
    assert said.headers["content-type"] == "application/json"


def test_json_within_a_message_is_json() -> None:
    said = answer_value({"body": '{"a": 1}', "content-type": "application/json"}, Codec.HTTPSIG)

    assert bytes(said.body) == b'{"a": 1}'
    assert said.headers["content-type"] == "application/json"


@pytest.mark.parametrize("codec", [Codec.HTTPSIG, Codec.JSON])
def test_what_no_json_can_hold_is_answered_all_the_same(codec: Codec) -> None:
    value: Json = {"number": float("nan"), "half": "\ud83d"}

    said = answer_value(value, codec)

    assert json.loads(bytes(said.body)) == {"number": None, "half": "\ud83d"}
    assert bytes(answer_value("\ud83d", Codec.HTTPSIG).body) == b"?"
