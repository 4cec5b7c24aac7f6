"""Answers of a node: which form the asker wants, and the message in that form."""

from collections.abc import Mapping
from enum import StrEnum

from starlette.responses import Response

from unitstack.hyperbeam.encoding import BODY, Message, encode, is_field, is_scalar, text_of
from unitstack.web.application import JsonResponse
from unitstack.wire.results import Json

ITEM_MEDIA = "application/ans104"
JSON_MEDIA = "application/json"
TEXT_MEDIA = "text/plain"


class Codec(StrEnum):
    """The forms that a node writes messages in."""

    HTTPSIG = "httpsig@1.0"
    JSON = "json@1.0"
    AOS2 = "application/aos-2"
    ITEM = "ans104@1.0"


_NAMES = {
    "httpsig": Codec.HTTPSIG,
    "json": Codec.JSON,
    "aos-2": Codec.AOS2,
    "ans104": Codec.ITEM,
}


def codec_of(wishes: Mapping[str, str]) -> Codec:
    """What is required counts before what is accepted; who wishes for nothing known gets fields."""
    for name in ("require-codec", "accept-codec", "accept"):
        wished = wishes.get(name, "").lower()
        for part, codec in _NAMES.items():
            if part in wished:
                return codec
    return Codec.HTTPSIG


def answer(message: Message, codec: Codec) -> Response:
    """A message of the node's own. In JSON what is one text or number also stands in a field, where clients look for it."""
    if codec in (Codec.JSON, Codec.AOS2):
        fields = {
            name: text
            for name, value in message.items()
            if is_scalar(value) and is_field(text := text_of(value))
        }
        return JsonResponse(message, headers=fields)
    encoded = encode(message)
    return Response(encoded.body, headers=encoded.fields)


def answer_value(value: Json, codec: Codec) -> Response:
    """A part of a message. What a process put there is never a field: it could say anything in the node's name."""
    if isinstance(value, dict):
        body = value.get(BODY)
        if isinstance(body, str) and value.get("content-type") == JSON_MEDIA:
            return Response(body.encode("utf-8", "replace"), media_type=JSON_MEDIA)
    if isinstance(value, (dict, list)):
        return JsonResponse(value)
    text = "" if value is None else text_of(value)
    told = {"ao-result": BODY}
    if codec is Codec.JSON:
        return JsonResponse({**told, BODY: text}, headers=told)
    return Response(text.encode("utf-8", "replace"), headers=told, media_type=TEXT_MEDIA)


def json_text(value: Json) -> str:
    """JSON as all units write what a process made."""
    return bytes(JsonResponse(value).body).decode()
